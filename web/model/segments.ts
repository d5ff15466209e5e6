/** The two segments of a conversation, the latest messages and an older part, and the pages of which they are made. */
import { merge } from "../conversation.ts";
import { changeConversation, type Step } from "./step.ts";

/** Rows of a page that is read; a page to catch up has the most that JIM allows. */
export const PAGE = 50;
/** Milliseconds until older messages that the server could not read are requested again. */
const PAUSE = 3_000;

/** The server could not read older messages: they are not requested again at once, as each drawing and each event would do. */
export function pauseReading({ state, now }: Step): void {
  state.olderAfter = now + PAUSE;
}

/**
 * Joins the two segments when they meet.
 *
 * @param whole the history has no more rows for the gap
 */
export function joinSegments(step: Step, key: string, whole = false): void {
  const conversation = step.state.conversations.get(key);
  if (conversation?.oldSegment === undefined) return;
  const { oldSegment, messages } = conversation, first = messages.find(({ id }) => id !== undefined)?.id;
  if (first === undefined || (!whole && oldSegment.messages.at(-1)!.id! < first)) return;
  changeConversation(step, key, {
    messages: merge(messages, oldSegment.messages),
    isFromStart: oldSegment.isFromStart,
    isLoading: false,
    oldSegment: undefined,
  });
}
