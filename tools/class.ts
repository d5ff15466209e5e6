/**
 * Makes the accounts of a class from a list, with one-time passwords, a private room for each group, and a sheet with cards to
 * cut out. It works beside a running server, which sees at once what has changed. If one line is wrong, nothing is created.
 *
 *     deno task class LIST [--owner NAME] [--sheet FILE] [--text] [--link URL] [--skip] [--force] [--data DIR]
 *     deno task class LIST … --broker nats://HOST:PORT --chat NAME [--broker-auth FILE] [--broker-ca FILE]
 *
 * Exit status: 0 the accounts are created, 1 they are not, 2 a mistake on the command line.
 */
import {
  commandLine,
  fail,
  failUsage,
  flag,
  lang,
  notPermitted,
  type Positional,
  systemLanguage,
  text,
} from "../cli/mod.ts";
import { LAUNCHER } from "../cli/launcher.ts";
import { systemReason } from "../cli/system.ts";
import { isSystemError, systemErrorText } from "../log/system_error.ts";
import { hashPassword } from "../server/auth/passwords.ts";
import { brokerOptions } from "../server/broker_options.ts";
import { pageAddress } from "../server/data_folder/page_address.ts";
import { pageForPhones } from "../server/invitation.ts";
import { JournalFailure, JournalRefused } from "../server/journal/contract.ts";
import { openAccounts } from "./account/open.ts";
import type { AccountStore } from "./account/store.ts";
import { type Flaw, type Pupil, readList } from "./class/list.ts";
import { type NewFile, writeNewFile } from "./class/new_file.ts";
import { oneTimePassword } from "./class/password.ts";
import { flawsIn, groupsOf, ownerIn, roomOf } from "./class/plan.ts";
import { type Card, htmlSheet, textSheet } from "./class/sheet.ts";
import { Refused } from "./refused.ts";
import { catalogues } from "./words.ts";

export const program = {
  name: "hanita-class",
  summary: {
    en:
      "Makes the accounts of a class from a list, with one-time passwords, a room for each group, and cards to print.",
    ru:
      "Создаёт учётные записи класса по списку: с паролями для первого входа, комнатой для каждой группы и карточками.",
  },
  options: {
    owner: text(
      { en: "The account that owns the rooms of the groups.", ru: "Учётная запись, владелец комнат групп." },
      undefined,
      {
        value: "NAME",
      },
    ),
    sheet: text(
      {
        en: "The sheet with the cards, a new file; - prints it. The list's name with .html by default.",
        ru: "Файл с карточками, новый; - печатает их. По умолчанию — имя списка с окончанием .html.",
      },
      undefined,
      { value: "FILE" },
    ),
    text: flag({ en: "The sheet is plain text.", ru: "Карточки простым текстом." }),
    link: text(
      {
        en: "The address of the page on the cards; by default where the server of the data folder has it.",
        ru: "Адрес страницы на карточках; по умолчанию — тот, где её показывает сервер этой папки данных.",
      },
      undefined,
      { value: "URL" },
    ),
    skip: flag({ en: "Leave out lines that are wrong.", ru: "Пропустить неверные строки." }),
    force: flag({ en: "Replace the sheet if it is there.", ru: "Заменить файл с карточками, если он есть." }),
    data: {
      ...text({ en: "The server's data folder.", ru: "Папка данных сервера." }, "./data", { value: "DIR" }),
      conflictsWith: "broker",
    },
    ...brokerOptions({
      en: "Addresses of NATS brokers, such as nats://127.0.0.1:4222: the chat is one of several servers.",
      ru: "Адреса брокеров NATS, например nats://127.0.0.1:4222: это чат нескольких серверов.",
    }),
    lang,
  },
  positionals: {
    list: {
      ...text({
        en: "A text with a name a line, or name,group; - is standard input.",
        ru: "Текст, в каждой строке имя или имя,группа; - это стандартный ввод.",
      }, ""),
      value: "LIST",
      required: true,
    } satisfies Positional<string>,
  },
};

const STDIO = "-";
/** A hash takes 50 ms, and a class is smaller. */
const MOST = 1_000;
/** Bytes: of a larger file not all is read. */
const LIST_BYTES = 1 << 20;
/** The port of the page, as far as nothing is known of a server. */
const PAGE = 8080;

const given = import.meta.main ? commandLine(program) : undefined;
const language = given?.lang ?? systemLanguage(), texts = catalogues[language];

if (given !== undefined) {
  const { list, owner, link: named } = given;
  if (named !== undefined && !/^https?:\/\/[^\s/]/.test(named)) {
    failUsage(program.name, texts.lists.badLink(JSON.stringify(named)), language);
  }
  try {
    const { pupils, flaws } = readList(await bytesOf(list), language, texts);
    if (pupils.length + flaws.length === 0) throw new Refused(texts.lists.empty);
    if (pupils.length > MOST) throw new Refused(texts.lists.tooLong(MOST, pupils.length));
    const opener = { name: program.name, permissions: "class", language };
    const { accounts, close } = await openAccounts(given, owner !== undefined, opener);
    try {
      await make(accounts, pupils, flaws, given);
    } finally {
      await close();
    }
  } catch (error) {
    if (error instanceof JournalRefused && error.cause instanceof Deno.errors.NotCapable) {
      fail(program.name, notPermitted(given.data, "class", "tools/class.ts", language));
    }
    if (error instanceof JournalRefused) fail(program.name, error.texts[language]);
    if (error instanceof JournalFailure || error instanceof Refused) fail(program.name, error.message);
    throw error;
  }
}

/** What to make of the list. */
interface Wanted {
  readonly list: string;
  readonly owner: string | undefined;
  readonly sheet: string | undefined;
  readonly text: boolean;
  readonly link: string | undefined;
  readonly skip: boolean;
  readonly force: boolean;
  readonly data: string;
  readonly broker: unknown;
}

/**
 * Makes the accounts, and then the rooms. The sheet is on the disk before: a password that nobody can read any more is worse
 * than a card without an account.
 */
async function make(store: AccountStore, read: readonly Pupil[], wrong: readonly Flaw[], wanted: Wanted) {
  const { owner: ownerName, skip } = wanted;
  const owner = ownerName === undefined ? undefined : ownerIn(store.state, ownerName, texts);
  const taken = flawsIn(store.state, read, owner, texts), out = new Set(taken.map(({ line }) => line));
  const pupils = read.filter(({ line }) => !out.has(line));
  const flaws = [...wrong, ...taken].sort((one, other) => one.line - other.line);
  for (const { text } of flaws) console.error(text);
  if (pupils.length === 0) throw new Refused(texts.lists.noneLeft);
  if (flaws.length > 0 && !skip) throw new Refused(texts.lists.nothing(flaws.length));
  if (flaws.length > 0) console.error(texts.lists.leftOut(flaws.length));
  const groups = groupsOf(pupils);
  if (owner === undefined && groups.length > 0) console.error(texts.lists.noRooms(groups.length));
  const link = linkOf(wanted);

  const cards = pupils.map(({ name, room }): Card => ({ name, room, password: oneTimePassword() }));
  const hashes: string[] = [];
  for (const { password } of cards) hashes.push(await hashPassword(password)); // one at a time: each takes 46 MiB
  const sheet = wanted.text ? textSheet(cards, link, texts) : htmlSheet(cards, link, language, texts);
  const file = wanted.sheet ?? besideList(wanted.list, wanted.text ? ".txt" : ".html");
  const written = file === STDIO ? undefined : await writeSheet(file, sheet, wanted.force);
  try {
    await store.change((state) => {
      if (flawsIn(state, pupils, owner, texts).length > 0) throw new Refused(texts.lists.changed);
      return cards.map(({ name }, i) => ({
        kind: "account",
        name,
        password: hashes[i]!,
        oneTime: true,
        operator: false,
        time: Math.floor(Date.now() / 1000),
      }));
    });
  } catch (error) {
    // Without an answer of the broker the accounts may be there all the same.
    if (error instanceof Refused && error.message === texts.changeUnknown) {
      throw new Refused(`${error.message}; ${texts.lists.cardsIn(file)}`);
    }
    written?.takeBack();
    throw error;
  }
  if (file === STDIO) console.log(sheet);
  const made = owner === undefined ? [] : groups;
  try {
    if (made.length > 0) await store.change((state) => made.flatMap((group) => roomOf(state, group, owner!)));
  } catch (error) {
    if (!(error instanceof JournalFailure || error instanceof Refused)) throw error;
    throw new Refused(`${error.message}; ${texts.lists.roomsFailed}; ${texts.lists.cardsIn(file)}`);
  }
  const done = texts.lists.created(pupils.length, made.length);
  if (file === STDIO) console.error(done);
  else console.log(`${done}; ${texts.lists.cardsIn(file)}`);
}

/** The address on the cards: the one that is given, else that of the server of this data folder, else a guess. */
function linkOf({ link: given, data, broker }: Wanted): string {
  if (given !== undefined) return given;
  const known = broker === undefined ? pageAddress(data) : undefined; // a broker's chat has no data folder of its own
  if (known !== undefined) {
    console.error(texts.lists.link(known));
    return known;
  }
  const link = pageForPhones("::", PAGE, Deno.networkInterfaces(), false) ?? `http://localhost:${PAGE}/`;
  console.error(texts.lists.guessedLink(link));
  return link;
}

/** The bytes of the list. @throws {Refused} */
async function bytesOf(list: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    const source = list === STDIO ? Deno.stdin : await Deno.open(list);
    for await (const chunk of source.readable) {
      chunks.push(chunk);
      if ((size += chunk.length) > LIST_BYTES) throw new Refused(texts.lists.largeFile(LIST_BYTES));
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw new Refused(unpermitted(list, ["read"]));
    if (!isSystemError(error)) throw error;
    throw new Refused(texts.lists.cannotRead(list, systemReason(systemErrorText(error), language)));
  }
  return new Uint8Array(await new Blob(chunks as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}

/** The name of the list with another ending. */
function besideList(list: string, ending: string): string {
  return list === STDIO ? `class/cards${ending}` : `${list.replace(/\.[^./\\]*$/, "")}${ending}`;
}

/** Writes the sheet, which nobody else may read; it is on the disk then. @throws {Refused} */
async function writeSheet(file: string, sheet: string, force: boolean): Promise<NewFile> {
  try {
    return await writeNewFile(file, new TextEncoder().encode(sheet), force);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw new Refused(unpermitted(file, ["read", "write"]));
    if (error instanceof Deno.errors.AlreadyExists) throw new Refused(texts.lists.sheetExists(file));
    if (!isSystemError(error)) throw error;
    throw new Refused(texts.lists.cannotWrite(file, systemReason(systemErrorText(error), language)));
  }
}

/** The flags that are missing. A flag replaces that part of the set, so each names what the set has. */
function unpermitted(file: string, needs: readonly ("read" | "write")[]): string {
  if (LAUNCHER !== undefined) return texts.lists.notGranted(file);
  return texts.lists.notPermitted(file, needs.map((what) => `--allow-${what}=./data,./class,${file}`).join(" "));
}
