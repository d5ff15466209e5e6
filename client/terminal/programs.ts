// `/hooks` and `/bots`: programs that speak in the chat. The token of a new one is shown once, and nowhere else.

import { type Fields, text } from "../../jim/client/fields.ts";
import { milliseconds } from "../../jim/client/event.ts";
import { safe } from "../safe.ts";
import type { ChatState } from "./chat_state.ts";
import { clockTime } from "./clock.ts";
import { type Command, personOf } from "./command.ts";
import { writeName } from "./names.ts";

/** Without an order: lists the hooks of the room in front. A hook is removed by its id: several may have one name. */
interface Hooks {
  readonly do: "hooks";
  readonly order?: { readonly is: "add" | "del"; readonly what: string };
}
/** Without an order: lists the bots. */
interface Bots {
  readonly do: "bots";
  readonly order?: { readonly is: BotOrder; readonly name: string };
}

const BOT_ORDERS = { add: "add_bot", token: "bot_token", del: "del_bot" } as const;
type BotOrder = keyof typeof BOT_ORDERS;

export const programCommands = {
  hooks: {
    read(rest) {
      if (rest === "") return { do: "hooks" };
      const [, is, what = ""] = /^(add|del)\s+(\S.*)$/.exec(rest) ?? [];
      return is === undefined ? undefined : { do: "hooks", order: { is: is as "add" | "del", what } };
    },
    execute(chat, { order }, now) {
      if (order === undefined) listHooks(chat, now);
      else if (order.is === "add") addHook(chat, order.what, now);
      else deleteHook(chat, order.what, now);
    },
  } satisfies Command<Hooks>,
  bots: {
    takes: { name: "person", isLast: true, behind: /^(?:token|del)\s+/ },
    read(rest, find) {
      if (rest === "") return { do: "bots" };
      const [, is, said = ""] = /^(add|token|del)\s+(.*)$/.exec(rest) ?? [], name = personOf(said, find);
      if (is === undefined || name === undefined) return undefined;
      return { do: "bots", order: { is: is as BotOrder, name } };
    },
    execute(chat, { order }, now) {
      if (order === undefined) listBots(chat, now);
      else changeBot(chat, order.is, order.name, now);
    },
  } satisfies Command<Bots>,
};

function listHooks(chat: ChatState, now: number): void {
  const room = roomInFront(chat, now), { texts } = chat;
  if (room === undefined) return;
  const object = { action: "hooks", time: chat.time(now), room };
  chat.request("/hooks", { object, rows: "unknown" }, now, ({ fields }, now) => {
    const lines = fields.map((row) => {
      const about = texts.hookOf(writeName(safe(text(row.by))), timeOf(chat, row.since, now));
      // The id is first: nobody can imitate it by a name.
      return `${safe(text(row.hook))}  ${safe(text(row.name))}, ${about}`;
    });
    const isEmpty = lines.length === 0, title = isEmpty ? texts.noHooks : texts.hooks;
    chat.showNotice([title(writeName(room)), ...lines, isEmpty ? texts.hookAdd : texts.hookEnd], now);
  });
}

function addHook(chat: ChatState, name: string, now: number): void {
  const room = roomInFront(chat, now), { texts } = chat;
  if (room === undefined) return;
  const object = { action: "add_hook", time: chat.time(now), room, name };
  chat.request("/hooks", { object }, now, ({ token = "" }, now) => {
    chat.showNotice([texts.hookAdded(safe(name), writeName(room)), `/hooks/${safe(token)}`], now);
  });
}

function deleteHook(chat: ChatState, hook: string, now: number): void {
  const room = roomInFront(chat, now);
  if (room === undefined) return;
  const object = { action: "del_hook", time: chat.time(now), room, hook };
  chat.request("/hooks", { object }, now, (_, now) => chat.showNotice(chat.texts.hookDeleted(safe(hook)), now));
}

/** The room in front, the common one too; with a person in front there are no hooks. */
function roomInFront(chat: ChatState, now: number): string | undefined {
  const { current } = chat.conversations;
  if (current.startsWith("#")) return current;
  chat.warn(chat.texts.onlyInRooms("/hooks", writeName(current)), now);
  return undefined;
}

function listBots(chat: ChatState, now: number): void {
  const { texts } = chat, object = { action: "bots", time: chat.time(now) };
  chat.request("/bots", { object, rows: "unknown" }, now, ({ fields }, now) => {
    const lines = fields.map((row) => {
      const state = row.online === true ? texts.connected : texts.lastUsed(timeOf(chat, row.seen, now));
      return `${writeName(safe(text(row.user_id)))}: ${state}`;
    });
    chat.showNotice(lines.length === 0 ? texts.noBots : [texts.theBots, ...lines], now);
  });
}

function changeBot(chat: ChatState, is: BotOrder, name: string, now: number): void {
  const object = { action: BOT_ORDERS[is], time: chat.time(now), user_id: name }, { texts } = chat;
  chat.request("/bots", { object }, now, ({ token = "" }, now) => {
    if (is === "del") chat.showNotice(texts.botDeleted(writeName(name)), now);
    else chat.showNotice([texts.botToken(writeName(name)), safe(token)], now);
  });
}

function timeOf(chat: ChatState, unix: Fields[string], now: number): string {
  const at = milliseconds(typeof unix === "number" ? unix : undefined);
  return at === undefined ? "?" : clockTime(at, chat.wall(now));
}
