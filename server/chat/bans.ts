/** The bans and mutes of operators, found by name, address or range. Expired ones stay until they are lifted. */
import { isInRange, nameKey, networkOf } from "../../jim/mod.ts";
import type { BanRecord } from "../journal/records.ts";

/** A ban or a mute. Times are Unix seconds; `until` is `Infinity` if it has no end. */
export interface Ban {
  /** A name or an address that may not enter, or a name that may not write. */
  readonly kind: "name" | "address" | "mute";
  /** As {@linkcode banKey} writes it. */
  readonly who: string;
  readonly until: number;
  /** The operator that ordered it, the reason, and when; unknown for an old one. */
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
  readonly since?: number | undefined;
}

export class Bans {
  /** By kind and key. */
  readonly #bans = new Map<string, Ban>();
  /** Bans of ranges: each is checked when a session enters. */
  readonly #ranges = new Map<string, Ban>();

  all(): Iterable<Ban> {
    return this.#bans.values();
  }

  /** The ban of exactly that name, address or range. */
  get(kind: Ban["kind"], who: string): Ban | undefined {
    return this.#bans.get(mapKey(kind, banKey(kind, who)));
  }

  /** The ban in force for a name, or for an address, by itself or by its range. */
  find(kind: Ban["kind"], who: string, now: number): Ban | undefined {
    const ban = this.get(kind, who);
    if (ban !== undefined && now < ban.until) return ban;
    if (kind !== "address") return undefined;
    return this.#ranges.values().find((each) => now < each.until && isInRange(who, each.who));
  }

  put(ban: Ban): void {
    this.#bans.set(mapKey(ban.kind, ban.who), ban);
    if (ban.kind === "address" && isRange(ban.who)) this.#ranges.set(ban.who, ban);
  }

  /** Returns whether it existed. */
  delete({ kind, who }: Pick<Ban, "kind" | "who">): boolean {
    if (kind === "address") this.#ranges.delete(who);
    return this.#bans.delete(mapKey(kind, who));
  }
}

/** The record that puts a ban, or lifts it. In a record `until` is missing where a ban has no end. */
export function banRecord({ kind: what, who, until, by, reason, since }: Ban, is: boolean): BanRecord {
  return {
    kind: "ban",
    what,
    who,
    is,
    ...(until === Infinity ? {} : { until }),
    ...(by === undefined ? {} : { by }),
    ...(reason === undefined ? {} : { reason }),
    ...(since === undefined ? {} : { since }),
  };
}

/** The key of a ban. An address is banned with its network: one IPv6 customer has 2^64 addresses. */
export function banKey(kind: Ban["kind"], who: string): string {
  if (kind !== "address") return nameKey(who);
  const isNetwork = who.includes(":") && who.endsWith("/64");
  return isNetwork ? networkOf(who.slice(0, -"/64".length)) : isRange(who) ? who : networkOf(who);
}

/** Whether a ban of an address or a range applies to a host. */
export function isBannedBy(address: string, host: string): boolean {
  const key = banKey("address", address);
  return isRange(key) ? isInRange(host, key) : networkOf(host) === key;
}

/** An IPv6 network is stored by its four groups and shown as a range, so that it can be unbanned. */
export function shownAddress(key: string): string {
  return key.includes(":") && !isRange(key) ? `${key}::/64` : key;
}

function isRange(address: string): boolean {
  return address.includes("/");
}

function mapKey(kind: Ban["kind"], key: string): string {
  return `${kind} ${key}`;
}
