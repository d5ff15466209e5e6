// What each action causes, without a socket: the test implements Effects, writes down what it is told to send, and is
// the one that runs the jobs.

import assert from "node:assert/strict";
import type { Message } from "../../../jim/mod.ts";
import { dispatch } from "../../../server/chat/actions.ts";
import { Chat, type Rules } from "../../../server/chat/chat.ts";
import { leaveChat } from "../../../server/chat/leave_chat.ts";
import type { StateProposal } from "../../../server/journal/records.ts";
import type { Effects, RequestContext } from "../../../server/chat/effects.ts";
import type { Job } from "../../../server/chat/jobs.ts";
import type { Session } from "../../../server/chat/session.ts";
import { accountOf, enter, RULES, stateOf, stranger } from "./session.ts";
import { Proposals } from "./proposals.ts";
import { silentEffects } from "./silent_effects.ts";

const NOW = 1764000000;

/** What a handler does when its job has ended. */
type Continuation = (context: RequestContext<Session>, found: never) => void;

function setUp({ rules, accounts = [] }: { rules?: Partial<Rules>; accounts?: readonly string[] } = {}) {
  const said: string[] = [];
  const jobs: { job: Job; then: Continuation }[] = [];
  const chat = new Chat<Session>({ ...RULES, ...rules }, stateOf(...accounts.map(accountOf)));
  const disk = { works: true };
  let lastId = accounts.length;
  /** Records of others that the journal has before the next one. */
  const before: StateProposal[] = [];
  const keeps = ({ kind, ...fields }: StateProposal) =>
    before.splice(0).every((record) => chat.state.apply({ ...record, id: ++lastId }) !== "lost") &&
    disk.works && said.push(`kept ${kind} ${wordsOf(fields)}`) > 0;
  const proposals = new Proposals(() => ++lastId, () => ({ chat, context: here }), keeps);
  const effects = noting(said, proposals, (job, then) => jobs.push({ job, then }));
  const here = { effects, now: NOW };
  return {
    chat,
    disk,
    before,
    /** What is said because of a message. */
    act(session: Session, message: Message): string[] {
      dispatch(chat, here, session, message);
      proposals.settle();
      return said.splice(0);
    },
    /** The job that is under way, and what is said when this has been found. */
    find(found: unknown): [Job, string[]] {
      const { job, then } = jobs.shift()!;
      then(here, found as never);
      proposals.settle();
      return [job, said.splice(0)];
    },
    leave(session: Session): string[] {
      leaveChat(chat, here, session);
      return said.splice(0);
    },
    /** A session that has entered the chat. */
    newSession(name: string): Session {
      const session = stranger();
      enter(chat, session, name, chat.account(name), 0);
      return session;
    },
  };
}

/** Effects that note in words what they are told to do. */
function noting(
  said: string[],
  proposals: Proposals,
  startJob: (job: Job, then: Continuation) => void,
): Effects<Session> {
  const who = (session: Session) => session.name ?? "stranger";
  const tell = (to: Session, { action: _, ...row }: { action?: string }) =>
    said.push(`${who(to)} is told ${JSON.stringify(row)}`);
  return {
    ...silentEffects(proposals),
    answer: (to, { response, alert, error, quantity }) =>
      said.push(`${who(to)} gets ${response} ${quantity ?? alert ?? error}`),
    announce: (by, to, object) => to.filter((each) => each !== by && !each.bare).forEach((each) => tell(each, object)),
    relayToAll: (from, { message }, { response, alert }) =>
      said.push(`${who(from)} to all: ${message}; gets ${response} ${alert}`),
    relayToSome: (from, to, msg, conversation, { response, alert }, spelling = () => msg.to) =>
      said.push(
        `${who(from)} to ${[...to].map((each) => `${who(each)} as ${spelling(each)}`)}: ${msg.message}; ` +
          `in ${conversation?.replace("\0", " & ")}; gets ${response} ${alert}`,
      ),
    streamRows(to, rows) {
      for (let batch = rows(); batch !== undefined; batch = rows()) {
        assert.ok(!(batch instanceof Promise));
        for (const row of batch) {
          if (row instanceof Uint8Array) said.push(`${who(to)} gets a line`);
          else tell(to, row);
        }
      }
    },
    startInspection: (to) => said.push(`${who(to)} sees all`),
    stopInspection: (from) => said.push(`${who(from)} sees nothing`),
    logOrder: (by, what) => said.push(`${who(by)} has done ${what}`),
    updateSubscription: (session) => said.push(`${who(session)} arrived`),
    disconnect: (session) => said.push(`${who(session)} goes`),
    refuseAndClose: (session) => said.push(`${who(session)} is sent away`),
    notify: (to, { response, alert }) => said.push(`${who(to)} is notified ${response} ${alert}`),
    startJob: (_, job, then) => startJob(job, then as Continuation),
  };
}

/** The texts in a record. */
const wordsOf = (fields: object) => Object.values(fields).filter((value) => typeof value === "string").join(" ");
const presence = (
  account_name: string | undefined,
  more: { time?: null; watch?: true; status?: string } = {},
): Message => {
  const { time = 1, watch = false, status = "" } = more;
  return { action: "presence", time, user: { account_name, status }, ...watch ? { features: ["watch"] } : {} };
};
const login = (action: "authenticate" | "register", account_name: string, password = "correct horse"): Message => ({
  action,
  time: 1,
  user: { account_name, password },
} as Message);
const msg = (to: string, time: number | null = 1): Message => ({ action: "msg", time, to, message: "hello" });
const join = (room: string): Message => ({ action: "join", time: 1, room });
const UNREADABLE = "time: expected Unix seconds as a number, such as 1764000000, so the server's own time is used";

Deno.test("presence is answered before its sender arrives, with a greeting", () => {
  const { act } = setUp();
  const ann = stranger();
  assert.deepEqual(act(ann, presence("ann")), ["ann gets 200 welcome, ann", "ann arrived"]);
  assert.deepEqual(act(ann, presence("anna", { time: null })), [
    `anna gets 200 you are anna now; ${UNREADABLE}`,
    "anna arrived",
  ]);
  assert.deepEqual(act(ann, presence(undefined)), ["anna gets 200 ok"]);
});

Deno.test("presence without a name is for a session that has one, and nobody takes an account's", () => {
  const { act, newSession } = setUp({ accounts: ["ann", "bob"] });
  assert.match(act(stranger(), presence(undefined))[0]!, /^stranger gets 400 user.account_name: expected a name/);
  assert.match(act(stranger(), presence("ann"))[0]!, /^stranger gets 401 user.account_name: "ann" belongs to an acc/);
  const ann = newSession("ann");
  assert.deepEqual(act(ann, presence("ann")), ["ann gets 200 ok"]);
  assert.match(act(ann, presence("bob"))[0]!, /^ann gets 401 action: expected a guest's name, but you are/);
});

Deno.test("a message goes to all, to those of a name, or to nobody", () => {
  const { act, newSession } = setUp();
  const ann = newSession("ann");
  newSession("Guest");
  newSession("Guest");
  assert.deepEqual(act(ann, msg("#all")), ["ann to all: hello; gets 200 ok"]);
  assert.deepEqual(act(ann, msg("#all", null)), [`ann to all: hello; gets 200 ok; ${UNREADABLE}`]);
  assert.deepEqual(act(ann, msg("Guest")), ["ann to Guest as Guest,Guest as Guest: hello; in undefined; gets 200 ok"]);
  assert.deepEqual(act(ann, msg("eve")), ['ann gets 404 to: nobody here has the name "eve"']);
});

Deno.test("a message is kept when one of the two has an account, and a guest's name has its mark there", () => {
  const { act, newSession } = setUp({ accounts: ["ann", "bob"] });
  const ann = newSession("ann"), guest = newSession("zoe");
  newSession("ann");
  assert.deepEqual(act(ann, msg("zoe")), [
    "ann to zoe as zoe,ann as zoe,ann as zoe: hello; in @1 & ~zoe; gets 200 ok",
  ]);
  assert.deepEqual(act(guest, msg("ann")), ["zoe to ann as ann,ann as ann: hello; in @1 & ~zoe; gets 200 ok"]);
  assert.deepEqual(act(guest, msg("bob")), [
    "zoe to : hello; in @2 & ~zoe; gets 202 accepted; bob is offline and will get it later",
  ]);
});

Deno.test("a message that no session reads is refused, or kept where an account has the name", () => {
  const { act, newSession, chat } = setUp({ accounts: ["ann"] });
  const bob = newSession("bob"), eve = newSession("eve"), ann = newSession("ann");
  const to = (name: string): Message => ({ action: "msg", time: 1, to: name, message: "hello" });
  assert.deepEqual(act(bob, to("bob")), ['bob gets 404 to: "bob" is your own name, and nobody else here goes by it']);
  assert.deepEqual(act(ann, to("ann")), ["ann to : hello; in @1 & @1; gets 200 ok"], "a note to oneself is kept");
  for (const each of [eve, ann]) Object.assign(each, { receivesRelays: false });
  assert.deepEqual(act(bob, to("eve")), ['bob gets 410 to: "eve" only writes, and its program reads no messages']);
  const later = "gets 202 accepted; ann reads no messages now and will get it later";
  assert.deepEqual(act(bob, to("ann")), [`bob to : hello; in @1 & ~bob; ${later}`]);
  enter(chat, Object.assign(stranger(), { receivesRelays: true }), "eve", undefined, 0);
  assert.deepEqual(act(bob, to("eve")), ["bob to eve as eve: hello; in undefined; gets 200 ok"], "a namesake reads");
});

Deno.test("nothing but presence, a password and quit is heard from a stranger", () => {
  const { act, chat } = setUp();
  const early: Message[] = [
    msg("#all"),
    msg("ann"),
    join("#cats"),
    { ...join("#cats"), action: "leave" } as Message,
    { action: "add_contact", time: 1, user_id: "ann" },
    { action: "del_contact", time: 1, user_id: "ann" },
    { action: "who_online", time: 1, room: undefined },
    { action: "history", time: 1, room: "#all", limit: 1 },
    { action: "search", time: 1, room: "#all", limit: 1, text: "x" },
    ...(["probe", "rooms", "get_contacts"] as const).map((action) => ({ action, time: 1 })),
  ];
  for (const message of early) {
    const [only, ...rest] = act(stranger(), message);
    assert.match(only!, /^stranger gets 401 Expected a presence before anything else, such as {"action":"presence"/);
    assert.deepEqual(rest, []);
  }
  assert.deepEqual(act(stranger(), { action: "quit", time: null }), ["stranger gets 200 goodbye", "stranger goes"]);
  assert.equal(chat.sessionsNamed("stranger").length, 0);
});

Deno.test("probe is answered", () => {
  const { act, newSession } = setUp();
  assert.deepEqual(act(newSession("ann"), { action: "probe", time: 1 }), ["ann gets 200 ok"]);
});

Deno.test("quit is answered, and its sender is not found any more when it has departed", () => {
  const { act, chat, newSession, leave } = setUp();
  const ann = newSession("ann");
  assert.deepEqual(act(ann, { action: "quit", time: null }), ["ann gets 200 goodbye", "ann goes"]);
  leave(ann);
  assert.equal(chat.sessionsNamed("ann").length, 0);
});

Deno.test("authenticate runs a job for a name without an account too where guests are not let in", () => {
  const { act, find } = setUp({ rules: { guests: false }, accounts: ["ann"] });
  for (const [name, account] of [["ann", 1], ["eve", undefined]] as const) {
    assert.deepEqual(act(stranger(), login("authenticate", name)), []);
    const [job, said] = find(false);
    assert.deepEqual(job, { kind: "check", password: "correct horse", name, account });
    assert.deepEqual(said, [`stranger gets 402 user: no account "${name}" with that password`]);
  }
});

Deno.test("authenticate lets in as often as the rules say, and then asks for what was missed", () => {
  const { act, chat, find } = setUp({ accounts: ["ann"] });
  const devices = [stranger(), stranger(), stranger()];
  for (const device of devices.slice(0, 2)) {
    act(device, login("authenticate", "ann"));
    assert.deepEqual(find(true)[1], ["ann gets 200 welcome, ann", "ann arrived"]);
    const lines = [[new Uint8Array(1), new Uint8Array(2)]];
    const [job, heard] = find(() => lines.pop());
    assert.deepEqual([{ ...job, onGap: undefined }, heard], [
      {
        kind: "missed",
        onGap: undefined,
        account: chat.account("ann"),
        limit: 100,
        known: { replies: false, edits: false, reactions: false, files: false },
      },
      ["ann gets a line", "ann gets a line"],
    ]);
  }
  act(devices[2]!, login("authenticate", "ann"));
  assert.match(find(true)[1][0]!, /^stranger gets 409 user: "ann" is connected 2 times already/);
  act(devices[1]!, login("authenticate", "ann"));
  assert.deepEqual(
    find(true)[1],
    ["ann gets 200 ok"].map((line) => line.replace("ok", "welcome, ann")),
    "itself counts not",
  );
  assert.equal(chat.sessionsNamed("ann").length, 2);
});

Deno.test("register takes no name that somebody was given while the password was hashed", () => {
  const { act, chat, newSession, leave, find } = setUp();
  act(stranger(), login("register", "ann"));
  const other = newSession("Ann");
  assert.deepEqual(find("hash")[1], ['stranger gets 409 user.account_name: "ann" is somebody else\'s name already']);
  assert.equal(chat.account("ann"), undefined);
  leave(other);
  const ann = newSession("ann");
  act(ann, login("register", "ann"));
  assert.deepEqual(find("hash")[1], ["kept account ann hash", "ann gets 201 created; welcome, ann", "ann arrived"]);
});

Deno.test("nothing is changed in memory that the disk would not have", () => {
  const { act, chat, newSession, disk, find } = setUp({ accounts: ["ann", "bob"] });
  const ann = newSession("ann");
  act(ann, join("#old"));
  act(ann, { action: "add_contact", time: 1, user_id: "bob" });
  disk.works = false;
  const changes: Message[] = [
    join("#new"),
    { action: "leave", time: 1, room: "#old" },
    { action: "add_contact", time: 1, user_id: "ann" },
    { action: "del_contact", time: 1, user_id: "bob" },
  ];
  for (const change of changes) assert.match(act(ann, change).join(), /^ann gets 500 The server cannot write/);
  act(stranger(), login("register", "eve"));
  assert.match(find("hash")[1].join(), /^stranger gets 500 /);
  const { rooms, contacts } = chat.membership(ann);
  assert.deepEqual([[...rooms.keys()].map(({ name }) => name), [...contacts.keys()]], [["#old"], ["bob"]]);
  assert.deepEqual([chat.state.rooms().map(({ name }) => name), chat.account("eve")], [["#old"], undefined]);
  disk.works = true;
  assert.deepEqual(act(ann, join("#new")), [
    "kept room #new",
    "ann gets 201 created #new",
  ]);
});

Deno.test("a room and its maker are one record, and a room that another has made a moment before is entered", () => {
  const { act, chat, newSession, disk, before } = setUp({ accounts: ["ann", "bob"] });
  const ann = newSession("ann"), bob = newSession("bob");
  disk.works = false;
  assert.match(act(ann, join("#cats")).at(-1)!, /^ann gets 500/);
  disk.works = true;
  before.push({ kind: "room", name: "#Cats", by: 2 });
  assert.deepEqual(act(ann, join("#cats")).slice(-2), ["kept member #cats", "ann gets 200 welcome to #cats"]);
  assert.deepEqual([...chat.sessionsIn(chat.state.room("#cats")!)], [bob, ann]);
});

Deno.test("presence is announced to line speakers that asked for it, once for a name", () => {
  const { act, newSession, leave } = setUp({ accounts: ["ann"] });
  const watcher = stranger(), bare = { ...stranger(), bare: true };
  act(watcher, presence("bob", { watch: true }));
  act(bare, presence("bare", { watch: true }));
  const told = (account_name: string, status: string) => {
    const state = status === "offline" ? "offline" : "online";
    const user = { account_name, status };
    return `bob is told ${JSON.stringify({ time: NOW, type: "status", user, state, role: "guest" })}`;
  };
  const [one, other] = [stranger(), stranger()];
  assert.equal(act(one, presence("Guest", { status: "at home" })).at(-1), told("Guest", "at home"));
  assert.deepEqual(act(other, presence("Guest")), ["Guest gets 200 welcome, Guest", "Guest arrived"]);
  assert.deepEqual(leave(one), []);
  assert.deepEqual(act(other, presence("guest 2")).slice(2), [told("Guest", "offline"), told("guest 2", "online")]);
  assert.deepEqual(leave(other), [told("guest 2", "offline")]);
  leave(watcher);
  assert.deepEqual(leave(newSession("ann")), [], "a closed session is told nothing");
});
