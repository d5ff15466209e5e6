/** The dialogs of the chat page: the quick switcher, the settings, a person, bans and mutes, the greeting. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Bans, type OrderDialog } from "../moderation/bans.tsx";
import { Greeting } from "../moderation/greeting.tsx";
import { inForce } from "../moderation/order.ts";
import { orderCatalogues } from "../moderation/words.ts";
import { isRoom } from "../conversation.ts";
import { titleOf, useApp } from "./context.ts";
import { isComposing } from "./composing.ts";
import { Dialog } from "./dialog.tsx";
import { Avatar, Badge, Icon } from "./icons.tsx";
import { PersonDialog } from "./person_dialog.tsx";
import { LanguageChoice, ThemeChoice } from "./preferences.tsx";

/** The most options that are shown; typing narrows them down. */
const MOST_OPTIONS = 50;
/** The rank of a name that does not match. */
const NO_MATCH = 9;

export function Dialogs(): JSX.Element | null {
  const { view } = useApp();
  const { dialog } = view;
  if (dialog === undefined) return null;
  if (typeof dialog === "object") return <PersonDialog key={dialog.about} name={dialog.about} />;
  if (dialog === "bans" || dialog === "greeting") return <ModerationDialogs of={dialog} />;
  return dialog === "go" ? <QuickSwitcher /> : <SettingsDialog />;
}

/** The dialogs that the class page has as well. */
function ModerationDialogs({ of }: { of: "bans" | "greeting" }): JSX.Element {
  const { state, words, view, dispatch, updateView } = useApp();
  useEffect(() => {
    if (of === "bans") dispatch({ on: of });
  }, []);
  const given: OrderDialog = {
    words: orderCatalogues[view.language],
    language: view.language,
    closeLabel: words.close,
    ordered: state.ordered,
    give: (order) => dispatch({ on: "order", order }),
    dismiss: () => dispatch({ on: "dismissOrder" }),
    close: () => updateView({ dialog: undefined }),
  };
  if (of === "greeting") return <Greeting {...given} text={state.greeting} />;
  return <Bans {...given} bans={state.bans && inForce(state.bans)} />;
}

function QuickSwitcher(): JSX.Element {
  const { state, words, dispatch, updateView, focusField } = useApp();
  const [text, setText] = useState(""), [picked, pick] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  // A layout effect runs before the next key press, so the first letter after Ctrl K arrives here.
  useLayoutEffect(() => {
    dispatch({ on: "refreshLists" });
    input.current!.focus();
  }, []);

  const [known, others] = found(text.trim());
  const places = [...known, ...others];
  // Only a known name is preselected: a typing error and Enter create no room.
  const chosen = picked !== undefined && places.includes(picked) ? picked : known[0];

  /** Known names that match, and names that could be created. */
  function found(typed: string): [known: string[], others: string[]] {
    const people = new Set([
      ...state.online,
      ...state.contacts,
      ...[...state.conversations.keys()].filter((key) => !isRoom(key)),
    ]);
    people.delete(state.me!.name);
    const rooms = new Set([COMMON_ROOM, ...state.rooms, ...[...state.conversations.keys()].filter(isRoom)]);
    const all = [...rooms, ...[...people].sort()];
    const fitting = all.filter((key) => rank(key, typed) < NO_MATCH).sort((one, other) =>
      rank(one, typed) - rank(other, typed)
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
  function rank(key: string, typed: string): number {
    const sought = nameKey(typed);
    const at = [key, key.replace(/^#/, ""), titleOf(key, words)].map((name) => {
      const place = nameKey(name).indexOf(sought);
      return place < 0 ? NO_MATCH : place > 0 ? 3 : name.length > typed.length ? 2 : name === key ? 0 : 1;
    });
    return Math.min(...at);
  }

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

function SettingsDialog(): JSX.Element {
  const { state, words, rules, dispatch, updateView } = useApp();
  const [password, setPassword] = useState("");
  return (
    <Dialog title={words.settings}>
      <section>
        <h3>{words.language}</h3>
        <LanguageChoice />
      </section>
      <section>
        <h3>{words.theme}</h3>
        <ThemeChoice />
      </section>
      {!state.hasAccount && rules.registration && (
        <section>
          <h3>{words.keepName}</h3>
          <p class="quiet small">{words.keepNameHint(state.me!.name)}</p>
          <form
            class="row"
            onSubmit={(event) => {
              event.preventDefault();
              dispatch({ on: "register", password });
              updateView({ dialog: undefined });
            }}
          >
            <input
              type="text"
              class="unseen"
              autocomplete="username"
              value={state.me!.name}
              readOnly
              tabIndex={-1}
              aria-hidden="true"
            />
            <input
              type="password"
              required
              minLength={8}
              aria-label={words.newPassword}
              placeholder={words.newPassword}
              autocomplete="new-password"
              value={password}
              onInput={(event) => setPassword(event.currentTarget.value)}
            />
            <button type="submit">{words.asNew}</button>
          </form>
          {!state.isReady && <p class="quiet small" role="status">{words.keepNameLater}</p>}
        </section>
      )}
      {state.ignored.size > 0 && (
        <section>
          <h3>{words.ignoredPeople}</h3>
          <ul class="bans">
            {[...state.ignored.values()].map((name) => (
              <li key={name}>
                <bdi>{name}</bdi>
                <button
                  type="button"
                  aria-label={`${words.unignore}: ${name}`}
                  onClick={() => dispatch({ on: "ignore", name, is: false })}
                >
                  {words.unignore}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h3>{words.keys}</h3>
        <dl class="keys">
          <div>
            <dt>
              <kbd>Ctrl K</kbd>
            </dt>
            <dd>{words.keyGo}</dd>
          </div>
          <div>
            <dt>
              <kbd>Alt ↑</kbd> <kbd>Alt ↓</kbd>
            </dt>
            <dd>{words.keyNext}</dd>
          </div>
          <div>
            <dt>
              <kbd>Enter</kbd>
            </dt>
            <dd>{words.keySend}</dd>
          </div>
          <div>
            <dt>
              <kbd>Esc</kbd>
            </dt>
            <dd>{words.keyBack}</dd>
          </div>
        </dl>
      </section>
      <button type="button" class="danger" onClick={() => dispatch({ on: "quit" })}>
        <Icon of="leave" />
        <span>{state.me!.token === undefined ? words.quit : words.logOut}</span>
      </button>
    </Dialog>
  );
}
