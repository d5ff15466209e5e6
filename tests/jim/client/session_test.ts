// The session of a chat without a network: logins, catching up, rooms, messages and the goodbye, whatever the server answers.

import assert from "node:assert/strict";
import type { SessionOptions } from "../../../jim/client/chat_event.ts";
import { ConnectionError, RefusedError } from "../../../jim/client/errors.ts";
import { Session } from "../../../jim/client/session.ts";

/** What a client sends. */
interface Sent {
  readonly action: string;
  readonly time: number;
  readonly message?: string;
  readonly room?: string;
  readonly after?: number;
}

const WELCOME = { response: 200, alert: "welcome", jim: 1 }, OK = { response: 200 };
const NOTHING = { response: 202, quantity: 0 }, TROUBLE = { response: 503, error: "not now" };

/** A session of a guest, what it says, and what it tells. */
class Dialogue {
  readonly session: Session<string>;
  readonly texts: string[] = [];
  readonly events: string[] = [];
  over: Error | undefined | null = null;
  now = 0;

  constructor(options: Partial<SessionOptions> = {}, servers = ["one"], onEvent = (_: string) => {}) {
    const given = { login: { name: "ann" }, rooms: [], after: undefined, features: [], pauses: undefined, ...options };
    this.session = new Session(servers, given, {
      message: ({ text }) => this.texts.push(text),
      event: ({ kind }) => {
        this.events.push(kind);
        onEvent(kind);
      },
      ready: () => {},
      over: (error) => this.over = error,
      wall: () => 1_764_000_000_000,
      random: () => 0.5,
    });
  }

  hear(...objects: object[]): void {
    for (const object of objects) {
      this.session.receive(new TextEncoder().encode(`${JSON.stringify(object)}\n`), this.now);
    }
  }

  said(): Sent[] {
    const bytes = this.session.link.requests.take(this.now) ?? new Uint8Array();
    return new TextDecoder().decode(bytes).split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
  }

  actions(): string {
    return this.said().map(({ action }) => action).join(" ");
  }

  /** A new connection, and what is said behind the login. */
  enter(welcome: object = WELCOME): Sent[] {
    this.session.connected();
    this.said();
    this.hear(welcome);
    return this.said();
  }

  /** The first connection, before which nothing was said; rooms are joined there, too. */
  begin(...rooms: string[]): this {
    this.enter();
    this.hear(OK, ...rooms.map(() => OK), NOTHING);
    this.said();
    this.hear(...rooms.map(() => NOTHING));
    return this;
  }
}

function relay(text: string, id: number, more: object = {}): object {
  return { action: "msg", time: id, to: "#all", from: "bob", message: text, id, ...more };
}

Deno.test("Session answers a probe that comes before the answer to its login by the name that it logs in by", () => {
  const ann = new Dialogue();
  ann.session.connected();
  const login = ann.said();
  ann.hear({ action: "probe", time: 0 }, { response: 200, alert: "ok" });
  assert.deepEqual(ann.said(), login);
});

Deno.test("Session asks again for what a server in trouble cannot read now, and loses and doubles nothing", async () => {
  const ann = new Dialogue().begin();
  ann.hear(relay("one", 10));
  const mine = ann.session.say("mine", "#all"), [{ time }] = ann.said() as [Sent];
  ann.session.disconnected(0);
  const from = () => ann.enter().map(({ action, after }) => `${action} ${after}`);
  assert.deepEqual(from(), ["presence undefined", "history 10"]);
  ann.hear(OK, TROUBLE, relay("three", 14));
  assert.deepEqual([ann.events.at(-1), ann.texts], ["disconnected", ["one"]]);
  assert.deepEqual(from(), ["presence undefined", "history 10"]);
  const missed = [relay("two", 12), relay("mine", 13, { from: "ann", time }), relay("three", 14)];
  ann.hear(OK, { response: 202, quantity: 3 }, ...missed);
  assert.deepEqual([ann.texts, await mine, ann.said()], [["one", "two", "three"], { id: 13 }, []]);
});

Deno.test("Session stays in a room that a server in trouble does not let it into now", () => {
  const ann = new Dialogue({ rooms: ["#cats"] }).begin("#cats");
  ann.session.disconnected(0);
  ann.enter();
  ann.hear(OK, TROUBLE);
  assert.deepEqual(ann.events, ["connected", "disconnected", "connected", "disconnected"]);
  assert.deepEqual(ann.enter().map(({ action, room }) => `${action} ${room}`), [
    "presence undefined",
    "join #cats",
    "history #all",
  ]);
  const eve = new Dialogue(); // a program that starts is told: later it would take all that was ever said for missed
  eve.enter();
  eve.hear(OK, TROUBLE);
  assert.ok(eve.over instanceof RefusedError);
});

Deno.test("Session joins a room again by its new name", () => {
  const ann = new Dialogue({ rooms: ["#cats"] }).begin("#cats");
  ann.hear({ action: "rename", room: "#Cats", name: "#dogs", by: "bob" });
  ann.session.disconnected(0);
  assert.deepEqual(ann.enter().map(({ room }) => room), [undefined, "#dogs", "#all"]);
});

Deno.test("Session does not join a room again that it has left by a former name", async () => {
  const ann = new Dialogue({ rooms: ["#cats"] }).begin("#cats");
  ann.hear({ action: "rename", room: "#Cats", name: "#dogs", by: "bob" });
  const left = ann.session.leave("#cats");
  ann.said();
  ann.hear(OK);
  await left;
  ann.session.disconnected(0);
  assert.deepEqual(ann.enter().map(({ room }) => room), [undefined, "#all"]);
});

Deno.test("Session does not join a room again that is removed, or that it was put out of", () => {
  const ann = new Dialogue({ rooms: ["#cats", "#dogs", "#owls"] }).begin("#cats", "#dogs", "#owls");
  ann.hear({ action: "remove", room: "#Cats", by: "bob" }, { action: "kick", room: "#dogs", by: "bob" });
  ann.session.disconnected(0);
  assert.deepEqual(ann.enter().map(({ room }) => room), [undefined, "#owls", "#all"]);
});

Deno.test("Session joins a room anew that it was put out of, or that was removed", () => {
  for (const action of ["kick", "remove"]) {
    const ann = new Dialogue().begin();
    void ann.session.join("#cats");
    ann.said();
    ann.hear(OK);
    ann.said();
    ann.hear(NOTHING, relay("one", 10, { to: "#cats" }), { action, room: "#cats", by: "bob" });
    void ann.session.join("#cats");
    ann.said();
    ann.hear(OK);
    assert.deepEqual(ann.said().map(({ action, after }) => `${action} ${after}`), ["history undefined"]);
  }
});

Deno.test("Session takes what a server without ids sends back behind its answer for its own", async () => {
  const ann = new Dialogue();
  ann.enter(OK);
  const mine = ann.session.say("mine", "#all"), [{ time }] = ann.said() as [Sent];
  ann.hear(OK, { action: "msg", time, to: "#all", from: "ann", message: "mine" });
  ann.hear({ action: "msg", time, to: "#all", from: "bob", message: "hello" });
  assert.deepEqual([await mine, ann.texts], [{ id: undefined }, ["hello"]]);
});

Deno.test("Session asks only a server that speaks JIM whether it is there", () => {
  const ann = new Dialogue().begin(), eve = new Dialogue();
  eve.enter(OK);
  for (const dialogue of [ann, eve]) {
    dialogue.now = 80_000;
    dialogue.session.tick(80_000);
  }
  assert.deepEqual([ann.actions(), eve.actions(), eve.session.due], ["probe", "", Infinity]);
});

Deno.test("Session waits at its goodbye as long as messages before it are answered", async () => {
  const ann = new Dialogue().begin(), says = ["one", "two"].map((text) => ann.session.say(text, "#all"));
  ann.session.close(0);
  assert.equal(ann.actions(), "msg msg quit");
  for (ann.now = 3_000; ann.now < 9_000; ann.now += 3_000) {
    ann.hear({ ...OK, id: ann.now });
    ann.session.tick(ann.now);
  }
  assert.deepEqual(await Promise.all(says), [{ id: 3_000 }, { id: 6_000 }]);
  assert.equal(ann.over, null);
  ann.hear(relay("one more", 7_000));
  ann.session.tick(9_000);
  assert.equal(ann.over, undefined);
});

Deno.test("Session logs in for the first time where one of several servers takes it", () => {
  for (const fail of [(ann: Dialogue) => ann.session.disconnected(0), (ann: Dialogue) => ann.hear(TROUBLE)]) {
    const ann = new Dialogue({ pauses: { first: 0, longest: 0 } }, ["one", "two"]);
    ann.session.connected();
    ann.said();
    fail(ann);
    assert.deepEqual([ann.over, ann.session.link.server, ann.session.due], [null, "two", 0]);
    ann.session.connected();
    ann.said();
    fail(ann);
    assert.ok(ann.over instanceof ConnectionError || ann.over instanceof RefusedError);
  }
  const eve = new Dialogue({ pauses: { first: 0, longest: 0 } });
  eve.session.connectFailed(new Error("refused"), 0);
  assert.match(String(eve.over), /Cannot connect: refused/);
});

Deno.test("Session rejects what is no JSON and what is no text, and sends what is said beside it", async () => {
  const ann = new Dialogue().begin(), hi = ann.session.say("hi", "#all");
  await assert.rejects(ann.session.request({ action: "sing", times: 2n }), TypeError);
  await assert.rejects(ann.session.say(2 as unknown as string, "#all"), /Expected a text to say, got number/);
  assert.equal(ann.actions(), "msg");
  ann.hear({ ...OK, id: 1 });
  assert.deepEqual(await hi, { id: 1 });
});

Deno.test("Session is over when it is closed at the news that it is connected", async () => {
  const ann: Dialogue = new Dialogue({}, ["one"], () => ann.session.close(0));
  assert.deepEqual(ann.enter(), []);
  assert.equal(ann.session.isOver, true);
  await assert.rejects(ann.session.say("hi", "#all"), ConnectionError);
});

Deno.test("Session misses nothing in a room that it has left and joined again", async () => {
  const ann = new Dialogue().begin(), { session } = ann;
  for (
    const [latest, ask] of [[10, () => session.join("#cats")], [0, () => session.leave("#cats")], [
      20,
      () => session.join("#cats"),
    ]] as const
  ) {
    const asked = ask();
    ann.said();
    ann.hear(OK);
    if (ann.actions() === "history") ann.hear({ response: 202, quantity: 1 }, relay("before", latest, { to: "#cats" }));
    await asked;
  }
  session.disconnected(0);
  ann.enter();
  ann.hear(OK, OK, NOTHING);
  assert.deepEqual(ann.said().map(({ room, after }) => `${room} ${after}`), ["#cats 20"]);
});
