/**
 * A ban or a mute that is in force, as a server lists it.
 * @module
 */
import { type Fields, text } from "./fields.ts";

/** A row of the list of bans. What the server keeps of one is its own type, `Ban` in server/chat/bans.ts. */
export interface ListedBan {
  readonly kind: "ban" | "mute";
  /** A name in its canonical form; or an address instead. */
  readonly user_id?: string;
  readonly address?: string;
  /** Unix seconds when it ends; never, if there is none. */
  readonly until?: number;
  /** The operator's name; `#token` for an order with the server's token. */
  readonly by?: string;
  readonly reason?: string;
}

/**
 * A row of the list of bans; `undefined` of what makes no sense.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const row = { action: "ban_list", kind: "mute", user_id: "eve", until: "soon", by: "op", reason: 7 };
 * assert.deepEqual(banIn(row), { kind: "mute", user_id: "eve", by: "op" });
 * assert.equal(banIn({ action: "ban_list", kind: "ban" }), undefined);
 * ```
 */
export function banIn({ kind, user_id, address, until, by, reason }: Fields): ListedBan | undefined {
  const texts = Object.entries({ user_id, address, by, reason }).filter(([, value]) => text(value) !== "");
  const ban = Object.fromEntries(texts) as Pick<ListedBan, "user_id" | "address" | "by" | "reason">;
  if (ban.user_id === undefined && ban.address === undefined) return undefined;
  return { kind: kind === "mute" ? "mute" : "ban", ...ban, ...(typeof until === "number" ? { until } : {}) };
}
