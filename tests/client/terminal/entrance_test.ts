import assert from "node:assert/strict";
import { JIM, meet } from "./meet.ts";

Deno.test("Talk comes back by its password, and asks for it anew when it is refused", () => {
  const { talk, connect, serve, type, said, hear, lose, look } = meet();
  connect(JIM);
  serve();
  type("/login Bob\r");
  assert.equal(look().at(-1), "Password of Bob:");
  type("secret\r");
  assert.deepEqual(said()[0]!.user, { account_name: "Bob", password: "secret" });
  hear(JIM);
  serve();
  lose();
  talk.connected(0);
  assert.deepEqual(said()[0]!.user, { account_name: "Bob", password: "secret" });
  hear({ response: 402, error: "no" });
  assert.equal(look().at(-1), "Password of Bob:");
  type("\x03");
  assert.equal(talk.leaving, true);
});

Deno.test("Talk is over when a server refuses its name, and says why", () => {
  const { talk, connect } = meet();
  connect({ response: 409, error: "taken" });
  assert.equal(talk.leaving, true);
  assert.deepEqual(talk.farewell(), { words: '127.0.0.1:7777 refuses "ann": taken', status: 1 });
});
