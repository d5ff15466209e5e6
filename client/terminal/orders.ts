// What an operator orders: somebody is put out, kept out or silenced, and what is in force is listed. The server decides who
// may; here an order becomes a request, and its answer a few words.

import { canonicalAddress, canonicalRange, isTime, parseDuration } from "../../jim/mod.ts";
import type { ListedBan } from "../../jim/client/ban.ts";
import { clockTime } from "./clock.ts";
import type { ChatState } from "./chat_state.ts";
import { type Command, NONE, roomOf } from "./command.ts";
import { personNamed, readName, roomNamed, writeName } from "./names.ts";
import type { Texts } from "./words.ts";

/** What an operator orders, as the server takes it. */
interface Order {
  readonly action: "kick" | "ban" | "unban" | "mute" | "unmute" | "promote" | "demote";
  /** The target: a name, or for a ban an address or a range instead. */
  readonly user_id?: string;
  readonly address?: string;
  /** How long: `10m`. */
  readonly for?: string;
  readonly reason?: string;
  /** The room that it is about; without one it is about the whole chat. */
  readonly room?: string;
}

interface GiveOrder {
  readonly do: "order";
  readonly order: Order;
}
/** What everybody is greeted with; nothing, if it is empty. */
interface Greet {
  readonly do: "motd";
  readonly text: string;
}

/** A duration with a slip, such as `10` or `10min`: taken for a reason, it would make a ban for good. */
const SLIP = /^(?!\d+[smhdw](?!\S))(\d+)\p{L}*(?!\S)/u;

export const orderCommands = {
  kick: order("kick"),
  ban: order("ban"),
  unban: order("unban"),
  mute: order("mute"),
  unmute: order("unmute"),
  promote: order("promote"),
  demote: order("demote"),
  bans: {
    takes: { name: "room", isLast: true },
    read(rest, find) {
      if (rest === "") return { do: "bans" };
      const room = roomOf(rest, find);
      return room === undefined ? undefined : { do: "bans", room };
    },
    execute: (chat, { room }, now) => listBans(chat, room, now),
  } satisfies Command<{ readonly do: "bans"; readonly room?: string }>,
  motd: {
    read: (rest) => rest === "" ? undefined : { do: "motd", text: rest === NONE ? "" : rest },
    execute: (chat, { text }, now) => greet(chat, text, now),
  } satisfies Command<Greet>,
};

/**
 * The target, the duration, the reason. What is an address is taken for one unless it is in quotes; the first word behind may be a
 * duration, and all else is the reason.
 */
function order(action: Order["action"]): Command<GiveOrder> {
  const takesEnd = action === "ban" || action === "mute", takesReason = takesEnd || action === "kick";
  const isForRooms = !action.endsWith("mote");
  const read: Command<GiveOrder>["read"] = (all, find, texts) => {
    const place = isForRooms && /^"?#/.test(all) ? readName(all, false) : undefined;
    const room = place && roomNamed(place, find), rest = place === undefined ? all : place.rest;
    const found = readName(rest, false);
    if (found === undefined || (!takesReason && found.rest !== "")) return undefined;
    const { name, isQuoted } = found, canBeAddress = action.endsWith("ban") && !isQuoted && room === undefined;
    const address = canBeAddress ? canonicalAddress(name) ?? canonicalRange(name) : undefined;
    const person = address === undefined ? personNamed(found, find) : undefined;
    if (address === undefined && person === undefined) return undefined;
    const [slip, count] = takesEnd ? SLIP.exec(found.rest) ?? [] : [];
    if (slip !== undefined) return { do: "invalid", words: texts.noDuration(slip, `${count}m`) };
    const [, end, reason] = (takesEnd ? /^(?:(\d+[smhdw])(?:\s+|$))?(.*)$/s : /^()(.*)$/s).exec(found.rest)!;
    return {
      do: "order",
      order: {
        action,
        ...(address === undefined ? { user_id: person! } : { address }),
        ...(end ? { for: end } : {}),
        ...(reason ? { reason } : {}),
        ...(room === undefined ? {} : { room }),
      },
    };
  };
  const takes = { name: "person", ...(isForRooms ? { behind: /^(?:#\S+\s+)?/ } : {}) } as const;
  return { takes, read, execute: (chat, { order }, now) => giveOrder(chat, order, now) };
}

/** Gives an order to the server. */
function giveOrder(chat: ChatState, order: Order, now: number): void {
  const target = writeName(order.user_id ?? order.address!);
  const object = { ...order, time: chat.time(now) };
  chat.request(`/${order.action} ${target}`, { object }, now, (_, now) => {
    const wall = chat.wall(now), seconds = order.for === undefined ? undefined : parseDuration(order.for);
    const end = seconds === undefined ? undefined : clockTime(wall + 1000 * seconds, wall);
    chat.showNotice(chat.texts.done[order.action](target, end), now);
  });
}

/** Sets the greeting of new connections, or removes it. */
function greet(chat: ChatState, text: string, now: number): void {
  chat.request("/motd", { object: { action: "motd", time: chat.time(now), text } }, now, (_, now) => {
    chat.showNotice(text === "" ? chat.texts.noGreeting : chat.texts.greeting(text), now);
  });
}

/** Lists the bans and mutes. */
function listBans(chat: ChatState, room: string | undefined, now: number): void {
  const object = { action: "bans", time: chat.time(now), ...(room === undefined ? {} : { room }) }, { texts } = chat;
  chat.request("/bans", { object, rows: "row" }, now, ({ listed }, now) => {
    const lines = listed.map(({ name, ban }) => `${writeName(name)}: ${described(ban ?? { kind: "ban" }, texts)}`);
    chat.showNotice(lines.length === 0 ? texts.noBans : [texts.bans, ...lines], now);
  });
}

function described({ kind, until, by, reason }: ListedBan, texts: Texts): string {
  const parts = [texts.kinds[kind]];
  if (until !== undefined && isTime(until)) {
    parts.push(texts.until(new Date(until * 1000).toLocaleString("sv-SE")));
  }
  if (by !== undefined) parts.push(texts.by(writeName(by)));
  if (reason !== undefined) parts.push(texts.because(JSON.stringify(reason)));
  return parts.join(texts.between);
}
