import assert from "node:assert/strict";
import fc from "fast-check";
import type { ServerAddress } from "../../../client/options.ts";
import { Session } from "../../../client/pipe/session.ts";
import { anyObject } from "../any_object.ts";

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** A session at 0 with what it says to the server, to the screen and to the user. */
function meet(only?: "read" | "write", json = false, isTyped = false, others: readonly ServerAddress[] = []) {
  const told: string[] = [];
  const options = { address: "127.0.0.1", port: 7777, others, only, name: "ann", json, isTyped };
  const session = new Session(options, (line) => told.push(line), 0);
  session.link.requests.take(0);
  return {
    session,
    told,
    hear(now: number, ...objects: (object | string)[]) {
      const text = objects.map((each) => typeof each === "string" ? each : JSON.stringify(each)).join("");
      session.link.framer.push(encoder.encode(text));
      session.receive(now);
    },
    type: (text: string | null, now = 0) => session.type(text === null ? null : encoder.encode(text), now),
    said: (now: number) =>
      decoder.decode(session.link.requests.take(now)).trimEnd().split("\n").map((line) => JSON.parse(line)),
  };
}

const OK = { response: 200, alert: "welcome" };

Deno.test("Session says which server it joined and by which name, unless it only reads or only writes", () => {
  for (
    const [only, expected] of [[undefined, ["Joined 127.0.0.1:7777 as ann: welcome"]], ["read", []], ["write", []]]
  ) {
    const { hear, told } = meet(only as "read");
    hear(1, OK);
    assert.deepEqual(told, expected);
  }
});

const SILENT = "127.0.0.1:7777 does not answer: is this the port of a JIM server?";

Deno.test("Session says after 3 s that a server does not answer, to a reader and a writer too", () => {
  for (const only of [undefined, "read", "write"] as const) {
    const { session, told } = meet(only);
    assert.equal(session.due, 3_000);
    session.tick(3_000);
    assert.deepEqual(told, [SILENT]);
  }
});

Deno.test("Session ends with 1 when a server has sent nothing at all, and with 0 when it only answers no message", () => {
  for (const [answers, status, lost] of [[[], 1, ["Stopped, 2 messages were not answered"]], [[OK], 0, []]] as const) {
    const { session, hear, told, type } = meet("write");
    type("one\ntwo\n");
    session.type(null, 0);
    hear(0, ...answers);
    for (let now = 0; !session.isDone; now = session.due) {
      session.tick(now);
      session.link.requests.take(now);
    }
    assert.equal(session.finish(), status);
    assert.deepEqual(told.filter((line) => line !== SILENT), lost);
  }
});

Deno.test("Session leaves with the server's words when its presence is refused, and tells what was not sent", () => {
  const { session, hear, type, told } = meet("write");
  type("one\ntwo\n");
  hear(1, { response: 409, error: "ann is\x1b[2J taken" });
  assert.equal(session.isClosing, true);
  session.disconnected(2);
  assert.equal(session.isOver(2, false), true);
  assert.equal(session.finish(), 1);
  assert.deepEqual(told, ['127.0.0.1:7777 refuses "ann": ann is␛[2J taken, 2 messages were not sent']);
});

Deno.test("Session answers a probe with its presence, before the texts in wait", () => {
  const { hear, type, said } = meet();
  hear(1, OK, { action: "probe", time: 1 });
  type("hello\n");
  assert.equal(said(2)[0].action, "presence");
});

Deno.test("Session tells which message was refused and ends with 1", () => {
  const { session, hear, type, told, said } = meet("write");
  hear(1, { ...OK, jim: 1 });
  type("fine\nfoul\nfine again\n");
  session.type(null, 1);
  assert.equal(said(1).length, 3);
  assert.equal(session.isDone, false);
  hear(2, { response: 200 }, { response: 400, error: "message: mind your words" }, { response: 200 });
  assert.equal(session.isDone, true);
  assert.equal(session.finish(), 1);
  assert.deepEqual(told, ['The server refuses "foul": message: mind your words']);
});

Deno.test("Session does not send a line of more than 4,000 characters, says so, and sends the next", () => {
  const { session, hear, type, told, said } = meet("write");
  hear(1, { ...OK, jim: 1 });
  type(`${"😀".repeat(4000)}\n${"ж".repeat(4001)}\n\nnext\n`);
  assert.deepEqual(said(1).map(({ message }) => [...message].length), [4000, 4]);
  assert.deepEqual(told, [`Not sent: expected a line of at most 4000 characters, got 4001, "${"ж".repeat(20)}…"`]);
  hear(2, OK, OK);
  session.type(null, 3);
  assert.equal(session.finish(), 1);
});

Deno.test("Session does not send a line that is no UTF-8, says where and what it is, and sends the next", () => {
  const { session, hear, told, said } = meet("write");
  hear(1, { ...OK, jim: 1 });
  const bytes = [
    ...new TextEncoder().encode("one\n\nhi "),
    0xef,
    0xf0,
    0xe8,
    10,
    ...new TextEncoder().encode("next\n"),
  ];
  session.type(Uint8Array.from(bytes), 1);
  assert.deepEqual(said(1).map(({ message }) => message), ["one", "next"]);
  assert.deepEqual(told, [
    "Not sent: expected UTF-8, got byte 0xEF at position 3 of line 3, which looks like Windows-1251",
  ]);
  hear(2, OK, OK);
  session.type(null, 3);
  assert.equal(session.finish(), 1);
});

Deno.test("Session shows glued messages, and none with -w", () => {
  const messages = [{ action: "msg", from: "bob", message: "one" }, { action: "msg", from: "bob", message: "two" }];
  for (const [only, pattern] of [["read", /^[\d:]{8} bob: one\n[\d:]{8} bob: two\n$/], ["write", /^$/]] as const) {
    const { session, hear } = meet(only);
    hear(1, OK, ...messages);
    assert.match(session.screen, pattern);
  }
});

Deno.test("Session shows with --json the objects of messages, one a line, and nothing else", () => {
  const { session, hear } = meet("read", true);
  hear(1, OK, '{ "action":"msg",\n "id": 12345678901234567890, "message":"a\u009b" }', { action: "contact_list" });
  assert.equal(session.screen, '{ "action":"msg",  "id": 12345678901234567890, "message":"a\\u009b" }\n');
});

Deno.test("Session ends with 1 when the server goes, and tells what is lost", () => {
  const { session, hear, type, told, said } = meet();
  hear(1, { ...OK, jim: 1 });
  type("one\ntwo\n");
  said(1);
  type("three\n");
  session.disconnected(2);
  assert.equal(session.finish(), 1);
  assert.equal(told[1], "The server closed the connection, 1 message was not sent, 2 messages were not answered");
});

Deno.test("Session waits 3 s for the server to close once all is said, and for a busy screen as long as it takes", () => {
  const { session, hear } = meet();
  hear(0, OK);
  session.type(null, 0);
  assert.equal(session.isDone, true);
  session.beginClose(1000);
  assert.equal(session.due, 4000);
  session.tick(3999);
  assert.equal(session.isOver(3999, false), false);
  session.tick(4000);
  assert.equal(session.isOver(4000, false), true);
  assert.equal(session.isOver(1e9, true), false);
  assert.equal(session.due, Infinity);
  session.stop(1e9);
  assert.equal(session.isOver(1e9 + 3000, true), true);
});

Deno.test("Session ends with 0 when its output is no longer read, and with 1 when it cannot be written", () => {
  for (const [error, status] of [[new Deno.errors.BrokenPipe(), 0], [new Error("disk full"), 1]] as const) {
    const { session, hear, told } = meet("read");
    hear(1, OK);
    session.printFailed(error, 2);
    assert.equal(session.finish(), status);
    assert.deepEqual(told, status === 0 ? [] : ["Cannot print: disk full"]);
  }
});

Deno.test("Session leaves a server that does not speak JIM, and shows what it says", () => {
  const { session, hear, told } = meet("read");
  hear(1, "SSH-2.0-Open\x1bSSH_9\r\n");
  assert.equal(session.isClosing, true);
  assert.equal(session.finish(), 1);
  assert.equal(told.length, 1);
  assert.match(told[0]!, /^127\.0\.0\.1:7777 does not speak JIM: it says "SSH-2\.0-Open.*SSH_9/);
});

Deno.test("Session reads on behind garbage once it has joined", () => {
  const { session, hear, told } = meet("read");
  hear(1, OK, "\n???\n", { action: "msg", from: "bob", message: "still here" });
  assert.match(session.screen, /bob: still here\n$/);
  assert.match(told[0]!, /^Cannot read what the server sends: "\?\?\?/);
});

Deno.test("Session tells a notice of the server to everybody", () => {
  const { hear, told } = meet("write");
  hear(1, OK, { response: 100, time: 1, alert: "closing\u202e" });
  assert.deepEqual(told, ["closing�"]);
});

Deno.test("Session does not say that the server is gone when the server said so itself, and ends with 1", () => {
  const { session, hear, told } = meet("read");
  hear(1, OK, { response: 100, alert: "closing" });
  session.disconnected(2);
  assert.equal(session.finish(), 1);
  assert.deepEqual(told, ["closing"]);
});

Deno.test("Session bears whatever is in whichever field", () => {
  const field = fc.constantFrom(
    "action",
    "response",
    "error",
    "alert",
    "message",
    "from",
    "time",
    "id",
    "jim",
    "quantity",
  );
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom<unknown>("msg", "probe", 100, 200, 400, 1e300, { toString: "" }),
  );
  fc.assert(fc.property(fc.boolean(), fc.array(fc.dictionary(field, value)), (json, objects) => {
    const { session, hear, type } = meet(undefined, json);
    hear(1, OK);
    type("hello\n");
    for (const object of objects) {
      hear(2, object);
      session.link.requests.take(2);
      session.tick(3);
    }
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(session.screen, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  }));
});

Deno.test("Session waits by a clock that never jumps, and says the time of the wall", () => {
  let wall = 1_764_000_000_000;
  const options = { address: "::1", port: 7777, only: undefined, name: "ann", json: false } as const;
  const session = new Session(options, () => {}, 5, () => wall);
  const said = (now: number) => decoder.decode(session.link.requests.take(now));
  assert.match(said(5), /"time":1764000000,/);
  wall -= 3_600_000;
  assert.equal(session.due, 3_005);
  session.tick(3_005);
  session.type(encoder.encode("hello\n"), 3_006);
  assert.match(said(3_006), /"time":1763996400,.*"hello"/);
  assert.equal(session.due, 3_706);
  session.tick(3_706);
  session.beginClose(3_707);
  wall += 7_200_000;
  assert.equal(session.due, 6_707);
});

Deno.test("Session sends no command that a person types, but the same in a file, and the same behind another /", () => {
  const lines = "/msg bob psst\n//msg bob psst\n// a comment\n/etc/hosts\n";
  for (const isTyped of [true, false]) {
    const { session, hear, type, told, said } = meet("write", false, isTyped);
    hear(1, { ...OK, jim: 1 });
    type(lines);
    const messages = said(1).map(({ message }) => message);
    if (!isTyped) {
      assert.deepEqual([...messages, ""], lines.split("\n"));
      continue;
    }
    assert.deepEqual(messages, ["/msg bob psst", "// a comment", "/etc/hosts"]);
    assert.match(told[0]!, /^Not sent: \/msg is no command here, .*; \/\/msg sends it as a text$/);
    hear(2, OK, OK, OK);
    assert.equal(session.finish(), 1);
  }
});

Deno.test("Session skips objects of kinds that it does not know, and goes on", () => {
  const { session, told, hear, type, said } = meet();
  hear(1, { ...OK, jim: 1 }, { action: "topic", room: "#all", topic: "cats" }, {}, { action: "msg", id: 7 });
  hear(2, { action: "msg", from: "bob", message: "hi", time: 0 });
  assert.match(session.screen, /^\d\d:\d\d:00 bob: hi\n$/);
  type("hello\n", 3);
  assert.equal(said(3)[0].message, "hello");
  assert.deepEqual([told, session.isClosing], [["Joined 127.0.0.1:7777 as ann: welcome"], false]);
});

Deno.test("Session never throws, whatever JSON is in whichever field", () => {
  fc.assert(fc.property(fc.array(anyObject, { maxLength: 30 }), fc.boolean(), fc.boolean(), (objects, isJim, json) => {
    const { session, hear, type } = meet(undefined, json);
    hear(1, isJim ? { ...OK, jim: 1 } : OK);
    objects.forEach((object, index) => {
      type("hi\n", index + 2);
      session.link.requests.take(index + 2);
      hear(index + 2, object);
      session.tick(index + 2);
    });
    assert.doesNotMatch(session.screen, /[^\P{Cc}\n]/u);
  }));
});

Deno.test("Session asks another server for what one in trouble cannot read now, and says nothing twice", () => {
  const { session, told, hear, type, said } = meet(undefined, false, false, [{ address: "127.0.0.1", port: 7778 }]);
  const welcome = { ...OK, jim: 1 }, none = { response: 202, quantity: 0 };
  const come = () => {
    session.disconnected(0);
    session.connected(0);
    said(0);
    hear(0, welcome);
    return said(0).map(({ action, after }) => `${action} ${after}`);
  };
  hear(0, welcome);
  said(0);
  hear(0, OK, none);
  type("mine\n");
  const [mine] = said(0);
  assert.deepEqual(come(), ["presence undefined", "history 0"]);
  hear(0, OK, { response: 500, error: "the disk fails" });
  assert.equal(session.link.open, false);
  assert.deepEqual(come(), ["presence undefined", "history 0"]);
  hear(0, OK, { response: 202, quantity: 1 }, { ...mine, id: 1 });
  assert.equal(session.link.requests.take(0), undefined);
  type(null);
  assert.equal(session.isDone, true);
  assert.doesNotMatch(told.join(), /mine/);
});
