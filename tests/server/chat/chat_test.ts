import assert from "node:assert/strict";
import { Chat } from "../../../server/chat/chat.ts";
import type { Person } from "../../../server/chat/voice.ts";
import { NOTHING, RULES, stranger } from "./person.ts";

const makeChat = () => new Chat<Person>(RULES, NOTHING);

Deno.test("Chat finds people by the name they came in by, namesakes too", () => {
  const chat = makeChat();
  const one = stranger(), other = stranger(), ann = stranger();
  chat.enter(one, "Guest", false);
  chat.enter(other, "Guest", false);
  chat.enter(ann, "ann", true);
  assert.deepEqual([...chat.named("Guest")], [one, other]);
  assert.deepEqual([...chat.named("ann")], [ann]);
  assert.deepEqual([...chat.named("nobody")], []);
  assert.deepEqual(chat.names(), ["Guest", "ann"]);
});

Deno.test("Chat finds whoever has a new name by that one only", () => {
  const chat = makeChat();
  const ann = stranger();
  chat.enter(ann, "ann", false);
  chat.enter(ann, "anna", false);
  assert.equal(ann.name, "anna");
  assert.deepEqual([[...chat.named("ann")], [...chat.named("anna")]], [[], [ann]]);
});

Deno.test("Chat does not find who has left, who keeps the name for what was said before", () => {
  const chat = makeChat();
  const one = stranger(), other = stranger();
  chat.enter(one, "Guest", false);
  chat.enter(other, "Guest", false);
  for (let i = 0; i < 2; i++) { // to leave twice is to leave
    chat.leave(one);
    assert.deepEqual([...chat.named("Guest")], [other]);
  }
  chat.leave(other);
  chat.leave(stranger());
  assert.deepEqual([[...chat.named("Guest")], one.name], [[], "Guest"]);
});

Deno.test("Chat takes any name for a name", () => {
  const chat = makeChat();
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    assert.equal(chat.named(name).size, 0);
    assert.equal(chat.hasLeft(name), false);
    const who = stranger();
    chat.enter(who, name, false);
    assert.deepEqual([...chat.named(name)], [who]);
  }
});

Deno.test("Chat remembers of which name the last guest has left, and of ten thousand such names only", () => {
  const chat = makeChat();
  const come = (name: string, proved = false) => {
    const who = stranger();
    chat.enter(who, name, proved);
    return who;
  };
  const [one, other] = [come("Guest"), come("Guest")];
  chat.leave(one);
  assert.equal(chat.hasLeft("Guest"), false, "the other is here");
  chat.leave(other);
  chat.leave(come("ann", true));
  assert.deepEqual([chat.hasLeft("Guest"), chat.hasLeft("ann"), chat.hasLeft("bob")], [true, false, false]);
  for (let i = 1; i < 10_000; i++) chat.leave(come(`guest ${i}`));
  assert.equal(chat.hasLeft("Guest"), true);
  chat.leave(come("one too many"));
  assert.deepEqual([chat.hasLeft("Guest"), chat.hasLeft("guest 1")], [false, true]);
});

Deno.test("Chat gives all devices of an account one membership, and each guest one that ends with it", () => {
  const chat = makeChat();
  chat.addAccount("ann");
  const [phone, desk, guest, namesake] = [stranger(), stranger(), stranger(), stranger()];
  for (const device of [phone, desk]) chat.enter(device, "ann", true);
  for (const each of [guest, namesake]) chat.enter(each, "Guest", false);
  chat.membership(phone).rooms.add("#cats");
  chat.membership(guest).contacts.add("ann");
  assert.deepEqual(chat.membership(desk).rooms, new Set(["#cats"]));
  assert.deepEqual(chat.membership(namesake).contacts, new Set());
  chat.leave(guest);
  assert.deepEqual([chat.membership(guest).contacts, chat.membership(desk).rooms], [new Set(), new Set(["#cats"])]);
});

Deno.test("Chat begins with what was kept", () => {
  const chat = new Chat<Person>(RULES, {
    ...NOTHING,
    accounts: [{ name: "ann", operator: false }, { name: "bob", operator: false }],
    rooms: [{ name: "#cats", members: ["ann", "removed"] }, { name: "#empty", members: [] }],
    contacts: [{ owner: "ann", name: "bob" }, { owner: "removed", name: "ann" }],
  });
  const [ann, bob] = [stranger(), stranger()];
  chat.enter(ann, "ann", true);
  chat.enter(bob, "bob", true);
  assert.deepEqual(chat.membership(ann), { operator: false, rooms: new Set(["#cats"]), contacts: new Set(["bob"]) });
  assert.deepEqual(chat.membership(bob), { operator: false, rooms: new Set(), contacts: new Set() });
  assert.deepEqual([[...chat.online("#cats")], [...chat.online("#empty")]], [[ann], []]);
});
