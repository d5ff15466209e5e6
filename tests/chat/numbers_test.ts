// Each dialogue has a number of its own: two files with one number are two that were written at the same time.

import assert from "node:assert/strict";
import { cannot } from "./start.ts";

Deno.test("no two files of tests/chat have the same number", { ignore: cannot }, () => {
  const names = [...Deno.readDirSync(new URL(".", import.meta.url))].map(({ name }) => name);
  const numbers = names.flatMap((name) => /^(\d+)_\w+_test\.ts$/.exec(name)?.[1] ?? []).sort();
  assert.ok(numbers.length > 40, `${numbers.length} dialogues are found`);
  assert.deepEqual(numbers.filter((number, i) => number === numbers[i - 1]), []);
});
