/** The history: a page of it, and a search in it. */
import { COMMON_ROOM, type HistoryQuery, ok, quote } from "../../jim/mod.ts";
import { chain } from "../journal/maybe_promise.ts";
import type { Account, Chat, Room } from "./chat.ts";
import { between, guestSide } from "../journal/conversation.ts";
import { deny, withFieldRemark } from "./answers.ts";
import { requireRoom } from "./require_room.ts";
import type { RequestContext } from "./effects.ts";
import type { KnownFeatures, Part, Rows } from "./jobs.ts";
import { SERVER_NAME } from "./server_name.ts";
import type { Session } from "./session.ts";

export function history<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  asked: HistoryQuery,
): void {
  const { room: name, with: other, before, after } = asked, limit = limitOf(asked);
  if (asked.everywhere === true) return searchEverywhere(chat, context, session, asked);
  let conversation: string = COMMON_ROOM, also: Part[] = [], room: Room | undefined;
  if (other !== undefined) {
    // A guest has no private history: another guest may have used the name yesterday.
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
    to: name ?? SERVER_NAME,
    limit,
    known: knownTo(chat, session),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...soughtBy(asked),
    ...(asked.events === true ? { events: true } : {}),
    ...(also.length === 0 ? {} : { also }),
  } as const;
  const words = withFieldRemark(context, "accepted");
  context.effects.startJob(session, page, (context, page) => {
    const { effects, now } = context;
    if (page === undefined) return deny(context, session, 500, "store");
    effects.answer(session, { ...ok(now, 202, words), quantity: page.quantity });
    const isSpelt = room === undefined || name === undefined || (name === room.name && room.former.length === 0);
    const spelt = isSpelt ? page.rows : respelt(page.rows, () => name);
    effects.streamRows(session, spelt);
  });
}

/** Searches the common chat, the rooms that the session is in, and the private conversations of its account. */
function searchEverywhere<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  asked: HistoryQuery,
): void {
  const { before, after } = asked, { account } = session, rooms = [...chat.membership(session).rooms.keys()];
  const respelt = rooms.filter((room) => room.former.length > 0 || chat.spelling(session, room) !== room.name);
  const page = {
    kind: "page",
    conversation: COMMON_ROOM,
    to: SERVER_NAME,
    limit: limitOf(asked),
    known: knownTo(chat, session),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...soughtBy(asked),
    everywhere: {
      rooms: [COMMON_ROOM, ...rooms.map(({ conversation }) => conversation)],
      spellings: new Map(respelt.map((room) => [room.conversation, chat.spelling(session, room)])),
      account,
    },
  } as const;
  const words = withFieldRemark(context, "accepted");
  context.effects.startJob(session, page, (context, page) => {
    if (page === undefined) return deny(context, session, 500, "store");
    context.effects.answer(session, { ...ok(context.now, 202, words), quantity: page.quantity });
    context.effects.streamRows(session, page.rows);
  });
}

/** Neighbours are looked up one by one, each in about 20 µs, so a page with them is smaller. */
function limitOf({ limit, context }: HistoryQuery): number {
  return context === true ? Math.min(limit, WITH_CONTEXT) : limit;
}

/** What a search looks for, as the journal is asked for it. */
function soughtBy({ action, text = "", from, context }: HistoryQuery) {
  if (action !== "search") return {};
  return { text, ...(from === undefined ? {} : { from }), ...(context === undefined ? {} : { context }) };
}

/**
 * The parts of a private history from before one of two accounts was registered. The former guest reads the messages
 * of periods in which it was alone with its name. The other account reads the same, and all its messages with guests
 * of the present name.
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

/** The lines of a room in the spelling of its reader. A line is parsed only if the spelling differs. */
export function respelt(rows: Rows<Uint8Array>, spelling: (to: string) => string): Rows<Uint8Array> {
  const respell = (line: Uint8Array) => {
    const relay = JSON.parse(decoder.decode(line)) as { to: string };
    const to = spelling(relay.to);
    return to === relay.to ? line : encoder.encode(JSON.stringify({ ...relay, to }));
  };
  return eachLine(rows, respell);
}

/** What the program of a session understands of messages. */
export function knownTo<S extends Session>(chat: Chat<S>, session: S): KnownFeatures {
  const [replies, edits, reactions, files] = (["replies", "edits", "reactions", "files"] as const).map((feature) =>
    chat.features.has(session, feature)
  );
  return { replies: replies!, edits: edits!, reactions: reactions!, files: files! };
}

/** Rows of which each line is changed. */
export function eachLine(rows: Rows<Uint8Array>, change: (line: Uint8Array) => Uint8Array): Rows<Uint8Array> {
  return () => chain(rows(), (lines) => lines && Iterator.from(lines).map(change));
}

/** Messages that a search finds at most if it shows their neighbours. */
const WITH_CONTEXT = 100;
const encoder = new TextEncoder(), decoder = new TextDecoder();
