/**
 * Copies all that a server keeps into one file: the database and the files of messages. The server may be running: what was
 * acknowledged until then is in the copy. It is checked before it gets its name.
 *
 *     deno task backup FILE [--data DIR]
 *
 * Exit status: 0 the backup is there and whole, 1 it is not, 2 a mistake on the command line.
 */
import { backup, DatabaseSync } from "node:sqlite";
import { commandLine, fail, lang, type Positional, systemLanguage, text } from "../cli/mod.ts";
import { systemReason } from "../cli/system.ts";
import { VERSION } from "../cli/version.ts";
import { isSystemError, systemErrorText } from "../log/system_error.ts";
import { isSqlite } from "../server/journal/failure.ts";
import { JournalRefused } from "../server/journal/contract.ts";
import { verify } from "../server/journal/verify.ts";
import { inEach } from "../server/words/mod.ts";
import { DATABASE, pack, type Source } from "./backup/archive.ts";
import { exists, remove } from "./backup/paths.ts";
import { Refused } from "./refused.ts";
import { catalogues, type Texts } from "./words.ts";

export const program = {
  name: "hanita-backup",
  summary: {
    en: "Copies all that a server keeps into one file, which deno task restore puts back; the server may be running.",
    ru:
      "Копирует всё, что хранит сервер, в один файл, из которого это вернёт deno task restore; сервер может работать.",
  },
  options: {
    data: text({ en: "The server's data folder.", ru: "Папка данных сервера." }, "./data", { value: "DIR" }),
    lang,
  },
  positionals: {
    file: {
      ...text({ en: "The backup, a new file.", ru: "Файл копии, новый." }, ""),
      value: "FILE",
      required: true,
    } satisfies Positional<string>,
  },
};

/** All pages in one step: between two steps the server's writes would make the copy begin anew. */
const ALL_PAGES = 2 ** 31 - 1;

if (import.meta.main) {
  const { file, data, lang: chosen } = commandLine(program), language = chosen ?? systemLanguage();
  const texts = catalogues[language];
  try {
    console.log(await makeBackup(file, data, texts));
  } catch (error) {
    if (error instanceof Refused) fail(program.name, error.message);
    if (error instanceof JournalRefused) fail(program.name, error.texts[language]);
    if (error instanceof Deno.errors.NotCapable) fail(program.name, texts.backupNotPermitted(data, folderOf(file)));
    if (!isSystemError(error) && !isSqlite(error)) throw error;
    fail(program.name, texts.cannotBackUp(file, systemReason(systemErrorText(error), language)));
  }
}

/** Makes a backup. Of one that fails nothing stays. Returns what to print. */
async function makeBackup(file: string, data: string, texts: Texts): Promise<string> {
  // Another backup of that name may be under way, such as one of a clock that was slow.
  const part = `${file}.${Deno.pid}.part`, copy = `${file}.${Deno.pid}.db-part`;
  if (exists(file)) throw new Refused(texts.backupExists(file));
  try {
    Deno.mkdirSync(folderOf(file), { recursive: true, mode: 0o700 });
    const { messages, records, faults } = await copyDatabase(`${data}/${DATABASE}`, copy);
    if (faults.length > 0) throw new Refused(texts.backupOfFaulty(data, faults.length));
    const out = await Deno.open(part, { write: true, create: true, truncate: true, mode: 0o600 });
    const entries = await pack(sources(copy, data), synced(out), { version: VERSION, time: Date.now() });
    if (exists(file)) throw new Refused(texts.backupExists(file));
    Deno.renameSync(part, file);
    const bytes = entries.reduce((sum, { size }) => sum + size, 0);
    return texts.backedUp(file, texts.counts(messages, records), entries.length - 1, (bytes / 1e6).toFixed(1));
  } finally {
    for (const rest of [part, copy, `${copy}-journal`, `${copy}-wal`, `${copy}-shm`]) remove(rest);
  }
}

/** Copies the database as it is at this moment, and checks the copy. */
async function copyDatabase(path: string, copy: string) {
  if (!exists(path)) throw new JournalRefused(inEach(({ noDatabase }) => noDatabase(path)));
  remove(copy);
  Deno.openSync(copy, { write: true, createNew: true, mode: 0o600 }).close(); // nobody else may read it
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    await backup(db, copy, { rate: ALL_PAGES });
  } finally {
    db.close();
  }
  try {
    return verify(copy);
  } catch (error) {
    // Of a disk that is full: the user knows the backup, and not the copy in front of it.
    if (error instanceof JournalRefused && isSqlite(error.cause)) throw error.cause;
    throw error;
  }
}

/** What goes into the archive. A file of a message never changes; one that is removed meanwhile is not needed. */
async function* sources(copy: string, data: string): AsyncGenerator<Source> {
  yield { name: DATABASE, path: copy };
  for (const folder of namesIn(`${data}/files`)) {
    if (!/^[0-9a-f]{2}$/.test(folder)) continue;
    for (const name of namesIn(`${data}/files/${folder}`)) {
      const path = `${data}/files/${folder}/${name}`;
      if (exists(path)) yield { name: `files/${folder}/${name}`, path };
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** Writes into a file; at the end its bytes are on the disk. */
function synced(file: Deno.FsFile): WritableStream<Uint8Array> {
  return new WritableStream({
    async write(bytes) {
      for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
    },
    async close() {
      await file.sync();
      file.close();
    },
    abort: () => file.close(),
  });
}

function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) || "/" : ".";
}
