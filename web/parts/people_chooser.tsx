/** Chooses accounts: from those that are known, by a few letters, or by a whole name that is typed. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { nameKey } from "../../jim/name.ts";
import type { State } from "../model/state.ts";
import { useApp } from "./context.ts";
import { Avatar } from "./icons.tsx";

/** The most names that are shown; typing narrows them down. */
const MOST = 8;

/**
 * @param without names that cannot be chosen
 * @param least how many are needed
 * @param send if it resolves to false, the names stay for another try
 */
export function PeopleChooser({ label, without, least = 1, send }: {
  label: string;
  without: readonly string[];
  least?: number;
  send: (names: readonly string[]) => Promise<boolean> | void;
}): JSX.Element {
  const { state, words } = useApp();
  const [typed, type] = useState(""), [chosen, choose] = useState<readonly string[]>([]);
  const { found, isNew, exact } = accountsLike(typed.trim(), state, [state.me!.name, ...without], chosen);
  const names = [...chosen, ...isNew ? [typed.trim()] : exact === undefined ? [] : [exact]];

  function toggle(name: string, is: boolean): void {
    choose(is ? [...chosen, name] : chosen.filter((each) => each !== name));
    if (is) type("");
  }

  return (
    <form
      class="chooser"
      onSubmit={async (event) => {
        event.preventDefault();
        if (names.length < least || await send(names) === false) return;
        choose([]);
        type("");
      }}
    >
      <div class="row">
        <input
          type="text"
          aria-label={label}
          placeholder={words.namesHint}
          autocomplete="off"
          autocapitalize="none"
          value={typed}
          onInput={(event) => type(event.currentTarget.value)}
        />
        <button type="submit" aria-disabled={names.length < least}>{label}</button>
      </div>
      <ul class="names">
        {[...chosen, ...found.slice(0, MOST)].map((name) => (
          <li key={name}>
            <label class="check">
              <input
                type="checkbox"
                checked={chosen.includes(name)}
                onChange={(event) => toggle(name, event.currentTarget.checked)}
              />
              <Avatar name={name} here={state.online.has(name)} />
              <bdi class="name">{name}</bdi>
            </label>
          </li>
        ))}
      </ul>
    </form>
  );
}

/**
 * The known accounts that have these letters in their names, and the one with just this name. `isNew`: it is the name of none, and may be
 * of an account that is offline.
 */
function accountsLike(
  typed: string,
  { roles, contacts }: State,
  without: readonly string[],
  chosen: readonly string[],
) {
  const out = new Set(without.map(nameKey)), sought = nameKey(typed), is = (name: string) => nameKey(name) === sought;
  const accounts = [...roles].flatMap(([name, { role }]) => role === "account" || role === "operator" ? [name] : []);
  const known = [...new Set([...accounts, ...contacts])].filter((name) => !out.has(nameKey(name))).sort();
  const found = known.filter((name) => !chosen.includes(name) && nameKey(name).includes(sought));
  const isNew = typed !== "" && !out.has(sought) && ![...known, ...chosen].some(is);
  return { found, isNew, exact: found.find(is) };
}
