// A law about private messages, whichever connections enter, leave, register and are removed: nobody reads what was said between others,
// and what two accounts have said to each other is never lost to them, nor unread for ever. Connections are the people here: two that go
// by one name are two.

import assert from "node:assert/strict";
import fc from "fast-check";
import { encode, type Message, type Msg, nameKey, plain } from "../../../jim/mod.ts";
import { dispatch } from "../../../server/chat/actions.ts";
import { type Account, Chat } from "../../../server/chat/chat.ts";
import { leaveChat } from "../../../server/chat/leave_chat.ts";
import type { Effects, RequestContext } from "../../../server/chat/effects.ts";
import type { Job, Row } from "../../../server/chat/jobs.ts";
import type { Session } from "../../../server/chat/session.ts";
import { memoryJournal } from "../../../server/journal/memory.ts";
import { JournalGuard } from "../../../server/journal_guard.ts";
import { pageOf } from "../../../server/pages.ts";
import { unreadRows } from "../../../server/unread.ts";
import { RULES, stateOf, stranger } from "./session.ts";
import { Proposals } from "./proposals.ts";
import { silentEffects } from "./silent_effects.ts";

const NOW = 1764000000, PEOPLE = 3;

/** A connection, and the account that it has registered: those it is, one after the other. */
type Party = Session | number;

/** A message as the model remembers it. */
interface Said {
  readonly id: number;
  /** Who has said it or heard it, or will. */
  readonly parties: ReadonlySet<Party>;
}

/** A chat with a journal and nothing around it; each connection's rows are put down. */
function makeWorld() {
  const journal = memoryJournal(), guard = new JournalGuard(journal);
  const chat = new Chat<Session>({ ...RULES, devices: 9 }, stateOf());
  const all = new Map<number, Said>(), rows: Row[] = [];
  let lastId = 0;
  const proposals = new Proposals(() => ++lastId, () => ({ chat, context }));
  const party = (session: Session): Party => session.account?.id ?? session;
  const effects: Effects<Session> = {
    ...silentEffects(proposals),
    relayToSome(from: Session, to: Iterable<Session>, msg: Msg, conversation) {
      const id = ++lastId, parties = new Set([from, ...to].map(party));
      const account = chat.account(msg.to);
      if (account !== undefined) parties.add(account.id);
      all.set(id, { id, parties });
      if (conversation === undefined) return;
      const lines = encode(
        plain.formatRelay({ time: NOW, to: msg.to, from: from.name!, message: "", id, ...from.mark }, ""),
      );
      const message = { kind: "message", id, last: id, count: 1, conversation, lines } as const;
      journal.append({ first: id, end: id + 1, records: [message] });
      journal.take();
    },
    streamRows(_, next) {
      for (let batch = next(); batch !== undefined; batch = next()) rows.push(...batch as Iterable<Row>);
    },
    refuseAndClose: (session) => leaveChat(chat, context, session),
    get lastId() {
      return lastId;
    },
    startJob: (_, job, then) => then(context, findOut(job) as never),
  };
  const context: RequestContext<Session> = { effects, now: NOW };
  function findOut(job: Job): unknown {
    if (job.kind === "check") return true;
    if (job.kind === "hash") return "hash";
    if (job.kind === "unread") {
      const counted = job.counted(journal.conversations(job.account.side, job.after) as string[]);
      return { quantity: counted.length, rows: unreadRows(guard, counted, job.account.name) };
    }
    if (job.kind !== "page") return undefined;
    return pageOf(guard, job, job.also ?? [], () => assert.fail("a message is lost"));
  }
  return {
    chat,
    all,
    act(who: Session, message: Message) {
      dispatch(chat, context, who, message);
      proposals.settle();
    },
    /** The ids of a page of the past. */
    past(who: Session, message: Message): number[] {
      dispatch(chat, context, who, message);
      return rows.splice(0).map((row) => JSON.parse(new TextDecoder().decode(row as Uint8Array)).id);
    },
    /** The conversations with people in the list of what an account has not read. */
    unread(who: Session): { user_id: string; unread: number; last: number }[] {
      dispatch(chat, context, who, { action: "unread", time: 1 });
      return (rows.splice(0) as { user_id: string; unread: number; last: number }[]).filter((row) => "user_id" in row);
    },
    leave: (who: Session) => leaveChat(chat, context, who),
    remove(account: Account) {
      proposals.record([{ kind: "removal", of: account.id }]);
      proposals.settle();
    },
  };
}

const NAMES = ["zoe", "ZOE", "bob", "~zoe"];
const who = fc.nat(PEOPLE - 1), name = fc.constantFrom(...NAMES);
const step = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("enter" as const), who, name }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("register" as const), who, name }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("login" as const), who, name }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("leave" as const), who, name }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("remove" as const), who, name }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("say" as const), who, name }) },
);

Deno.test("nobody reads private messages of others, accounts lose none of their own, and all that is unread can be read", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 40, size: "max" }), (steps) => {
      const { chat, all, act, past, unread, leave, remove } = makeWorld();
      const sessions = Array.from({ length: PEOPLE }, stranger);
      /** For each account the connection that has registered it, and when. */
      const registered = new Map<number, { by: Session; after: number }>();
      for (const { kind, who, name } of steps) {
        const session = sessions[who]!, user = { account_name: name, password: "correct horse" };
        if (kind === "enter") act(session, { action: "presence", time: 1, user: { ...user, status: "" } });
        else if (kind === "login") act(session, { action: "authenticate", time: 1, user });
        else if (kind === "say") act(session, { action: "msg", time: 1, to: name, message: "" });
        else if (kind === "leave") {
          leave(session);
          sessions[who] = stranger();
        } else if (kind === "remove") {
          const account = chat.account(name);
          if (account === undefined) continue;
          remove(account);
          for (const [index, each] of sessions.entries()) if (each.account === account) sessions[index] = stranger();
        } else {
          const before = session.account;
          act(session, { action: "register", time: 1, user });
          if (session.account !== before) {
            registered.set(session.account!.id, { by: session, after: session.account!.id });
            unread(session); // its marks begin
          }
        }
      }
      for (const account of chat.state.accounts()) {
        const reader = stranger();
        act(reader, {
          action: "authenticate",
          time: 1,
          user: { account_name: account.name, password: "correct horse" },
        });
        const list = unread(reader), names = new Set(list.map(({ user_id }) => nameKey(user_id)));
        assert.equal(names.size, list.length, "each person has one row");
        for (const { user_id, last } of list) act(reader, { action: "read", time: 1, to: user_id, id: last });
        assert.deepEqual(unread(reader).filter((row) => row.unread > 0), [], "what is counted can be read");
        const { by, after } = registered.get(account.id)!;
        const isMine = ({ id, parties }: Said) => parties.has(account.id) || (id <= after && parties.has(by));
        for (const other of NAMES) {
          const ids = past(reader, { action: "history", time: 1, with: other, limit: 500 });
          for (const id of ids) assert.ok(isMine(all.get(id)!), `${account.name} reads ${id} with ${other}`);
          const them: Account | undefined = chat.account(other);
          if (them === undefined || them === account) continue;
          const ours: Said[] = [...all.values()].filter(({ parties }) =>
            parties.has(account.id) && parties.has(them.id)
          );
          assert.deepEqual(ours.filter(({ id }) => !ids.includes(id)), [], `${account.name} with ${other}`);
          assert.deepEqual(ids, ids.toSorted((a, b) => a - b));
        }
      }
    }),
    { numRuns: 500 },
  );
});
