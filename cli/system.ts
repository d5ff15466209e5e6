/** Error messages of the operating system, for a user. @module */
import type { Language } from "./language.ts";

type Messages = readonly (readonly [pattern: RegExp, message: string])[];

/** Frequent messages that do not explain themselves. */
const ENGLISH: Messages = [
  [/Connection refused/, "nothing is running there (connection refused)"],
  [/disk I\/O error/, "disk I/O error, as on a disk that is full or broken"],
  [/Broken pipe/, "the connection was lost (broken pipe)"],
];
/** The same in Russian, and those that are clear in English. */
const RUSSIAN: Messages = [
  [/Connection refused/, "там ничего не запущено (соединение отклонено)"],
  [/timed out/i, "за отведённое время никто не ответил"],
  [/Connection reset|Broken pipe/, "соединение оборвано"],
  [/Too many open files/, "открыто слишком много файлов"],
  [/No route to host|Network is unreachable/, "до этого адреса не добраться"],
  [/failed to lookup address|Name or service not known/, "такого адреса нет"],
  [/No such file or directory/, "такого файла нет"],
  [/Permission denied/, "нет прав"],
  [/Is a directory/, "это папка"],
  [/disk is full|No space left/, "на диске нет места"],
  [/disk I\/O error/, "ошибка диска, как бывает, когда диск полон или сломан"],
];

/**
 * An error message without its number. A frequent one is replaced by a clearer one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(systemReason("No such file or directory (os error 2)", "en"), "No such file or directory");
 * assert.equal(systemReason("No such file or directory (os error 2)", "ru"), "такого файла нет");
 * ```
 */
export function systemReason(message: string, language: Language): string {
  const known = (language === "en" ? ENGLISH : RUSSIAN).find(([pattern]) => pattern.test(message));
  return known?.[1] ?? message.replace(/ \(os error \d+\).*/s, "");
}
