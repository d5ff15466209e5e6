/**
 * The action `typing`: somebody is writing a message. It is kept nowhere and told to programs with the feature only; on other
 * servers of the chat too, beside the log.
 */
import { COMMON_ROOM, ok, type Typing } from "../../jim/mod.ts";
import { between } from "../journal/conversation.ts";
import { isMuted } from "./answers.ts";
import { audienceOf } from "./audience.ts";
import type { Chat } from "./chat.ts";
import type { RequestContext } from "./effects.ts";
import { requireWritableRoom } from "./require_room.ts";
import type { SenderMark, Session } from "./session.ts";

/** Sessions of a server that are told, at most: in a crowd somebody always writes, and each notice is a write to each reader. */
const MAX_READERS = 100;

/** What servers tell each other. */
export interface TypingNotice extends SenderMark {
  readonly conversation: string;
  readonly to: string;
  readonly from: string;
  /** Of the sender: its other devices are not told. */
  readonly side: string;
  readonly is: boolean;
}

export function typing<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  { to, is }: Typing,
): void {
  const { effects, now } = context;
  if (isMuted(chat, context, session, "to")) return;
  const found = conversationOf(chat, context, session, to);
  if (found === undefined) return;
  effects.answer(session, ok(now, 200));
  if (!chat.typing.take(session, found.conversation, is, now)) return;
  const notice = { ...found, from: session.name!, side: session.side!, ...session.mark, is };
  tellTyping(chat, context, session, notice);
  effects.tellServers("typing", notice);
}

/** Tells this server's sessions; `by` is undefined if the writer is connected to another server. */
export function tellTyping<S extends Session>(
  chat: Chat<S>,
  { effects, now }: RequestContext<S>,
  by: S | undefined,
  { conversation, side, is, to, from, role, guest }: TypingNotice,
): void {
  const mark = { ...(role === undefined ? {} : { role }), ...(guest === undefined ? {} : { guest }) };
  const { readers, spelling = () => to } = audienceOf(conversation, { to, ...mark }, chat);
  const isOther = (each: S) => each !== by && !each.bare && (each.account === undefined || each.side !== side);
  const known = [...chat.features.among(readers, "typing")].filter(isOther);
  if (known.length > MAX_READERS) return;
  for (const [to, those] of Map.groupBy(known, spelling)) {
    effects.announce(by, those, { action: "typing", time: now, to, from, ...mark, is });
  }
}

/** The conversation, and the addressee as it is relayed. A name that nobody has is no error: only a message to it is one. */
function conversationOf<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  to: string,
): { readonly conversation: string; readonly to: string } | undefined {
  if (to === COMMON_ROOM) return { conversation: COMMON_ROOM, to };
  if (to.startsWith("#")) {
    const room = requireWritableRoom(chat, context, session, to, "to");
    return room && { conversation: room.conversation, to: room.name };
  }
  return { conversation: between(session.side!, chat.sideOf(to)), to: chat.account(to)?.name ?? to };
}
