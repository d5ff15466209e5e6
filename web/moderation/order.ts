/**
 * What operators order and what is in force, as the page and the class both have it: data, and its forms on the wire.
 * @module
 */
import { nameKey } from "../../jim/name.ts";
import type { ListedBan } from "../../client/protocol/ban.ts";

/** An order's action. */
export type Action = "mute" | "kick" | "ban" | "unmute" | "unban" | "promote" | "demote" | "motd";

/** An order, but for its time: the fields that go out. */
export interface Order {
  readonly action: Action;
  /** The person's name; or an address instead. */
  readonly user_id?: string;
  readonly address?: string;
  /** A duration such as `10m`; for good, if there is none. */
  readonly for?: string;
  /** At most 200 characters, which the person is told. */
  readonly reason?: string;
  /** Of `motd`, which is about nobody: the greeting; empty for none. */
  readonly text?: string;
}

/** An order that was given, and what has become of it. */
export interface Ordered {
  readonly order: Order;
  readonly state: "asked" | "done" | "refused";
  /** Of a refusal: the server's words; empty when the connection broke before it answered. */
  readonly why?: string;
}

/**
 * The order that takes a ban or a mute back.
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

/** The bans and mutes of a name, in whatever spelling, or of an address. */
export function bansOf(
  bans: readonly ListedBan[],
  { name, address }: { name?: string | undefined; address?: string },
): ListedBan[] {
  const key = name === undefined ? undefined : nameKey(name);
  return bans.filter((ban) => ban.address === undefined ? nameKey(ban.user_id!) === key : ban.address === address);
}

/** Those that have not ended by themselves since they were asked for. */
export function inForce(bans: readonly ListedBan[], now = Date.now() / 1000): ListedBan[] {
  return bans.filter(({ until = Infinity }) => now < until);
}

/** The name or address that an order is about, as it was written. */
export function whomOf({ user_id, address }: Pick<Order, "user_id" | "address">): string {
  return user_id ?? address ?? "";
}
