import assert from "node:assert/strict";
import { plural } from "../../../jim/words/plural.ts";

Deno.test("plural takes the form that Russian has for a number", () => {
  const forms = [1, 2, 4, 5, 11, 12, 14, 21, 22, 25, 101, 111, 112].map((n) =>
    plural(n, "комната", "комнаты", "комнат")
  );
  assert.deepEqual(forms, [
    ...["комната", "комнаты", "комнаты", "комнат", "комнат", "комнат", "комнат"],
    ...["комната", "комнаты", "комнат", "комната", "комнат", "комнат"],
  ]);
});
