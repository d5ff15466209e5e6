/**
 * Writes what was said in the rooms to standard output: JSON lines, Markdown, or one HTML file that runs nothing. Edits and
 * deletions are as they are now. Private conversations are not exported. It changes nothing, and a server may be running.
 *
 *     deno task export [--room ROOM] [--since DATE] [--format jsonl|markdown|html] [--data DIR]
 *
 * Exit status: 0 all is written, 1 something could not be read or written, 2 there is nothing to read, or a mistake on the
 * command line.
 */
import {
  commandLine,
  fail,
  failUsage,
  lang,
  languageIn,
  notPermitted,
  oneOf,
  systemLanguage,
  text,
} from "../cli/mod.ts";
import { systemReason } from "../cli/system.ts";
import { COMMON_ROOM, isCommonRoom, nameKey } from "../jim/mod.ts";
import { isSystemError } from "../log/system_error.ts";
import { writeAll } from "../select/write_all.ts";
import { JournalRefused } from "../server/journal/contract.ts";
import { JournalReader } from "../server/journal/reader.ts";
import { exportRooms, FORMATS } from "./export/export.ts";
import { parseDate } from "./export/date.ts";
import { catalogues } from "./words.ts";

const program = {
  name: "hanita-export",
  summary: {
    en: "Writes what was said in the rooms to standard output; the server may be running.",
    ru: "Пишет в стандартный вывод то, что сказано в комнатах; сервер может работать.",
  },
  options: {
    room: text(
      { en: "One room, such as #all; all rooms unless given.", ru: "Одна комната, например #all; без неё — все." },
      undefined,
      {
        value: "ROOM",
      },
    ),
    since: text(
      {
        en: "What was said on that day or later: 2026-11-29, or a time: 2026-11-29T16:45.",
        ru: "Сказанное в этот день и позже: 2026-11-29, или с момента: 2026-11-29T16:45.",
      },
      undefined,
      { value: "DATE" },
    ),
    format: oneOf(
      { en: "JSON lines, Markdown, or one HTML file.", ru: "Строки JSON, Markdown или один файл HTML." },
      FORMATS,
      "jsonl",
      { synonyms: { json: "jsonl", md: "markdown", htm: "html" } },
    ),
    data: text({ en: "The server's data folder.", ru: "Папка данных сервера." }, "./data", { value: "DIR" }),
    lang,
  },
};

/** Characters that are written at once. */
const CHUNK = 65_536;

const language = languageIn(Deno.args) ?? systemLanguage(), texts = catalogues[language];

if (import.meta.main) {
  const { data, room, since, format } = commandLine(program);
  const from = since === undefined ? 0 : parseDate(since);
  if (from === undefined) failUsage(program.name, texts.export.date(JSON.stringify(since)), language);
  let reader: JournalReader | undefined;
  try {
    const open = reader = new JournalReader(`${data}/hanita.db`);
    const rooms = roomsNamed(open, room);
    let chunk = "";
    const encoder = new TextEncoder();
    const flush = () => writeAll(Deno.stdout, encoder.encode(chunk));
    for (const piece of exportRooms(open, rooms, { since: from, format, words: texts.export.transcript })) {
      chunk += piece;
      if (chunk.length < CHUNK) continue;
      await flush();
      chunk = "";
    }
    await flush();
    const { damaged, unknown } = open.skipped;
    if (damaged + unknown > 0) fail(program.name, texts.export.leftOut(damaged + unknown));
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) Deno.exit(0); // the reader has enough, as `head` has
    if (error instanceof JournalRefused) {
      const isNotPermitted = error.cause instanceof Deno.errors.NotCapable;
      const why = isNotPermitted
        ? notPermitted(data, "export", "tools/export.ts", language, ["read"])
        : error.texts[language];
      fail(program.name, why, 2);
    }
    if (!(error instanceof Error) || !isSystemError(error)) throw error;
    fail(program.name, texts.export.cannotWrite(systemReason(error.message, language)));
  } finally {
    reader?.close();
  }
}

/** The rooms to be exported, the common one first. */
function roomsNamed(
  { state }: JournalReader,
  name: string | undefined,
): readonly { name: string; conversation: string }[] {
  const common = { name: COMMON_ROOM, conversation: COMMON_ROOM };
  if (name === undefined) return [common, ...state.rooms().filter(({ isGroup }) => !isGroup)];
  if (isCommonRoom(name)) return [common];
  // An operator sees private rooms, but no groups.
  const rooms = state.rooms().filter(({ isGroup }) => !isGroup);
  const called = (name: string) => state.room(name) ?? rooms.find((room) => nameKey(room.name) === nameKey(name));
  const found = called(name) ?? called(`#${name}`);
  if (found !== undefined) return [found];
  fail(program.name, texts.export.noRoom(JSON.stringify(name)));
}
