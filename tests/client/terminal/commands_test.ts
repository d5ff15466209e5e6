import assert from "node:assert/strict";
import fc from "fast-check";
import { commandIn, commandNames, synonyms } from "../../../client/command_words.ts";
import { readCommand } from "../../../client/terminal/commands.ts";
import { usage } from "../../../client/terminal/help.ts";
import { may } from "../../may.ts";
import { complete } from "../../../client/terminal/complete.ts";
import { writeName } from "../../../client/terminal/names.ts";

Deno.test("command reads each command in each of its forms", () => {
  const cases: [string, object][] = [
    ["", { do: "nothing" }],
    ["   ", { do: "nothing" }],
    ["hello /help", { do: "say", text: "hello /help" }],
    ["//", { do: "say", text: "/" }],
    ["/help", { do: "help" }],
    ["/help join", { do: "help", about: "join" }],
    ["/help /Join", { do: "help", about: "join" }],
    ["/help nick", { do: "help", about: "name" }],
    ["/help operator", { do: "help", about: "operator" }],
    ["/join #cats ", { do: "join", room: "#cats" }],
    ["/join cats", { do: "join", room: "#cats" }],
    ["/join #my room", { do: "join", room: "#my room" }],
    ['/join "my room"', { do: "join", room: "#my room" }],
    ['/leave "#my room"', { do: "leave", room: "#my room" }],
    ["/room #my room", { do: "room", place: "#my room" }],
    ["/room Ann Lee", { do: "room", place: "Ann Lee" }],
    ["/leave", { do: "leave", room: undefined }],
    ["/leave #cats", { do: "leave", room: "#cats" }],
    ["/room", { do: "room", place: undefined }],
    ["/room #ALL", { do: "room", place: "#all" }],
    ["/room @ann", { do: "room", place: "ann" }],
    ["/msg ann hello  there", { do: "msg", to: "ann", text: "hello  there" }],
    ["/msg ann", { do: "room", place: "ann" }],
    ["/history", { do: "history", count: 20 }],
    ["/history 9999", { do: "history", count: 500 }],
    ["/search fat cats", { do: "search", text: "fat cats" }],
    ["/contacts", { do: "contacts" }],
    ['/contacts add "Ann Lee"', { do: "contacts", change: { add: true, name: "Ann Lee" } }],
    ["/contacts del ann", { do: "contacts", change: { add: false, name: "ann" } }],
    ["/name Ann Lee", { do: "name", name: "Ann Lee" }],
    ["/login", { do: "login", name: undefined }],
    ["/register ann", { do: "register", name: "ann" }],
    ["/kick eve", { do: "order", order: { action: "kick", user_id: "eve" } }],
    ["/kick eve 10m of spam", { do: "order", order: { action: "kick", user_id: "eve", reason: "10m of spam" } }],
    ["/ban eve", { do: "order", order: { action: "ban", user_id: "eve" } }],
    ["/ban 10.0.0.7/8 2h", { do: "order", order: { action: "ban", address: "10.0.0.0/8", for: "2h" } }],
    ['/ban "10.0.0.7" spam', { do: "order", order: { action: "ban", user_id: "10.0.0.7", reason: "spam" } }],
    ["/unban 2001:DB8::7", { do: "order", order: { action: "unban", address: "2001:db8::7" } }],
    ['/mute "Ann Lee" 10m be  calm', {
      do: "order",
      order: { action: "mute", user_id: "Ann Lee", for: "10m", reason: "be  calm" },
    }],
    ["/promote ann", { do: "order", order: { action: "promote", user_id: "ann" } }],
    ["/unmute @eve", { do: "order", order: { action: "unmute", user_id: "eve" } }],
    ["/ban eve 2h", { do: "order", order: { action: "ban", user_id: "eve", for: "2h" } }],
    ["/ban eve 1d 3 warnings", {
      do: "order",
      order: { action: "ban", user_id: "eve", for: "1d", reason: "3 warnings" },
    }],
    ["/motd Lesson 7", { do: "motd", text: "Lesson 7" }],
    ["/motd -", { do: "motd", text: "" }],
    ["/bans", { do: "bans" }],
    ["/ignore", { do: "ignore", name: undefined }],
    ["/ignore @eve", { do: "ignore", name: "eve" }],
    ['/unignore "Ann Lee"', { do: "unignore", name: "Ann Lee" }],
    ["/quit", { do: "quit" }],
  ];
  for (const [line, expected] of cases) assert.deepEqual(readCommand(line), expected, line);
});

Deno.test("command says in a line how a command is written when it is not written so, and never repeats a password", () => {
  const lines = [
    "/join",
    "/join #all",
    "/name",
    "/name #cats",
    "/help nothing",
    "/msg",
    "/history -1",
    "/history x",
    "/search",
    "/contacts sell ann",
    "/who x",
    "/kick",
    "/unmute eve now",
    "/demote ann now",
    "/ban #cats",
    "/ignore #cats",
    "/unignore",
  ];
  for (const line of lines) {
    const name = commandNames.find((each) => each === /\w+/.exec(line)![0])!;
    assert.deepEqual(readCommand(line), { do: "invalid", words: `Cannot read "${line}": expected ${usage(name)}` });
  }
  assert.match((readCommand("/toString") as { words: string }).words, /^No command "\/toString"/);
  assert.ok(!JSON.stringify(readCommand("/login ann secret")).includes("secret"));
});

Deno.test("command asks about a word that another chat has for one of its commands", () => {
  for (const [word, name] of [["nick", "name"], ["NICK", "name"], ["pm", "msg"], ["exit", "quit"], ["jion", "join"]]) {
    assert.match((readCommand(`/${word} Ann`) as { words: string }).words, new RegExp(`did you mean /${name}\\?`));
  }
});

Deno.test("commandIn knows every readCommand, and every synonym of one", () => {
  for (const name of commandNames) assert.equal(commandIn(`/${name} x`), `/${name}`);
  for (const [word, name] of Object.entries(synonyms)) {
    assert.equal(commandIn(`/${word}`), `/${word}`);
    assert.ok(commandNames.includes(name), word);
  }
  assert.equal(commandIn("/mnt is a folder"), undefined);
});

Deno.test("command takes a name behind /room for a room where only a room is known by it", () => {
  const find = (...known: string[]) => (name: string) => known.find((each) => each === name);
  const place = (line: string, ...known: string[]) => (readCommand(line, find(...known)) as { place: string }).place;
  assert.equal(place("/room cats", "#cats"), "#cats");
  assert.equal(place("/room cats", "#cats", "cats"), "cats");
  assert.equal(place('/room "cats"', "#cats"), "cats");
  assert.equal(place("/room cats"), "cats");
});

Deno.test("command takes any line for something, and a name that was completed for that name", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (line) => {
    assert.ok(readCommand(line).do !== undefined && readCommand(`/${line}`).do !== undefined);
  }));
  const name = fc.stringMatching(/^[a-zё]([a-zё ]{0,20}[a-zё])?$/);
  fc.assert(fc.property(name, (name) => {
    assert.deepEqual(readCommand(`/msg ${writeName(name)} hi`), { do: "msg", to: name, text: "hi" });
  }));
});

Deno.test("complete makes commands, rooms and names whole, whatever their case, and leaves the rest", () => {
  const words = {
    names: ["Аня", "ann", "Bo Li", "boris"],
    rooms: ["#all", "#cats", "#cars"],
    find: () => undefined,
  };
  const done = (text: string, at = text.length) => {
    const { text: whole, choices } = complete(text, at, words);
    return choices.length > 0 ? choices : whole;
  };
  assert.deepEqual(done("/he"), "/help ");
  assert.deepEqual(done("/l"), ["/leave", "/login"]);
  assert.deepEqual(done("/"), commandNames.map((name) => `/${name}`).sort());
  assert.deepEqual(done("/join #ca"), ["#cars", "#cats"]);
  assert.deepEqual(done("/join ca"), "/join #ca");
  assert.deepEqual(done("/room #cat"), "/room #cats ");
  assert.deepEqual(done("/msg AN"), "/msg ann ");
  assert.deepEqual(done("/contacts add bor"), "/contacts add boris ");
  assert.deepEqual(done("а"), "Аня: ");
  assert.deepEqual(done("hello an"), "hello ann ");
  assert.deepEqual(done("hello @an"), "hello @ann ");
  assert.deepEqual(done("zz"), "zz");
  assert.deepEqual(done(""), "");
  assert.deepEqual(done("an hello", 2), "ann: hello");
});

Deno.test("complete keeps what is before the word and behind the cursor", () => {
  const words = { names: ["ann", "anton"], rooms: ["#cats"], find: () => undefined };
  fc.assert(fc.property(fc.string(), fc.string(), (before, after) => {
    const { text, at } = complete(before + after, before.length, words);
    const [word] = /\S*$/.exec(before)!;
    assert.ok(text.startsWith(before.slice(0, before.length - word.length)) && text.endsWith(after));
    assert.equal(text.slice(at), after);
  }));
});

Deno.test("docs/terminal.md has each command in its tables", { ignore: !may("read") }, () => {
  const text = Deno.readTextFileSync(new URL("../../../docs/terminal.md", import.meta.url));
  const told = new Set([...text.matchAll(/^\|.*?$/gm)].flatMap(([row]) => row.match(/`\/\w+/g) ?? []));
  assert.deepEqual([...told].sort(), commandNames.map((name) => `\`/${name}`).sort());
});
