/** The rows of the list of messages: days, the line above new messages, and messages, grouped by sender. */
import type { JSX } from "preact";
import { canChange, messageOf } from "../model/changes.ts";
import { isIgnored } from "../model/state.ts";
import {
  type ChatMessage,
  type Conversation,
  isFrom,
  isRoom,
  type OutgoingMessage,
  shownRole,
} from "../conversation.ts";
import { dayOf, sameDay, withClock } from "../formats.ts";
import { type App, isTouch } from "./context.ts";
import { countReplies } from "../thread.ts";
import { MessageRow } from "./message_row.tsx";
import type { Quoted } from "./quote.tsx";

/** Seconds within which messages of one person are one group. */
const GROUP = 300;

export function rowsOf(app: App, conversation: Conversation): JSX.Element[] {
  const { oldSegment, messages, outgoing } = conversation, rows = new Rows(app, conversation);
  for (const each of oldSegment?.messages ?? []) rows.addMessage(each);
  if (oldSegment !== undefined) rows.addGap(oldSegment.isLoading);
  for (const each of messages) rows.addMessage(each);
  for (const each of outgoing) rows.addOutgoing(each);
  return rows.all;
}

class Rows {
  readonly all: JSX.Element[] = [];
  readonly #app: App;
  readonly #conversation: Conversation;
  readonly #me: string;
  readonly #canChange: boolean;
  /** How many replies each message begins, as far as they are loaded. */
  readonly #replies: ReadonlyMap<number, number>;
  readonly #isTouch = isTouch();
  readonly #now = Date.now() / 1000;
  /** The author and the time of the last message, unless a line follows it. */
  #last: { readonly who: string; readonly time: number } | undefined;
  /** There is nothing to mark as new, or it is marked already. */
  #isMarked: boolean;

  constructor(app: App, conversation: Conversation) {
    this.#app = app;
    this.#conversation = conversation;
    this.#me = app.state.me!.name;
    this.#replies = countReplies([...conversation.oldSegment?.messages ?? [], ...conversation.messages]);
    this.#canChange = canChange(app.state, conversation.key);
    this.#isMarked = conversation.unreadMarker === undefined;
  }

  addMessage(message: ChatMessage): void {
    const { state, words, view, dispatch, updateView } = this.#app, { key, unreadMarker, editing } = this.#conversation;
    const me = this.#me;
    const { id, here, from, time, later, role, guest } = message;
    const own = isFrom(me, message);
    if (!own && isIgnored(state, from)) return;
    const who = JSON.stringify([from, role, guest, own]);
    this.#addDay(time);
    if (!this.#isMarked && id !== undefined && id > unreadMarker! && !own) this.#addMark();
    this.all.push(
      <MessageRow
        key={id === undefined || here ? `${from} ${time}` : id}
        first={this.#isFirst(who, time)}
        {...{ message, me, own, words, language: view.language, dispatch, updateView }}
        note={later ? words.later : undefined}
        quoted={this.#quoted(message.replyTo)}
        editing={editing?.id === id ? editing : undefined}
        canChange={this.#canChange}
        replies={id === undefined ? undefined : this.#replies.get(id)}
        isTouch={this.#isTouch}
        alone={!isRoom(key)}
      />,
    );
    this.#last = { who, time };
  }

  /** A message of our own that is not acknowledged. */
  addOutgoing(outgoing: OutgoingMessage): void {
    const { state, words, view, dispatch } = this.#app, me = this.#me, role = shownRole(state.roles.get(me)?.role);
    const { text, time, replyTo, file } = outgoing, answers = replyTo === undefined ? {} : { replyTo };
    const files = file === undefined ? {} : { file: { name: file.name, size: file.size } };
    const message = { from: me, text, time, ...(role === undefined ? {} : { role }), ...answers, ...files };
    const who = JSON.stringify([me, role, undefined, true]);
    this.#addDay(time);
    this.all.push(
      <MessageRow
        key={`${me} ${time}`}
        first={this.#isFirst(who, time)}
        own
        {...{ message, me, words, language: view.language, dispatch }}
        quoted={this.#quoted(replyTo)}
        alone={false}
      >
        <DeliveryStatus app={this.#app} conversation={this.#conversation.key} of={outgoing} />
      </MessageRow>,
    );
    this.#last = { who, time };
  }

  /** The message that a reply answers; what an ignored person has written stays hidden. */
  #quoted(id: number | undefined): Quoted {
    if (id === undefined) return undefined;
    const { quotes } = this.#conversation, message = messageOf(this.#conversation, id);
    if (message === undefined) return quotes.get(id);
    return isIgnored(this.#app.state, message.from) ? undefined : message;
  }

  /** The gap between an old segment and the newest messages. */
  addGap(isLoading: boolean): void {
    const { words, dispatch } = this.#app;
    this.#last = undefined;
    this.all.push(
      <li class="gap" key="gap" aria-busy={isLoading}>
        <button type="button" onClick={() => dispatch({ on: "fillGap", side: "after" })}>{words.fillAfter}</button>
        <span>{isLoading ? words.loading : words.gap}</span>
        <button type="button" onClick={() => dispatch({ on: "fillGap", side: "before" })}>{words.fillBefore}</button>
      </li>,
    );
  }

  /** The line above new messages. */
  #addMark(): void {
    this.#isMarked = true;
    this.#last = undefined;
    this.all.push(
      <li class="line fresh" key="fresh">
        <span>{this.#app.words.fresh}</span>
      </li>,
    );
  }

  /** The day, if the last message is of another one. */
  #addDay(time: number): void {
    if (this.#last !== undefined && sameDay(this.#last.time, time)) return;
    this.#last = undefined;
    this.all.push(
      <li class="line day" key={`day ${time}`}>
        <span>{dayOf(time, this.#now, this.#app.view.language)}</span>
      </li>,
    );
  }

  /** Whether a message begins a group. */
  #isFirst(who: string, time: number): boolean {
    return this.#last?.who !== who || Math.abs(time - this.#last.time) > GROUP;
  }
}

/** The status of a message without an answer. */
export function DeliveryStatus(
  { app, conversation, of: { state, time, reason, text } }: { app: App; conversation: string; of: OutgoingMessage },
): JSX.Element {
  const { words, view, dispatch } = app;
  if (state !== "refused" && state !== "unsure") {
    return <span class="fate">{app.state.isReady && state === "sent" ? words.sending : words.waiting}</span>;
  }
  return (
    <div class="fate bad" role="alert">
      <span>{state === "unsure" ? words.unsure : `${words.refused}. ${withClock(reason ?? "", view.language)}`}</span>
      <button type="button" onClick={() => dispatch({ on: "resend", key: conversation, time })}>{words.again}</button>
      <button type="button" aria-label={`${words.drop}: ${text.slice(0, 40)}`} onClick={() => drop()}>
        {words.drop}
      </button>
    </div>
  );
  function drop(): void {
    dispatch({ on: "discard", key: conversation, time });
    app.focusField();
  }
}
