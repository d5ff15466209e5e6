/** One message: its author, its text with links and mentions, and its time. */
import type { JSX } from "preact";
import type { Role } from "../../client/protocol/event.ts";
import { pieces } from "../text.ts";
import { clockOf, dateOf, type Words } from "../words.ts";
import { Avatar, Badge, colourOf } from "./icons.tsx";
import { PersonButton } from "./person_dialog.tsx";

export function MessageRow(
  { id, from, role, guest, time, text, me, own, first, alone, note, words, language, children }: {
    id?: number | undefined;
    from: string;
    role?: Role | undefined;
    guest?: number | undefined;
    time: number;
    text: string;
    me: string;
    own: boolean;
    first: boolean;
    alone: boolean;
    note?: string | undefined;
    words: Words;
    language: "en" | "ru";
    // deno-lint-ignore no-explicit-any -- whatever can be shown
    children?: any;
  },
): JSX.Element {
  const parts = pieces(text, me);
  const named = !own && parts.some(({ mention }) => mention);
  // A private conversation with a guest's name is shared by all guests of that name, so each shows a number.
  const isShown = first && !own && (!alone || guest !== undefined);
  const hue = guest === undefined ? from : `${from} ${guest}`;
  return (
    <li class={`said ${own ? "own" : ""} ${first ? "first" : ""} ${named ? "named" : ""}`} data-id={id}>
      {!own && !alone && (first ? <Avatar name={from} hue={hue} /> : <span class="face" aria-hidden="true" />)}
      <div class="bubble">
        <span class={isShown ? "author" : "unseen"}>
          <b class={isShown ? `from ${colourOf(hue)}` : undefined}>
            <bdi>{from}</bdi>
            <Badge {...{ words, role, guest }} />
            <span class="unseen">{isShown ? ":" : ": "}</span>
          </b>
          {isShown && <PersonButton name={from} />}
        </span>{" "}
        <p class="text" dir="auto">
          {parts.map(({ text, href, mention }, at) =>
            href !== undefined
              ? (
                <a key={at} href={href} target="_blank" rel="noopener noreferrer">
                  <bdi>{text}</bdi>
                </a>
              )
              : mention
              ? <mark key={at}>{text}</mark>
              : text
          )}
        </p>{" "}
        <span class="tail">
          {note !== undefined && <span class="note">{note}</span>}
          <time dateTime={dateOf(time)?.toISOString()}>{clockOf(time, language)}</time>
        </span>
        {children}
      </div>
    </li>
  );
}
