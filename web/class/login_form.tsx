/** The login form of the class page, with the reason why the page is closed. */
import type { JSX } from "preact";
import { escapeInvisible } from "../../jim/invisible.ts";
import type { PageProps } from "./props.ts";
import type { InspectorSession } from "./inspector_session.ts";
import type { Words } from "./words.ts";

export function LoginForm({ words, login, why }: PageProps & { why: string }): JSX.Element {
  return (
    <main class="login">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const data = new FormData(event.currentTarget);
          login(String(data.get("name")), String(data.get("password")));
        }}
      >
        <h2>{words.loginTitle}</h2>
        <p class="quiet">{words.loginHint}</p>
        <label>
          {words.name}
          <input name="name" required autocomplete="username" autofocus />
        </label>
        <label>
          {words.password}
          <input name="password" type="password" required autocomplete="current-password" />
        </label>
        <p class="why" role="alert">{escapeInvisible(why)}</p>
        <button type="submit" class="primary">{words.login}</button>
      </form>
    </main>
  );
}

/** The reason why the page is closed: in its own words if there are any, else in the server's. */
export function whyOf({ cause, why }: Extract<InspectorSession, { stage: "denied" }>, words: Words): string {
  return cause === undefined ? why : words.barred[cause];
}
