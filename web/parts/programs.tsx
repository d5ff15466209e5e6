/**
 * The programs that speak in the chat: incoming hooks of a room, and bots. They are listed, made and removed; the token of a new one
 * is shown this once.
 */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Fields, text } from "../../jim/client/fields.ts";
import { copyText } from "../copy_text.ts";
import { programCatalogues, type ProgramWords } from "../program_words.ts";
import type { QueryResult } from "../../client/protocol/query.ts";
import { refusalText } from "../formats.ts";
import { useApp } from "./context.ts";
import { NameForm } from "./name_form.tsx";
import { Sure } from "./sure.tsx";

/** A program in the list. */
interface Program {
  readonly name: string;
  /** The fields by which the other requests name it. */
  readonly fields: Fields;
  readonly about: string;
}

/** How programs of one kind are asked for. */
interface Kind {
  readonly list: Fields;
  /** The request that makes one. */
  add(name: string): Fields;
  /** The action that removes one; and another that gives it a new token, if there is one. */
  readonly removal: string;
  readonly renewal?: string;
  read(row: Fields): Program;
  /** What is shown of a token. */
  shown(token: string): string;
  readonly words: ProgramWords["hooks"];
}

/** The hooks of a room, for its owners. */
export function Hooks({ room }: { room: string }): JSX.Element {
  const { view } = useApp(), { hooks: words, since } = programCatalogues[view.language];
  return (
    <Programs
      key={room}
      of={{
        list: { action: "hooks", room },
        add: (name) => ({ action: "add_hook", room, name }),
        removal: "del_hook",
        read: (row) => ({
          name: text(row.name),
          fields: { room, hook: row.hook },
          about: since(text(row.by), timeOf(row.since, view.language)),
        }),
        shown: (token) => new URL(`hooks/${token}`, document.baseURI).href,
        words,
      }}
    />
  );
}

/** The bots of the chat, for operators. */
export function Bots(): JSX.Element {
  const { view } = useApp(), { bots: words, online, seen } = programCatalogues[view.language];
  return (
    <Programs
      of={{
        list: { action: "bots" },
        add: (user_id) => ({ action: "add_bot", user_id }),
        removal: "del_bot",
        renewal: "bot_token",
        read: (row) => ({
          name: text(row.user_id),
          fields: { user_id: row.user_id },
          about: row.online === true ? online : seen(timeOf(row.seen, view.language)),
        }),
        shown: (token) => token,
        words,
      }}
    />
  );
}

function Programs({ of: { list, add, removal, renewal, read, shown, words } }: { of: Kind }): JSX.Element {
  const { state: { isReady }, ask, view } = useApp(), all = programCatalogues[view.language];
  const [programs, setPrograms] = useState<readonly Program[]>(), [why, setWhy] = useState("");
  const [secret, setSecret] = useState<{ readonly name: string; readonly text: string }>();

  function isDone(result: QueryResult): result is QueryResult & { isDone: true } {
    setWhy(result.isDone ? "" : refusalText(result.why, all.broken, view.language));
    return result.isDone;
  }

  async function refresh(): Promise<void> {
    const result = await ask(list);
    if (isDone(result)) setPrograms(result.rows.map(read));
  }

  async function change(object: Fields, name?: string): Promise<boolean> {
    const result = await ask(object);
    if (!isDone(result)) return false;
    const { token } = result.answer;
    setSecret(token === undefined ? undefined : { name: name!, text: shown(token) });
    await refresh();
    return true;
  }

  // Without a connection the list waits for the next one.
  useEffect(() => {
    if (programs === undefined) refresh();
  }, [isReady]);
  return (
    <section class="programs">
      <h3>{words.title}</h3>
      <p class="quiet small">{words.hint}</p>
      <ul class="bans">
        {programs?.map(({ name, fields, about }) => (
          <li key={JSON.stringify(fields)}>
            <span>
              <bdi>{name}</bdi> <span class="quiet small">{about}</span>
            </span>
            {renewal !== undefined && (
              <button
                type="button"
                aria-label={`${all.renew}: ${name}`}
                onClick={() => change({ action: renewal, ...fields }, name)}
              >
                {all.renew}
              </button>
            )}
            <Sure
              label={all.remove}
              name={`${all.remove}: ${name}`}
              hint={words.removeHint}
              act={() => change({ action: removal, ...fields })}
            />
          </li>
        ))}
      </ul>
      <NameForm label={words.name} button={words.add} send={(name) => change(add(name), name)} />
      {secret !== undefined && <Secret label={words.secret(secret.name)} text={secret.text} words={all} />}
      <p class="refusal" role="alert">{why}</p>
    </section>
  );
}

/** A secret that is shown once, with a button that copies it. */
function Secret({ label, text, words }: { label: string; text: string; words: ProgramWords }): JSX.Element {
  const shown = useRef<HTMLElement>(null), [isCopied, setCopied] = useState(false);
  useEffect(() => setCopied(false), [text]);
  return (
    <div class="secret" role="status">
      <p class="small">{label}</p>
      <code ref={shown}>{text}</code>
      <button type="button" onClick={async () => setCopied(await copyText(text, shown.current!))}>
        {isCopied ? words.copied : words.copy}
      </button>
    </div>
  );
}

function timeOf(seconds: unknown, language: string): string {
  const time = new Date(Number(seconds) * 1000);
  return Number.isNaN(time.getTime())
    ? "?"
    : time.toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });
}
