/** Replies: a message with the id of another one of the same conversation, which is looked up first. */
import type { Msg } from "../../jim/mod.ts";
import { withQuote } from "./quote.ts";
import { denyMessage } from "./answers.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

/** The message that a reply answers. */
export interface Original {
  readonly conversation: string;
  /** The reply's text for programs that do not know replies. */
  readonly quoted: string;
}

/**
 * Looks for the message that a reply answers, and handles the reply again: all that it depends on may have changed. Refuses it if
 * there is no such message.
 *
 * @param conversation undefined if its messages are not kept
 * @param handle handles the reply again
 */
export function findOriginal<S extends Session>(
  context: RequestContext<S>,
  session: S,
  request: Msg,
  conversation: string | undefined,
  handle: (context: RequestContext<S>, original: Original) => void,
): void {
  const at = "reply_to", id = request.reply_to!;
  if (conversation === undefined) return denyMessage(context, session, 404, "unkept", { at });
  context.effects.startJob(session, { kind: "message", conversation, id }, (context, found) => {
    if (found === undefined) return denyMessage(context, session, 500, "store", {});
    const { message } = found;
    if (message === undefined) return denyMessage(context, session, 404, "nomessage", { at, got: `${id}` });
    const quoted = withQuote(request.message, message.line, context.language ?? "en");
    handle(context, { conversation, quoted });
  });
}

/** Whether a message is a reply, and what it answers is to be looked for in this conversation. */
export function lacksOriginal({ reply_to }: Msg, original: Original | undefined, conversation?: string): boolean {
  return reply_to !== undefined && (original === undefined || original.conversation !== conversation);
}
