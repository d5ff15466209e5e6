import assert from "node:assert/strict";
import fc from "fast-check";
import { type Account, Chat } from "../../../server/chat/chat.ts";
import type { Person } from "../../../server/chat/voice.ts";
import { NOTHING, RULES, stranger } from "./person.ts";

const makeChat = () => new Chat<Person>(RULES, NOTHING);

Deno.test("Chat finds people by the name they came in by, namesakes too", () => {
  const chat = makeChat();
  const one = stranger(), other = stranger(), ann = stranger();
  chat.enter(one, "Guest", undefined, 0);
  chat.enter(other, "Guest", undefined, 0);
  chat.enter(ann, "ann", chat.putAccount({ id: 1, name: "ann", operator: false }), 0);
  assert.deepEqual([...chat.named("Guest")], [one, other]);
  assert.deepEqual([...chat.named("ann")], [ann]);
  assert.deepEqual([...chat.named("nobody")], []);
  assert.deepEqual([...chat.here()], [one, other, ann]);
});

Deno.test("Chat finds whoever has a new name by that one only", () => {
  const chat = makeChat();
  const ann = stranger();
  chat.enter(ann, "ann", undefined, 0);
  chat.enter(ann, "anna", undefined, 0);
  assert.equal(ann.name, "anna");
  assert.deepEqual([[...chat.named("ann")], [...chat.named("anna")]], [[], [ann]]);
});

Deno.test("Chat does not find who has left, who keeps the name for what was said before", () => {
  const chat = makeChat();
  const one = stranger(), other = stranger();
  chat.enter(one, "Guest", undefined, 0);
  chat.enter(other, "Guest", undefined, 0);
  for (let i = 0; i < 2; i++) { // to leave twice is to leave
    chat.leave(one, 0);
    assert.deepEqual([...chat.named("Guest")], [other]);
  }
  chat.leave(other, 0);
  chat.leave(stranger(), 0);
  assert.deepEqual([[...chat.named("Guest")], one.name], [[], "Guest"]);
});

Deno.test("Chat takes any name for a name", () => {
  const chat = makeChat();
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    assert.equal(chat.named(name).size, 0);
    assert.equal(chat.hasLeft(name), false);
    const who = stranger();
    chat.enter(who, name, undefined, 0);
    assert.deepEqual([...chat.named(name)], [who]);
  }
});

Deno.test("Chat remembers of which name the last guest has left, and of ten thousand such names only", () => {
  const chat = makeChat();
  const come = (name: string, account?: Account) => {
    const who = stranger();
    chat.enter(who, name, account, 0);
    return who;
  };
  const [one, other] = [come("Guest"), come("Guest")];
  chat.leave(one, 0);
  assert.equal(chat.hasLeft("Guest"), false, "the other is here");
  chat.leave(other, 0);
  chat.leave(come("ann", chat.putAccount({ id: 1, name: "ann", operator: false })), 0);
  assert.deepEqual([chat.hasLeft("Guest"), chat.hasLeft("ann"), chat.hasLeft("bob")], [true, false, false]);
  for (let i = 1; i < 10_000; i++) chat.leave(come(`guest ${i}`), 0);
  assert.equal(chat.hasLeft("Guest"), true);
  chat.leave(come("one too many"), 0);
  assert.deepEqual([chat.hasLeft("Guest"), chat.hasLeft("guest 1")], [false, true]);
});

Deno.test("Chat gives all devices of an account one membership, and each guest one that ends with it", () => {
  const chat = makeChat();
  const account = chat.putAccount({ id: 1, name: "ann", operator: false });
  const [phone, desk, guest, namesake] = [stranger(), stranger(), stranger(), stranger()];
  for (const device of [phone, desk]) chat.enter(device, "ann", account, 0);
  for (const each of [guest, namesake]) chat.enter(each, "Guest", undefined, 0);
  chat.join(phone, chat.addRoom("#cats"), "#Cats");
  chat.membership(guest).contacts.set("ann", "ann");
  assert.deepEqual(chat.membership(desk).rooms, new Map([["#cats", "#Cats"]]));
  assert.deepEqual(chat.membership(namesake).contacts, new Map());
  chat.leave(guest, 0);
  assert.deepEqual([chat.membership(guest).contacts.size, chat.membership(desk).rooms.size], [0, 1]);
});

Deno.test("Chat begins with what was kept", () => {
  const chat = new Chat<Person>(RULES, {
    ...NOTHING,
    accounts: [{ id: 1, name: "ann", operator: false }, { id: 2, name: "bob", operator: true }],
    rooms: [
      { name: "#cats", members: [{ account: 1, spelling: "#CATS" }, { account: 99, spelling: "#cats" }] },
      { name: "#empty", members: [] },
    ],
    contacts: [{ owner: 1, name: "bob" }, { owner: 99, name: "ann" }],
  });
  const [ann, bob] = [stranger(), stranger()];
  chat.enter(ann, "ann", chat.account("ANN"), 0);
  chat.enter(bob, "bob", chat.account("bob"), 0);
  const { operator, rooms, contacts } = chat.membership(ann);
  assert.deepEqual([operator, [...rooms], [...contacts]], [false, [["#cats", "#CATS"]], [["bob", "bob"]]]);
  assert.deepEqual([chat.membership(bob).operator, chat.membership(bob).rooms.size], [true, 0]);
  assert.deepEqual(["#cats", "#empty"].map((name) => [...chat.online(chat.room(name)!)]), [[ann], []]);
});

Deno.test("Chat tells the guests of one name apart as long as they are several, and knows when each was alone by its names", () => {
  const steps = fc.array(fc.record({ who: fc.nat(5), name: fc.constantFrom("zoe", "ZOE", "Zoe", "eve", undefined) }));
  fc.assert(fc.property(steps, (steps) => {
    const chat = makeChat(), people = Array.from({ length: 6 }, stranger);
    /** What is expected: who goes by which key, and the moment from which on each is alone. */
    const here = new Map<Person, string>(), alone = new Map<string, [only: Person, since: number]>();
    const periods = new Map<Person, [key: string, after: number, last: number][]>();
    for (const [moment, { who, name }] of steps.entries()) {
      const person = people[who]!, before = here.get(person);
      if (name === undefined) {
        chat.leave(person, moment);
        here.delete(person);
      } else {
        chat.enter(person, name, undefined, moment);
        here.set(person, name.toLowerCase());
      }
      for (const key of new Set([before, here.get(person)])) {
        const namesakes = [...here].filter(([, other]) => other === key).map(([person]) => person);
        if (key === undefined) continue;
        const [only, since] = alone.get(key) ?? [];
        if (only !== undefined && (namesakes.length !== 1 || namesakes[0] !== only || only === person)) {
          alone.delete(key);
          if (since! < moment) periods.set(only, [...periods.get(only) ?? [], [key, since!, moment]]);
        }
        if (namesakes.length === 1 && !alone.has(key)) alone.set(key, [namesakes[0]!, moment]);
      }
      if (name === undefined) periods.delete(person);
      for (const key of ["zoe", "eve"]) {
        const namesakes = [...chat.named(key)];
        assert.deepEqual(
          new Set(namesakes),
          new Set([...here].filter(([, other]) => other === key).map(([who]) => who)),
        );
        const numbers = namesakes.map(({ mark }) => mark?.guest);
        assert.equal(new Set(numbers).size, numbers.length, "no two have one number");
        assert.equal(numbers.includes(undefined), namesakes.length === 1, "who is alone has none");
        assert.ok(numbers.every((number) => number === undefined || number <= people.length));
        const [only, since] = alone.get(key) ?? [];
        for (const each of namesakes) {
          const now = each === only ? [[key, since!, moment] as const] : [];
          assert.deepEqual(
            chat.guestPeriods(each, moment).map(({ name, after, last }) => [name.toLowerCase(), after, last]),
            [...periods.get(each) ?? [], ...now],
          );
        }
      }
    }
  }));
});
