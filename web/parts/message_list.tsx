/** The messages of the open conversation, oldest first, and a button to the newest one. */
import { useMemo, useRef } from "preact/hooks";
import type { JSX } from "preact";
import { currentConversation } from "../model/state.ts";
import type { Conversation } from "../conversation.ts";
import { useFormatter } from "../formatter.ts";
import type { Words } from "../words.ts";
import { titleOf, useApp } from "./context.ts";
import { Icon } from "./icons.tsx";
import { pressedInList } from "./message_keys.ts";
import { rowsOf } from "./message_rows.tsx";
import { reuseRows } from "./reuse_rows.ts";
import { useScroll } from "./use_scroll.ts";

export function MessageList(): JSX.Element {
  const app = useApp();
  const { state, words, view } = app;
  const conversation = currentConversation(state);
  const { messages, oldSegment, outgoing, unreadMarker, live, quotes, editing } = conversation;
  const isFormatted = useFormatter();
  const today = new Date().toDateString();
  const former = useRef<JSX.Element[]>([]);
  const rows = useMemo(() => former.current = reuseRows(rowsOf(app, conversation), former.current), [
    messages,
    oldSegment,
    outgoing,
    unreadMarker,
    quotes,
    editing,
    view.language,
    today,
    state.me?.name,
    state.ignored,
    isFormatted,
  ]);
  const { box, list, isAway, scrollToEnd, onScroll } = useScroll(conversation, rows);
  const { isLoading } = oldSegment ?? conversation;
  return (
    <div class="scene">
      <div
        class="log"
        role="log"
        tabIndex={0}
        aria-label={words.messages(titleOf(conversation.key, words))}
        aria-describedby="list-keys"
        aria-busy={isLoading || !live}
        ref={box}
        onScroll={onScroll}
        onKeyDown={(event) => pressedInList(event, app, list.current!)}
      >
        <p class="edge">{edgeOf(conversation, words)}</p>
        <ol ref={list}>{rows}</ol>
      </div>
      <span class="unseen" id="list-keys">{words.chooseMessage}</span>
      {isAway && (
        <button type="button" class="newest" onClick={scrollToEnd}>
          <Icon of="down" />
          <span>{conversation.unread > 0 ? words.unread(conversation.unread) : words.newest}</span>
        </button>
      )}
    </div>
  );
}

/** The text above the first message. */
function edgeOf(conversation: Conversation, words: Words): string {
  const { messages, outgoing, oldSegment, live } = conversation;
  const { isFromStart, isLoading } = oldSegment ?? conversation;
  if (isLoading || !live) return words.loading;
  if (!isFromStart) return "";
  return messages.length + outgoing.length === 0 ? words.nothing : words.start;
}
