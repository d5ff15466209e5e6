/** The texts about moderation on both pages, in English and Russian. @module */
import { plural } from "../../jim/words/plural.ts";
import type { Language } from "../../jim/explain.ts";
import { dateOf, momentOf } from "../formats.ts";
import type { ListedBan } from "../../jim/client/ban.ts";
import { type Action, type Order, whomOf } from "./order.ts";

const english = {
  moderate: "Moderation",
  what: "Action",
  actions: { mute: "Mute", kick: "Put out", ban: "Ban" } as Readonly<Record<"mute" | "kick" | "ban", string>>,
  hints: {
    mute: "Stays and reads. Others see nothing of them: no messages, files, reactions or new rooms.",
    kick: "Is disconnected, and may come back.",
    ban: "Is disconnected, and cannot come back.",
  } as Readonly<Record<"mute" | "kick" | "ban", string>>,
  all: (n: number) => `${n} guests have this name: the order applies to all of them.`,
  sessions: (n: number) => `${n} programs are logged in to this account: the order applies to all of them.`,
  there: (n: number, operators: readonly string[]) => {
    const among = operators.length === 0
      ? ""
      : `, among them ${operators.length === 1 ? "the operator" : "the operators"} ${operators.join(", ")}`;
    return n === 1 ? `1 program is connected from it${among}.` : `${n} programs are connected from it${among}.`;
  },
  whom: "Applies to",
  byName: (name: string) => `the name ${name}`,
  byAddress: (address: string) => `the address ${address}`,
  addressHint: "Applies to all connections from this address.",
  end: "For",
  ends: {
    "1m": "1 minute",
    "10m": "10 minutes",
    "1h": "1 hour",
    "1d": "1 day",
    "1w": "1 week",
    "": "until it is lifted",
  } as Readonly<Record<string, string>>,
  reason: "Reason",
  reasonHint: "the person sees it",
  give: {
    mute: (whom: string) => `Mute ${whom}`,
    kick: (whom: string) => `Put ${whom} out`,
    ban: (whom: string) => `Ban ${whom}`,
  } as Readonly<Record<"mute" | "kick" | "ban", (whom: string) => string>>,
  giving: "Asking the server…",
  done: {
    mute: (whom: string) => `${whom} is muted`,
    kick: (whom: string) => `${whom} is put out`,
    ban: (whom: string) => `${whom} is banned`,
    unmute: (whom: string) => `${whom} may write again`,
    unban: (whom: string) => `${whom} may enter again`,
    promote: (whom: string) => `${whom} is an operator now`,
    demote: (whom: string) => `${whom} is no longer an operator`,
    motd: () => "The greeting is saved",
  } as Readonly<Record<Action, (whom: string) => string>>,
  doneFor: (done: string, end: string) => `${done}: ${end}`,
  broken: "The connection failed before the answer: see the list of bans and mutes.",
  promote: "Make an operator",
  demote: "Remove operator rights",
  greeting: "Greeting",
  greetingHint: "Everybody sees it at the login. Leave it empty for no greeting.",
  setGreeting: "Save the greeting",
  bans: "Bans and mutes",
  noBans: "Nobody is banned or muted.",
  loading: "Loading…",
  kinds: { ban: "banned", mute: "muted" } as Readonly<Record<ListedBan["kind"], string>>,
  until: (when: string) => `until ${when}`,
  forGood: "until it is lifted",
  by: (who: string) => `by ${who}`,
  byToken: "by the class page",
  lift: "Lift",
  lifts: { ban: (whom: string) => `Lift the ban of ${whom}`, mute: (whom: string) => `Lift the mute of ${whom}` },
};

/** A catalogue. */
export type OrderWords = typeof english;

const russian: OrderWords = {
  moderate: "Порядок",
  what: "Что сделать",
  actions: { mute: "Заглушить", kick: "Отключить", ban: "Запретить" },
  hints: {
    mute: "Остаётся и читает. Другие ничего от него не видят: ни сообщений, ни файлов, ни реакций, ни новых комнат.",
    kick: "Соединение закроется, но вернуться можно.",
    ban: "Соединение закроется, и вернуться нельзя.",
  },
  all: (n) => `Гостей с этим именем: ${n}. Действие касается всех.`,
  sessions: (n) => `Программ с этой учётной записью: ${n}. Действие касается всех.`,
  there: (n, operators) => {
    const among = operators.length === 0
      ? ""
      : `, среди них ${operators.length === 1 ? "оператор" : "операторы"} ${operators.join(", ")}`;
    return `С этого адреса: ${n} ${plural(n, "программа", "программы", "программ")}${among}.`;
  },
  whom: "Кому",
  byName: (name) => `имени ${name}`,
  byAddress: (address) => `адресу ${address}`,
  addressHint: "Касается всех соединений с этого адреса.",
  end: "На сколько",
  ends: {
    "1m": "1 минута",
    "10m": "10 минут",
    "1h": "1 час",
    "1d": "1 день",
    "1w": "1 неделя",
    "": "пока не снимут",
  },
  reason: "Причина",
  reasonHint: "её увидит этот человек",
  give: {
    mute: (whom) => `Заглушить: ${whom}`,
    kick: (whom) => `Отключить: ${whom}`,
    ban: (whom) => `Запретить вход: ${whom}`,
  },
  giving: "Спрашиваем сервер…",
  done: {
    mute: (whom) => `${whom}: писать нельзя`,
    kick: (whom) => `${whom}: соединение закрыто`,
    ban: (whom) => `${whom}: вход запрещён`,
    unmute: (whom) => `${whom}: снова можно писать`,
    unban: (whom) => `${whom}: снова можно войти`,
    promote: (whom) => `${whom}: теперь оператор`,
    demote: (whom) => `${whom}: больше не оператор`,
    motd: () => "Приветствие сохранено",
  },
  doneFor: (done, end) => `${done} (${end})`,
  broken: "Соединение прервалось до ответа сервера. Проверьте список запретов.",
  promote: "Сделать оператором",
  demote: "Снять права оператора",
  greeting: "Приветствие",
  greetingHint: "Его видит каждый, кто входит. Если приветствие не нужно, оставьте поле пустым.",
  setGreeting: "Сохранить приветствие",
  bans: "Запреты",
  noBans: "Запретов нет.",
  loading: "Загружаем…",
  kinds: { ban: "нельзя войти", mute: "нельзя писать" },
  until: (when) => `до ${when}`,
  forGood: "пока не снимут",
  by: (who) => `запретил ${who}`,
  byToken: "запрещено со страницы класса",
  lift: "Снять",
  lifts: { ban: (whom) => `Разрешить вход: ${whom}`, mute: (whom) => `Разрешить писать: ${whom}` },
};

/** All catalogues. */
export const orderCatalogues: Readonly<Record<Language, OrderWords>> = { en: english, ru: russian };

/**
 * Describes what an order has done.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const words = orderCatalogues.en;
 * assert.equal(doneOf({ action: "mute", user_id: "eve", for: "10m" }, words), "eve is muted: 10 minutes");
 * assert.equal(doneOf({ action: "unban", address: "10.0.0.7" }, words), "10.0.0.7 may enter again");
 * ```
 */
export function doneOf(order: Order, words: OrderWords): string {
  const done = words.done[order.action](whomOf(order));
  if (order.action !== "mute" && order.action !== "ban") return done;
  return words.doneFor(done, words.ends[order.for ?? ""] ?? order.for!);
}

/**
 * Describes a ban or a mute: its end, and the operator who ordered it.
 *
 * @param now Unix seconds: of an end today only the time of day is said
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(describe({ kind: "mute", user_id: "eve", by: "op" }, "en", 0), "muted until it is lifted, by op");
 * ```
 */
export function describe({ kind, until, by }: ListedBan, language: Language, now: number): string {
  const words = orderCatalogues[language], end = until === undefined ? undefined : dateOf(until);
  const when = end === undefined ? words.forGood : words.until(momentOf(end, language, now));
  const who = by === undefined ? "" : by === "#token" ? `, ${words.byToken}` : `, ${words.by(by)}`;
  return `${words.kinds[kind]} ${when}${who}`;
}
