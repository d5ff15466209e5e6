/** The first words of the message that a reply answers; a click shows that message. */
import type { JSX } from "preact";
import type { ChatMessage } from "../conversation.ts";
import type { Event } from "../model/state.ts";
import type { Words } from "../words.ts";
import { colourOf } from "./icons.tsx";

/** Characters of a message that are quoted: the rest is cut off by the width. */
const QUOTED = 160;

/** A quoted message: `undefined` until it is loaded, `null` if it is not there. */
export type Quoted = ChatMessage | null | undefined;

export function Quote({ id, quoted, words, dispatch }: {
  id: number;
  quoted: Quoted;
  words: Words;
  dispatch: (event: Event) => void;
}): JSX.Element {
  const text = quotedText(quoted, words), isThere = quoted && !quoted.isDeleted;
  return (
    <button type="button" class="quote" onClick={() => dispatch({ on: "jumpTo", id })} disabled={quoted === null}>
      <span class="unseen">{words.inReplyTo}</span>
      {isThere && (
        <b class={colourOf(quoted.guest === undefined ? quoted.from : `${quoted.from} ${quoted.guest}`)}>
          <bdi>{quoted.from}</bdi>
        </b>
      )} <span class={isThere ? undefined : "gone"} dir="auto">{text}</span>
    </button>
  );
}

/** The first line of a quoted message, or why there is none. */
export function quotedText(quoted: Quoted, words: Words): string {
  if (quoted === undefined) return "…";
  if (quoted === null) return words.lost;
  if (quoted.isDeleted) return words.deleted;
  return quoted.text.trim().split("\n", 1)[0]!.slice(0, QUOTED);
}
