/**
 * What servers tell each other of writers: beside the log, since nothing keeps it. So a notice may come behind the message that
 * was being written, and is then told to nobody: there it would stay for six seconds.
 */
import type { Relay } from "../../jim/mod.ts";
import type { Chat } from "../chat/chat.ts";
import type { RequestContext } from "../chat/effects.ts";
import { tellTyping, type TypingNotice } from "../chat/typing.ts";
import type { Soon } from "../journal/contract.ts";
import { between, guestSide } from "../journal/conversation.ts";
import { chain } from "../journal/maybe_promise.ts";
import type { JournalGuard } from "../journal_guard.ts";
import type { Connection } from "../net/connection.ts";

/** The kind of such messages among {@linkcode Peers}. The bytes are a {@linkcode TypingNotice} as JSON. */
export const TYPING = "typing";

/** Messages that are looked at: a notice is late by milliseconds. */
const LATER = 20;

const encoder = new TextEncoder(), decoder = new TextDecoder();

export function encodeNotice(notice: object): Uint8Array {
  return encoder.encode(JSON.stringify(notice));
}

/** A notice as it comes. `after` is the last id that its server had delivered then; one of an older server has none. */
interface Received extends TypingNotice {
  readonly after?: number;
}

/**
 * Tells this server's sessions what a writer of another server does. What is no notice of this version is ignored.
 *
 * @param unstored the messages between guests that have come behind it already: what is told in a turn goes out behind them
 */
export function receiveTyping(
  bytes: Uint8Array,
  unstored: readonly Relay[],
  chat: Chat<Connection>,
  context: () => RequestContext<Connection>,
  guard: JournalGuard,
): void {
  const notice = noticeIn(bytes);
  if (notice === undefined || (notice.is && unstored.some((said) => isOf(notice, said)))) return;
  chain(notice.is && notice.after !== undefined && hasSaid(guard, notice, notice.after), (isLate) => {
    if (isLate !== true) tellTyping(chat, context(), undefined, notice);
  });
}

/** Whether a message between guests is the one that was being written. */
function isOf({ from, conversation }: TypingNotice, said: Relay): boolean {
  return said.from === from && between(guestSide(from), guestSide(said.to)) === conversation;
}

/** Whether the writer has said something in the conversation since, as far as the next messages tell. */
function hasSaid(
  guard: JournalGuard,
  { conversation, from, guest }: Received,
  after: number,
): Soon<boolean | undefined> {
  const { journal } = guard;
  return guard.attempt(
    "read",
    () =>
      chain(
        journal.page({ conversation, after, limit: LATER }),
        (ids) =>
          chain(ids.length === 0 ? [] : journal.read(conversation, ids), (lines) =>
            lines.some((line) => {
              const said = line && JSON.parse(decoder.decode(line)) as TypingNotice;
              return said?.from === from && said.guest === guest;
            })),
      ),
  );
}

function noticeIn(bytes: Uint8Array): Received | undefined {
  try {
    const notice = JSON.parse(decoder.decode(bytes));
    const isText = ["conversation", "to", "from", "side"].every((field) => typeof notice?.[field] === "string");
    return isText ? notice : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
