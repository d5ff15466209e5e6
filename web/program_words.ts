/** What the lists of hooks and bots say. */
import type { Language } from "../jim/explain.ts";

const english = {
  remove: "Remove",
  renew: "New token",
  copy: "Copy",
  copied: "Copied",
  broken: "There is no connection. Try again.",
  since: (by: string, time: string) => `made by ${by}, ${time}`,
  online: "online",
  seen: (time: string) => time === "?" ? "never online" : `last online ${time}`,
  hooks: {
    title: "Incoming hooks",
    hint: "A program that has the address of a hook writes into this room: a build server, a monitor, a script.",
    name: "Name of the hook",
    add: "Make a hook",
    removeHint: "Its address will be of no use.",
    secret: (name: string) => `The address of ${name}. It is shown this once; whoever has it can write here.`,
  },
  bots: {
    title: "Bots",
    hint: "A bot is the account of a program, which logs in with a token.",
    name: "Name of the bot",
    add: "Make a bot",
    removeHint: "Its account will be removed.",
    secret: (name: string) => `The token of ${name}. It is shown this once; keep it as a password.`,
  },
};

export type ProgramWords = typeof english;

const russian: ProgramWords = {
  remove: "Удалить",
  renew: "Новый токен",
  copy: "Копировать",
  copied: "Скопировано",
  broken: "Нет соединения. Попробуйте ещё раз.",
  since: (by, time) => `создан: ${by}, ${time}`,
  online: "в сети",
  seen: (time) => time === "?" ? "ещё не входил" : `был в сети ${time}`,
  hooks: {
    title: "Входящие хуки",
    hint: "Программа, у которой есть адрес хука, пишет в эту комнату: сервер сборки, монитор, скрипт.",
    name: "Имя хука",
    add: "Создать хук",
    removeHint: "Его адрес перестанет работать.",
    secret: (name) => `Адрес хука ${name}. Он показан один раз; по нему может писать любой, у кого он есть.`,
  },
  bots: {
    title: "Боты",
    hint: "Бот — учётная запись программы, которая входит по токену.",
    name: "Имя бота",
    add: "Создать бота",
    removeHint: "Его учётная запись будет удалена.",
    secret: (name) => `Токен бота ${name}. Он показан один раз; храните его как пароль.`,
  },
};

export const programCatalogues: Readonly<Record<Language, ProgramWords>> = { en: english, ru: russian };
