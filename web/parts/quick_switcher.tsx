/** The way to any room or person: what is typed finds what is there, and what could be made. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { COMMON_ROOM, isCommonRoom } from "../../jim/message.ts";
import { nameKey } from "../../jim/name.ts";
import { isRoom } from "../conversation.ts";
import type { State } from "../model/state.ts";
import type { Words } from "../words.ts";
import { isComposing } from "./composing.ts";
import { titleOf, useApp } from "./context.ts";
import { Dialog } from "./dialog.tsx";
import { Avatar, Badge } from "./icons.tsx";

/** More than these are found by typing on. */
const MOST_OPTIONS = 50;
/** The rank of what does not fit. */
const NO_MATCH = 9;

export function QuickSwitcher(): JSX.Element {
  const { state, words, dispatch, updateView, focusField } = useApp();
  const [text, setText] = useState(""), [picked, pick] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  // With the drawing and not after it: the first letter behind Ctrl K is typed here.
  useLayoutEffect(() => {
    dispatch({ on: "refreshLists" });
    input.current!.focus();
  }, []);

  const [known, others] = found(text.trim(), state, words);
  const places = [...known, ...others];
  // Only what is there is chosen by itself: a slip of the finger and Enter make no room.
  const chosen = picked !== undefined && places.includes(picked) ? picked : known[0];

  function go(key: string | undefined): void {
    if (key === undefined) return;
    dispatch({ on: "open", key });
    updateView({ dialog: undefined });
    focusField();
  }

  function pressed(event: KeyboardEvent): void {
    if (isComposing(event)) return;
    const at = chosen === undefined ? -1 : places.indexOf(chosen);
    if (event.key === "Enter") go(chosen);
    else if (event.key === "ArrowDown") pick(places[(at + 1) % places.length]);
    else if (event.key === "ArrowUp") pick(places.at(Math.max(at, 0) - 1));
    else return;
    event.preventDefault();
  }

  return (
    <Dialog title={words.goTo}>
      <input
        ref={input}
        role="combobox"
        aria-label={words.goTo}
        aria-expanded="true"
        aria-controls="found"
        aria-activedescendant={chosen === undefined ? undefined : `found-${places.indexOf(chosen)}`}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        dir="auto"
        value={text}
        placeholder="#"
        onInput={(event) => {
          setText(event.currentTarget.value);
          pick(undefined);
        }}
        onKeyDown={pressed}
      />
      <p class="quiet small" role="status">{known.length === 0 ? words.goNothing : words.goHint}</p>
      <ul id="found" role="listbox" aria-label={words.goTo} class="options">
        {places.map((key, index) => (
          <li
            key={key}
            id={`found-${index}`}
            role="option"
            aria-selected={key === chosen}
            class="place"
            data-key={key}
            onClick={() => go(key)}
          >
            {others.includes(key)
              ? <span class="hash" aria-hidden="true">+</span>
              : isRoom(key)
              ? <span class="hash" aria-hidden="true">#</span>
              : <Avatar name={key} here={state.online.has(key)} />}
            <bdi class="name">
              {!others.includes(key) ? titleOf(key, words) : isRoom(key) ? words.goMake(key) : words.goUnknown(key)}
            </bdi>
            {!isRoom(key) && <Badge words={words} {...state.roles.get(key)} />}
            <span class="quiet small">{isRoom(key) ? words.goJoin : words.goPerson}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

/** What is there, and what might be, or could be made. */
function found(typed: string, state: State, words: Words): [known: string[], others: string[]] {
  const people = new Set([
    ...state.online,
    ...state.contacts,
    ...[...state.conversations.keys()].filter((key) => !isRoom(key)),
  ]);
  people.delete(state.me!.name);
  const rooms = new Set([COMMON_ROOM, ...state.rooms, ...[...state.conversations.keys()].filter(isRoom)]);
  const all = [...rooms, ...[...people].sort()];
  const fitting = all.filter((key) => rank(key, typed, words) < NO_MATCH).sort((one, other) =>
    rank(one, typed, words) - rank(other, typed, words)
  );
  const name = typed.replace(/^#+/, "");
  if (name === "" || isCommonRoom(typed)) return [fitting.slice(0, MOST_OPTIONS), []];
  // What is typed in full may be there and not be known here: a room to be made, an account that is offline.
  // The room comes first: whoever is here is among the people already.
  const more = [`#${name}`, ...(typed.startsWith("#") || people.has(name) ? [] : [name])];
  const known = new Set(all.map(nameKey));
  return [fitting.slice(0, MOST_OPTIONS), more.filter((key) => !known.has(nameKey(key)))];
}

/** How well a place fits: it is what was typed, begins with it, has it somewhere. */
function rank(key: string, typed: string, words: Words): number {
  const sought = nameKey(typed);
  const at = [key, key.replace(/^#/, ""), titleOf(key, words)].map((name) => {
    const place = nameKey(name).indexOf(sought);
    return place < 0 ? NO_MATCH : place > 0 ? 3 : name.length > typed.length ? 2 : name === key ? 0 : 1;
  });
  return Math.min(...at);
}
