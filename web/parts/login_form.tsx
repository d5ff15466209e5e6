/** The login form: one click for a guest, or a name and its password. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { JSX, RefObject } from "preact";
import type { Rules } from "../../jim/client/event.ts";
import type { Language } from "../../jim/explain.ts";
import type { Credentials, LoginMethod, State } from "../model/state.ts";
import { withClock } from "../formats.ts";
import { suggestName, type Words } from "../words.ts";
import { useApp } from "./context.ts";
import { Choice } from "./choice.tsx";
import { IconButton } from "./icons.tsx";
import { LanguageChoice, ThemeChoice } from "./preferences.tsx";

export function LoginForm(
  { name: given, method: begin }: { name: string | undefined; method: LoginMethod },
): JSX.Element {
  const { state, words, view, rules, retryAt, dispatch } = useApp();
  const ways = methodsOf(rules, words);
  const [method, setWay] = useState<LoginMethod>(begin in ways ? begin : "login");
  const [name, setName] = useState(given ?? suggestName(view.language, Math.random));
  const [secrets, setSecrets] = useState<Secrets>({ password: "", newPassword: "", isThisTabOnly: false });
  const first = useRef<HTMLInputElement>(null), secret = useRef<HTMLInputElement>(null);
  const own = useRef<HTMLInputElement>(null);
  const coming = state.stage === "entering";
  /** The password was for the first login of this name only. */
  const isOneTime = method === "login" && name.trim() === state.me?.name &&
    (state.needsNewPassword || (coming && state.me.newPassword !== undefined));
  /** A session token replaces the password. */
  const byToken = coming && state.me?.token !== undefined;
  const [hint, enter] = textsOf(method, words);
  useEffect(() => {
    if (!coming) (isOneTime ? own : given !== undefined && method !== "guest" ? secret : first).current?.focus();
  }, [coming]);
  useEffect(() => {
    performance.mark("ready"); // from here on one can type and click: what `deno task bench:page` measures
  }, []);

  function submit(event: Event): void {
    event.preventDefault();
    if (coming) return;
    dispatch({ on: "enter", me: credentialsOf(name.trim(), method, secrets, isOneTime) });
  }

  return (
    <main class="entrance">
      <form class="card" onSubmit={submit}>
        <Brand />
        {Object.keys(ways).length > 1 && (
          <Choice name="way" label={words.method} value={method} of={ways} choose={setWay} />
        )}
        <NameField input={first} name={name} setName={setName} canSuggest={method === "guest"} />
        {method !== "guest" && !byToken && (
          <SecretFields {...{ secrets, isOneTime, secret, own }} isNew={method === "register"} set={setSecrets} />
        )}
        <p class="refusal" role="alert">{refusalOf(state, words, view.language)}</p>
        {coming && retryAt !== undefined && <p role="status">{words.down(0)}</p>}
        <button type="submit" class="primary" disabled={coming}>
          {coming ? words.coming : enter}
        </button>
        {coming && <button type="button" onClick={() => dispatch({ on: "quit" })}>{words.cancel}</button>}
        <p class="quiet small">{hint}</p>
      </form>
      <footer class="wishes">
        <LanguageChoice />
        <ThemeChoice />
      </footer>
    </main>
  );
}

/** What is entered beside the name. */
interface Secrets {
  readonly password: string;
  /** It takes the place of a one-time password. */
  readonly newPassword: string;
  readonly isThisTabOnly: boolean;
}

function credentialsOf(name: string, method: LoginMethod, secrets: Secrets, isOneTime: boolean): Credentials {
  const { password, newPassword, isThisTabOnly } = secrets;
  if (method === "guest") return { name, method, password: "" };
  return {
    name,
    method,
    password,
    ...(isThisTabOnly ? { isThisTabOnly } : {}),
    ...(isOneTime ? { newPassword } : {}),
  };
}

/** The password, one's own beside a one-time password, and whether the login stays. */
function SecretFields({ secrets, isOneTime, isNew, secret, own, set }: {
  secrets: Secrets;
  isOneTime: boolean;
  isNew: boolean;
  secret: RefObject<HTMLInputElement | null>;
  own: RefObject<HTMLInputElement | null>;
  set: (change: (before: Secrets) => Secrets) => void;
}): JSX.Element {
  const { password, newPassword, isThisTabOnly } = secrets;
  const change = (to: Partial<Secrets>) => set((before) => ({ ...before, ...to }));
  return (
    <>
      <PasswordField
        input={secret}
        password={password}
        setPassword={(password) => change({ password })}
        isNew={isNew}
      />
      {isOneTime && (
        <PasswordField
          input={own}
          password={newPassword}
          setPassword={(newPassword) => change({ newPassword })}
          isOwn
          isNew
        />
      )}
      <StayField isThisTabOnly={isThisTabOnly} setThisTabOnly={(isThisTabOnly) => change({ isThisTabOnly })} />
    </>
  );
}

function Brand(): JSX.Element {
  const { words } = useApp();
  return (
    <>
      <h1 class="brand">
        <span class="logo" aria-hidden="true" />
        {words.title}
      </h1>
      <p class="quiet">{words.tagline}</p>
    </>
  );
}

/** The ways to log in that the server allows. */
function methodsOf(rules: Rules, words: Words): Partial<Record<LoginMethod, string>> {
  return {
    ...rules.guests ? { guest: words.asGuest } : {},
    login: words.asMember,
    ...rules.registration ? { register: words.asNew } : {},
  };
}

/** The hint, and the text of the button. */
function textsOf(method: LoginMethod, words: Words): [hint: string, enter: string] {
  switch (method) {
    case "guest":
      return [words.guestHint, words.enterGuest];
    case "login":
      return [words.memberHint, words.enterMember];
    case "register":
      return [words.newHint, words.enterNew];
  }
}

function NameField({ input, name, setName, canSuggest }: {
  input: RefObject<HTMLInputElement | null>;
  name: string;
  setName: (name: string) => void;
  canSuggest: boolean;
}): JSX.Element {
  const { words, view } = useApp();
  const suggest = () => setName(suggestName(view.language, Math.random));
  return (
    <label class="field">
      <span>{words.name}</span>
      <span class="with">
        <input
          ref={input}
          name="name"
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          required
          dir="auto"
        />
        {canSuggest && <IconButton of="dice" label={words.another} click={suggest} />}
      </span>
    </label>
  );
}

function PasswordField({ input, password, setPassword, isNew, isOwn = false }: {
  input: RefObject<HTMLInputElement | null>;
  password: string;
  setPassword: (password: string) => void;
  isNew: boolean;
  /** It takes the place of a one-time password. */
  isOwn?: boolean;
}): JSX.Element {
  const { words } = useApp();
  return (
    <label class="field">
      <span>{isOwn ? words.ownPassword : isNew ? words.newPassword : words.password}</span>
      <input
        ref={input}
        name={isOwn ? "new-password" : "password"}
        type="password"
        value={password}
        onInput={(event) => setPassword(event.currentTarget.value)}
        autocomplete={isNew ? "new-password" : "current-password"}
        required
      />
    </label>
  );
}

/** Whether the login stays when the tab is closed. */
function StayField({ isThisTabOnly, setThisTabOnly }: {
  isThisTabOnly: boolean;
  setThisTabOnly: (isThisTabOnly: boolean) => void;
}): JSX.Element {
  const { words } = useApp();
  return (
    <label class="check">
      <input
        name="stay"
        type="checkbox"
        checked={!isThisTabOnly}
        onChange={(event) => setThisTabOnly(!event.currentTarget.checked)}
      />
      <span>{words.stay}</span>
    </label>
  );
}

/** Why the last login was refused, or what was lost with it; empty if nothing. */
function refusalOf(state: State, words: Words, language: Language): string {
  const { isLoginOver, needsNewPassword, refusal, unsent } = state;
  if (isLoginOver) return words.loginOver;
  if (needsNewPassword && refusal === "") return words.oneTime;
  if (refusal !== undefined) return withClock(refusal, language);
  return unsent > 0 ? words.unsent(unsent) : "";
}
