/**
 * Completes shortcodes in the message field: `:tad` offers 🎉, and `:tada:` becomes it at once. Up and down choose, Tab
 * or Enter takes, Escape closes the list.
 */
import type { JSX, RefObject } from "preact";
import { useState } from "preact/hooks";
import { emojiByCode } from "../../client/emoji/table.ts";
import { loadEmoji } from "../emoji.ts";
import { useApp } from "./context.ts";
import { emojiUsed } from "./latest_emoji.ts";

/** The most emoji that are offered. */
const MOST = 7;
/** A shortcode before the caret, behind a space or a bracket: `10:30` has none. */
const CODE = /(?<=^|[\s(])(:[a-z0-9_+-]{2,})(:?)$/i;

interface Offer {
  readonly found: readonly { readonly emoji: string; readonly code: string }[];
  readonly at: number;
}

/** What the message field needs: attributes, and what to do at each key and each change of its text. */
export interface Completion {
  readonly offer: Offer | undefined;
  /** Whether the key was for the list. */
  pressed(event: KeyboardEvent): boolean;
  typed(): Promise<void>;
  take(at: number): void;
  close(): void;
}

export function useCompletion(field: RefObject<HTMLTextAreaElement | null>): Completion {
  const [offer, setOffer] = useState<Offer>();

  async function typed(): Promise<void> {
    const [, start = "", end] = codeBefore(field.current!) ?? [];
    if (start === "") return setOffer(undefined);
    const groups = await loadEmoji();
    if (field.current === null || groups === undefined || codeBefore(field.current)?.[1] !== start) return;
    const found = emojiByCode(groups, start.slice(1));
    const equal = found.find(({ code }) => code === start.slice(1).toLowerCase());
    if (end === ":") return equal === undefined ? setOffer(undefined) : put(equal.emoji);
    setOffer(found.length === 0 ? undefined : { found: found.slice(0, MOST), at: 0 });
  }

  function put(emoji: string): void {
    const box = field.current!, [whole = ""] = codeBefore(box) ?? [], end = box.selectionStart;
    setOffer(undefined);
    emojiUsed(emoji);
    box.setRangeText(`${emoji} `, end - whole.length, end, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function pressed({ key, shiftKey }: KeyboardEvent): boolean {
    if (offer === undefined) return false;
    const { found, at } = offer, step = key === "ArrowDown" ? 1 : key === "ArrowUp" ? -1 : 0;
    if (step !== 0) setOffer({ found, at: (at + step + found.length) % found.length });
    else if ((key === "Tab" || key === "Enter") && !shiftKey) put(found[at]!.emoji);
    else if (key === "Escape") setOffer(undefined);
    else return false;
    return true;
  }

  return { offer, pressed, typed, take: (at) => put(offer!.found[at]!.emoji), close: () => setOffer(undefined) };
}

function codeBefore({ value, selectionStart, selectionEnd }: HTMLTextAreaElement): RegExpExecArray | null {
  return selectionStart === selectionEnd ? CODE.exec(value.slice(0, selectionStart)) : null;
}

/** The emoji that are offered, above the message field. */
export function CompletionList({ completion: { offer, take } }: { completion: Completion }): JSX.Element | null {
  const { words } = useApp();
  if (offer === undefined) return null;
  return (
    <ul class="offers" id="offers" role="listbox" aria-label={words.emoji}>
      {offer.found.map(({ emoji, code }, at) => (
        <li
          key={code}
          id={`offer-${at}`}
          role="option"
          aria-selected={at === offer.at}
          onPointerDown={(event) => {
            event.preventDefault(); // the field keeps the focus
            take(at);
          }}
        >
          <span class="emoji">{emoji}</span> :{code}:
        </li>
      ))}
    </ul>
  );
}
