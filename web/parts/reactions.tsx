/** The reactions to a message, each with its count and names; a click adds one's own or takes it away. */
import type { JSX } from "preact";
import type { ChatMessage } from "../conversation.ts";
import type { Event } from "../model/state.ts";
import type { Language } from "../../jim/explain.ts";
import type { Words } from "../words.ts";

export function Reactions({ message, me, words, language, dispatch }: {
  message: ChatMessage;
  me: string;
  words: Words;
  language: Language;
  /** Missing where nothing can be changed. */
  dispatch: ((event: Event) => void) | undefined;
}): JSX.Element | null {
  const { id, reactions } = message;
  if (reactions === undefined || id === undefined) return null;
  return (
    <ul class="reactions" aria-label={words.reactions}>
      {reactions.map(({ emoji, count, names }) => {
        const mine = names.includes(me), label = namesOf(names, count, me, words, language);
        return (
          <li key={emoji}>
            <button
              type="button"
              aria-pressed={mine}
              aria-label={`${emoji} ${count}: ${label}`}
              data-names={label}
              onClick={() =>
                dispatch?.({ on: "change", change: { action: "reaction", of: id, text: emoji, is: !mine } })}
            >
              <span class="emoji">{emoji}</span> {count}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** Who has reacted, in words: `Ann, Boris and 3 others`. */
function namesOf(names: readonly string[], count: number, me: string, words: Words, language: Language): string {
  const known = names.map((name) => name === me ? words.you : name);
  const all = count > names.length ? [...known, words.others(count - names.length)] : known;
  return new Intl.ListFormat(language).format(all);
}
