/** Moderation orders and their results, for both pages, and their form on the wire. @module */
import { nameKey } from "../../jim/name.ts";
import type { ListedBan } from "../../jim/client/ban.ts";
import type { Refusal } from "../../client/protocol/refusal.ts";

/** The action of an order. */
export type Action = "mute" | "kick" | "ban" | "unmute" | "unban" | "promote" | "demote" | "motd";

/** An order as it is sent, without its time. */
export interface Order {
  readonly action: Action;
  /** The person's name; or an address instead. */
  readonly user_id?: string;
  readonly address?: string;
  /** A duration such as `10m`; without one, until it is lifted. */
  readonly for?: string;
  /** At most 200 characters; the person reads them. */
  readonly reason?: string;
  /** The greeting, for `motd`; empty for none. */
  readonly text?: string;
}

/** An order and its result. */
export type Ordered =
  | { readonly order: Order; readonly state: "asked" | "done" }
  | { readonly order: Order; readonly state: "refused"; readonly why: Refusal };

/**
 * Makes the order that lifts a ban or a mute.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(lift({ kind: "ban", address: "10.0.0.0/8", by: "op" }), { action: "unban", address: "10.0.0.0/8" });
 * ```
 */
export function lift({ kind, user_id, address }: ListedBan): Order {
  return {
    action: kind === "mute" ? "unmute" : "unban",
    ...(address === undefined ? { user_id: user_id! } : { address }),
  };
}

/** The bans and mutes of a name, in any spelling, or of an address. */
export function bansOf(
  bans: readonly ListedBan[],
  { name, address }: { name?: string | undefined; address?: string },
): ListedBan[] {
  const key = name === undefined ? undefined : nameKey(name);
  return bans.filter((ban) => ban.address === undefined ? nameKey(ban.user_id!) === key : ban.address === address);
}

/**
 * The bans and mutes that have not expired since they were received. The server lists only those in force: if one seems to have
 * expired before, the clock of this machine is ahead, and it is shown.
 *
 * @param at when they were received, in Unix seconds
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const bans = [{ kind: "mute", user_id: "eve", until: 100 }, { kind: "mute", user_id: "zoe", until: 300 }] as const;
 * assert.deepEqual([90, 110, 310].map((now) => inForce(bans, 90, now).length), [2, 1, 0]);
 * assert.deepEqual(inForce(bans, 3_700, 3_800).length, 2); // a clock that is an hour ahead
 * ```
 */
export function inForce(bans: readonly ListedBan[], at: number, now = Date.now() / 1000): ListedBan[] {
  return bans.filter(({ until = Infinity }) => now < until || until <= at);
}

/** The name or address that an order is about. */
export function whomOf({ user_id, address }: Pick<Order, "user_id" | "address">): string {
  return user_id ?? address ?? "";
}
