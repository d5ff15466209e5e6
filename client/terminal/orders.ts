// What an operator orders: somebody is put out, kept out or silenced, and what is in force is listed. The server decides who
// may; here an order becomes a request, and its answer a few words.

import { isTime } from "../../jim/mod.ts";
import type { HeardBan } from "../heard.ts";
import type { Order } from "./commands.ts";
import type { Desk } from "./desk.ts";
import { typed } from "./names.ts";
import type { Texts } from "./words.ts";

/** Gives an order to the server. */
export function giveOrder(desk: Desk, order: Order, now: number): void {
  const whom = typed(order.user_id ?? order.address!);
  const object = { ...order, time: desk.time(now) };
  desk.ask(`/${order.action} ${whom}`, { object }, now, (_, now) => {
    desk.note(desk.texts.done[order.action](whom, order.for), now);
  });
}

/** Shows who is banned and muted. */
export function listBans(desk: Desk, now: number): void {
  const object = { action: "bans", time: desk.time(now) }, { texts } = desk;
  desk.ask("/bans", { object, rows: "listed" }, now, ({ listed }, now) => {
    const lines = listed.map(({ name, ban }) => `${typed(name)}: ${described(ban ?? { kind: "ban" }, texts)}`);
    desk.note(lines.length === 0 ? texts.noBans : [texts.bans, ...lines], now);
  });
}

function described({ kind, until, by, reason }: HeardBan, texts: Texts): string {
  const parts = [texts.kinds[kind]];
  if (until !== undefined && isTime(until)) {
    parts.push(texts.until(new Date(until * 1000).toLocaleString("sv-SE")));
  }
  if (by !== undefined) parts.push(texts.by(typed(by)));
  if (reason !== undefined) parts.push(texts.because(JSON.stringify(reason)));
  return parts.join(texts.between);
}
