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

Deno.test("a refusal asks who, where or which field was meant", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.join("ann"), bob = await chat.join("bob"), nobody = await chat.connect();
  await bob.say({ action: "join", time: 1, room: "#Lesson7" });
  await bob.expect({ response: 201 });
  const asked: [request: object, meant: string | undefined][] = [
    [{ action: "msg", to: "all" }, "#all"],
    [{ action: "msg", to: "Everybody" }, "#all"],
    [{ action: "msg", to: "lesson7" }, "#Lesson7"],
    [{ action: "msg", to: "@BOB" }, "bob"],
    [{ action: "msg", to: "#bob" }, "bob"],
    [{ action: "msg", to: "#eve" }, undefined],
    [{ action: "msg", to: "eve" }, undefined],
    [{ action: "add_contact", user_id: "@bob" }, "bob"],
    [{ action: "leave", room: "#bob" }, "bob"],
    [{ action: "hist" }, "history"],
  ];
  for (const [request, meant] of asked) {
    await ann.say({ time: 1, message: "hi", ...request });
    const error = String((await ann.hear()).error);
    const question = meant === undefined ? /[^?]$/ : new RegExp(`; did you mean "${meant}"\\?$`);
    assert.match(error, question, JSON.stringify(request));
  }
  const slips: [request: object, meant: string, field: string][] = [
    [{ action: "presence", user: { name: "eve" } }, "account_name", "name"],
    [{ action: "presence", usr: { account_name: "eve" } }, "user", "usr"],
    [{ action: "register", user: { account_name: "eve", pasword: "battery staple" } }, "password", "pasword"],
    [{ action: "authenticate", user: { account_name: "eve", pwd: "battery staple" } }, "password", "pwd"],
    [{ action: "authenticate", user: { username: "eve", password: "battery staple" } }, "account_name", "username"],
  ];
  for (const [request, meant, field] of slips) {
    await nobody.say({ time: 1, ...request });
    const error = String((await nobody.hear()).error);
    assert.ok(error.endsWith(`; did you mean "${meant}" where you wrote "${field}"?`), error);
    assert.doesNotMatch(error, /battery/);
  }
  for (
    const [action, field, meant] of [["join", "to", "room"], ["add_contact", "user", "user_id"], [
      "search",
      "query",
      "text",
    ]]
  ) {
    await ann.say({ action, time: 1, [field!]: "#cats" });
    const error = String((await ann.hear()).error);
    assert.ok(error.endsWith(`did you mean "${meant}" where you wrote "${field}"?`), error);
  }
});

Deno.test("a time in milliseconds is relayed as it was sent, and its sender is told", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.join("ann"), bob = await chat.join("bob");
  await ann.say({ action: "msg", time: 1_764_000_000_123, to: "bob", message: "far" });
  const { alert } = await ann.expect({ response: 200 });
  assert.match(String(alert), /^ok; time: expected Unix seconds, got what looks like milliseconds/);
  await bob.expect({ message: "far", time: 1_764_000_000_123 });
});

Deno.test("a piece of a program is named, and no text without quotation marks", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.join("ann");
  for (
    const [value, what] of [["time.time()", "a piece of a program"], ["now()", "a piece of a program"], [
      "hello",
      "a text",
    ]]
  ) {
    await ann.say(`{"action":"probe","time":${value}}`);
    assert.match(String((await ann.hear()).error), new RegExp(`^Expected valid JSON, got ${what}`));
  }
});
