/** The settings: language, theme, a password for the name, ignored people, keyboard shortcuts, and logging out. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { COMMON_ROOM } from "../../jim/message.ts";
import { MIN_PASSWORD } from "../../jim/limits.ts";
import { AccountSettings } from "./account_settings.tsx";
import { isOperator } from "../model/moderation.ts";
import { useApp } from "./context.ts";
import { Dialog } from "./dialog.tsx";
import { Icon } from "./icons.tsx";
import { NotificationSettings } from "./notification_settings.tsx";
import { Bots, Hooks } from "./programs.tsx";
import { LanguageChoice, ThemeChoice } from "./preferences.tsx";
import { StatusForm } from "./status_form.tsx";

export function SettingsDialog(): JSX.Element {
  const { state, words, rules, dispatch, updateView } = useApp();
  return (
    <Dialog title={words.settings}>
      {state.hasAccount && <StatusForm />}
      <section>
        <h3>{words.language}</h3>
        <LanguageChoice />
      </section>
      <section>
        <h3>{words.theme}</h3>
        <ThemeChoice />
      </section>
      <NotificationSettings />
      {!state.hasAccount && rules.registration && <KeepName />}
      {state.hasAccount && <AccountSettings />}
      {isOperator(state) && <Bots />}
      {isOperator(state) && <Hooks room={COMMON_ROOM} />}
      {state.ignored.size > 0 && <IgnoredPeople />}
      <section>
        <h3>{words.saveConversation}</h3>
        <button type="button" onClick={() => updateView({ dialog: "transcript" })}>{words.chooseConversation}</button>
      </section>
      <KeyList />
      <button type="button" class="danger" onClick={() => dispatch({ on: "quit" })}>
        <Icon of="leave" />
        <span>{state.me!.token === undefined ? words.quit : words.logOut}</span>
      </button>
    </Dialog>
  );
}

/** Makes the name of a guest an account. */
function KeepName(): JSX.Element {
  const { state, words, dispatch, updateView } = useApp();
  const [password, setPassword] = useState("");
  return (
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
          minLength={MIN_PASSWORD}
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
  );
}

/** Lists the people that are ignored. */
function IgnoredPeople(): JSX.Element {
  const { state, words, dispatch } = useApp();
  return (
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
  );
}

/** Lists the keys. */
function KeyList(): JSX.Element {
  const { words } = useApp();
  return (
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
            <kbd>↑</kbd> <kbd>↓</kbd>
          </dt>
          <dd>{words.keyMessage}</dd>
        </div>
        <div>
          <dt>
            <kbd>R</kbd> <kbd>E</kbd> <kbd>T</kbd> <kbd>+</kbd> <kbd>Del</kbd>
          </dt>
          <dd>{words.keyActions}</dd>
        </div>
        <div>
          <dt>
            <kbd>Esc</kbd>
          </dt>
          <dd>{words.keyBack}</dd>
        </div>
      </dl>
    </section>
  );
}
