/**
 * Finds out which servers of a chat are gone. Each tells the others every second that it is up. One that was silent for seven
 * seconds is taken for gone: a record says so, and removes its sessions on every server. A server that was only slow, and finds
 * itself gone, comes up again under another id.
 */
import type { Peers } from "../journal/nats/log.ts";

/** The kind of such messages among {@linkcode Peers}. The bytes are the server's id. */
export const HEARTBEAT = "heartbeat";

/** Rounds of a second. A server that was stopped for longer counts one round: in that time it received nothing, whatever was sent. */
const SILENT = 7, SUSPECTED = 2;

export class Heartbeats {
  readonly #peers: Peers;
  /** Rounds without a heartbeat, of each server. */
  readonly #silence = new Map<string, number>();

  constructor(peers: Peers) {
    this.#peers = peers;
  }

  /** A server was killed, it seems: it is gone after two rounds of silence. */
  suspect(server: string): void {
    this.#silence.set(server, SILENT - SUSPECTED);
  }

  /** Another server is up. */
  receive(bytes: Uint8Array): void {
    this.#silence.set(decoder.decode(bytes), 0);
  }

  /**
   * Tells the others that this server is up; called each second.
   *
   * @param isUp whether the log can be reached: otherwise nothing of the others is received
   * @returns those that are gone
   */
  beat(self: string, servers: Iterable<string>, isUp: boolean): string[] {
    this.#peers.send("all", HEARTBEAT, encoder.encode(self));
    const others = new Set(servers);
    others.delete(self);
    for (const server of this.#silence.keys()) if (!others.has(server)) this.#silence.delete(server);
    if (!isUp) {
      this.#silence.clear();
      return [];
    }
    for (const server of others) this.#silence.set(server, (this.#silence.get(server) ?? 0) + 1);
    return [...others].filter((server) => this.#silence.get(server)! > SILENT);
  }
}

const encoder = new TextEncoder(), decoder = new TextDecoder();
