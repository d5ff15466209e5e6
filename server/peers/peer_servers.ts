/**
 * The other servers of this server's chat: what they have said, and what this one tells them beside the log. Only a server that
 * is one of several imports this module, and with it the rest of the folder.
 */
import type { Chat } from "../chat/chat.ts";
import type { Effects } from "../chat/effects.ts";
import type { JournalRecord } from "../journal/contract.ts";
import type { Peers } from "../journal/nats/log.ts";
import type { Connection } from "../net/connection.ts";
import type { Output } from "../net/output_batch.ts";
import { foreignOutput, type QuoteReply } from "./foreign_output.ts";
import { GUEST_MESSAGE, GuestMessages } from "./guest_messages.ts";
import { HEARTBEAT, Heartbeats } from "./heartbeats.ts";
import { Membership } from "./membership.ts";

/** The parts of this server that its membership reaches. */
interface Parts {
  readonly chat: Chat<Connection>;
  readonly effects: Effects<Connection>;
  /** Whether what was proposed before may still be under way: it is not proposed again. */
  readonly isLate: () => boolean;
}

export class PeerServers {
  /** Whether the chat's log can be reached. */
  readonly isUp: () => boolean;
  readonly #peers: Peers;
  readonly #name: string;
  readonly #heartbeats: Heartbeats;
  readonly #guestMessages = new GuestMessages();

  /** @param name what operators call this server among its peers; the same after a restart */
  constructor(peers: Peers, name: string, isUp: () => boolean) {
    this.#peers = peers;
    this.#name = name;
    this.isUp = isUp;
    this.#heartbeats = new Heartbeats(peers);
  }

  /** Says that this server is up. */
  join(parts: Parts): Membership {
    const { self } = this.#peers, heartbeats = this.#heartbeats;
    return new Membership({ ...parts, self, heartbeats, name: this.#name, isUp: this.isUp });
  }

  /** Takes what the others have sent beside the log. */
  receive(): void {
    for (const { kind, bytes } of this.#peers.take()) {
      if (kind === GUEST_MESSAGE) this.#guestMessages.add(bytes);
      else if (kind === HEARTBEAT) this.#heartbeats.receive(bytes);
    }
  }

  /**
   * Sends a message between guests to the server of a reader.
   *
   * @param line plain JIM with its newline
   */
  sendGuestMessage(server: string, line: Uint8Array): void {
    this.#peers.send(server, GUEST_MESSAGE, line);
  }

  /** See {@linkcode foreignOutput}. */
  foreignOutput(
    records: readonly JournalRecord[],
    chat: Chat<Connection>,
    catchingUp: ReadonlySet<Connection>,
    quoted: QuoteReply,
  ): Iterable<Output> {
    return foreignOutput(records, chat, catchingUp, quoted);
  }

  /** The output of others' messages between guests: see {@linkcode GuestMessages.take}. */
  guestOutput(next: number, chat: Chat<Connection>): Output | undefined {
    return this.#guestMessages.take(next, chat);
  }
}
