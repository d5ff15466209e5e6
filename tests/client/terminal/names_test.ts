import assert from "node:assert/strict";
import fc from "fast-check";
import { isName, nameKey } from "../../../jim/mod.ts";
import { readCommand } from "../../../client/terminal/commands.ts";
import { complete } from "../../../client/terminal/complete.ts";
import { type KnownNames, readName, writeName } from "../../../client/terminal/names.ts";
import { safe } from "../../../client/safe.ts";
import { JIM, meet, msg, OK, seen } from "./meet.ts";

/** Names as people have them, and those that are hard to write in a command. */
const hard = fc.array(fc.constantFrom("@", '"', "\\", " ", "#", ":", "/", ",", "'", "a", "B", "ё", "漢", "❤️"), {
  minLength: 1,
  maxLength: 8,
}).map((letters) => letters.join(""));
const name = fc.oneof(hard, fc.string({ unit: "grapheme", minLength: 1, maxLength: 25 })).filter((name) =>
  isName(name)
);
const room = name.map((name) => `#${name}`).filter((room) => !/^#(all|chat)$/i.test(room));

function wordsOf(names: readonly string[], rooms: readonly string[]): KnownNames {
  const all = [...names, ...rooms];
  const find = (name: string) => all.includes(name) ? name : all.find((each) => nameKey(each) === nameKey(name));
  return { names, rooms, find };
}

/** Commands with a person's name in them, and who is meant. */
const forPeople = ["/msg", "/room", "/contacts add", "/contacts del", "/login", "/register"];
const forRooms = ["/join", "/leave", "/room"];

function meant(line: string, words: KnownNames): string | undefined {
  const read = readCommand(line, words.find);
  switch (read.do) {
    case "room":
      return read.place;
    case "msg":
      return read.to;
    case "join":
    case "leave":
      return read.room;
    case "contacts":
      return read.change?.name;
    case "login":
    case "register":
      return read.name;
    default:
      return undefined;
  }
}

Deno.test("each command reads the name that was written for it, whoever else is here", () => {
  fc.assert(fc.property(name, fc.array(name), fc.constantFrom(...forPeople), (name, others, by) => {
    const words = wordsOf([name, ...others], []);
    assert.equal(meant(`${by} ${writeName(name)}`, words), name);
  }));
  fc.assert(fc.property(name, fc.array(name), (name, others) => {
    const words = wordsOf([name, ...others], []);
    assert.deepEqual(readCommand(`/msg ${writeName(name)} hi  there`, words.find), {
      do: "msg",
      to: name,
      text: "hi  there",
    });
  }));
  fc.assert(fc.property(room, fc.array(room), fc.constantFrom(...forRooms), (room, others, by) => {
    assert.equal(meant(`${by} ${writeName(room)}`, wordsOf([], [room, ...others])), room);
  }));
});

Deno.test("each command reads what Tab completed as the name that was begun", () => {
  fc.assert(fc.property(name, fc.nat(25), fc.constantFrom(...forPeople.slice(0, 4)), (name, length, by) => {
    fc.pre(safe(name) === name);
    const words = wordsOf([name], []);
    for (const start of [writeName(name), name].map((text) => [...text].slice(0, 1 + length).join(""))) {
      if (by === "/msg" && /^[^"].* /.test(start)) continue; // a name without quotes ends at its first space there
      const { text } = complete(`${by} ${start}`, by.length + 1 + start.length, words);
      if (text !== `${by} ${start}`) assert.equal(meant(text, words), name, text);
    }
    assert.equal(meant(complete(`${by} `, by.length + 1, words).text, words), name);
  }));
  fc.assert(fc.property(room, fc.nat(25), fc.constantFrom(...forRooms), (room, length, by) => {
    fc.pre(safe(room) === room);
    const words = wordsOf([], [room]);
    for (const start of [writeName(room), room].map((text) => [...text].slice(0, 1 + length).join(""))) {
      const { text } = complete(`${by} ${start}`, by.length + 1 + start.length, words);
      if (text !== `${by} ${start}`) assert.equal(meant(text, words), room, text);
    }
  }));
});

Deno.test("given reads names with spaces, quotes and backslashes in quotes, and nothing from a quote that is not closed", () => {
  const read = (text: string, isAll = false) => {
    const found = readName(text, isAll);
    return found && [found.name, found.rest];
  };
  assert.deepEqual(read('"two words" hello'), ["two words", "hello"]);
  assert.deepEqual(read(String.raw`"a\"b\\c" d`), ['a"b\\c', "d"]);
  assert.deepEqual(read(String.raw`"a\b"`), ["a\\b", ""]);
  assert.deepEqual(read("two words"), ["two", "words"]);
  assert.deepEqual(read("two words", true), ["two words", ""]);
  for (const text of ["", '"open', '"open \\"', '"shut"more']) assert.equal(read(text), undefined, text);
});

Deno.test("complete offers the names that may be meant, in quotes where they need some, and none that cannot be shown", () => {
  const words = wordsOf(["bob", "@bob", "Ann Lee", "Ann Kay", 'say "hi"', "e\u202eve", "tab\t"], ["#my room", "#my"]);
  const done = (text: string) => {
    const { text: whole, choices } = complete(text, text.length, words);
    return choices.length > 0 ? choices : whole;
  };
  assert.deepEqual(done("/msg @b"), ['"@bob"', "bob"]);
  assert.deepEqual(done('/msg "@'), '/msg "@bob" ');
  assert.deepEqual(done("/msg ann"), '/msg "Ann ');
  assert.deepEqual(done('/msg "ann '), ['"Ann Kay"', '"Ann Lee"']);
  assert.deepEqual(done('/msg "ann k'), '/msg "Ann Kay" ');
  assert.deepEqual(done('/msg @"ann k'), '/msg "Ann Kay" ');
  assert.deepEqual(done("/msg Ann L"), "/msg Ann L"); // a name without quotes has ended there
  assert.deepEqual(done("/msg say"), String.raw`/msg "say \"hi\"" `);
  assert.deepEqual(done("/room ann k"), '/room "Ann Kay" ');
  assert.deepEqual(done("/join #my"), ["#my", '"#my room"']);
  assert.deepEqual(done("/join my r"), '/join "#my room" ');
  assert.deepEqual(done("/msg e"), "/msg e");
  assert.deepEqual(done("/msg t"), "/msg t");
  assert.deepEqual(done("/msg bob look, #my r"), "/msg bob look, #my r"); // behind the name there is a text
  assert.deepEqual(done("/msg bob look, @bo"), "/msg bob look, @bob ");
});

Deno.test("command means somebody who is called @bob by @bob, and bob where nobody is", () => {
  const to = (line: string, ...names: string[]) => meant(line, wordsOf(names, []));
  assert.equal(to("/msg @bob hi", "bob"), "bob");
  assert.equal(to("/msg @bob hi"), "bob");
  assert.equal(to("/msg @bob hi", "bob", "@bob"), "@bob");
  assert.equal(to("/msg @@bob hi", "bob", "@bob"), "@bob");
  assert.equal(to('/msg "@bob" hi', "bob"), "@bob");
  assert.equal(to('/msg @"Ann Lee" hi'), "Ann Lee");
  assert.equal(to('/room @"@bob"', "bob"), "@bob");
  assert.equal(to("/msg @BOB hi", "bob"), "bob");
  assert.equal(to("/login @bob", "bob"), "@bob");
});

Deno.test("Controller speaks to one person in one conversation, and goes to one room, in whatever spelling", () => {
  const { connect, serve, hear, type, said, look } = meet();
  connect(JIM);
  serve();
  hear(msg("Bob", "hi", { to: "ANN", id: 1 }));
  type("/room BOB\r");
  assert.equal(look().at(-1), "@Bob ›");
  type("/msg bob psst\r");
  assert.equal(said()[0]!.to, "Bob");
  hear(OK);
  type("/join #Lesson7\r");
  serve();
  type("/room #all\r/room #LESSON7\r");
  assert.equal(look().at(-1), "#Lesson7 ›");
  hear(msg("bob", "well?", { to: "#lesson7", id: 2 }), msg("ANN", "it is me elsewhere", { to: "#lesson7", id: 3 }));
  assert.match(look().at(-3)!, /bob │ well\?$/);
  assert.match(look().at(-2)!, /ANN › it is me elsewhere$/);
  type("/room\r");
  assert.equal(seen(look(), /lesson7|Bob, /i), 4); // the rule, the prompt and the two conversations
});

Deno.test("Controller tells names apart letter by letter on a server that does not say it is JIM's", () => {
  const { connect, hear, type, look } = meet();
  connect();
  hear(msg("Ann", "another", { to: "#all" }), msg("bob", "hi", { to: "ann" }));
  assert.match(look().at(-3)!, /Ann │ another$/);
  type("/room BOB\r");
  assert.equal(look().at(-1), "@BOB ›");
});

Deno.test("Controller knows its own message in the past, though the server spells its name as the account's", () => {
  const { controller, connect, serve, type, said, hear, lose, look, now } = meet("ANN");
  connect(JIM);
  serve();
  type("hello\r");
  const [{ time }] = said() as [{ time: number }];
  lose();
  controller.connected(now);
  said();
  hear(JIM);
  serve(({ room }) => room === "#all" ? [msg("ann", "hello", { id: 5, time })] : []);
  assert.equal(seen(look(), /hello/), 1);
});
