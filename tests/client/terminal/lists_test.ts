import assert from "node:assert/strict";
import { plain } from "../../../client/terminal/paint.ts";
import { Controller } from "../../../client/terminal/controller.ts";
import { Screen } from "../../terminal/screen.ts";
import { JIM, meet } from "./meet.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();
const NOON = new Date(2026, 10, 23, 12).getTime();

/** A controller in a chat; its server answers each action with these rows. */
function inChat(answers: Record<string, readonly object[]>) {
  const controller = new Controller({ address: "127.0.0.1", port: 7777, name: "ann" }, plain, Math.random, NOON);
  const screen = new Screen(80);
  let now = NOON;
  const hear = (...objects: object[]) => {
    controller.link.framer.push(encoder.encode(objects.map((each) => JSON.stringify(each)).join("")));
    controller.receive(now);
  };
  const serve = () => {
    for (
      let bytes = controller.link.requests.take(now);
      bytes !== undefined;
      bytes = controller.link.requests.take(now)
    ) {
      for (const line of decoder.decode(bytes).trimEnd().split("\n")) {
        const rows = answers[JSON.parse(line).action] ?? [];
        hear({ response: 202, alert: "ok", jim: 1, quantity: rows.length }, ...rows);
      }
    }
  };
  controller.connected(now);
  serve();
  return {
    hear,
    pass: (ms: number) => now += ms,
    rows,
    /** Types a line; the rows that came of it. */
    type(line: string): string[] {
      const before = rows().length;
      controller.type(encoder.encode(`${line}\r`), now);
      serve();
      return rows().slice(before - 1);
    },
  };

  /** What is to be seen, without the time and the space before the mark. */
  function rows(): string[] {
    screen.write(controller.window.out);
    controller.window.out = "";
    return screen.rows.map((row) => row.replace(/^\d\d:\d\d/, "").trim());
  }
}

Deno.test("Controller lists rooms, people, contacts and conversations", () => {
  const { type } = inChat({
    rooms: [{ action: "room_list", room: "#all", member: true }, { action: "room_list", room: "#dogs", member: false }],
    who_online: [{ action: "online_list", user_id: "ann" }, { action: "online_list", user_id: "bob" }],
    get_contacts: [{ action: "contact_list", user_id: "bob" }],
  });
  assert.deepEqual(type("/rooms"), ["· The rooms", "#all, you are in", "#dogs", "#all ›"]);
  assert.deepEqual(type("/who"), ["· 2 here: ann, bob", "#all ›"]);
  assert.deepEqual(type("/contacts"), ["· Your contacts: bob", "#all ›"]);
  assert.deepEqual(type("/contacts add eve"), ["· eve is among your contacts", "#all ›"]);
  assert.deepEqual(type("/contacts del eve"), ["· eve is no contact of yours any more", "#all ›"]);
  type("/join #cats");
  assert.deepEqual(type("/room"), ["· Your conversations", "#all", "#cats, and write there", "#cats ›"]);
  assert.match(type("/leave").join("\n"), /^── #all ─+\n#all ›$/);
  assert.deepEqual(type("/leave"), ["! You cannot leave #all: /quit leaves the chat", "#all ›"]);
  assert.deepEqual(type("/room #dogs"), ["! You are not in #dogs: /join #dogs comes in", "#all ›"]);
  assert.match(type("/help").join("\n"), /^\/help .*\n(.*\n)*\/quit .*\n(.*\n)*#all ›$/);
});

Deno.test("Controller shows the past once more, each day under its name, or says that there is none", () => {
  const row = (message: string, day: number) => {
    const time = new Date(2026, 10, day, 9).getTime() / 1000;
    return { action: "msg", time, to: "#all", from: "bob", message, id: day };
  };
  const { type } = inChat({ history: [row("one", 20), row("two", 23)] });
  const rows = type("/history 2").map((row) => row.replace(/ ─+$/, ""));
  assert.deepEqual(rows, [
    "── history of #all",
    "── Friday 20 November 2026",
    "bob │ one",
    "── Monday 23 November 2026",
    "bob │ two",
    "── now",
    "#all ›",
  ]);
  assert.deepEqual(type("/search dogs"), ["· Nothing in the search of #all", "#all ›"]);
});

Deno.test("Controller tells who enters and leaves, but not when all come back at once", () => {
  const { rows, hear, pass } = inChat({});
  const status = (status: string) => ({ action: "presence", type: "status", user: { account_name: "bob", status } });
  hear(status("online"));
  assert.deepEqual(rows().slice(1), ["#all ›"]);
  pass(6_000);
  hear(status("offline"), status("at home"));
  assert.deepEqual(rows().slice(1), ["· bob has left", "· bob is here: at home", "#all ›"]);
});

/** A controller in a chat, and what it requests for a search. */
function searching() {
  const all = meet("ann", { columns: 100 }), { connect, serve, said, type } = all;
  connect(JIM);
  serve();
  said();
  const ask = (line: string) => {
    type(`${line}\r`);
    return said().filter(({ action }) => action === "search").map(({ action: _, time: __, ...fields }) => fields)[0];
  };
  return { ...all, ask };
}

/** A message of 1970, in every time zone. */
const found = (id: number, from: string, to: string, message: string) => (
  { action: "msg", time: 129_600, to, from, message, id }
);

Deno.test("/search looks elsewhere and everywhere, by sender and day", () => {
  const { ask, hear, look } = searching();
  const more = { context: true, limit: 15 };
  assert.deepEqual(ask("/search homew* from:bob"), { room: "#all", text: "homew*", from: "bob", ...more });
  hear({ response: 202, quantity: 0 });
  const day = new Date(2026, 10, 30).getTime() * 1000;
  assert.deepEqual(ask('/search tea in:"Ann Lee" before:30.11.2026'), {
    with: "Ann Lee",
    text: "tea",
    before: day,
    ...more,
  });
  hear({ response: 202, quantity: 0 });
  assert.deepEqual(ask("/search in:* tea"), { everywhere: true, text: "tea", ...more });
  hear({ response: 202, quantity: 0 });
  assert.equal(ask("/search in:*"), undefined);
  assert.match(look().at(-2)!, /Expected words to look for/);
  assert.equal(ask("/search tea before:noon"), undefined);
  assert.match(look().at(-2)!, /before: expected a day such as 2026-11-30, got "noon"/);
});

Deno.test("/search in:* says where each message is, and /around goes there", () => {
  const { ask, said, hear, look, type } = searching();
  ask("/search in:* tea");
  hear(
    { response: 202, quantity: 5 },
    { ...found(1, "eve", "#cats", "is there tea?"), context: true },
    found(2, "bob", "#cats", "tea for cats"),
    { ...found(3, "eve", "#cats", "no tea?"), context: true },
    found(4, "eve", "#cats", "more tea"),
    found(5, "ann", "bob", "tea?"),
  );
  const shown = look().filter((row) => /──|tea/.test(row) && !row.includes("1970")).map((row) =>
    row.replace(/^\d\d:\d\d +|─+$/g, "").trim()
  );
  const from = shown.findIndex((row) => row.includes("search of all"));
  assert.deepEqual(shown.slice(from, from + 8).map((row) => row.replace(/ +/g, " ")), [
    "── search of all your conversations",
    "── #cats",
    "eve │ is there tea?",
    "[1] bob │ tea for cats",
    "eve │ no tea?",
    "[2] eve │ more tea",
    "── @bob",
    "[3] →bob › tea?",
  ]);

  // To one of them, and what was said around it.
  type("/around 4\r");
  assert.match(look().at(-2)!, /Expected a number from 1 to 3 of the last search, got 4/);
  type("/around 3\r");
  assert.match(look().at(-1)!, /^@?bob .*›/);
  const history = () => said().filter(({ action }) => action === "history").map(({ time: _, ...fields }) => fields);
  const asked = history();
  assert.deepEqual(asked.at(-1), { action: "history", with: "bob", before: 5, limit: 10 });
  if (asked.length > 1) hear({ response: 202, quantity: 0 }); // the conversation is new
  hear({ response: 202, quantity: 1 }, found(4, "bob", "ann", "what else?"));
  assert.deepEqual(history().at(-1), { action: "history", with: "bob", after: 3, limit: 12 });
  hear({ response: 202, quantity: 2 }, found(4, "bob", "ann", "what else?"), found(5, "ann", "bob", "tea?"));
  assert.ok(look().some((row) => row.startsWith("── around message 3, in bob ─")));
});

Deno.test("/search in: takes a name in any spelling, and /around goes to the conversation that there is", () => {
  const { ask, said, serve, hear, look, type } = searching(), none = { response: 202, quantity: 0 };
  type("/join #cats\r/join #Dogs\r");
  serve();
  hear({ action: "presence", time: 5, user: { account_name: "eve", status: "" } });
  const rows = [
    found(2, "bob", "#cats", "tea for cats"),
    found(3, "bob", "ann", "tea?"),
    found(4, "eve", "ann", "tea"),
    found(5, "bob", "#dogs", "tea for dogs"),
  ];
  hear(...rows.slice(0, 2));
  for (const [at, [typed, where]] of [["#CATS", "#cats"], ["BOB", "@bob"], ["EVE", "@eve"], ["*", "#Dogs"]].entries()) {
    type("/room #all\r");
    ask(`/search tea in:${typed}`);
    hear({ response: 202, quantity: 1 }, rows[at]!);
    type("/around 1\r");
    assert.equal(look().at(-1), `${where} ›`);
    for (let asked = said(); asked.length > 0; asked = said()) hear(...asked.map(() => none));
  }
});
