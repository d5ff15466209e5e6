// An optional field that is misspelt is ignored, as any that JIM does not know, and the answer asks about it.

import assert from "node:assert/strict";
import { cannot, start } from "./start.ts";

Deno.test("an answer of success asks about a misspelt field, in each action that has optional ones", {
  ignore: cannot,
}, async () => {
  await using chat = await start();
  const ann = await chat.join("ann"), bob = await chat.join("bob");
  await ann.say({ action: "msg", time: 1, too: "bob", message: "between us" });
  const alert = 'ok; "too" is no field of msg and was ignored, did you mean "to"?';
  await ann.expect({ response: 200, alert });
  await bob.expect({ to: "#all", message: "between us" });
  const asked: [request: object, alert: string][] = [
    [
      { action: "who_online", romm: "#all" },
      'accepted; "romm" is no field of who_online and was ignored, did you mean "room"?',
    ],
    [
      { action: "history", Limit: 1 },
      'accepted; "Limit" is no field of history and was ignored, did you mean "limit"?',
    ],
    [
      { action: "search", text: "between", befor: 1 },
      'accepted; "befor" is no field of search and was ignored, did you mean "before"?',
    ],
    [{ action: "presence", wacth: true }, '; "wacth" is no field of presence and was ignored, did you mean "watch"?'],
  ];
  for (const [request, alert] of asked) {
    await ann.say({ time: 1, ...request });
    const answer = await ann.hear();
    assert.ok(String(answer.alert).endsWith(alert), JSON.stringify(answer));
    for (let rows = Number(answer.quantity ?? 0); rows > 0; rows--) await ann.hear();
  }
});

Deno.test(
  "nothing is said of other fields, nor to a program that speaks another dialect",
  { ignore: cannot },
  async () => {
    await using chat = await start();
    const ann = await chat.join("ann");
    for (const field of ["type", "id", "ts", "text", "topic", "colour"]) {
      await ann.say({ action: "msg", time: 1, [field]: "x", message: "hi" });
      await ann.expect({ response: 200, alert: "ok" });
    }
    await ann.say({ action: "msg", time: 1, to: "#all", too: "bob", message: "hi" });
    await ann.expect({ response: 200, alert: "ok" });
    const old = await chat.bare();
    await old.say({ action: "presence", time: "1", type: "status", user: { account_name: "old", status: "" } });
    const { alert } = await old.hear();
    assert.doesNotMatch(String(alert), /no field/);
  },
);
