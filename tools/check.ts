/**
 * Checks that what a server keeps is whole: the database's file, the checksum of each record and each run of messages, the files
 * of messages, and that the newest of them are there. It changes nothing, and a server may be running.
 *
 *     deno task check [--data DIR]
 *
 * Exit status: 0 all is whole, 1 faults, 2 there is nothing to check, or a mistake on the command line.
 */
import { commandLine, fail, lang, languageIn, notPermitted, systemLanguage, text } from "../cli/mod.ts";
import { JournalRefused } from "../server/journal/contract.ts";
import { type Fault, type Report, verify } from "../server/journal/verify.ts";
import { catalogues } from "./words.ts";

export const program = {
  name: "hanita-check",
  summary: {
    en: "Checks that what a server keeps is whole, each message and record of it; the server may be running.",
    ru: "Проверяет, цело ли всё, что хранит сервер: каждое сообщение, каждая запись; сервер может работать.",
  },
  options: {
    data: text({ en: "The server's data folder.", ru: "Папка данных сервера." }, "./data", { value: "DIR" }),
    lang,
  },
};

const language = languageIn(Deno.args) ?? systemLanguage(), texts = catalogues[language];

if (import.meta.main) {
  const { data } = commandLine(program), path = `${data}/hanita.db`;
  try {
    const report = verify(path, `${data}/files`);
    for (const fault of report.faults) console.log(textOf(fault, path));
    if (report.unknown > 0) console.log(texts.newer(report.unknown));
    console.log(summaryOf(report, path));
    if (report.faults.length > 0) Deno.exit(1);
  } catch (error) {
    if (!(error instanceof JournalRefused)) throw error;
    const isNotPermitted = error.cause instanceof Deno.errors.NotCapable;
    const why = isNotPermitted
      ? notPermitted(data, "check", "tools/check.ts", language, ["read"])
      : error.texts[language];
    fail(program.name, why, 2);
  }
}

function summaryOf({ messages, records, files, faults }: Report, path: string): string {
  const counts = `${texts.counts(messages, records)}${files === 0 ? "" : texts.files(files)}`;
  return faults.length === 0 ? texts.whole(path, counts) : texts.faulty(path, faults.length, counts);
}

/** A fault as a line. */
function textOf(fault: Fault, path: string): string {
  const { faults } = texts;
  switch (fault.kind) {
    case "file":
      return faults.file(fault.detail);
    case "unreadable":
      return faults[fault.part](fault.after, fault.detail);
    case "record":
      return faults.record(fault.id, JSON.stringify(fault.recordKind));
    case "run":
      return faults.run(fault.first, fault.last, fault.count);
    case "message":
      return faults.message(fault.after);
    case "missingFile":
    case "damagedFile":
      return faults[fault.kind](fault.id, fault.hash);
    case "end":
      return faults.end(fault.last, fault.noted, `${path}-wal`);
  }
}
