/** The messages between servers, of which the journal takes its own: how far each server is in the log. */
import type { PeerMessage, Peers } from "./log.ts";

/** "I have applied the log up to this entry", and the same as a reply to that. */
const ASKS = "applied?", TELLS = "applied";

export class JournalPeers implements Peers {
  readonly self: string;
  readonly #peers: Peers;
  /** The last entry that this server has applied. */
  readonly #applied: () => number;
  /** The last entry that each other server has applied, as far as it was asked since {@linkcode ask}. */
  readonly #others = new Map<string, number>();
  #messages: PeerMessage[] = [];

  constructor(peers: Peers, applied: () => number) {
    this.self = peers.self;
    this.#peers = peers;
    this.#applied = applied;
  }

  send(to: string | "all", kind: string, bytes: Uint8Array): void {
    this.#peers.send(to, kind, bytes);
  }

  take(): readonly PeerMessage[] {
    this.receive();
    return this.#messages.splice(0);
  }

  /** Takes what concerns the journal. The rest waits for {@linkcode take}. */
  receive(): void {
    for (const message of this.#peers.take()) {
      const { from, kind, bytes } = message;
      if (kind !== ASKS && kind !== TELLS) this.#messages.push(message);
      else if (bytes.length === 8) {
        this.#others.set(from, numberIn(bytes));
        if (kind === ASKS) this.send(from, TELLS, bytesOf(this.#applied()));
      }
    }
  }

  /** Asks all others anew how far they are. */
  ask(): void {
    this.#others.clear();
    this.send("all", ASKS, bytesOf(this.#applied()));
  }

  /** The most that another server has said to have applied; 0 if none has. */
  get furthest(): number {
    return Math.max(0, ...this.#others.values());
  }
}

function bytesOf(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return bytes;
}

function numberIn(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0);
}
