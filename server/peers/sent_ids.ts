/**
 * Up to which id each other server has sent everything to the accounts that are connected to it, as it says each second. When it is
 * gone, they have missed what came after that. Otherwise they would be sent again all that they were sent since they came.
 */
import type { ServerChange } from "../chat/presence_changes.ts";
import { RemoteSession } from "../chat/present_side.ts";
import type { Roster } from "../chat/roster.ts";
import type { Account } from "../chat/state.ts";
import type { Peers } from "../journal/nats/log.ts";

/** The kind of such messages among {@linkcode Peers}. The bytes are a server's id, the last id, and the accounts, with spaces between. */
export const SENT = "sent";

/** What a server has sent. */
interface SentReport {
  /** The last id. */
  readonly last: number;
  /** The accounts that were not sent everything up to it. */
  readonly but: readonly number[];
}

/** Of more accounts nothing is told: what was told last is true still. */
const MOST = 500;

export class SentIds {
  readonly #peers: Peers;
  readonly #reports = new Map<string, SentReport>();

  constructor(peers: Peers) {
    this.#peers = peers;
  }

  /**
   * Tells the others what this server has sent, and forgets servers that are no more; called each second. When the log says that
   * this server is gone, as when it stops, its sessions are no longer known: what it told last stands.
   */
  tell({ self: server, servers }: Pick<Roster, "self" | "servers">, last: number, but: readonly number[]): void {
    for (const known of this.#reports.keys()) if (!servers.has(known)) this.#reports.delete(known);
    if (!servers.has(server) || but.length > MOST) return;
    this.#peers.send("all", SENT, encoder.encode([server, last, ...but].join(" ")));
  }

  /** What is no report of this version is ignored. */
  receive(bytes: Uint8Array): void {
    const [server = "", ...ids] = decoder.decode(bytes).split(" "), [last = NaN, ...but] = ids.map(Number);
    if ([last, ...but].every(Number.isSafeInteger)) this.#reports.set(server, { last, but });
  }

  /** The accounts that had sessions at a server which is gone, and the last id that each was sent there. */
  takeGone({ server, left }: ServerChange): { readonly account: Account; readonly last: number }[] {
    const report = this.#reports.get(server);
    if (report === undefined) return [];
    this.#reports.delete(server);
    const { last } = report, but = new Set(report.but);
    return left.flatMap(({ member }) => {
      const { account } = member;
      if (account === undefined || but.has(account.id) || !(member instanceof RemoteSession)) return [];
      return member.receivesRelays && member.since <= last ? [{ account, last }] : [];
    });
  }
}

const encoder = new TextEncoder(), decoder = new TextDecoder();
