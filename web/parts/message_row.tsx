/** One message: its author, its text, its time and what others did with it. Each part of it is a file of its own. */
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import type { ChatMessage, Edited } from "../conversation.ts";
import type { App } from "./context.ts";
import type { Event } from "../model/state.ts";
import { pieces } from "../text.ts";
import { clockOf, dateOf, momentOf } from "../formats.ts";
import type { Words } from "../words.ts";
import { EditForm } from "./edit_form.tsx";
import { Avatar, Badge, colourOf, IconButton } from "./icons.tsx";
import { MessageActions, showThread } from "./message_actions.tsx";
import { MessageFileView } from "./message_file.tsx";
import { MessageText } from "./message_text.tsx";
import { PersonButton } from "./person_button.tsx";
import { Quote, type Quoted } from "./quote.tsx";
import { Reactions } from "./reactions.tsx";

/** A row names nothing that changes with each drawing: rows are drawn again only when one of these differs. */
export interface RowProps {
  readonly message: ChatMessage;
  /** The user's own name. */
  readonly me: string;
  readonly own: boolean;
  /** It begins a group of one sender's messages. */
  readonly first: boolean;
  /** The conversation has one other person. */
  readonly alone: boolean;
  /** A word beside the time. */
  readonly note?: string | undefined;
  /** The message that it answers. */
  readonly quoted?: Quoted;
  /** It is edited. */
  readonly editing?: Edited | undefined;
  /** It can be answered and changed. */
  readonly canChange?: boolean;
  /** How many replies it begins. */
  readonly replies?: number | undefined;
  /** The device has no pointer that hovers: a button shows what can be done. */
  readonly isTouch?: boolean;
  readonly words: Words;
  readonly language: "en" | "ru";
  /** Opens a picture, and the thread. */
  readonly updateView?: App["updateView"];
  readonly dispatch: (event: Event) => void;
  readonly children?: ComponentChildren;
}

export function MessageRow(props: RowProps): JSX.Element {
  const { message, me, own, first, alone, quoted, editing, canChange, isTouch, words, language, dispatch } = props;
  const { replies, updateView } = props;
  const { id, from, guest, text, replyTo, file, isDeleted } = message;
  const named = !own && pieces(text, me).some(({ mention }) => mention);
  // A private conversation with a guest's name is shared by all guests of that name, so each shows a number.
  const isShown = first && !own && (!alone || guest !== undefined);
  const { isActive, handlers, show } = useActive(isTouch === true);
  const hasActions = canChange && !isDeleted && editing === undefined && id !== undefined;
  return (
    <li
      class={`said ${own ? "own" : ""} ${first ? "first" : ""} ${named ? "named" : ""} ${isActive ? "active" : ""}`}
      data-id={id}
      tabIndex={-1}
      {...handlers}
    >
      {!own && !alone &&
        (first ? <Avatar name={from} hue={hueOf(message)} /> : <span class="face" aria-hidden="true" />)}
      <div class="column">
        <div class="bubble">
          <Author {...{ message, words, isShown }} />{" "}
          {replyTo !== undefined && <Quote id={replyTo} {...{ quoted, words, dispatch }} />}
          {isDeleted
            ? <p class="text gone">{words.deleted}</p>
            : editing !== undefined
            ? <EditForm {...editing} />
            : (text !== "" || file === undefined) && <MessageText text={text} me={me} />}
          {file !== undefined && (
            <MessageFileView
              {...{ file, language }}
              view={(picture) => updateView?.({ dialog: { picture } })}
            />
          )} {editing === undefined && <Tail {...props} />}
          {props.children}
        </div>
        {replies !== undefined && (
          <button
            type="button"
            class="replies"
            onClick={() => showThread({ dispatch, updateView: updateView! }, id!)}
          >
            {words.replies(replies)}
          </button>
        )}
        <Reactions {...{ message, me, words, language }} dispatch={canChange ? dispatch : undefined} />
        {hasActions && isActive && <MessageActions message={message} />}
      </div>
      {hasActions && isTouch && <IconButton of="smile" label={words.actions} click={show} />}
    </li>
  );
}

/**
 * Whether the row is under the pointer, has the focus of the keyboard, or was touched.
 *
 * @param isTouch a browser makes moves of a mouse from touches, which are none
 */
function useActive(isTouch: boolean) {
  const [isHovered, setHovered] = useState(false), [hasFocus, setFocus] = useState(false);
  function show(event: MouseEvent): void {
    (event.target as HTMLElement).closest("li")?.focus({ preventScroll: true });
    setFocus(true);
  }
  const handlers = {
    onPointerEnter: (event: PointerEvent) => event.pointerType === "mouse" && !isTouch && setHovered(true),
    onPointerLeave: () => setHovered(false),
    onFocusIn: (event: FocusEvent) => (event.target as HTMLElement).matches(":focus-visible") && setFocus(true),
    onFocusOut: ({ currentTarget, relatedTarget }: FocusEvent) =>
      (currentTarget as HTMLElement).contains(relatedTarget as Node | null) || setFocus(false),
    onClick: (event: MouseEvent) =>
      (event as PointerEvent).pointerType === "touch" && (event.target as HTMLElement).closest("a, button, form") ===
        null &&
      show(event),
  };
  return { isActive: isHovered || hasFocus, handlers, show };
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

/** The time, and whether the text was changed since. */
function Tail({ message: { time, edited, isDeleted }, note, words, language }: RowProps): JSX.Element {
  const changed = edited === undefined || isDeleted ? undefined : dateOf(edited);
  return (
    <span class="tail">
      {note !== undefined && <span class="note">{note}</span>}
      {changed !== undefined && (
        <span class="note" title={momentOf(changed, language, Date.now() / 1000)}>{words.edited}</span>
      )}
      <time dateTime={dateOf(time)?.toISOString()}>{clockOf(time, language)}</time>
    </span>
  );
}

/** The text that gives a sender's colour: guests of one name have different ones. */
function hueOf({ from, guest }: ChatMessage): string {
  return guest === undefined ? from : `${from} ${guest}`;
}
