/**
 * Puts a backup into a data folder, while no server runs there. The backup is checked whole before anything is moved. What the
 * folder had stays in it, under another name.
 *
 *     deno task restore FILE [--data DIR] [--replace]
 *
 * Exit status: 0 the backup is in its place, 1 it is not, and nothing has changed unless the message says so, 2 a mistake on the
 * command line.
 */
import { commandLine, fail, flag, lang, type Positional, systemLanguage, text } from "../cli/mod.ts";
import { systemReason } from "../cli/system.ts";
import { isSystemError, systemErrorText } from "../log/system_error.ts";
import { ArchiveRefused, DATABASE, unpack } from "./backup/archive.ts";
import { exists, remove } from "./backup/paths.ts";
import { Stranded, swap } from "./backup/swap.ts";
import { Refused } from "./refused.ts";
import { catalogues, type Texts } from "./words.ts";

export const program = {
  name: "hanita-restore",
  summary: {
    en: "Puts a backup of deno task backup into a data folder, while no server runs there.",
    ru: "Возвращает в папку данных копию, которую сделала deno task backup; сервер при этом не работает.",
  },
  options: {
    data: text({ en: "The server's data folder.", ru: "Папка данных сервера." }, "./data", { value: "DIR" }),
    replace: flag({
      en: "Move aside a chat that is in the folder.",
      ru: "Отложить в сторону чат, который есть в папке.",
    }),
    lang,
  },
  positionals: {
    file: {
      ...text({ en: "The backup.", ru: "Файл копии." }, ""),
      value: "FILE",
      required: true,
    } satisfies Positional<string>,
  },
};

/** What a chat has in its folder. The file of the lock stays, since ids go on behind the newest that is noted there. */
const CHAT = [DATABASE, `${DATABASE}-wal`, `${DATABASE}-shm`, "files"];
/** The index is made anew. */
const INDEX = ["hanita-search.db", "hanita-search.db-wal", "hanita-search.db-shm"];

if (import.meta.main) {
  const { file, data, replace, lang: chosen } = commandLine(program), language = chosen ?? systemLanguage();
  const texts = catalogues[language];
  try {
    console.log(await restore(file, data, replace, texts));
  } catch (failure) {
    const aside = failure instanceof Stranded ? `; ${texts.movedAside(failure.aside)}` : "";
    const error = failure instanceof Stranded ? failure.cause : failure;
    if (error instanceof Refused) fail(program.name, error.message);
    if (error instanceof ArchiveRefused) fail(program.name, texts.archive[error.flaw](file));
    if (error instanceof Deno.errors.NotCapable) fail(program.name, `${texts.restoreNotPermitted(file, data)}${aside}`);
    if (!isSystemError(error)) throw error;
    fail(program.name, `${texts.cannotRestore(file, systemReason(systemErrorText(error), language))}${aside}`);
  }
}

/** Restores a backup. Of one that fails nothing stays. Returns what to print. */
async function restore(file: string, data: string, replace: boolean, texts: Texts): Promise<string> {
  const archive = await Deno.open(file);
  Deno.mkdirSync(data, { recursive: true, mode: 0o700 });
  using lock = Deno.openSync(`${data}/${DATABASE}-lock`, { create: true, write: true, mode: 0o600 });
  const unpacked = `${data}/restore.part`;
  remove(unpacked);
  try {
    if (!lock.tryLockSync(true)) throw new Refused(texts.restoreInUse(data));
    if (!replace && CHAT.some((name) => exists(`${data}/${name}`))) throw new Refused(texts.restoreOverChat(data));
    Deno.mkdirSync(unpacked, { mode: 0o700 });
    const { time, entries } = await unpack(archive.readable, unpacked);
    const aside = `${data}/replaced-${new Date().toISOString().replaceAll(":", "-").slice(0, 19)}`;
    const hadChat = swap({ data, unpacked, former: CHAT, restored: ["files", DATABASE], derived: INDEX, aside });
    const restored = texts.restored(data, new Date(time).toISOString(), entries.length - 1);
    return !hadChat ? restored : `${restored}; ${texts.movedAside(aside)}`;
  } finally {
    remove(unpacked);
  }
}
