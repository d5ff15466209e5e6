/** What servers tell each other of writers: beside the log, since nothing keeps it. */
import type { Chat } from "../chat/chat.ts";
import type { RequestContext } from "../chat/effects.ts";
import { tellTyping, type TypingNotice } from "../chat/typing.ts";
import type { Connection } from "../net/connection.ts";

/** The kind of such messages among {@linkcode Peers}. The bytes are a {@linkcode TypingNotice} as JSON. */
export const TYPING = "typing";

const encoder = new TextEncoder(), decoder = new TextDecoder();

export function encodeNotice(notice: object): Uint8Array {
  return encoder.encode(JSON.stringify(notice));
}

/** Tells this server's sessions what a writer of another server does. What is no notice of this version is ignored. */
export function receiveTyping(bytes: Uint8Array, chat: Chat<Connection>, context: RequestContext<Connection>): void {
  const notice = noticeIn(bytes);
  if (notice !== undefined) tellTyping(chat, context, undefined, notice);
}

function noticeIn(bytes: Uint8Array): TypingNotice | undefined {
  try {
    const notice = JSON.parse(decoder.decode(bytes));
    const isText = ["conversation", "to", "from", "side"].every((field) => typeof notice?.[field] === "string");
    return isText ? notice : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
