/** The quick switcher: finds a room or a person by a few letters, or creates a room. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { isRoom } from "../conversation.ts";
import { isComposing } from "./composing.ts";
import { roomTitle, useApp } from "./context.ts";
import { RoomSign } from "./conversation_list.tsx";
import { Dialog } from "./dialog.tsx";
import { findPlaces } from "./find_places.ts";
import { Avatar, Badge } from "./icons.tsx";

export function QuickSwitcher(): JSX.Element {
  const { state, words, dispatch, updateView, focusField } = useApp();
  const [text, setText] = useState(""), [picked, pick] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  // A layout effect runs before the next key press, so the first letter after Ctrl K arrives here.
  useLayoutEffect(() => {
    dispatch({ on: "refreshLists" });
    input.current!.focus();
  }, []);

  const [known, others] = findPlaces(text.trim(), state, words);
  const places = [...known, ...others];
  // Only a known name is preselected: a typing error and Enter create no room.
  const chosen = picked !== undefined && places.includes(picked) ? picked : known[0];

  function go(key: string | undefined): void {
    if (key === undefined) return;
    updateView({ dialog: undefined });
    dispatch({ on: "open", key });
    focusField();
  }

  function pressed(event: KeyboardEvent): void {
    if (isComposing(event)) return;
    if (event.key === "Enter") go(chosen);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") pick(neighbour(places, chosen, event.key));
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
      <Options {...{ places, chosen, others, go }} />
      {state.hasAccount && (
        <button type="button" onClick={() => updateView({ dialog: "group" })}>{words.newGroup}</button>
      )}
    </Dialog>
  );
}

/** @param others names that are not known: they would be created or looked for */
function Options({ places, chosen, others, go }: {
  places: readonly string[];
  chosen: string | undefined;
  others: readonly string[];
  go: (key: string) => void;
}): JSX.Element {
  const { words } = useApp();
  return (
    <ul id="found" role="listbox" aria-label={words.goTo} class="options">
      {places.map((key, index) => (
        <Option
          key={key}
          id={`found-${index}`}
          name={key}
          isChosen={key === chosen}
          isNew={others.includes(key)}
          choose={() => go(key)}
        />
      ))}
    </ul>
  );
}

/** The place below or above the chosen one. */
function neighbour(
  places: readonly string[],
  chosen: string | undefined,
  key: "ArrowDown" | "ArrowUp",
): string | undefined {
  const at = chosen === undefined ? -1 : places.indexOf(chosen);
  return key === "ArrowDown" ? places[(at + 1) % places.length] : places.at(Math.max(at, 0) - 1);
}

/** A room or a person. `isNew`: it is not known, and would be created or looked for. */
function Option({ id, name, isChosen, isNew, choose }: {
  id: string;
  name: string;
  isChosen: boolean;
  isNew: boolean;
  choose: () => void;
}): JSX.Element {
  const { state, words } = useApp();
  return (
    <li id={id} role="option" aria-selected={isChosen} class="place" data-key={name} onClick={choose}>
      {isNew
        ? <span class="hash" aria-hidden="true">+</span>
        : isRoom(name)
        ? <RoomSign room={name} isGroup={state.roomInfo.get(name)?.users !== undefined} />
        : <Avatar name={name} here={state.online.has(name)} />}
      <bdi class="name">
        {!isNew
          ? roomTitle(state, name, words).replace(/^#/, "")
          : isRoom(name)
          ? words.goMake(name)
          : words.goUnknown(name)}
      </bdi>
      {!isRoom(name) && <Badge words={words} {...state.roles.get(name)} />}
      <span class="quiet small">{isRoom(name) ? words.goJoin : words.goPerson}</span>
    </li>
  );
}
