/** What the command line says, in Russian. @module */
import type { Texts } from "./english.ts";

export const russian: Texts = {
  usage: "Запуск",
  option: "КЛЮЧ",
  helpHelp: "Показать эту справку.",
  versionHelp: "Показать версию.",
  more: "(подробнее: --help)",
  whole: (min, max, got) =>
    `нужно целое число ${max === undefined ? `не меньше ${min}` : `от ${min} до ${max}`}, а не ${got}`,
  size: (got) => `нужен размер, например 500MB или 2GB, или 0, а дано ${got}`,
  oneOf: (words, got) => `нужно одно из ${words}, а не ${got}`,
  meant: (word) => `может быть, ${word}?`,
  unknown: (option) => `Ключа ${option} нет`,
  options: (all) => `есть ${all}`,
  noValue: (option) => `У ключа ${option} не бывает значения`,
  noArgument: (got) => `лишнее слово ${got}`,
  missing: (value, help) => `не хватает ${value}: ${help}`,
  behind: (value, got) => `за ключом нужно ${value}, а ${got === undefined ? "там ничего нет" : `там ${got}`}`,
  rival: (one, other) => `нужно что-то одно: ${one} или ${other}`,
  twice: (option, one, other) => `${option}: нужно одно значение, а их два: ${one} и ${other}`,
  alone: (other, one) => `вместе с ${one} нужен и ${other}`,
  bareRun: (folder, set, command) =>
    `Папку ${folder} использовать нельзя: нет прав, нужно deno task ${set} или ${command}, с теми же ключами`,
  notPermitted: (folder, set, flags, command) =>
    `Папку ${folder} использовать нельзя: у deno task ${set} нет на это прав, их дают ${flags}: ${command}, ` +
    "с теми же ключами",
};
