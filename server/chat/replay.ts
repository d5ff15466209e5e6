/** Sends an account what it has missed, when it logs in or later. */
import type { Chat } from "./chat.ts";
import type { RequestContext } from "./effects.ts";
import { eachLine, knownTo, respelt } from "./history.ts";
import type { RemoteSession } from "./present_side.ts";
import type { Session } from "./session.ts";

/**
 * Sends a session that has logged in what its account has missed. An account that is on another server too has missed nothing,
 * unless that turns out to be over: see {@linkcode replayLate}.
 *
 * @param elsewhere the sessions of its account that other servers had before
 */
export function replay<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  elsewhere: readonly RemoteSession[],
): void {
  const { account } = session;
  if (account === undefined || chat.rules.replay === 0) return;
  if (elsewhere.length > 0) {
    context.effects.startJob(session, { kind: "live" }, (_, first = 0) => {
      if (session.account === account) chat.lateReplays.add(session, account, elsewhere, first);
    });
  } else if (!chat.lateReplays.has(session)) sendMissed(chat, context, session);
}

/**
 * The same later, when an account has none of those sessions on other servers any more; called each second.
 *
 * @param isBusy whether a session awaits something else, which comes first
 */
export function replayLate<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  isBusy: (session: S) => boolean,
): void {
  for (const { session, before } of chat.lateReplays.takeDue(chat.roster, isBusy)) {
    sendMissed(chat, context, session, before);
  }
}

/**
 * Sends an account the messages that it missed, a page for each conversation; `history` gives the rest.
 *
 * @param before the first id that it has not missed; undefined: it gets everything live from now on
 */
function sendMissed<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  before?: number,
): void {
  const { rules: { replay: limit } } = chat, account = session.account!;
  const rooms = [...account.rooms.keys()];
  // What the journal could not read now is still missed at the next login: none of it counts as sent.
  const onGap = () => chat.lateReplays.doubt(session);
  const job = { kind: "missed", account, limit, known: knownTo(chat, session), onGap } as const;
  context.effects.startJob(session, before === undefined ? job : { ...job, before }, ({ effects }, rows) => {
    if (rows === undefined) return onGap();
    const spellings = new Map(rooms.map((room) => [room.name, chat.spelling(session, room)]));
    const differ = spellings.entries().some(([name, spelling]) => spelling !== name);
    effects.streamRows(session, eachLine(differ ? respelt(rows, (to) => spellings.get(to) ?? to) : rows, replayed));
  });
}

/** A line with the field `replayed`: a bot would answer old messages again. Other dialects have no such field. */
function replayed(line: Uint8Array): Uint8Array {
  const marked = new Uint8Array(line.length - 1 + REPLAYED.length);
  marked.set(line);
  marked.set(REPLAYED, line.length - 1); // overwrites the last bracket
  return marked;
}

const REPLAYED = new TextEncoder().encode(',"replayed":true}');
