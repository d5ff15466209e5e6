// What an operator orders: somebody is put out, kept out or silenced, and what is in force is listed. The server decides who
// may; here an order becomes a request, and its answer a few words.

import { isTime } from "../../jim/mod.ts";
import type { Ban } from "../protocol/ban.ts";
import { clockTime } from "./clock.ts";
import type { Order } from "./commands.ts";
import type { ChatState } from "./chat_state.ts";
import { typed } from "./names.ts";
import type { Texts } from "./words.ts";

/** The units of a duration. */
const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Gives an order to the server. */
export function giveOrder(chat: ChatState, order: Order, now: number): void {
  const whom = typed(order.user_id ?? order.address!);
  const object = { ...order, time: chat.time(now) };
  chat.ask(`/${order.action} ${whom}`, { object }, now, (_, now) => {
    const wall = chat.wall(now), end = order.for && clockTime(wall + milliseconds(order.for), wall);
    chat.note(chat.texts.done[order.action](whom, end), now);
  });
}

/** Sets the greeting of new connections, or removes it. */
export function greet(chat: ChatState, text: string, now: number): void {
  chat.ask("/motd", { object: { action: "motd", time: chat.time(now), text } }, now, (_, now) => {
    chat.note(text === "" ? chat.texts.noGreeting : chat.texts.greeting(text), now);
  });
}

/** Shows who is banned and muted. */
export function listBans(chat: ChatState, now: number): void {
  const object = { action: "bans", time: chat.time(now) }, { texts } = chat;
  chat.ask("/bans", { object, rows: "row" }, now, ({ listed }, now) => {
    const lines = listed.map(({ name, ban }) => `${typed(name)}: ${described(ban ?? { kind: "ban" }, texts)}`);
    chat.note(lines.length === 0 ? texts.noBans : [texts.bans, ...lines], now);
  });
}

/** Of a duration such as `10m`. */
function milliseconds(duration: string): number {
  return parseInt(duration) * SECONDS[duration.at(-1) as keyof typeof SECONDS] * 1000;
}

function described({ kind, until, by, reason }: Ban, texts: Texts): string {
  const parts = [texts.kinds[kind]];
  if (until !== undefined && isTime(until)) {
    parts.push(texts.until(new Date(until * 1000).toLocaleString("sv-SE")));
  }
  if (by !== undefined) parts.push(texts.by(typed(by)));
  if (reason !== undefined) parts.push(texts.because(JSON.stringify(reason)));
  return parts.join(texts.between);
}
