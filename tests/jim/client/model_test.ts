// The laws of the library's chat: each message is shown once and in order, and what is said is kept once or its fate is told,
// whatever breaks when. The server is a model, and the clock is the test's.

import assert from "node:assert/strict";
import fc from "fast-check";
import { ConnectionError, RefusedError } from "../../../jim/client/errors.ts";
import { type Kind, ME, ModelServer, OTHER, type Room, type Row } from "../../client/model_server.ts";
import { SessionLoop } from "./session_loop.ts";

type Happening =
  | { what: "others"; where: number; count: number }
  | { what: "say"; where: number; no: boolean }
  | { what: "take" | "give" | "cut"; count: number }
  | { what: "pass"; ms: number }
  | { what: "down" | "back" | "move" | "trouble" | "well" | "refuse" | "probe" | "list" | "elsewhere" }
  | { what: "join" | "leave" | "kick" | "remove" | "rename"; where: number }
  | { what: "edit" | "delete"; which: number };

const where = fc.integer({ min: 0, max: 3 });
const happenings = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ what: fc.constant("others" as const), where, count: fc.constantFrom(1, 1, 2, 3, 520) }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        what: fc.constant("say" as const),
        where,
        no: fc.constantFrom(false, false, false, true),
      }),
    },
    {
      weight: 9,
      arbitrary: fc.record({
        what: fc.constantFrom("take" as const, "give" as const),
        count: fc.integer({ min: 1, max: 12 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ what: fc.constant("cut" as const), count: fc.integer({ min: 0, max: 3 }) }) },
    {
      weight: 3,
      arbitrary: fc.record({ what: fc.constant("pass" as const), ms: fc.constantFrom(1, 700, 2_000, 11_000, 80_000) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        what: fc.constantFrom(
          "down" as const,
          "back",
          "move",
          "trouble",
          "well",
          "refuse",
          "probe",
          "list",
          "elsewhere",
        ),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ what: fc.constantFrom("join" as const, "leave", "kick", "remove", "rename"), where }),
    },
    { weight: 1, arbitrary: fc.record({ what: fc.constantFrom("edit" as const, "delete"), which: fc.nat(20) }) },
  ),
  { maxLength: 60, size: "max" },
);

/** The names of the conversations; the rooms may get others. */
const PLACES = ["#all", "#cats", "#dogs", OTHER];

async function obey(kind: Kind, features: readonly ("rooms" | "move")[], all: readonly Happening[]): Promise<void> {
  const server = new ModelServer(kind);
  let count = 0;
  for (const place of PLACES) server.say(OTHER, server.room(place), `${++count}`);
  const loop = new SessionLoop(server, ["#cats"], features);
  const travel = async (rounds: number, ms = 300) => {
    for (; rounds > 0; rounds--) {
      loop.pass(ms);
      server.take(Infinity);
      loop.give(Infinity);
      await Promise.resolve();
    }
  };
  await travel(6);
  assert.ok(loop.isReady);
  const cats = server.room("#cats")!, from = server.latest, changes = cats.changes;
  const places: (Room | undefined)[] = [server.all, cats, undefined, undefined];
  const room = (where: number) =>
    places[where] !== undefined && !places[where].isRemoved ? places[where] : server.room(PLACES[where]!);
  const said: string[] = [];
  for (const each of all) {
    switch (each.what) {
      case "others": {
        const to = room(each.where);
        if (to === undefined && PLACES[each.where] !== OTHER) break;
        if (to === undefined && !kind.isAccount) break; // kept by nobody
        for (let i = 0; i < each.count; i++) server.say(OTHER, to, `${++count}`);
        break;
      }
      case "elsewhere":
        if (kind.isAccount) server.say(ME, server.all, `${++count} elsewhere`);
        break;
      case "say": {
        const text = `${each.no ? "no " : ""}${++count}`;
        said.push(text);
        loop.say(text, loop.called(PLACES[each.where]!));
        break;
      }
      case "take":
      case "cut":
        server[each.what](each.count);
        break;
      case "give":
        loop.give(each.count);
        break;
      case "pass":
        loop.pass(each.ms);
        break;
      case "down":
      case "back":
      case "trouble":
      case "well":
      case "refuse":
      case "move":
      case "probe":
        server.happen(each.what);
        break;
      case "list":
        loop.settles(loop.session.request({ action: "who_online" }));
        break;
      case "join":
        if (each.where > 0 && each.where < 3) loop.settles(loop.session.join(loop.called(PLACES[each.where]!)));
        break;
      case "leave":
        if (each.where > 0 && each.where < 3) loop.settles(loop.session.leave(loop.called(PLACES[each.where]!)));
        break;
      case "kick":
      case "remove": {
        const to = room(each.where);
        if (to !== undefined && to !== server.all) server[each.what](to);
        break;
      }
      case "rename": {
        const to = room(each.where);
        if (to !== undefined && to !== server.all) server.rename(to, `#${++count}`);
        break;
      }
      case "edit":
      case "delete": {
        const row = server.rows.at(-1 - each.which);
        if (row?.from === OTHER && !said.includes(row.text)) {
          each.what === "edit" ? server.edit(row, row.text) : server.delete(row);
        }
      }
    }
    loop.work();
    await Promise.resolve();
  }
  server.isDown = server.isInTrouble = false;
  await travel(80, 2_000); // logins may be refused for a while, with pauses of up to half a minute
  for (let i = 0; i < 10; i++) await Promise.resolve();

  assert.equal(loop.end, undefined, `it ended: ${loop.end?.error}`);
  assert.ok(loop.session.link.open && !loop.session.isWaiting, "it hangs");
  assert.equal(loop.pending, 0, "a join, leave or request is not settled");
  for (const text of said) {
    const fate = loop.fates.get(text), isIt = (row: Row) => row.from === ME && row.text === text;
    const rows = server.rows.filter(isIt), isErased = server.erased.some(isIt);
    assert.ok(fate !== undefined, `${text}: no fate`);
    if ("id" in fate) {
      assert.ok(rows.length === 1 || (rows.length === 0 && isErased), `${text}: kept ${rows.length} times`);
      if (fate.id !== undefined && !isErased) assert.equal(fate.id, rows[0]!.id);
    } else if (fate.error instanceof RefusedError) assert.equal(rows.length, 0, `${text}: refused and kept`);
    else {
      assert.ok(fate.error instanceof ConnectionError && fate.error.mayHaveArrived && rows.length <= 1);
    }
  }
  const isShown = (row: Row) => row.from === OTHER || /elsewhere/.test(row.text);
  for (const [where, known] of [server.all, cats, ...kind.isAccount ? [undefined] : []].entries()) {
    if (known === cats && (cats.changes !== changes || cats.isRemoved)) continue;
    const shown = loop.read.filter(({ conversation }) =>
      conversation === (known === undefined ? OTHER : known.name) || known?.former.includes(conversation)
    ).filter(({ id }) => id! > from);
    const due = server.past(known).filter((row) => row.id > from && isShown(row));
    // What is deleted before it is read is not shown.
    const must = due.filter(({ deleted }) => !deleted).map(({ id }) => id), may = due.map(({ id }) => id);
    const ids = shown.map(({ id }) => id!);
    assert.deepEqual(ids, may.filter((id) => ids.includes(id)), `order in ${PLACES[where]}`);
    assert.deepEqual(must.filter((id) => !ids.includes(id)), [], `missing in ${known?.name}`);
  }
  const ids = loop.read.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length, "shown twice");

  // What was said before the chat is closed is answered.
  const last = ["last", "but one"];
  for (const text of last) loop.say(text, "#all");
  loop.close();
  await travel(20);
  assert.deepEqual(loop.end, { error: undefined });
  for (const text of last) assert.ok("id" in loop.fates.get(text)!);
  assert.deepEqual(server.rows.slice(-2).map(({ text }) => text), last);
}

const GUEST: Kind = { isAccount: false, hasIds: true, hasMarks: true }, ACCOUNT: Kind = { ...GUEST, isAccount: true };
const CATS = 1, DOGS = 2;
const others = { what: "others", where: CATS, count: 1 } as const, renamed = { what: "rename", where: CATS } as const;
const joins = { what: "join", where: CATS } as const, leaves = { what: "leave", where: CATS } as const;
const lost = { what: "pass", ms: 11_000 } as const, cut = { what: "cut", count: 0 } as const;
const say = (where: number) => ({ what: "say", where, no: false }) as const;
const take = (count: number) => ({ what: "take", count }) as const,
  give = (count: number) => ({ what: "give", count }) as const;

/** What the laws have met. */
const MET: readonly (readonly [string, Kind, readonly Happening[]])[] = [
  ["a room is left and joined again before the answer", GUEST, [leaves, joins, take(1), give(1), lost]],
  ["the chat is put out of a room while it joins it", GUEST, [joins, { what: "kick", where: CATS }, cut]],
  ["a room that it is in is joined while the server is in trouble", GUEST, [
    { what: "trouble" },
    joins,
    take(1),
    others,
    say(0),
    give(1),
    lost,
  ]],
  ["the answers to a join and to a message in the room are lost", GUEST, [{ ...joins, where: DOGS }, say(DOGS), lost]],
  ["a room gets another name in a gap", ACCOUNT, [cut, renamed, others]],
  ["a room gets two other names in two gaps", ACCOUNT, [
    say(0),
    lost,
    renamed,
    take(1),
    others,
    give(3),
    lost,
    renamed,
  ]],
  ["a room is left before the login is answered", ACCOUNT, [
    say(CATS),
    lost,
    leaves,
    take(1),
    { what: "move" },
    others,
  ]],
];

for (const [name, kind, all] of MET) {
  Deno.test(`The library loses and doubles nothing when ${name}`, () => obey(kind, ["rooms", "move"], all));
}

for (const isAccount of [false, true]) {
  for (const hasIds of [true, false]) {
    for (const features of [["rooms", "move"], []] as const) {
      const name = `${isAccount ? "account" : "guest"}, ${hasIds ? "" : "no "}ids, ${features}`;
      Deno.test(`The library reads each message once and in order, and says each once, whatever breaks when: ${name}`, async () => {
        await fc.assert(
          fc.asyncProperty(happenings, (all) => obey({ isAccount, hasIds, hasMarks: true }, features, all)),
          { numRuns: 30, seed: 1 },
        );
      });
    }
  }
}
