/** What was said: a page of it, a search in it, and what somebody missed. */
import { COMMON_ROOM, type HistoryQuery, ok, quote } from "../../jim/mod.ts";
import { chain } from "../journal/maybe_promise.ts";
import type { Account, Chat, Room } from "./chat.ts";
import { between, guestSide } from "../journal/conversation.ts";
import { deny, withFieldRemark } from "./replies.ts";
import { requireRoom } from "./require_room.ts";
import type { RequestContext } from "./effects.ts";
import type { Part, Rows } from "./jobs.ts";
import type { Session } from "./session.ts";

export function history<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  asked: HistoryQuery,
): void {
  const { room: name, with: other, before, after, limit, text } = asked;
  let conversation: string = COMMON_ROOM, also: Part[] = [], room: Room | undefined;
  if (other !== undefined) {
    // A guest has no past with anybody: the name may have been another's yesterday.
    if (session.account === undefined) return deny(context, session, 401, "own", { got: quote(other) });
    conversation = between(session.account.side, chat.sideOf(other));
    also = partsAsGuest(session.account, chat.account(other));
  } else if (name !== COMMON_ROOM) {
    room = requireRoom(chat, context, session, name!, "room");
    if (room === undefined) return;
    conversation = room.conversation;
  }
  const page = {
    kind: "page",
    conversation,
    to: name ?? SERVER,
    limit,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(text === undefined ? {} : { text }),
    ...(also.length === 0 ? {} : { also }),
  } as const;
  const words = withFieldRemark(context, "accepted");
  context.effects.startJob(session, page, (context, page) => {
    const { effects, now } = context;
    if (page === undefined) return deny(context, session, 500, "store");
    effects.answer(session, { ...ok(now, 202, words), quantity: page.quantity });
    const spelt = room === undefined || name === undefined || name === room.name
      ? page.rows
      : respelt(page.rows, (to) => to === room.name ? name : to);
    effects.streamRows(session, spelt);
  });
}

/**
 * The parts of a past from before one of two accounts was made, when its owner was a guest. The former guest reads what was
 * said while it was the only guest by one of its names: the rest was another's. The other account reads the same, and all
 * that it has said to guests by the name that is the account's now, and they to it.
 */
function partsAsGuest(account: Account, other: Account | undefined): Part[] {
  if (other === undefined) return [];
  const own = account.guestPeriods.map((period) => partOf(period, other));
  const sameName = guestSide(other.name), before = other.since + 1;
  const { same = [], others = [] } = Object.groupBy(
    other.guestPeriods,
    ({ name }) => guestSide(name) === sameName ? "same" : "others",
  );
  const parts = [...own, ...others.map((period) => partOf(period, account))];
  return same.length === 0 ? parts : [...parts, { conversation: between(account.side, sameName), after: -1, before }];
}

function partOf({ name, after, last }: Account["guestPeriods"][number], { side }: Account): Part {
  return { conversation: between(guestSide(name), side), after, before: last + 1 };
}

/** The lines of a room in its reader's spelling of it: only those are read and written anew that it spells otherwise. */
function respelt(rows: Rows<Uint8Array>, spelling: (to: string) => string): Rows<Uint8Array> {
  const respell = (line: Uint8Array) => {
    const relay = JSON.parse(decoder.decode(line)) as { to: string };
    const to = spelling(relay.to);
    return to === relay.to ? line : encoder.encode(JSON.stringify({ ...relay, to }));
  };
  return each(rows, respell);
}

/** Sends an account what it missed of its rooms and of what was said to it alone; a page of each, the rest by history. */
export function sendMissed<S extends Session>(chat: Chat<S>, context: RequestContext<S>, session: S): void {
  const limit = chat.rules.replay, { account } = session;
  if (limit === 0 || account === undefined) return;
  const rooms = [...account.rooms.keys()];
  context.effects.startJob(session, { kind: "missed", account, limit }, ({ effects }, rows) => {
    if (rows === undefined) return;
    const spellings = new Map(rooms.map((room) => [room.name, chat.spelling(session, room)]));
    const differ = spellings.entries().some(([name, spelling]) => spelling !== name);
    effects.streamRows(session, each(differ ? respelt(rows, (to) => spellings.get(to) ?? to) : rows, replayed));
  });
}

/**
 * A line with a mark that its message is not new: a bot that answers what it reads would answer everything again. Other
 * dialects put a line in their own words, which have none for it.
 */
function replayed(line: Uint8Array): Uint8Array {
  const marked = new Uint8Array(line.length - 1 + REPLAYED.length);
  marked.set(line);
  marked.set(REPLAYED, line.length - 1); // over the last bracket
  return marked;
}

function each(rows: Rows<Uint8Array>, change: (line: Uint8Array) => Uint8Array): Rows<Uint8Array> {
  return () => chain(rows(), (lines) => lines && Iterator.from(lines).map(change));
}

/** Who a message of the server itself is to, where a page is of two people. No name begins so. */
const SERVER = "#server";
const encoder = new TextEncoder(), decoder = new TextDecoder();
const REPLAYED = encoder.encode(',"replayed":true}');
