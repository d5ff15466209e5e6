/** One message: its author, its text and its time. Each part of it is a file of its own. */
import type { ComponentChildren, JSX } from "preact";
import type { ChatMessage } from "../conversation.ts";
import { pieces } from "../text.ts";
import { clockOf, dateOf, type Words } from "../words.ts";
import { Avatar, Badge, colourOf } from "./icons.tsx";
import { MessageText } from "./message_text.tsx";
import { PersonButton } from "./person_dialog.tsx";

/** What every part of a message may need. It names nothing that changes with each drawing. */
export interface RowProps {
  readonly message: ChatMessage;
  /** The user's own name. */
  readonly me: string;
  readonly own: boolean;
  readonly words: Words;
  readonly language: "en" | "ru";
}

/**
 * @param first the message begins a group of one sender's messages
 * @param alone the conversation has one other person
 * @param note a word beside the time
 */
export function MessageRow(
  { message, me, own, first, alone, note, words, language, children }: RowProps & {
    first: boolean;
    alone: boolean;
    note?: string | undefined;
    children?: ComponentChildren;
  },
): JSX.Element {
  const { id, from, guest, time, text } = message;
  const named = !own && pieces(text, me).some(({ mention }) => mention);
  // A private conversation with a guest's name is shared by all guests of that name, so each shows a number.
  const isShown = first && !own && (!alone || guest !== undefined);
  return (
    <li class={`said ${own ? "own" : ""} ${first ? "first" : ""} ${named ? "named" : ""}`} data-id={id}>
      {!own && !alone &&
        (first ? <Avatar name={from} hue={hueOf(message)} /> : <span class="face" aria-hidden="true" />)}
      <div class="bubble">
        <Author {...{ message, words, isShown }} /> <MessageText text={text} me={me} />{" "}
        <span class="tail">
          {note !== undefined && <span class="note">{note}</span>}
          <time dateTime={dateOf(time)?.toISOString()}>{clockOf(time, language)}</time>
        </span>
        {children}
      </div>
    </li>
  );
}

/** The author; screen readers find one in every message. */
function Author(
  { message, words, isShown }: { message: ChatMessage; words: Words; isShown: boolean },
): JSX.Element {
  const { from, role, guest } = message;
  return (
    <span class={isShown ? "author" : "unseen"}>
      <b class={isShown ? `from ${colourOf(hueOf(message))}` : undefined}>
        <bdi>{from}</bdi>
        <Badge {...{ words, role, guest }} />
        <span class="unseen">{isShown ? ":" : ": "}</span>
      </b>
      {isShown && <PersonButton name={from} />}
    </span>
  );
}

/** The text that gives a sender's colour: guests of one name have different ones. */
function hueOf({ from, guest }: ChatMessage): string {
  return guest === undefined ? from : `${from} ${guest}`;
}
