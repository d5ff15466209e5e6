import assert from "node:assert/strict";
import fc from "fast-check";
import { type Account, Chat } from "../../../server/chat/chat.ts";
import type { Session } from "../../../server/chat/session.ts";
import { accountOf, attend, enter, leave, RULES, stateOf, stranger } from "./session.ts";

/** A chat with an account `ann`. */
const makeChat = () => new Chat<Session>(RULES, stateOf(accountOf("ann")));

Deno.test("Chat finds people by the name they came in by, namesakes too", () => {
  const chat = makeChat();
  const one = stranger(), other = stranger(), ann = stranger();
  enter(chat, one, "Guest", undefined, 0);
  enter(chat, other, "Guest", undefined, 0);
  enter(chat, ann, "ann", chat.account("ann"), 0);
  assert.deepEqual(chat.sessionsNamed("Guest"), [one, other]);
  assert.deepEqual(chat.sessionsNamed("ann"), [ann]);
  assert.deepEqual(chat.sessionsNamed("nobody"), []);
  assert.deepEqual([...chat.sessions()], [one, other, ann]);
});

Deno.test("Chat finds a session that has a new name by that one only", () => {
  const chat = makeChat();
  const ann = stranger();
  enter(chat, ann, "ann", undefined, 0);
  enter(chat, ann, "anna", undefined, 0);
  assert.equal(ann.name, "anna");
  assert.deepEqual([chat.sessionsNamed("ann"), chat.sessionsNamed("anna")], [[], [ann]]);
});

Deno.test("Chat does not find a session that has left, which keeps its name for what was sent before", () => {
  const chat = makeChat();
  const one = stranger(), other = stranger();
  enter(chat, one, "Guest", undefined, 0);
  enter(chat, other, "Guest", undefined, 0);
  for (let i = 0; i < 2; i++) { // to leave twice is to leave
    leave(chat, one, 0);
    assert.deepEqual(chat.sessionsNamed("Guest"), [other]);
  }
  leave(chat, other, 0);
  leave(chat, stranger(), 0);
  assert.deepEqual([chat.sessionsNamed("Guest"), one.name], [[], "Guest"]);
});

Deno.test("Chat takes any name for a name", () => {
  const chat = makeChat();
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    assert.equal(chat.sessionsNamed(name).length, 0);
    assert.equal(chat.hasGuestLeft(name), false);
    const who = stranger();
    enter(chat, who, name, undefined, 0);
    assert.deepEqual(chat.sessionsNamed(name), [who]);
  }
});

Deno.test("Chat remembers of which name the last guest has left, and of ten thousand such names only", () => {
  const chat = makeChat();
  const come = (name: string, account?: Account) => {
    const who = stranger();
    enter(chat, who, name, account, 0);
    return who;
  };
  const [one, other] = [come("Guest"), come("Guest")];
  leave(chat, one, 0);
  assert.equal(chat.hasGuestLeft("Guest"), false, "the other is here");
  leave(chat, other, 0);
  leave(chat, come("ann", chat.account("ann")), 0);
  assert.deepEqual([chat.hasGuestLeft("Guest"), chat.hasGuestLeft("ann"), chat.hasGuestLeft("bob")], [
    true,
    false,
    false,
  ]);
  for (let i = 1; i < 10_000; i++) leave(chat, come(`guest ${i}`), 0);
  assert.equal(chat.hasGuestLeft("Guest"), true);
  leave(chat, come("one too many"), 0);
  assert.deepEqual([chat.hasGuestLeft("Guest"), chat.hasGuestLeft("guest 1")], [false, true]);
});

Deno.test("Chat gives all devices of an account one membership, and each guest one that ends with it", () => {
  const chat = makeChat();
  const account = chat.account("ann");
  const [phone, desk, guest, namesake] = [stranger(), stranger(), stranger(), stranger()];
  for (const device of [phone, desk]) enter(chat, device, "ann", account, 0);
  for (const each of [guest, namesake]) enter(chat, each, "Guest", undefined, 0);
  chat.state.apply({ id: 2, kind: "room", name: "#cats" });
  const cats = chat.state.room("#cats")!;
  chat.state.apply({ id: 3, kind: "member", account: 1, room: 2, is: true, spelling: "#Cats" });
  attend(chat, guest, cats, true, "#CATS");
  assert.deepEqual(chat.membership(desk).rooms, new Map([[cats, "#Cats"]]));
  assert.deepEqual([[...chat.sessionsIn(cats)], chat.membership(guest).rooms.get(cats)], [
    [guest, phone, desk],
    "#CATS",
  ]);
  assert.deepEqual(chat.membership(namesake).rooms, new Map());
  leave(chat, guest, 0);
  assert.deepEqual([chat.membership(guest).rooms.size, chat.membership(desk).rooms.size], [0, 1]);
});

Deno.test("Chat finds rooms that have been empty for long, from its first look on", () => {
  const chat = new Chat<Session>(RULES, stateOf(accountOf("ann"), { kind: "room", name: "#cats" })), guest = stranger();
  const cats = chat.state.room("#cats")!;
  enter(chat, guest, "Guest", undefined, 0);
  assert.deepEqual([chat.emptyFor(10, 0), chat.emptyFor(10, 9)], [[], []]);
  attend(chat, guest, cats, true, "#cats");
  assert.deepEqual(chat.emptyFor(10, 10), []);
  attend(chat, guest, cats, false);
  assert.deepEqual([chat.emptyFor(10, 15), chat.emptyFor(10, 24), chat.emptyFor(10, 25)], [[], [], [cats]]);
  chat.state.apply({ id: 9, kind: "member", account: 1, room: 2, is: true });
  assert.deepEqual(chat.emptyFor(10, 99), []);
});

Deno.test("Chat tells the guests of one name apart as long as they are several, and knows when each was alone by its names", () => {
  const steps = fc.array(fc.record({ who: fc.nat(5), name: fc.constantFrom("zoe", "ZOE", "Zoe", "eve", undefined) }));
  fc.assert(fc.property(steps, (steps) => {
    const chat = makeChat(), sessions = Array.from({ length: 6 }, stranger);
    /** What is expected: who goes by which key, and the moment from which on each is alone. */
    const here = new Map<Session, string>(), alone = new Map<string, [only: Session, since: number]>();
    const periods = new Map<Session, [key: string, after: number, last: number][]>();
    for (const [moment, { who, name }] of steps.entries()) {
      const session = sessions[who]!, before = here.get(session);
      if (name === undefined) {
        leave(chat, session, moment);
        here.delete(session);
      } else {
        enter(chat, session, name, undefined, moment);
        here.set(session, name.toLowerCase());
      }
      for (const key of new Set([before, here.get(session)])) {
        const namesakes = [...here].filter(([, other]) => other === key).map(([session]) => session);
        if (key === undefined) continue;
        const [only, since] = alone.get(key) ?? [];
        if (only !== undefined && (namesakes.length !== 1 || namesakes[0] !== only || only === session)) {
          alone.delete(key);
          if (since! < moment) periods.set(only, [...periods.get(only) ?? [], [key, since!, moment]]);
        }
        if (namesakes.length === 1 && !alone.has(key)) alone.set(key, [namesakes[0]!, moment]);
      }
      if (name === undefined) periods.delete(session);
      for (const key of ["zoe", "eve"]) {
        const namesakes = chat.sessionsNamed(key);
        assert.deepEqual(
          new Set(namesakes),
          new Set([...here].filter(([, other]) => other === key).map(([who]) => who)),
        );
        const numbers = namesakes.map(({ mark }) => mark?.guest);
        assert.equal(new Set(numbers).size, numbers.length, "no two have one number");
        assert.equal(numbers.includes(undefined), namesakes.length === 1, "who is alone has none");
        assert.ok(numbers.every((number) => number === undefined || number <= sessions.length));
        const [only, since] = alone.get(key) ?? [];
        for (const each of namesakes) {
          const now = each === only ? [[key, since!, moment] as const] : [];
          assert.deepEqual(
            chat.guestPeriods(each).map(({ name, after, last = moment }) => [name.toLowerCase(), after, last]),
            [...periods.get(each) ?? [], ...now],
          );
        }
      }
    }
  }));
});
