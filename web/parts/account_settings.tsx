/** The settings of one's own account: the password, the sessions, and the account's end. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { SessionRow } from "../../jim/client/event.ts";
import { MIN_PASSWORD } from "../../jim/limits.ts";
import { accountCatalogues, type AccountRequest } from "../own_account.ts";
import { readOwnData } from "../../client/protocol/own_data.ts";
import { refusalText } from "../formats.ts";
import { saveFile } from "../save_file.ts";
import { useApp } from "./context.ts";

type AccountWords = (typeof accountCatalogues)["en"];

export function AccountSettings(): JSX.Element {
  const { state, view, dispatch } = useApp(), words = accountCatalogues[view.language];
  useEffect(() => dispatch({ on: "account", request: { action: "sessions" } }), []);
  const send = (request: AccountRequest) => dispatch({ on: "account", request });
  return (
    <>
      <PasswordForm {...{ words, send }} />
      {state.ownAccount?.sessions !== undefined && (
        <Sessions {...{ words, send, sessions: state.ownAccount.sessions, language: view.language }} />
      )}
      <DataExport words={words} />
      <Removal {...{ words, send }} />
    </>
  );
}

interface Props {
  readonly words: AccountWords;
  send(request: AccountRequest): void;
}

function PasswordForm({ words, send }: Props): JSX.Element {
  const { state } = useApp();
  const [password, setPassword] = useState(""), [fresh, setFresh] = useState("");
  return (
    <section>
      <h3>{words.password}</h3>
      <p class="quiet small">{words.changeHint}</p>
      <form
        class="row passwords"
        onSubmit={(event) => {
          event.preventDefault();
          send({ action: "change_password", password, new_password: fresh });
          setPassword("");
          setFresh("");
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
        <PasswordField label={words.oldPassword} complete="current-password" value={password} onChange={setPassword} />
        <PasswordField label={words.newPassword} complete="new-password" value={fresh} onChange={setFresh} />
        <button type="submit" disabled={!state.isReady}>{words.change}</button>
      </form>
      <Result of="change_password" done={words.changed} />
    </section>
  );
}

function PasswordField({ label, complete, value, onChange }: {
  label: string;
  complete: "current-password" | "new-password";
  value: string;
  onChange: (value: string) => void;
}): JSX.Element {
  return (
    <input
      type="password"
      required
      {...complete === "new-password" ? { minLength: MIN_PASSWORD } : {}}
      aria-label={label}
      placeholder={label}
      autocomplete={complete}
      value={value}
      onInput={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** The sessions, this one first; each other one can be ended. */
function Sessions({ words, send, sessions, language }: Props & {
  sessions: readonly SessionRow[];
  language: string;
}): JSX.Element {
  const { state } = useApp();
  const time = (seconds: number) =>
    new Date(seconds * 1000).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });
  function about({ since, seen, connections, isCurrent }: SessionRow): string {
    const now = isCurrent ? words.thisSession : connections > 0 ? words.connected : words.lastUsed(time(seen ?? 0));
    return since === undefined ? now : `${words.since(time(since))}, ${now}`;
  }
  return (
    <section>
      <h3>{words.sessions}</h3>
      <ul class="bans">
        {sessions.map((session) => (
          <li key={session.id}>
            <span>
              <bdi>{session.device ?? words.noDevice}</bdi> <span class="quiet small">{about(session)}</span>
            </span>
            {!session.isCurrent && (
              <button
                type="button"
                disabled={!state.isReady}
                aria-label={`${words.end}: ${session.device ?? words.noDevice}`}
                onClick={() => send({ action: "end_session", session: session.id })}
              >
                {words.end}
              </button>
            )}
          </li>
        ))}
      </ul>
      <Result of="end_session" done={words.ended} />
    </section>
  );
}

/** Saves all that the server keeps about the account, and what it has said. */
function DataExport({ words }: { words: AccountWords }): JSX.Element {
  const { state, view, ask } = useApp(), name = state.me!.name, [text, tell] = useState("");
  async function save(): Promise<void> {
    tell(words.reading(0));
    const made = await readOwnData(ask, name, (count) => tell(words.reading(count)));
    if ("why" in made) return tell(refusalText(made.why, words.broken, view.language));
    saveFile(`hanita-${name.replace(/[^\p{L}\p{N}]+/gu, "-")}.jsonl`, "application/jsonl", made.lines.join(""));
    tell(words.saved(made.lines.length));
  }
  return (
    <section>
      <h3>{words.data}</h3>
      <p class="quiet small">{words.dataHint}</p>
      <button type="button" disabled={!state.isReady} onClick={save}>{words.saveData}</button>
      <p class="small" role="status">{text}</p>
    </section>
  );
}

/** The form appears after a first click, so that nothing is deleted by a slip. */
function Removal({ words, send }: Props): JSX.Element {
  const { state } = useApp();
  const [isAsked, setAsked] = useState(false), [password, setPassword] = useState("");
  return (
    <section>
      <h3>{words.remove}</h3>
      <p class="quiet small">{words.removeHint}</p>
      {isAsked
        ? (
          <form
            class="row passwords"
            onSubmit={(event) => {
              event.preventDefault();
              send({ action: "unregister", password });
              setPassword("");
            }}
          >
            <PasswordField
              label={words.oldPassword}
              complete="current-password"
              value={password}
              onChange={setPassword}
            />
            <button type="submit" class="danger" disabled={!state.isReady}>{words.removeNow}</button>
            <button type="button" onClick={() => setAsked(false)}>{words.keep}</button>
          </form>
        )
        : <button type="button" onClick={() => setAsked(true)}>{words.removeAsk}</button>}
      <Result of="unregister" done="" />
    </section>
  );
}

/** What has become of the last request, if it was this one. */
function Result({ of, done }: { of: AccountRequest["action"]; done: string }): JSX.Element {
  const { state, view } = useApp(), { last } = state.ownAccount ?? {}, mine = last?.action === of ? last : undefined;
  const { language } = view, { broken } = accountCatalogues[language];
  const refusal = mine?.state === "refused" ? refusalText(mine.why, broken, language) : "";
  return <p class="small" role="status">{mine?.state === "done" ? done : refusal}</p>;
}
