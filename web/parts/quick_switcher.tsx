/** The quick switcher: finds a room or a person by a few letters, or creates a room. */
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

/** The most options that are shown; typing narrows them down. */
const MOST_OPTIONS = 50;
/** The rank of a name that does not match. */
const NO_MATCH = 9;

export function QuickSwitcher(): JSX.Element {
  const { state, words, dispatch, updateView, focusField } = useApp();
  const [text, setText] = useState(""), [picked, pick] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  // A layout effect runs before the next key press, so the first letter after Ctrl K arrives here.
  useLayoutEffect(() => {
    dispatch({ on: "refreshLists" });
    input.current!.focus();
  }, []);

  const [known, others] = found(text.trim(), state, words);
  const places = [...known, ...others];
  // Only a known name is preselected: a typing error and Enter create no room.
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

/** Known names that match, and names that could be created. */
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
  // A full name may exist and be unknown here: an account that is offline, or a room to create.
  // The room comes first, since people online are in the list already.
  const more = [`#${name}`, ...(typed.startsWith("#") || people.has(name) ? [] : [name])];
  const known = new Set(all.map(nameKey));
  return [fitting.slice(0, MOST_OPTIONS), more.filter((key) => !known.has(nameKey(key)))];
}

/** The rank of a name: equal, then a prefix, then a match inside. */
function rank(key: string, typed: string, words: Words): number {
  const sought = nameKey(typed);
  const at = [key, key.replace(/^#/, ""), titleOf(key, words)].map((name) => {
    const place = nameKey(name).indexOf(sought);
    return place < 0 ? NO_MATCH : place > 0 ? 3 : name.length > typed.length ? 2 : name === key ? 0 : 1;
  });
  return Math.min(...at);
}
