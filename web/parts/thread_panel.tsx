/** A thread at the side: a message, its replies, and a field for another one. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { canChange, messageOf } from "../model/changes.ts";
import { currentConversation, isIgnored } from "../model/state.ts";
import { type ChatMessage, isFrom, type OutgoingMessage } from "../conversation.ts";
import { threadIn } from "../thread.ts";
import { withoutEmptyLines } from "../text.ts";
import { isComposing } from "./composing.ts";
import { type App, isTouch, isWide, useApp } from "./context.ts";
import { Icon } from "./icons.tsx";
import { pressedInList } from "./message_keys.ts";
import { MessageRow } from "./message_row.tsx";
import { DeliveryStatus } from "./message_rows.tsx";

export function ThreadPanel(): JSX.Element | null {
  const app = useApp(), { state, words, dispatch, updateView } = app, { thread } = state;
  const conversation = currentConversation(state), list = useRef<HTMLOListElement>(null);
  const isOpen = thread !== undefined && thread.key === conversation.key;
  const { replies, waiting } = isOpen ? threadIn(conversation, thread) : { replies: [], waiting: [] };
  const last = replies.length + waiting.length;
  useLayoutEffect(() => {
    list.current?.lastElementChild?.scrollIntoView({ block: "nearest" });
  }, [thread?.root, last]);
  if (!isOpen) return null;
  const root = messageOf(conversation, thread.root), me = state.me!.name;
  const row = (message: ChatMessage, waiting?: OutgoingMessage) => rowOf(app, thread.root, message, waiting);

  return (
    <>
      <div
        class="thread"
        tabIndex={0}
        role="group"
        aria-label={words.thread}
        onKeyDown={(event) => pressedInList(event, app, list.current!)}
      >
        <button
          type="button"
          class="link"
          onClick={() => {
            dispatch({ on: "jumpTo", id: thread.root });
            if (!isWide()) updateView({ panel: undefined });
          }}
        >
          {words.showInPlace}
        </button>
        <ol ref={list} aria-live="polite">
          {root && row(root)}
          {root !== undefined && (
            <li class="line" key="line">
              <span>{words.replies(replies.length)}</span>
            </li>
          )}
          {replies.filter(({ from }) => !isIgnored(state, from)).map((each) => row(each))}
          {waiting.map((each) => row({ from: me, text: each.text, time: each.time }, each))}
        </ol>
        {!thread.isWhole && (
          <button type="button" class="more" onClick={() => dispatch({ on: "moreOfThread" })}>{words.more}</button>
        )}
      </div>
      <ThreadField
        key={thread.root}
        place={thread.key}
        root={thread.root}
        draft={conversation.threadDrafts.get(thread.root) ?? ""}
      />
    </>
  );
}

/**
 * A message of the thread; one that answers another reply has its quote.
 *
 * @param waiting it is our own, and not acknowledged
 */
function rowOf(app: App, root: number, message: ChatMessage, waiting?: OutgoingMessage): JSX.Element {
  const { state, words, view, dispatch, updateView } = app, conversation = currentConversation(state);
  const { id, time, from, replyTo } = message, isDirect = replyTo === undefined || replyTo === root;
  const { replyTo: _, ...plain } = message, me = state.me!.name;
  return (
    <MessageRow
      key={id ?? `${from} ${time}`}
      message={isDirect ? plain : message}
      quoted={isDirect ? undefined : messageOf(conversation, replyTo)}
      own={isFrom(me, message)}
      first
      alone={false}
      canChange={canChange(state, conversation.key) && id !== undefined}
      isTouch={isTouch()}
      {...{ me, words, language: view.language, dispatch, updateView }}
    >
      {waiting && <DeliveryStatus app={app} conversation={conversation.key} of={waiting} />}
    </MessageRow>
  );
}

/**
 * A reply to the message that the thread begins with.
 *
 * @param place the conversation
 * @param draft what was typed before the thread was closed
 */
function ThreadField({ place, root, draft }: { place: string; root: number; draft: string }): JSX.Element {
  const { words, dispatch } = useApp(), field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    field.current!.value = draft;
    fit();
    if (!isTouch()) field.current!.focus();
  }, []);

  function fit(): void {
    field.current!.style.height = "auto";
    field.current!.style.height = `${field.current!.scrollHeight + 2}px`;
  }

  function typed(): void {
    fit();
    dispatch({ on: "threadDraft", key: place, root, text: field.current!.value });
  }

  function send(): void {
    const text = withoutEmptyLines(field.current!.value);
    if (text.trim() === "") return;
    dispatch({ on: "send", key: place, text, replyTo: root });
    field.current!.value = "";
    fit();
  }

  return (
    <form
      class="thread-field"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={field}
        rows={1}
        dir="auto"
        aria-label={words.replyInThread}
        placeholder={words.replyInThread}
        enterkeyhint="send"
        onInput={typed}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || isComposing(event)) return;
          event.preventDefault();
          send();
        }}
      />
      <button type="submit" class="icon primary" aria-label={words.sendReply} title={words.sendReply}>
        <Icon of="send" />
      </button>
    </form>
  );
}
