/** Shows the replies of a page to a program that does not know replies: each with a quote of what it answers. */
import type { Language, Relay } from "../jim/mod.ts";
import { encode, plain } from "../jim/mod.ts";
import { isReply, withQuote } from "./chat/quote.ts";
import { withoutReply } from "./net/output_batch.ts";
import type { Soon } from "./journal/contract.ts";
import { chain } from "./journal/maybe_promise.ts";
import type { JournalGuard } from "./journal_guard.ts";
import { type Line, type MessageRef, readLines } from "./pages.ts";

const decoder = new TextDecoder();

/** Lines that are no replies stay as they are, and are not parsed. */
export function withQuotes(
  guard: JournalGuard,
  refs: readonly MessageRef[],
  lines: readonly Line[],
  language: Language,
): Soon<readonly Line[]> {
  const replies = new Map<number, Relay>();
  for (const [i, line] of lines.entries()) {
    if (line !== undefined && isReply(line)) replies.set(i, JSON.parse(decoder.decode(line)));
  }
  if (replies.size === 0) return lines;
  const originals = [...replies].map(([i, relay]) => ({ conversation: refs[i]!.conversation, id: relay.reply_to! }));
  return chain(originalsOf(guard, originals), (found) => {
    const shown = [...lines];
    for (const [index, [i, relay]] of [...replies].entries()) {
      const quoted = withoutReply(relay, withQuote(relay.message, found[index], language));
      shown[i] = encode(plain.formatRelay(quoted, "")).subarray(0, -1);
    }
    return shown;
  });
}

/** The messages in the order of their references, which need not ascend. */
function originalsOf(guard: JournalGuard, refs: readonly MessageRef[]): Soon<readonly Line[]> {
  const ascending = [...refs].sort((one, other) => one.id - other.id);
  return chain(readLines(guard, ascending), (lines) => {
    const byRef = new Map(ascending.map((ref, i) => [ref, lines[i]]));
    return refs.map((ref) => byRef.get(ref));
  });
}
