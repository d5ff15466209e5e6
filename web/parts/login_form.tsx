/** The login form: one click for a guest, or a name and its password. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { JSX } from "preact";
import type { LoginMethod } from "../model/state.ts";
import { suggestName, withClock } from "../words.ts";
import { useApp } from "./context.ts";
import { Choice } from "./choice.tsx";
import { IconButton } from "./icons.tsx";
import { LanguageChoice, ThemeChoice } from "./preferences.tsx";

export function LoginForm(
  { name: given, method: begin }: { name: string | undefined; method: LoginMethod },
): JSX.Element {
  const { state, words, view, rules, retryAt, dispatch } = useApp();
  const ways = {
    ...rules.guests ? { guest: words.asGuest } : {},
    login: words.asMember,
    ...rules.registration ? { register: words.asNew } : {},
  };
  const [method, setWay] = useState<LoginMethod>(begin in ways ? begin : "login");
  const [name, setName] = useState(given ?? suggestName(view.language, Math.random));
  const [password, setPassword] = useState(""), [isThisTabOnly, setThisTabOnly] = useState(false);
  const first = useRef<HTMLInputElement>(null), secret = useRef<HTMLInputElement>(null);
  const coming = state.stage === "entering";
  /** A session token replaces the password. */
  const byToken = coming && state.me?.token !== undefined;
  const [hint, enter] = {
    guest: [words.guestHint, words.enterGuest],
    login: [words.memberHint, words.enterMember],
    register: [words.newHint, words.enterNew],
  }[method];
  useEffect(() => {
    if (!coming) (given !== undefined && method !== "guest" ? secret : first).current?.focus();
  }, [coming]);
  useEffect(() => {
    performance.mark("ready"); // from here on one can type and click: what `deno task bench:page` measures
  }, []);

  function submit(event: Event): void {
    event.preventDefault();
    if (coming) return;
    const secrets = method === "guest" ? { password: "" } : { password, ...(isThisTabOnly ? { isThisTabOnly } : {}) };
    dispatch({ on: "enter", me: { name: name.trim(), method, ...secrets } });
  }

  return (
    <main class="entrance">
      <form class="card" onSubmit={submit}>
        <h1 class="brand">
          <span class="logo" aria-hidden="true" />
          {words.title}
        </h1>
        <p class="quiet">{words.tagline}</p>
        {Object.keys(ways).length > 1 && (
          <Choice name="way" label={words.method} value={method} of={ways} choose={setWay} />
        )}
        <label class="field">
          <span>{words.name}</span>
          <span class="with">
            <input
              ref={first}
              name="name"
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
              autocomplete="username"
              autocapitalize="none"
              spellcheck={false}
              required
              dir="auto"
            />
            {method === "guest" && (
              <IconButton
                of="dice"
                label={words.another}
                click={() => setName(suggestName(view.language, Math.random))}
              />
            )}
          </span>
        </label>
        {method !== "guest" && !byToken && (
          <label class="field">
            <span>{method === "register" ? words.newPassword : words.password}</span>
            <input
              ref={secret}
              name="password"
              type="password"
              value={password}
              onInput={(event) => setPassword(event.currentTarget.value)}
              autocomplete={method === "register" ? "new-password" : "current-password"}
              required
            />
          </label>
        )}
        {method !== "guest" && !byToken && (
          <label class="check">
            <input
              name="stay"
              type="checkbox"
              checked={!isThisTabOnly}
              onChange={(event) => setThisTabOnly(!event.currentTarget.checked)}
            />
            <span>{words.stay}</span>
          </label>
        )}
        <p class="refusal" role="alert">
          {state.isLoginOver
            ? words.loginOver
            : state.refusal !== undefined
            ? withClock(state.refusal, view.language)
            : state.unsent > 0 && words.unsent(state.unsent)}
        </p>
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
