/**
 * Accounts, for the operator: add one, give it another password, make it an operator's or not, remove it, list them all, and
 * its session tokens. It works beside a running server, which sees at once what has changed. With `--broker` the accounts are
 * those of a chat of several servers.
 *
 *     deno task account add|passwd NAME [--operator] [--one-time] [--data DIR]
 *     deno task account promote|demote|remove NAME [--force]
 *     deno task account rename NAME NEW
 *     deno task account sessions|logout NAME
 *     deno task account list
 *     deno task account COMMAND … --broker nats://HOST:PORT --chat NAME [--broker-auth FILE] [--broker-ca FILE]
 */
import {
  commandLine,
  fail,
  flag,
  lang,
  languageIn,
  notPermitted,
  oneOf,
  type Positional,
  systemLanguage,
  text,
} from "../cli/mod.ts";
import { countCodePoints, isLongerThan } from "../jim/length.ts";
import { DEFAULT_LIMITS, isName } from "../jim/mod.ts";
import { JournalFailure, JournalRefused } from "../server/journal/contract.ts";
import { brokerOptions } from "../server/broker_options.ts";
import { hashPassword } from "../server/auth/passwords.ts";
import { type CommandName, COMMANDS, execute } from "./account/command.ts";
import { openAccounts } from "./account/open.ts";
import { askPassword } from "./account/password.ts";
import { oneTimePassword } from "./class/password.ts";
import { Refused } from "./refused.ts";
import { catalogues } from "./words.ts";

/** What other tools call these. */
const SYNONYMS: Readonly<Record<string, CommandName>> = {
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
export const program = {
  name: "hanita-account",
  summary: {
    en:
      "Accounts of a Hanita server: add, passwd, promote, demote, remove, sessions or logout NAME, rename NAME NEW, list.",
    ru:
      "Учётные записи сервера Hanita: add, passwd, promote, demote, remove, sessions, logout — с именем; rename — с двумя; list — без.",
  },
  options: {
    operator: flag({ en: "The account may moderate the chat.", ru: "Учётная запись оператора: она следит за чатом." }),
    oneTime: flag({
      en: "Make up a password for the first login, and print it.",
      ru: "Придумать пароль для первого входа и напечатать его.",
    }),
    force: flag({
      en: "Demote or remove it even if it is the last operator.",
      ru: "Даже если это последний оператор (demote, remove).",
    }),
    data: {
      ...text({ en: "The server's data folder.", ru: "Папка данных сервера." }, "./data", { value: "DIR" }),
      conflictsWith: "broker",
    },
    ...brokerOptions({
      en:
        "Addresses of NATS brokers, such as nats://127.0.0.1:4222: the accounts are those of a chat of several servers.",
      ru: "Адреса брокеров NATS, например nats://127.0.0.1:4222: это учётные записи чата нескольких серверов.",
    }),
    lang,
  },
  positionals: {
    command: {
      ...oneOf(
        {
          en: "add, passwd, rename, promote, demote, remove, sessions, logout or list.",
          ru: "Что сделать: add, passwd, rename, promote, demote, remove, sessions, logout или list.",
        },
        COMMANDS,
        "list",
        { synonyms: SYNONYMS },
      ),
      value: "COMMAND",
      required: true,
    },
    name: { ...text({ en: "The account's name.", ru: "Имя учётной записи." }, undefined), value: "NAME" } as Positional<
      string | undefined
    >,
    newName: {
      ...text({ en: "Its new name, for rename.", ru: "Её новое имя, для rename." }, undefined),
      value: "NEW",
    } as Positional<string | undefined>,
  },
};

const language = languageIn(Deno.args) ?? systemLanguage(), texts = catalogues[language];

if (import.meta.main) {
  const given = commandLine(program), { command, name = "", newName = "", operator, oneTime, force, data } = given;
  // What an older version let in can be removed, whatever it is.
  if (command !== "list" && (command === "add" ? !isName(name) : name === "")) {
    fail(program.name, texts.nameExpected(command, quoted(name)), 2);
  }
  if (command === "list" && name !== "") {
    fail(program.name, texts.noNameExpected(JSON.stringify(name)), 2);
  }
  if (command === "rename" ? !isName(newName) : newName !== "") {
    const expected = command === "rename" ? texts.newNameExpected : texts.oneNameExpected;
    fail(program.name, expected(quoted(newName)), 2);
  }
  if (operator && command !== "add" && command !== "passwd") {
    fail(program.name, texts.onlyWith("--operator", ["add", "passwd"], command), 2);
  }
  if (oneTime && command !== "add" && command !== "passwd") {
    fail(program.name, texts.onlyWith("--one-time", ["add", "passwd"], command), 2);
  }
  if (force && command !== "demote" && command !== "remove") {
    fail(program.name, texts.onlyWith("--force", ["demote", "remove"], command), 2);
  }
  try {
    // The first operator may be added before the server's first start: the other commands look for what is there.
    const opener = { name: program.name, permissions: "account", language };
    const { accounts, close } = await openAccounts(given, command !== "add", opener);
    try {
      const { damaged } = accounts.skipped;
      if (damaged > 0) console.error(texts.damagedRecords(damaged));
      const newPassword = async () => {
        const password = oneTime ? oneTimePassword() : await askPassword(texts);
        return { hash: await hashPassword(password), ...(oneTime ? { oneTime: password } : {}) };
      };
      const deps = { accounts, texts, newPassword, warn: (line: string) => console.error(line) };
      console.log(await execute(deps, { command, name, newName, operator, force }));
    } finally {
      await close();
    }
  } catch (error) {
    if (error instanceof JournalRefused && error.cause instanceof Deno.errors.NotCapable) {
      fail(program.name, notPermitted(data, "account", "tools/account.ts", language));
    }
    if (error instanceof JournalRefused) fail(program.name, error.texts[language]);
    if (error instanceof JournalFailure || error instanceof Refused) fail(program.name, error.message);
    throw error;
  }
}

/** A name as a mistake quotes it. */
function quoted(name: string): string {
  const json = JSON.stringify(name);
  return isLongerThan(name, DEFAULT_LIMITS.name) ? texts.long(json, countCodePoints(name)) : json;
}
