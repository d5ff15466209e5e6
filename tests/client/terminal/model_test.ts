// The laws of a chat in a terminal: each message is shown once and in order, what is typed is said once or its fate is told, and
// unread messages are counted as the server counts them, whatever breaks when. The server is a model, and the clock is the test's.

import assert from "node:assert/strict";
import fc from "fast-check";
import { type Kind, ME, ModelServer, OTHER, type Room, type Row } from "../model_server.ts";
import { TerminalLoop } from "./terminal_loop.ts";

type Happening =
  | { what: "others" | "elsewhere"; where: number; count: number }
  | { what: "say"; no: boolean }
  | { what: "take" | "give" | "cut"; count: number }
  | { what: "pass"; ms: number }
  | { what: "down" | "back" | "move" | "trouble" | "well" | "refuse" | "probe" | "list" | "key" }
  | { what: "go" | "join" | "leave" | "kick" | "remove" | "rename" | "readElsewhere"; where: number }
  | { what: "edit" | "delete" | "react"; which: number };

const where = fc.integer({ min: 0, max: 3 });
const happenings = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        what: fc.constantFrom("others" as const, "others", "others", "elsewhere"),
        where,
        count: fc.constantFrom(1, 1, 2, 3, 20, 520),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({ what: fc.constant("say" as const), no: fc.constantFrom(false, false, false, true) }),
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
      arbitrary: fc.record({ what: fc.constant("pass" as const), ms: fc.constantFrom(1, 700, 3_000, 11_000, 80_000) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        what: fc.constantFrom("down" as const, "back", "move", "trouble", "well", "refuse", "probe", "list", "key"),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        what: fc.constantFrom(
          ...["go", "go", "go", "join", "leave", "kick", "remove", "rename", "readElsewhere"] as const,
        ),
        where,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ what: fc.constantFrom("edit" as const, "delete", "react"), which: fc.nat(20) }),
    },
  ),
  { maxLength: 60, size: "max" },
);

const PLACES = ["#all", "#cats", "#dogs", OTHER];
const SHOWN = /^\d\d:\d\d .*[│›] (✎ )?(?:no )?(m\d+)e?$/;

function obey(kind: Kind, all: readonly Happening[]): void {
  const server = new ModelServer(kind), loop = new TerminalLoop(server);
  let count = 0;
  const text = () => `m${++count}`;
  const travel = (rounds: number, ms = 300) => {
    for (; rounds > 0; rounds--) {
      loop.pass(ms);
      server.take(Infinity);
      loop.give(Infinity);
    }
  };
  for (const place of PLACES) if (place !== OTHER || kind.isAccount) server.say(OTHER, server.room(place), text());
  travel(2);
  if (kind.isAccount) loop.type("secret\r");
  travel(4);
  loop.type("/join #cats\r");
  travel(4);
  loop.type("/room #all\r");
  travel(20);
  const cats = server.room("#cats")!, from = server.latest, { changes } = cats;
  const room = (where: number) => where === CATS && !cats.isRemoved ? cats : server.room(PLACES[where]!);
  const name = (where: number) => room(where)?.name ?? PLACES[where]!;
  const typed: string[] = [];
  for (const each of all) {
    switch (each.what) {
      case "others":
      case "elsewhere": {
        const to = room(each.where), isPrivate = PLACES[each.where] === OTHER;
        if ((isPrivate || each.what === "elsewhere") && !kind.isAccount) break; // kept by nobody
        if (to === undefined && !isPrivate) break;
        if (each.what === "elsewhere") server.say(ME, to, text());
        else {for (let left = Math.min(each.count, to === server.all ? 520 : 20); left > 0; left--) {
            server.say(OTHER, to, text());
          }}
        break;
      }
      case "say": {
        const said = `${each.no ? "no " : ""}${text()}`;
        typed.push(said);
        loop.type(`${said}\r`);
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
      case "key":
        loop.type("x\x7f");
        break;
      case "list":
        loop.type("/who\r");
        break;
      case "go":
        loop.type(`/room ${name(each.where)}\r`);
        break;
      case "join":
      case "leave":
        if (each.where === 1 || each.where === 2) loop.type(`/${each.what} ${name(each.where)}\r`);
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
      case "readElsewhere": {
        const to = room(each.where);
        if (to !== undefined || PLACES[each.where] === OTHER) server.readElsewhere(to);
        break;
      }
      case "edit":
      case "delete":
      case "react": {
        const row = server.rows.at(-1 - each.which);
        if (row?.from !== OTHER || row.edited) break;
        if (each.what === "edit") server.edit(row, `${row.text}e`);
        else server[each.what](row);
      }
    }
    loop.work();
  }
  server.isDown = server.isInTrouble = false;
  travel(80, 2_000); // logins may be refused for a while, with pauses of up to half a minute
  assert.ok(!loop.controller.isShuttingDown, `it ended: ${loop.controller.outcome().words}`);
  assert.ok(loop.controller.link.open && loop.controller.link.requests.isIdle, "it hangs");
  if (kind.isAccount && kind.hasMarks) checkCounts(server, loop);
  for (const where of [0, 1, 2, 3]) loop.type(`/room ${name(where)}\r`);
  travel(4);

  const shown = loop.rows.flatMap((row) => {
    const [, edited, text] = SHOWN.exec(row) ?? [];
    return text === undefined ? [] : [{ text, isEdit: edited !== undefined }];
  });
  for (const said of typed) {
    const key = said.replace("no ", ""), isIt = (row: Row) => row.from === ME && row.text === said;
    const rows = server.rows.filter(isIt).length, isErased = server.erased.some(isIt);
    const isRefused = loop.rows.some((row) => row.includes(`"${said}"`));
    assert.equal(shown.filter(({ text }) => text === key).length, 1, `${said}: shown`);
    assert.ok(rows === 1 || (rows === 0 && (isRefused || isErased)), `${said}: kept ${rows} times`);
  }
  for (const known of [server.all, cats, ...kind.isAccount ? [undefined] : []]) {
    if (known === cats && (cats.changes !== changes || cats.isRemoved)) continue;
    checkShown(
      server.past(known),
      from,
      typed,
      shown,
      loop.rows.some((row) => /before them|more before|earlier/i.test(row)),
    );
  }

  // What is typed before the end is said.
  loop.type("/room #all\rlast\r/quit\r");
  travel(20);
  assert.ok(loop.isOver);
  assert.deepEqual(loop.controller.outcome(), { words: undefined, status: 0 });
  assert.equal(server.rows.at(-1)!.text, "last");
}

const CATS = 1;

function checkShown(
  past: readonly Row[],
  from: number,
  typed: readonly string[],
  shown: readonly { readonly text: string; readonly isEdit: boolean }[],
  isDropped: boolean,
): void {
  const due = past.filter(({ id, text }) => id > from && !typed.includes(text)).map((row) => ({
    ...row,
    key: /m\d+/.exec(row.text)?.[0],
  }));
  // An edit may arrive before the page of the past that has its message.
  const whole = new Set(shown.flatMap(({ text, isEdit }) => isEdit ? [] : [text]));
  const firsts = shown.flatMap(({ text, isEdit }, at) =>
    isEdit && (whole.has(text) || shown.findLastIndex((each) => each.text === text) > at) ? [] : [text]
  );
  const keys = due.flatMap(({ key }) => key ?? []);
  const ours = firsts.filter((text) => keys.includes(text));
  assert.deepEqual(ours, keys.filter((key) => ours.includes(key)), "each once and in order");
  if (!isDropped) assert.deepEqual(keys.filter((key) => !ours.includes(key)), [], "missing");
}

/** After one more login the counts are those of the server. */
function checkCounts(server: ModelServer, loop: TerminalLoop): void {
  const counts = () => {
    const start = loop.rows.length;
    loop.type("/room\r");
    return Object.fromEntries(
      loop.rows.slice(start).flatMap((row) => {
        const [, place, count] = /^ +(\S+), (\d+) new$/.exec(row) ?? [];
        // In a room that it is in no more, what waits is still to be shown.
        return place === undefined || (place !== OTHER && !server.isIn(place)) ? [] : [[place, Number(count)]];
      }),
    );
  };
  const isFront = (place: string) =>
    loop.rows.findLast((row) => row.includes(", and write there"))!.includes(` ${place},`);
  const before = counts();
  server.cut(0);
  for (let round = 0; round < 30; round++) {
    loop.pass(300);
    server.take(Infinity);
    loop.give(Infinity);
  }
  const after = counts();
  const recount = Object.fromEntries([...server.rooms, undefined].flatMap((known: Room | undefined) => {
    const unread = known === undefined || server.isMember(known) ? Math.min(100, server.unread(known)) : 0;
    return unread > 0 && !isFront(known?.name ?? OTHER) ? [[known?.name ?? OTHER, unread]] : [];
  }));
  assert.deepEqual(after, recount, "counts after a login");
  for (const [place, count] of Object.entries(before)) {
    assert.ok(Math.min(100, count) <= recount[place]!, `${place}: ${count} counted before`);
  }
}

const ALL = 0, others = { what: "others", where: CATS, count: 1 } as const, cut = { what: "cut", count: 0 } as const;
const renamed = { what: "rename", where: CATS } as const, toCats = { what: "go", where: CATS } as const;
const say = { what: "say", no: false } as const;

/** What the laws have met. */
const MET: readonly (readonly [string, readonly Happening[]])[] = [
  ["a room gets another name before the answer to a message there", [toCats, say, renamed, { what: "cut", count: 1 }]],
  ["a room gets another name in a gap", [others, { what: "give", count: 1 }, toCats, cut, renamed, others]],
  ["a room has another name, and messages are missed", [renamed, { what: "give", count: 1 }, cut, others]],
  ["private messages are shown and marked as read", [{ what: "others", where: 3, count: 2 }, { what: "key" }]],
  ["one's own messages come from another device", [toCats, { what: "elsewhere", where: ALL, count: 1 }]],
  ["a message elsewhere is deleted", [{ ...others, count: 2 }, { what: "give", count: 2 }, {
    what: "delete",
    which: 0,
  }]],
  ["a message elsewhere is edited", [{ ...others, count: 2 }, { what: "give", count: 2 }, { what: "edit", which: 0 }]],
];

for (const [name, all] of MET) {
  Deno.test(`The terminal loses and doubles nothing, and counts right, when ${name}`, () => {
    obey({ isAccount: true, hasIds: true, hasMarks: true }, all);
  });
}

for (const isAccount of [false, true]) {
  for (const hasIds of [true, false]) {
    for (const hasMarks of isAccount ? [true, false] : [false]) {
      const name = `${isAccount ? "account" : "guest"}${hasIds ? ", ids" : ""}${hasMarks ? ", marks" : ""}`;
      Deno.test(`The terminal shows each message once and in order, and says each once, whatever breaks when: ${name}`, () => {
        fc.assert(
          fc.property(happenings, (all: readonly Happening[]) => obey({ isAccount, hasIds, hasMarks }, all)),
          { numRuns: 6, seed: 1 },
        );
      });
    }
  }
}
