import assert from "node:assert/strict";
import { heard } from "../../../client/heard.ts";
import { type Reply, type Request, Requests } from "../../../client/terminal/requests.ts";

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
      requests.ask({
        object: { action },
        ...rows === undefined ? {} : { rows },
        ...more,
        then: (reply) => log.push(`${action}: ${words(reply)}`),
      }),
    hear: (object: object, now = 0) => requests.hear(heard(JSON.stringify(object)), now),
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
  ask("who", "listed");
  ask("history", "message");
  ask("join");
  sent();
  hear({ response: 202, alert: "list", quantity: 2, jim: 1 });
  sent();
  hear({ action: "online_list", user_id: "ann" });
  assert.equal(hear(msg)?.what, "message"); // not a row of this list
  hear({ action: "online_list", user_id: "bob" });
  hear({ response: 202, alert: "past", quantity: 1 });
  assert.equal(hear(msg), undefined);
  assert.equal(hear(msg)?.what, "message");
  hear({ response: 403, error: "no", quantity: 7 });
  assert.deepEqual(log, ["who: list ann bob", "history: past hi", "join: no"]);
  assert.equal(hear({ response: 400, error: "and you" })?.what, "answer");
});

Deno.test("Requests waits for rows that do not come no longer than for an answer, and for a login longer", () => {
  const { ask, sent, hear, log, requests } = book();
  ask("who", "listed");
  sent(0);
  hear({ response: 202, alert: "list", quantity: 2 }, 100);
  hear({ action: "online_list", user_id: "ann" }, 200);
  requests.giveUp(899);
  assert.deepEqual(log, []);
  requests.giveUp(requests.due);
  assert.deepEqual(log, ["who: list ann"]);
  ask("login", undefined, { patience: 60_000 });
  sent(1_000);
  assert.equal(requests.due, 61_000);
  requests.giveUp(61_000);
  assert.deepEqual(log.slice(1), ["login: nothing"]);
  assert.equal(requests.due, Infinity);
});
