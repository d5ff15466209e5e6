/**
 * Chooses an emoji: by a search in English or Russian, from those used last, or from all. The arrow keys move in the
 * grid; a letter goes back to the search.
 */
import type { JSX, RefObject } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Emoji, type EmojiGroup, searchEmoji } from "../../client/emoji/table.ts";
import { useEmoji } from "../emoji.ts";
import { isComposing } from "./composing.ts";
import { isTouch, useApp } from "./context.ts";
import { emojiUsed, latestEmoji } from "./latest_emoji.ts";
import { usePressBeside } from "./use_press_beside.ts";

/** Columns of the grid, as the style sheet has them. */
const COLUMNS = 8;
/** The number of the section with the emoji used last; those of Unicode are in the table. */
const LATEST = -1;
/** Pixels between the picker and what it is beside. */
const GAP = 8;

/**
 * @param beside what it is shown beside, where there is room
 * @param choose is given the emoji, and closes the picker
 * @param close closes it without a choice
 */
export function EmojiPicker({ beside, choose, close }: {
  beside: string;
  choose: (emoji: string) => void;
  close: () => void;
}): JSX.Element {
  const { words } = useApp();
  const dialog = useRef<HTMLDialogElement>(null),
    grid = useRef<HTMLDivElement>(null),
    input = useRef<HTMLInputElement>(null);
  const groups = useEmoji(), [query, search] = useState(""), [shown, preview] = useState<Emoji>();
  const sections = useMemo(() => sectionsOf(groups ?? [], query), [groups, query]);

  const pressBeside = usePressBeside(dialog, close);
  usePlace(dialog, beside);
  useLayoutEffect(() => {
    if (!isTouch()) input.current!.focus(); // there it would bring the keyboard, over half of the picker
  }, []);

  function chosen(emoji: string): void {
    emojiUsed(emoji);
    choose(emoji);
  }

  function pressed(event: KeyboardEvent): void {
    if (isComposing(event)) return;
    event.stopPropagation();
    if (event.key !== "Escape") return moveFocus(event, grid.current!, input.current!);
    event.preventDefault(); // in a field with a text the browser would only empty it
    close();
  }

  return (
    <dialog
      ref={dialog}
      class="picker"
      aria-label={words.chooseEmoji}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      {...pressBeside}
      onKeyDown={pressed}
    >
      <SearchField
        input={input}
        search={(text) => {
          search(text);
          preview(undefined);
        }}
      />
      {query === "" && <GroupButtons sections={sections} grid={grid} />}
      <div class="grid" ref={grid}>
        {sections.length === 0 && (
          <p class="quiet small" role="status">{groups === undefined ? words.loading : words.noEmoji}</p>
        )}
        {sections.map((section, at) => (
          <Section key={section.number} section={section} isFirst={at === 0} {...{ preview, chosen }} />
        ))}
      </div>
      <Preview shown={shown} />
    </dialog>
  );
}

/** Shows the picker beside an element, where there is room. */
function usePlace(dialog: RefObject<HTMLDialogElement | null>, beside: string): void {
  useLayoutEffect(() => {
    const toPlace = () => place(dialog.current!, document.querySelector(beside));
    dialog.current!.showModal();
    toPlace();
    addEventListener("resize", toPlace); // a phone that is turned
    return () => removeEventListener("resize", toPlace);
  }, []);
}

function SearchField({ input, search }: {
  input: RefObject<HTMLInputElement | null>;
  search: (text: string) => void;
}): JSX.Element {
  const { words } = useApp();
  return (
    <input
      ref={input}
      type="search"
      aria-label={words.searchEmoji}
      placeholder={words.searchEmoji}
      onInput={(event) => search(event.currentTarget.value)}
    />
  );
}

/** Buttons that scroll to the groups. */
function GroupButtons({ sections, grid }: {
  sections: readonly EmojiGroup[];
  grid: RefObject<HTMLDivElement | null>;
}): JSX.Element {
  const { words } = useApp();
  return (
    <nav class="groups" aria-label={words.emojiGroups}>
      {sections.map(({ number, emoji: [first] }) => (
        <button
          key={number}
          type="button"
          class="icon emoji"
          aria-label={words.emojiGroup(number)}
          title={words.emojiGroup(number)}
          onClick={() => grid.current!.querySelector(`[data-group="${number}"]`)?.scrollIntoView({ block: "start" })}
        >
          {number === LATEST ? "🕘" : first?.emoji}
        </button>
      ))}
    </nav>
  );
}

/** A group of emoji. Tab reaches the first one of the grid, and the arrow keys the others. */
function Section({ section: { number, emoji }, isFirst, preview, chosen }: {
  section: EmojiGroup;
  isFirst: boolean;
  preview: (emoji: Emoji) => void;
  chosen: (emoji: string) => void;
}): JSX.Element {
  const { words, view } = useApp();
  return (
    <section data-group={number} aria-label={words.emojiGroup(number)}>
      <h3 aria-hidden="true">{words.emojiGroup(number)}</h3>
      <div class="cells">
        {emoji.map((each, at) => (
          <button
            key={each.emoji}
            type="button"
            class="icon emoji"
            tabIndex={isFirst && at === 0 ? 0 : -1}
            aria-label={nameOf(each, view.language)}
            onFocus={() => preview(each)}
            onPointerEnter={() => preview(each)}
            onClick={() => chosen(each.emoji)}
          >
            {each.emoji}
          </button>
        ))}
      </div>
    </section>
  );
}

/** The emoji under the pointer or the focus, and its name. */
function Preview({ shown }: { shown: Emoji | undefined }): JSX.Element {
  const { words, view } = useApp();
  return (
    <p class="preview" aria-hidden="true">
      <span class="emoji">{shown?.emoji ?? "☝️"}</span>
      <span>
        <b>{shown === undefined ? words.chooseEmoji : nameOf(shown, view.language)}</b>
        <span class="quiet small">{shown?.codes[0] && `:${shown.codes[0]}:`}</span>
      </span>
    </p>
  );
}

/** The emoji used last and all others; or what a search has found, in one section. */
function sectionsOf(groups: readonly EmojiGroup[], query: string): readonly EmojiGroup[] {
  const all = groups.flatMap(({ emoji }) => emoji);
  if (query.trim() !== "") {
    const emoji = searchEmoji(groups, query);
    return emoji.length === 0 ? [] : [{ number: -2, emoji }];
  }
  if (all.length === 0) return [];
  const latest = latestEmoji().flatMap((used) => all.find(({ emoji }) => emoji === used) ?? []);
  return [{ number: LATEST, emoji: latest }, ...groups];
}

/** The name of an emoji: a shortcode of letters, since keywords are no sentence. */
function nameOf({ codes, english, russian }: Emoji, language: "en" | "ru"): string {
  return language === "ru" && russian !== ""
    ? firstWords(russian)
    : codes.find((code) => /^[a-z]{2}/.test(code))?.replaceAll("_", " ") ?? firstWords(english);
}

function firstWords(text: string): string {
  return text.split(" ", 3).join(" ");
}

/** Moves in the grid, chooses the first emoji from the search, or goes back there with a letter. */
function moveFocus(event: KeyboardEvent, grid: HTMLElement, search: HTMLElement): void {
  const buttons = [...grid.querySelectorAll<HTMLElement>("button")];
  const at = buttons.indexOf(document.activeElement as HTMLElement);
  if (at < 0 && event.key === "Enter" && buttons[0] !== undefined) buttons[0].click();
  else if (at < 0 && event.key !== "ArrowDown") return;
  else if (at >= 0 && event.key.length === 1 && event.key !== " ") return search.focus();
  else {
    const to = target(event.key, at, grid);
    if (to === undefined) return;
    (to === "search" ? search : to).focus();
  }
  event.preventDefault();
}

/** The button that an arrow key leads to; each section begins a row of its own. */
function target(key: string, at: number, grid: HTMLElement): HTMLElement | "search" | undefined {
  const rows = [...grid.querySelectorAll(".cells")].flatMap((cells) => {
    const buttons = [...cells.children] as HTMLElement[];
    return Array.from(
      { length: Math.ceil(buttons.length / COLUMNS) },
      (_, row) => buttons.slice(row * COLUMNS, (row + 1) * COLUMNS),
    );
  });
  const all = rows.flat(), current = all[at];
  if (current === undefined) return all[0];
  const row = rows.findIndex((each) => each.includes(current)), column = rows[row]!.indexOf(current);
  switch (key) {
    case "ArrowLeft":
      return all[at - 1];
    case "ArrowRight":
      return all[at + 1];
    case "ArrowUp":
      return row === 0 ? "search" : rows[row - 1]![column] ?? rows[row - 1]!.at(-1);
    case "ArrowDown":
      return rows[row + 1]?.[column] ?? rows[row + 1]?.at(-1);
    case "Home":
      return rows[row]![0];
    case "End":
      return rows[row]!.at(-1);
  }
  return undefined;
}

/** Puts the picker above or below its message or field; on a phone the style sheet has it at the bottom. */
function place({ style, offsetWidth, offsetHeight }: HTMLElement, beside: Element | null): void {
  style.cssText = "";
  if (beside === null || innerWidth < 768) return;
  const { top, bottom, left, right } = beside.getBoundingClientRect();
  const isLeft = left + right < innerWidth;
  const x = isLeft ? left : right - offsetWidth, above = top - offsetHeight - GAP;
  style.left = `${Math.max(GAP, Math.min(x, innerWidth - offsetWidth - GAP))}px`;
  style.top = `${above >= GAP ? above : Math.max(GAP, Math.min(bottom + GAP, innerHeight - offsetHeight - GAP))}px`;
  style.margin = "0";
}
