// Who is in the chat, as several servers learn it from one log: the same everywhere, whatever each knew when it wrote.
import assert from "node:assert/strict";
import fc from "fast-check";
import { Chat } from "../../../server/chat/chat.ts";
import { type Member, membersOf, RemoteSession } from "../../../server/chat/present_side.ts";
import type { Session } from "../../../server/chat/session.ts";
import { attendanceLast, readState } from "../../../server/chat/read_state.ts";
import { State } from "../../../server/chat/state.ts";
import type { StateChange } from "../../../server/chat/state_change.ts";
import type { Journal } from "../../../server/journal/contract.ts";
import { memoryJournal } from "../../../server/journal/memory.ts";
import { clearedBy, isEnd, keyOf } from "../../../server/journal/record_kinds.ts";
import type { EnterRecord, StateProposal, StateRecord } from "../../../server/journal/records.ts";
import { RULES, stranger } from "./session.ts";

/** A server that has taken a part of a log, and its sessions. */
class Server {
  readonly state = new State();
  readonly chat = new Chat<Session>(RULES, this.state);
  readonly sessions = [stranger(), stranger(), stranger()];
  readonly id: string;
  taken = 0;

  constructor(id: string) {
    this.id = this.state.roster.self = id;
  }

  /** Takes so many of the records that it has not taken. */
  take(log: readonly StateRecord[], most = Infinity): (StateChange | "lost")[] {
    const some = log.slice(this.taken, this.taken + most);
    this.taken += some.length;
    return some.map((record) => this.state.apply(record));
  }
}

/** Who is in the chat, with nothing that only this server knows. */
function dump({ state }: { readonly state: State }): object {
  const { roster } = state;
  const nameOf = (member: Member) =>
    member instanceof RemoteSession
      ? `${member.server}/${member.number}`
      : `${roster.self}/${roster.own.numberOf(member)}`;
  return {
    servers: [...roster.servers.keys()].sort(),
    sides: roster.sides.map((side) => ({
      name: side.name,
      account: side.account?.id,
      sessions: Object.fromEntries(
        [...membersOf(side)].map((member) => [nameOf(member), [member.name, member.side, member.mark]]),
      ),
    })),
    rooms: state.rooms().map((room) => [room.name, [...roster.guestsIn(room)].map(nameOf).sort()]),
  };
}

/** Several servers with one log, of which each has taken all. */
function chatOf(...ids: string[]) {
  const log: StateRecord[] = [], servers = ids.map((id) => new Server(id));
  const append = (...proposals: StateProposal[]) => {
    for (const proposal of proposals) log.push({ ...proposal, id: log.length + 1 });
    const outcomes = servers.map((server) => server.take(log));
    for (const each of servers) assert.deepEqual(dump(each), dump(servers[0]!));
    return outcomes.map((each) => each.map((outcome) => outcome === "lost" ? "lost" : outcome.kind)).at(0)!;
  };
  append(...ids.map((server) => ({ kind: "server", server, is: true }) as const));
  return { log, servers, append, one: servers[0]!, other: servers[1]! };
}

const ann: StateProposal = { kind: "account", name: "ann", password: "", operator: false };

Deno.test("guests of one name on two servers have different numbers, and none when one of them is alone", () => {
  const { one, other, append } = chatOf("a.1", "b.1"), [here] = one.sessions, [there] = other.sessions;
  append(one.chat.entrance(here!, "Zoe", undefined));
  assert.equal(here!.mark, undefined);
  append(other.chat.entrance(there!, "zoe", undefined));
  assert.deepEqual([here!.mark, there!.mark], [{ guest: 1 }, { guest: 2 }]);
  assert.deepEqual([one.chat.shownName("~zoe"), other.chat.shownName("~zoe")], ["Zoe", "Zoe"]);
  append(one.chat.departure(here!)!);
  assert.deepEqual([there!.mark, other.chat.shownName("~zoe")], [undefined, "Zoe"]);
  assert.deepEqual(append(one.chat.entrance(one.sessions[1]!, "zoe", undefined)), ["presence"]);
  assert.deepEqual([one.sessions[1]!.mark, there!.mark], [{ guest: 1 }, { guest: 2 }]);
});

Deno.test("of two guests that take one number or show one name differently at one moment, the second is to try again", () => {
  const { one, other, append } = chatOf("a.1", "b.1"), [here] = one.sessions, [there] = other.sessions;
  const both = [one.chat.entrance(here!, "Zoe", undefined), other.chat.entrance(there!, "zoe", undefined)];
  assert.deepEqual(append(...both), ["presence", "lost"]);
  assert.deepEqual([there!.name, other.chat.isOpen(there!)], [undefined, true]);
  assert.deepEqual(append(other.chat.entrance(there!, "zoe", undefined)), ["presence"]);
  assert.deepEqual(there!.mark, { guest: 2 });
});

Deno.test("an account has no more sessions than it may, over all servers", () => {
  const { one, other, append } = chatOf("a.1", "b.1");
  append(ann);
  const enter = ({ chat }: Server, session: Session) => chat.entrance(session, "ann", chat.account("ann"));
  assert.deepEqual(append(enter(one, one.sessions[0]!)), ["presence"]);
  // Each server knows of one, and two may be there.
  assert.deepEqual(append(enter(one, one.sessions[1]!), enter(other, other.sessions[0]!)), ["presence", "lost"]);
  append(one.chat.departure(one.sessions[0]!)!);
  assert.deepEqual(append(enter(other, other.sessions[0]!)), ["presence"]);
  assert.deepEqual([one.chat.countElsewhere("@3"), other.chat.countElsewhere("@3")], [1, 1]);
});

Deno.test("an account that enters learns of its sessions at other servers that read, since they have missed nothing", () => {
  const { one, other, log, append } = chatOf("a.1", "b.1");
  append(ann);
  const enter = ({ chat }: Server, session: Session) => ({
    ...chat.entrance(session, "ann", chat.account("ann")),
    devices: 3,
  });
  append({ ...enter(other, other.sessions[0]!), isWriteOnly: true });
  append(enter(other, other.sessions[1]!));
  const entrance = { ...enter(one, one.sessions[0]!), id: log.length + 1 }, change = one.state.apply(entrance);
  assert.ok(typeof change !== "string" && change.kind === "presence");
  assert.deepEqual(change.now?.elsewhere.map(({ number, since }) => [number, since]), [[2, log.length]]);
});

Deno.test("a guest does not enter with a name that became an account's, nor an account with an old password", () => {
  const { one, other, append } = chatOf("a.1", "b.1");
  const guest = one.chat.entrance(one.sessions[0]!, "ann", undefined);
  const like = one.chat.entrance(one.sessions[1]!, "\u0430nn", undefined);
  assert.deepEqual(append(ann, guest, like), ["registered", "lost", "lost"]);
  const login = other.chat.entrance(other.sessions[0]!, "ann", other.chat.account("ann"));
  assert.deepEqual(append({ kind: "password", account: 3, password: "new" }, login), ["password", "lost"]);
  const again = other.chat.entrance(other.sessions[0]!, "ann", other.chat.account("ann"));
  assert.deepEqual(append({ kind: "removal", of: 3 }, again), ["removed", "lost"]);
});

Deno.test("guests are in a room on each server until they leave it, log in or leave the chat", () => {
  const { one, other, append, servers } = chatOf("a.1", "b.1"), [guest, namesake] = one.sessions;
  append({ kind: "room", name: "#cats" }, ann, one.chat.entrance(guest!, "zoe", undefined));
  append(one.chat.entrance(namesake!, "zoe", undefined));
  const [cats] = one.state.rooms(),
    sides = () => servers.map(({ state, chat }) => chat.presentSidesIn(state.rooms()[0]!));
  append(one.chat.attendance(guest!, cats!, true, "#CATS"));
  assert.deepEqual([guest!.rooms?.get(cats!), sides().map((each) => each.map(({ name }) => name))], [
    "#CATS",
    [["zoe"], ["zoe"]],
  ]);
  assert.deepEqual(append(one.chat.attendance(guest!, cats!, true)), ["lost"]);
  const [change] = one.take(
    [{ ...one.chat.attendance(namesake!, cats!, true), id: 99 }].toSpliced(0, 0, ...Array(one.taken)),
  );
  assert.equal(
    typeof change === "object" && change.kind === "attendance" && change.isSeen,
    false,
    "zoe was seen there",
  );
  assert.equal(other.chat.isSideIn("~zoe", other.state.rooms()[0]!), true);
});

Deno.test("a room is not removed as an empty one, on any server, while a guest of one of them is in it", () => {
  const { one, append } = chatOf("a.1", "b.1"), [guest] = one.sessions;
  append({ kind: "room", name: "#cats" }, one.chat.entrance(guest!, "zoe", undefined));
  const [cats] = one.state.rooms(), removal = { kind: "removal", of: cats!.id } as const;
  assert.deepEqual(append(one.chat.attendance(guest!, cats!, true), removal), ["attendance", "lost"]);
  assert.deepEqual(append(one.chat.attendance(guest!, cats!, false), removal), ["attendance", "emptied"]);
});

Deno.test("a server that is gone takes its sessions with it, once, and nothing of it enters any more", () => {
  const { one, other, append, log } = chatOf("a.1", "b.1"), [zoe] = one.sessions, [eve] = other.sessions;
  append(one.chat.entrance(zoe!, "zoe", undefined), other.chat.entrance(eve!, "eve", undefined));
  const gone = { kind: "server", server: "a.1", is: false } as const, late = one.chat.entrance(zoe!, "zoo", undefined);
  log.push({ ...gone, id: log.length + 1 });
  const [change] = other.take(log);
  assert.ok(typeof change === "object" && change.kind === "server");
  assert.deepEqual(change.left.map(({ old }) => old?.isSeen && old.name), ["zoe"]);
  one.take(log);
  assert.deepEqual(append(gone, late, one.chat.departure(zoe!)!), ["lost", "lost", "lost"]);
  assert.deepEqual(other.chat.presentSides().map(({ name }) => name), ["eve"]);
  assert.equal(other.chat.hasGuestLeft("zoe"), true);
});

Deno.test("a kick is for a name that is in the chat on any server", () => {
  const { other, append } = chatOf("a.1", "b.1");
  assert.deepEqual(append({ kind: "kick", name: "zoe" }), ["lost"]);
  append(other.chat.entrance(other.sessions[0]!, "zoe", undefined));
  assert.deepEqual(append({ kind: "kick", name: "ZOE" }), ["kick"]);
});

Deno.test("a journal that was shared and is a server's own again holds nobody, and such records are deleted", () => {
  const records: StateRecord[] = [
    { id: 1, kind: "server", server: "a.1", is: true },
    { id: 2, kind: "enter", server: "a.1", session: 1, name: "zoe", guest: 1 },
    { ...ann, id: 3 },
  ];
  const discarded: number[] = [], discard = (ids: readonly number[]) => discarded.push(...ids);
  const journal = (isShared: boolean): Journal =>
    Object.assign(Object.create(memoryJournal()), {
      isShared,
      snapshot: () => records,
      skipped: { damaged: 0, unknown: 0 },
      take: () => [],
      discard,
    });
  const alone = readState(journal(false));
  assert.deepEqual([alone.roster.sides, alone.account("ann")?.id, discarded.splice(0)], [[], 3, [1, 2]]);
  assert.deepEqual([readState(journal(true)).roster.sides.map(({ name }) => name), discarded], [["zoe"], []]);
});

// Laws.

const place = fc.nat({ max: 2 }), name = fc.constantFrom("zoe", "Zoe", "ZOE", "eve", "ann");
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("enter" as const), server: place, session: place, name }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("login" as const), server: place, session: place, name }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("leave" as const), server: place, session: place }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("attend" as const), server: place, session: place, is: fc.boolean() }),
  },
  fc.record({ kind: fc.constant("account" as const), name }),
  fc.record({ kind: fc.constant("password" as const) }),
  fc.record({ kind: fc.constant("gone" as const), server: place }),
  fc.record({ kind: fc.constant("up" as const), server: place }),
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("take" as const), server: place, most: fc.nat({ max: 5 }) }) },
);

Deno.test("each server has the same in its roster, whatever it knew when it wrote, and so has one that begins with a snapshot", () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 60, size: "max" }), fc.nat(), (steps, at) => {
    const log: StateRecord[] = [], servers = ["a", "b", "c"].map((id) => new Server(`${id}.1`));
    const append = (proposal: StateProposal) => log.push({ ...proposal, id: log.length + 2 });
    append({ kind: "room", name: "#cats" });
    for (const { id } of servers) append({ kind: "server", server: id, is: true });
    for (const server of servers) server.take(log);
    for (const step of steps) {
      const server = "server" in step ? servers[step.server]! : servers[0]!, { chat, id, sessions } = server;
      const session = "session" in step ? sessions[step.session]! : sessions[0]!;
      if (step.kind === "enter" && session.account === undefined) append(chat.entrance(session, step.name, undefined));
      else if (step.kind === "login" && chat.account(step.name) !== undefined) {
        append(chat.entrance(session, step.name, chat.account(step.name)));
      } else if (step.kind === "leave") {
        const departure = chat.departure(session);
        if (departure !== undefined) append(departure);
        sessions[step.session] = stranger();
      } else if (step.kind === "attend") append(chat.attendance(session, chat.state.room("#cats")!, step.is));
      else if (step.kind === "account") append({ kind: "account", name: step.name, password: "", operator: false });
      else if (step.kind === "password") append({ kind: "password", account: 6, password: "" });
      else if (step.kind === "gone") append({ kind: "server", server: id, is: false });
      else if (step.kind === "up") append({ kind: "server", server: id, is: true });
      else if (step.kind === "take") server.take(log, step.most);
    }
    for (const server of servers) server.take(log);
    const fresh = new Server("d.1"), outcomes = fresh.take(log);
    for (const server of servers) assert.deepEqual(dump(server), dump(fresh));
    // Each person is in one place, and no two guests of one name have one number.
    for (const { name, sessions } of (dump(fresh) as { sides: { name: string; sessions: object }[] }).sides) {
      const marks = Object.values(sessions).map(([, , mark]) => JSON.stringify(mark));
      if (fresh.state.account(name) === undefined) assert.equal(new Set(marks).size, marks.length);
    }
    const kept = log.filter((_, index) => outcomes[index] !== "lost"), until = at % (kept.length + 1);
    const whole = attendanceLast(compacted(kept)), begun = attendanceLast(compacted(kept.slice(0, until)));
    for (const some of [whole, [...begun, ...kept.slice(until)]]) {
      const later = new Server("e.1");
      for (const record of some) later.state.apply(record, true);
      assert.deepEqual(dump(later), dump(fresh));
    }
  }));
});

/** What a journal leaves of records that stand. */
function compacted(records: readonly StateRecord[]): StateRecord[] {
  let left: StateRecord[] = [];
  for (const record of records) {
    const key = keyOf(record), path = clearedBy(record);
    left = left.filter((each) => keyOf(each) !== key && (path === undefined || !keyOf(each).startsWith(path)));
    if (!isEnd(record)) left.push(record);
  }
  return left;
}

Deno.test("what a session expects is in its record", () => {
  const server = new Server("");
  const record: EnterRecord = server.chat.entrance(stranger(), "zoe", undefined, "busy");
  assert.deepEqual(record, { kind: "enter", server: "", session: 1, name: "zoe", guest: 1, status: "busy" });
});
