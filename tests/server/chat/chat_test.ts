import assert from "node:assert/strict";
import { Chat, type Person } from "../../../server/chat/chat.ts";

const person = (): Person => ({ name: undefined });

Deno.test("Chat finds people by the name they came in by, namesakes too", () => {
  const chat = new Chat();
  const one = person(), other = person(), ann = person();
  chat.enter(one, "Guest");
  chat.enter(other, "Guest");
  chat.enter(ann, "ann");
  assert.deepEqual([...chat.named("Guest")], [one, other]);
  assert.deepEqual([...chat.named("ann")], [ann]);
  assert.deepEqual([...chat.named("nobody")], []);
});

Deno.test("Chat finds whoever has a new name by that one only", () => {
  const chat = new Chat();
  const ann = person();
  chat.enter(ann, "ann");
  chat.enter(ann, "anna");
  assert.equal(ann.name, "anna");
  assert.deepEqual([[...chat.named("ann")], [...chat.named("anna")]], [[], [ann]]);
});

Deno.test("Chat does not find who has left, who keeps the name for what was said before", () => {
  const chat = new Chat();
  const one = person(), other = person();
  chat.enter(one, "Guest");
  chat.enter(other, "Guest");
  for (let i = 0; i < 2; i++) { // to leave twice is to leave
    chat.leave(one);
    assert.deepEqual([...chat.named("Guest")], [other]);
  }
  chat.leave(other);
  chat.leave(person());
  assert.deepEqual([[...chat.named("Guest")], one.name], [[], "Guest"]);
});

Deno.test("Chat takes any name for a name", () => {
  const chat = new Chat();
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    assert.equal(chat.named(name).size, 0);
    const who = person();
    chat.enter(who, name);
    assert.deepEqual([...chat.named(name)], [who]);
  }
});
