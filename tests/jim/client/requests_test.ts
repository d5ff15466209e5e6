import assert from "node:assert/strict";
import { readEvent } from "../../../jim/client/read_event.ts";
import { type Reply, type Request, Requests } from "../../../jim/client/requests.ts";

/** Requests with what became of them, in order. */
function book() {
  const requests = new Requests(), log: string[] = [];
  const words = (reply: Reply | undefined) =>
    reply === undefined
      ? "nothing"
      : [reply.words, ...reply.listed.map(({ name }) => name), ...reply.messages.map(({ text }) => text)].join(" ");
  return {
    requests,
    log,
    ask: (action: string, rows?: Request["rows"], more: Partial<Request> = {}) =>
      requests.enqueue({
        object: { action },
        ...rows === undefined ? {} : { rows },
        ...more,
        then: (reply) => log.push(`${action}: ${words(reply)}`),
      }),
    hear: (object: object, now = 0) => requests.receive(readEvent({ ...object }, requests.isFast), now),
    sent: (now = 0) => new TextDecoder().decode(requests.take(now)).trimEnd().split("\n").filter((line) => line !== ""),
  };
}

const msg = { action: "msg", from: "bob", message: "hi" };

Deno.test("Requests sends one object at a time to a server that is not known, and many to one that is", () => {
  const { ask, sent, hear, log } = book();
  for (const action of ["one", "two", "three"]) ask(action);
  assert.deepEqual(sent(), ['{"action":"one"}']);
  assert.deepEqual(sent(), []);
  hear({ response: 200, alert: "ok", jim: 1 });
  assert.equal(sent().length, 2);
  assert.deepEqual(log, ["one: ok"]);
});

Deno.test("Requests gives each answer to its request, with its rows, and anything else back", () => {
  const { ask, sent, hear, log } = book();
  ask("who", "row");
  ask("history", "message");
  ask("join");
  sent();
  hear({ response: 202, alert: "list", quantity: 2, jim: 1 });
  sent();
  hear({ action: "online_list", user_id: "ann" });
  hear({ action: "online_list", user_id: "bob" });
  hear({ response: 202, alert: "past", quantity: 1 });
  assert.equal(hear(msg), undefined);
  assert.equal(hear(msg)?.kind, "message");
  hear({ response: 403, error: "no", quantity: 7 });
  assert.deepEqual(log, ["who: list ann bob", "history: past hi", "join: no"]);
  assert.equal(hear({ response: 400, error: "and you" })?.kind, "answer");
});

Deno.test("Requests takes what a server relays between the rows of a list for what it is, unless the server speaks JIM", () => {
  for (const jim of [{}, { jim: 1 }]) {
    const { ask, sent, hear, log } = book();
    ask("who", "row");
    sent();
    hear({ response: 202, alert: "list", quantity: 2, ...jim });
    hear({ action: "online_list", user_id: "ann" });
    const isRow = "jim" in jim;
    assert.equal(hear(msg)?.kind, isRow ? undefined : "message");
    hear({ action: "online_list", user_id: "bob" });
    assert.deepEqual(log, [isRow ? "who: list ann" : "who: list ann bob"]);
  }
});

Deno.test("Requests skips rows of any other kind, and tells what they were", () => {
  const requests = new Requests(), replies: (Reply | undefined)[] = [];
  requests.enqueue({ object: { action: "history" }, rows: "message", then: (reply) => replies.push(reply) });
  requests.take(0);
  const user = { account_name: "eve", status: "" };
  const rows = [
    { ...msg, id: 1 },
    { action: "topic", room: "#cats", topic: "cats", id: 9 },
    { action: "presence", user, id: 3 },
    { action: "online_list", user_id: "ann" },
    { kind: "vote", message: "a row without an action" },
    { action: "join", room: "#cats", user },
    { ...msg, id: 5 },
  ];
  for (const each of [{ response: 202, quantity: rows.length, jim: 1 }, ...rows]) {
    requests.receive(readEvent(each, requests.isFast), 1);
  }
  const { messages, skipped, rows: all } = replies[0]!;
  assert.deepEqual(messages.map(({ id }) => id), [1, 5]);
  assert.deepEqual([skipped.length, all.length, requests.isIdle], [5, 7, true]);
});

Deno.test("Requests waits for rows that do not come no longer than for an answer, and for a login longer", () => {
  const { ask, sent, hear, log, requests } = book();
  ask("who", "row");
  sent(0);
  hear({ response: 202, alert: "list", quantity: 2 }, 100);
  hear({ action: "online_list", user_id: "ann" }, 200);
  requests.expire(899);
  assert.deepEqual(log, []);
  requests.expire(requests.due);
  assert.deepEqual(log, ["who: list ann"]);
  ask("login", undefined, { patience: 60_000 });
  sent(1_000);
  assert.equal(requests.due, 61_000);
  requests.expire(61_000);
  assert.deepEqual(log.slice(1), ["login: nothing"]);
  assert.equal(requests.due, Infinity);
});

Deno.test("Requests cuts a text to one character a message where the names leave room for none", () => {
  const { requests, sent, hear } = book(), to = "б".repeat(160), time = 0;
  const said = { from: "ann", to, text: "🌍🐈", time };
  requests.enqueue({ object: { action: "msg", ...said }, message: said });
  for (const text of said.text) {
    assert.deepEqual(sent().map((line) => JSON.parse(line).message), [text]);
    hear({ response: 200 });
  }
});
