/**
 * Accounts, for the operator: add one, give it another password, make it an operator's or not, remove it, list them all, and
 * its session tokens. It works beside a running server, which sees at once what has changed.
 *
 *     deno task account add|passwd NAME [--operator] [--data DIR]
 *     deno task account promote|demote|remove NAME [--force]
 *     deno task account rename NAME NEW
 *     deno task account sessions|logout NAME
 *     deno task account list
 */
import {
  commandLine,
  fail,
  flag,
  lang,
  languageIn,
  notPermitted,
  oneOf,
  type Place,
  systemLanguage,
  text,
} from "../cli/mod.ts";
import { skeletons } from "../server/chat/lookalike.ts";
import { hashPassword } from "../server/auth/passwords.ts";
import {
  type Account,
  type SessionToken,
  type Store,
  StoreFailure,
  StoreRefused,
  type Unchanged,
} from "../server/store/contract.ts";
import { openStore } from "../server/store/sqlite.ts";
import { Lines } from "../client/pipe/lines.ts";
import { count, exceeds } from "../jim/length.ts";
import { isName, isoTime, type Malformed, nameKey, roomy, visible } from "../jim/mod.ts";
import { catalogues } from "./words.ts";

const DEEDS = ["add", "passwd", "rename", "promote", "demote", "remove", "sessions", "logout", "list"] as const;
type Deed = typeof DEEDS[number];
/** What other tools call these. */
const SYNONYMS: Readonly<Record<string, Deed>> = {
  create: "add",
  new: "add",
  useradd: "add",
  password: "passwd",
  mv: "rename",
  operator: "promote",
  op: "promote",
  deop: "demote",
  delete: "remove",
  del: "remove",
  rm: "remove",
  userdel: "remove",
  tokens: "sessions",
  session: "sessions",
  revoke: "logout",
  signout: "logout",
  ls: "list",
};
const SHORTEST = 8, LONGEST = roomy.text;
const program = {
  name: "hanita-account",
  does: {
    en:
      "Accounts of a Hanita server: add, passwd, promote, demote, remove, sessions or logout NAME, rename NAME NEW, list.",
    ru:
      "Учётные записи сервера Hanita: add, passwd, promote, demote, remove, sessions, logout — с именем; rename — с двумя; list — без.",
  },
  options: {
    operator: flag({ en: "The account may moderate the chat.", ru: "Учётная запись оператора: она следит за чатом." }),
    force: flag({
      en: "Demote or remove it even if it is the last operator.",
      ru: "Даже если это последний оператор (demote, remove).",
    }),
    data: text({ en: "The server's data folder.", ru: "Папка данных сервера." }, "./data", { value: "DIR" }),
    lang,
  },
  places: {
    deed: {
      ...oneOf(
        {
          en: "add, passwd, rename, promote, demote, remove, sessions, logout or list.",
          ru: "Что сделать: add, passwd, rename, promote, demote, remove, sessions, logout или list.",
        },
        DEEDS,
        "list",
        { synonyms: SYNONYMS },
      ),
      value: "DEED",
      needed: true,
    },
    name: { ...text({ en: "Whose account.", ru: "Чья учётная запись." }, undefined), value: "NAME" } as Place<
      string | undefined
    >,
    newName: {
      ...text({ en: "Its new name, for rename.", ru: "Её новое имя, для rename." }, undefined),
      value: "NEW",
    } as Place<string | undefined>,
  },
};

const language = languageIn(Deno.args) ?? systemLanguage(), texts = catalogues[language];

/** What stands in the way of a deed; the message is one line. */
class Refused extends Error {}

if (import.meta.main) {
  const { deed, name, newName, operator, force, data } = commandLine(program);
  // What an older version let in can be removed, whatever it is.
  if (deed !== "list" && (name === undefined || (deed === "add" ? !isName(name) : name === ""))) {
    fail(program.name, texts.nameExpected(deed, quoted(name)), 2);
  }
  if (deed === "list" && name !== undefined) {
    fail(program.name, texts.noNameExpected(JSON.stringify(name)), 2);
  }
  if (deed === "rename" ? newName === undefined || !isName(newName) : newName !== undefined) {
    const expected = deed === "rename" ? texts.newNameExpected : texts.oneNameExpected;
    fail(program.name, expected(quoted(newName)), 2);
  }
  if (operator && deed !== "add" && deed !== "passwd") {
    fail(program.name, texts.onlyWith("--operator", ["add", "passwd"], deed), 2);
  }
  if (force && deed !== "demote" && deed !== "remove") {
    fail(program.name, texts.onlyWith("--force", ["demote", "remove"], deed), 2);
  }
  try {
    // The first operator may be added before the server's first start: the other deeds look for what is there.
    const store = openStore({ path: `${data}/hanita.db`, beside: true, existing: deed !== "add" });
    try {
      console.log(await perform(store, { deed, name: name!, newName: newName!, operator, force }));
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error instanceof StoreRefused && error.cause instanceof Deno.errors.NotCapable) {
      fail(program.name, notPermitted(data, "account", "tools/account.ts", language));
    }
    if (error instanceof StoreRefused) fail(program.name, error.texts[language]);
    if (error instanceof StoreFailure || error instanceof Refused) fail(program.name, error.message);
    throw error;
  }
}

/** What is asked for. */
interface Order {
  readonly deed: Deed;
  readonly name: string;
  /** For `rename`. */
  readonly newName: string;
  readonly operator: boolean;
  readonly force: boolean;
}

async function perform(store: Store, { deed, name, newName, operator, force }: Order): Promise<string> {
  const { accounts, tokens } = store.snapshot();
  if (deed === "list") return listed(accounts);
  const account = find(accounts, name);
  if (deed === "add" && account !== undefined) throw new Refused(texts.hasAccount(account.name));
  if (deed !== "add" && account === undefined) throw new Refused(texts.noAccount(name));
  if (deed === "remove") {
    check(account!, store.removeAccount(account!.id, !force));
    return texts.removed(account!.name);
  }
  if (deed === "rename") {
    check(account!, store.changeAccount(account!.id, { name: newName }));
    warnOfLike(newName, accounts.filter(({ id }) => id !== account!.id));
    return texts.renamed(visible(account!.name), newName);
  }
  if (deed === "promote" || deed === "demote") return appoint(store, account!, deed === "promote", force);
  if (deed === "sessions" || deed === "logout") {
    const own = tokens.filter((token) => token.account === account!.id);
    if (deed === "sessions") return shown(account!, own);
    store.removeTokens(own.map(({ hash }) => hash));
    return texts.loggedOut(account!.name, own.length);
  }
  const password = await hashPassword(await askPassword());
  // While the password was typed the server, or another such tool, may have changed what there is.
  if (account === undefined) {
    const added = store.putAccount({ name, password, operator, seen: store.snapshot().lastId });
    if (added === undefined) throw new Refused(texts.hasAccount(name));
    warnOfLike(name, accounts);
    return texts.added(name);
  }
  check(account, store.changeAccount(account.id, { password, ...(operator ? { operator } : {}) }));
  return texts.newPassword(account.name);
}

function warnOfLike(name: string, others: readonly Account[]): void {
  const like = others.find((each) => skeletons(each.name).some((look) => skeletons(name).includes(look)));
  if (like !== undefined) console.error(texts.lookalike(name, like.name));
}

/** Makes an account an operator's, or takes that back. */
function appoint(store: Store, account: Account, is: boolean, force: boolean): string {
  const { id, name } = account;
  if (account.operator === is) throw new Refused((is ? texts.isOperator : texts.isNoOperator)(name));
  check(account, store.changeAccount(id, { operator: is }, !force));
  return (is ? texts.promoted : texts.demoted)(name);
}

/** Only an operator can lift a ban, so one must remain, unless none is meant to. */
function check({ name }: Account, obstacle: Unchanged | undefined): void {
  if (obstacle === "taken") throw new Refused(texts.taken);
  if (obstacle === "removed") throw new Refused(texts.noAccountAnyMore(name));
  if (obstacle === "last operator") throw new Refused(texts.lastOperator(name));
}

/** The account of exactly that spelling, else the one that the server takes it for. */
function find(accounts: readonly Account[], name: string): Account | undefined {
  const alike = accounts.filter((each) => nameKey(each.name) === nameKey(name));
  const first = alike.sort((a, b) => Number(b.operator) - Number(a.operator) || a.id - b.id)[0];
  return alike.find((each) => each.name === name) ?? first;
}

/** One line for each token, the one that was used last first. A use is noted to the hour. */
function shown({ name }: Account, tokens: readonly SessionToken[]): string {
  if (tokens.length === 0) return texts.noTokens(name);
  const rows = tokens.toSorted((one, other) => other.used - one.used || other.since - one.since);
  return rows.map(({ since, used }) => texts.token(isoTime(since) ?? "?", isoTime(used) ?? "?")).join("\n");
}

/** The role comes first: behind a name it could be a part of the name. */
function listed(accounts: readonly Account[]): string {
  if (accounts.length === 0) return texts.noAccounts;
  const rows = accounts.toSorted((one, other) => one.name < other.name ? -1 : 1);
  return rows.map(({ name, operator }) => `${texts.roles[operator ? "operator" : "account"]}  ${visible(name)}`).join(
    "\n",
  );
}

/** Typed twice on a terminal, unseen, until it may be one, or Ctrl-C; or one line of standard input. */
async function askPassword(): Promise<string> {
  if (!Deno.stdin.isTerminal()) {
    const password = await piped(), flaw = flawOf(password);
    if (flaw !== undefined) throw new Refused(flaw);
    return password;
  }
  for (;;) {
    const password = await line(texts.password(SHORTEST));
    const flaw = flawOf(password) ?? (await line(texts.onceMore) === password ? undefined : texts.passwordsDiffer);
    if (flaw === undefined) return password;
    console.error(texts.another(flaw));
  }
}

/** A name as a mistake quotes it. */
function quoted(name = ""): string {
  const json = JSON.stringify(name);
  return exceeds(name, roomy.name) ? texts.long(json, count(name)) : json;
}

/** Why a text can be no password. */
function flawOf(password: string): string | undefined {
  const { length } = [...password];
  if (length > LONGEST) return texts.longPassword(LONGEST, length);
  if (password.includes("\ufffd")) return texts.passwordNotUtf8(undefined);
  return length < SHORTEST ? texts.shortPassword(SHORTEST) : undefined;
}

/** The first line of a pipe. */
async function piped(): Promise<string> {
  const lines = new Lines(2 * LONGEST); // two units are the most that one character takes
  for await (const bytes of Deno.stdin.readable) {
    const [first] = lines.push(bytes);
    if (first !== undefined) return inUtf8(first);
  }
  return inUtf8(lines.end()[0] ?? "");
}

function inUtf8(line: string | Malformed): string {
  if (typeof line === "string") return line;
  throw new Refused(texts.passwordNotUtf8(line.encoding));
}

/**
 * One line of a terminal. It is not shown; Backspace takes a character back, Ctrl-C ends the program. If the program is
 * stopped meanwhile, a shell has made the terminal show what is typed: so it is made raw again when the program goes on.
 */
async function line(prompt: string): Promise<string> {
  const canStop = Deno.build.os !== "windows";
  const hide = () => {
    Deno.stdin.setRaw(true); // before the prompt: what is typed at once is not shown either
    Deno.stderr.writeSync(new TextEncoder().encode(prompt));
  };
  hide();
  if (canStop) Deno.addSignalListener("SIGCONT", hide);
  try {
    let typed = "";
    const bytes = new Uint8Array(1024), decoder = new TextDecoder();
    for (;;) {
      const count = await Deno.stdin.read(bytes);
      for (const character of decoder.decode(bytes.subarray(0, count ?? 0), { stream: true })) {
        if (character === "\r" || character === "\n") return typed;
        if (character === "\u0003") Deno.exit(130);
        typed = character === "\u007f" || character === "\b" ? typed.replace(/.$/su, "") : typed + character;
      }
      if (count === null) Deno.exit(1); // the terminal is gone
    }
  } finally {
    if (canStop) Deno.removeSignalListener("SIGCONT", hide);
    Deno.stdin.setRaw(false);
    console.error();
  }
}
