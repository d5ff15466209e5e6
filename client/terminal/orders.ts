// What an operator orders: somebody is put out, kept out or silenced, and what is in force is listed. The server decides who
// may; here an order becomes a request, and its answer a few words.

import { isTime } from "../../jim/mod.ts";
import type { HeardBan } from "../heard.ts";
import type { Order } from "./commands.ts";
import type { Desk } from "./desk.ts";
import { typed } from "./names.ts";

/** What has happened then, behind the name. */
const DONE: Readonly<Record<Order["action"], string>> = {
  kick: "is put out",
  ban: "is banned",
  unban: "is not banned any more",
  mute: "is muted",
  unmute: "is not muted any more",
};

/** Gives an order to the server. */
export function giveOrder(desk: Desk, order: Order, now: number): void {
  const whom = typed(order.user_id ?? order.address!), end = order.for === undefined ? "" : ` for ${order.for}`;
  const object = { ...order, time: desk.time(now) };
  desk.ask(`/${order.action} ${whom}`, { object }, now, (_, now) => {
    desk.note(`${whom} ${DONE[order.action]}${end}`, now);
  });
}

/** Shows who is banned and muted. */
export function listBans(desk: Desk, now: number): void {
  const object = { action: "bans", time: desk.time(now) };
  desk.ask("/bans", { object, rows: "listed" }, now, ({ listed }, now) => {
    const lines = listed.map(({ name, ban }) => `${typed(name)}: ${ban === undefined ? "banned" : described(ban)}`);
    desk.note(lines.length === 0 ? "Nobody is banned or muted" : ["Bans and mutes", ...lines], now);
  });
}

function described({ kind, until, by, reason }: HeardBan): string {
  const parts = [kind === "mute" ? "muted" : "banned"];
  if (until !== undefined && isTime(until)) parts.push(`until ${new Date(until * 1000).toLocaleString("sv-SE")}`);
  if (by !== undefined) parts.push(`by ${typed(by)}`);
  if (reason !== undefined) parts.push(`because ${JSON.stringify(reason)}`);
  return parts.join(" ");
}
