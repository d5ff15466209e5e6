/** The texts of the command line, in Russian. @module */
import type { Texts } from "./english.ts";

export const russian: Texts = {
  usage: "Запуск",
  option: "КЛЮЧ",
  topics: {
    network: "Сеть",
    tls: "TLS",
    web: "Веб-страница",
    storage: "Хранение",
    cluster: "Несколько серверов",
    accounts: "Учётные записи и комнаты",
    limits: "Ограничения",
    timeouts: "Время ожидания",
    logging: "Журнал",
    chat: "Чат",
    general: "Общее",
  },
  positionals: "Аргументы",
  help: "Показать эту справку.",
  version: "Показать версию.",
  completion: "Показать скрипт, с которым оболочка дополняет ключи: bash, zsh или fish.",
  seeHelp: "(подробнее: --help)",
  whole: (min, max, got) =>
    `нужно целое число ${max === undefined ? `не меньше ${min}` : `от ${min} до ${max}`}, а не ${got}`,
  size: (got) => `нужен размер, например 500MB или 2GB, или 0, а дано ${got}`,
  oneOf: (words, got) => `нужно одно из ${words}, а не ${got}`,
  didYouMean: (word) => `может быть, ${word}?`,
  unknownOption: (option) => `Ключа ${option} нет`,
  knownOptions: (all) => `есть ${all}`,
  valueNotExpected: (option) => `У ключа ${option} не бывает значения`,
  valueExpected: (value, got) => `за ключом нужно ${value}, а ${got === undefined ? "там ничего нет" : `там ${got}`}`,
  argumentNotExpected: (got) => `лишнее слово ${got}`,
  argumentExpected: (value, help) => `не хватает ${value}: ${help}`,
  conflict: (one, other) => `нужно что-то одно: ${one} или ${other}`,
  required: (other, one) => `вместе с ${one} нужен и ${other}`,
  givenTwice: (option, one, other) => `${option}: нужно одно значение, а их два: ${one} и ${other}`,
  flagExpected: (got) => `нужно true или false, а дано ${got}`,
  noSuchOption: "такого ключа нет",
  notToml: (reason) => `нужен TOML, например port = 7777, а здесь другое: ${reason}`,
  notUtf8: "нужен текст в UTF-8",
  valueInQuotes: (value, got) => `нужно ${value}: число или текст в кавычках, а дано ${got}`,
  configUnreadable: (file, why) => `Не удалось прочитать --config ${file}: ${why}`,
  readNotPermitted: (file) => `нет прав, добавьте к deno run --allow-read=./data,${file}`,
  notGranted: (folder) => `Папку ${folder} использовать нельзя: нет прав, назовите её в командной строке`,
  bareRun: (folder, set, command) =>
    `Папку ${folder} использовать нельзя: нет прав, нужно deno task ${set} или ${command}, с теми же ключами`,
  notPermitted: (folder, set, flags, command) =>
    `Папку ${folder} использовать нельзя: у deno task ${set} нет на это прав, их дают ${flags}: ${command}, ` +
    "с теми же ключами",
};
