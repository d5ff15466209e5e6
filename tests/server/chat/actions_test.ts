// What each action causes, listened to without a socket: the voice writes down what it is told to say.

import assert from "node:assert/strict";
import type { Message } from "../../../jim/mod.ts";
import { act } from "../../../server/chat/actions.ts";
import { Chat, type Person, type Voice } from "../../../server/chat/chat.ts";

const NOW = 1764000000;

function scene() {
  const said: string[] = [];
  const chat = new Chat<Person>();
  const who = (person: Person) => person.name ?? "stranger";
  const voice: Voice<Person> = {
    answer: (to, { response, alert, error }) => said.push(`${who(to)} gets ${response} ${alert ?? error}`),
    toAll: (from, { message }, { response, alert }) =>
      said.push(`${who(from)} to all: ${message}; gets ${response} ${alert}`),
    toSome: (from, to, { message }, { response, alert }) =>
      said.push(`${who(from)} to ${[...to].map(who)}: ${message}; gets ${response} ${alert}`),
    arrived: (person) => said.push(`${who(person)} arrived`),
    goes: (person) => said.push(`${who(person)} goes`),
  };
  return {
    chat,
    /** What is said because of a message. */
    act(person: Person, message: Message): string[] {
      act({ chat, voice, now: NOW }, person, message);
      return said.splice(0);
    },
    come(name: string): Person {
      const person: Person = { name: undefined };
      chat.enter(person, name);
      return person;
    },
  };
}

const presence = (account_name: string, time: number | null = 1): Message => ({
  action: "presence",
  time,
  user: { account_name, status: "" },
});
const msg = (to: string, time: number | null = 1): Message => ({ action: "msg", time, to, message: "hello" });
const UNREADABLE = "time: expected Unix seconds as a number, so the server's own time is used";

Deno.test("presence is answered before its sender arrives, with a greeting", () => {
  const { act } = scene();
  const ann: Person = { name: undefined };
  assert.deepEqual(act(ann, presence("ann")), ["ann gets 200 welcome, ann", "ann arrived"]);
  assert.deepEqual(act(ann, presence("anna", null)), [
    `anna gets 200 you are anna now; ${UNREADABLE}`,
    "anna arrived",
  ]);
});

Deno.test("a message goes to all, to those of a name, or to nobody", () => {
  const { act, come } = scene();
  const ann = come("ann");
  come("Guest");
  come("Guest");
  assert.deepEqual(act(ann, msg("#all")), ["ann to all: hello; gets 200 ok"]);
  assert.deepEqual(act(ann, msg("#all", null)), [`ann to all: hello; gets 200 ok; ${UNREADABLE}`]);
  assert.deepEqual(act(ann, msg("Guest")), ["ann to Guest,Guest: hello; gets 200 ok"]);
  assert.deepEqual(act(ann, msg("eve")), ['ann gets 404 to: nobody here has the name "eve"']);
});

Deno.test("nothing but presence and quit is heard from a stranger", () => {
  const { act, chat } = scene();
  for (const message of [msg("#all"), msg("ann"), { action: "probe", time: 1 } as const]) {
    const [only, ...rest] = act({ name: undefined }, message);
    assert.match(only!, /^stranger gets 401 Expected a presence before anything else, such as {"action":"presence"/);
    assert.deepEqual(rest, []);
  }
  assert.deepEqual(act({ name: undefined }, { action: "quit", time: null }), [
    "stranger gets 200 goodbye",
    "stranger goes",
  ]);
  assert.equal(chat.named("stranger").size, 0);
});

Deno.test("probe is answered", () => {
  const { act, come } = scene();
  assert.deepEqual(act(come("ann"), { action: "probe", time: 1 }), ["ann gets 200 ok"]);
});

Deno.test("quit is answered, and its sender is not found any more", () => {
  const { act, chat, come } = scene();
  assert.deepEqual(act(come("ann"), { action: "quit", time: null }), ["ann gets 200 goodbye", "ann goes"]);
  assert.equal(chat.named("ann").size, 0);
});
