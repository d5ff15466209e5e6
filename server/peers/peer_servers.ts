/**
 * The other servers of this server's chat: what they have said, and what this one tells them beside the log. Only a server that
 * is one of several imports this module, and with it the rest of the folder.
 */
import type { Relay } from "../../jim/mod.ts";
import type { Chat } from "../chat/chat.ts";
import type { Effects, RequestContext } from "../chat/effects.ts";
import type { ServerChange } from "../chat/presence_changes.ts";
import type { Roster } from "../chat/roster.ts";
import type { DeliveryCursors } from "../delivery_cursors.ts";
import type { JournalRecord } from "../journal/contract.ts";
import type { SharedJournal } from "../journal/nats/journal.ts";
import type { Peers } from "../journal/nats/log.ts";
import type { JournalGuard } from "../journal_guard.ts";
import type { Connection } from "../net/connection.ts";
import type { Meter } from "../net/meter.ts";
import type { Range } from "../net/outbox.ts";
import type { Output } from "../net/output_batch.ts";
import { Slab } from "../net/slab.ts";
import { foreignOutput, type FormsOf } from "./foreign_output.ts";
import { GUEST_MESSAGE, GuestMessages } from "./guest_messages.ts";
import type { Trace } from "../observe/trace.ts";
import { HEARTBEAT, Heartbeats } from "./heartbeats.ts";
import { INSPECT, Inspections, TRACE } from "./inspections.ts";
import { Membership } from "./membership.ts";
import { Move, type MoveParts } from "./move.ts";
import { SENT, SentIds } from "./sent_ids.ts";
import { encodeNotice, receiveTyping, TYPING } from "./typing_notices.ts";

/** The parts of this server that its membership reaches. */
interface Parts {
  readonly chat: Chat<Connection>;
  readonly effects: Effects<Connection>;
  /** The context in which this server reacts to what others tell. */
  readonly context: () => RequestContext<Connection>;
  /** Whether what was proposed before may still be under way: it is not proposed again. */
  readonly isLate: () => boolean;
  readonly guard: JournalGuard;
  readonly meter: Meter;
  readonly trace: Trace;
  readonly connections: () => Iterable<Connection>;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  /** Has {@linkcode PeerServers.receive} called at that moment. */
  readonly wake: (moment: number) => void;
}

/** The log of the chat, as far as it is needed here. */
type Log = Pick<SharedJournal, "peers" | "isUp" | "counts" | "home">;

export class PeerServers {
  /** Whether the chat's log can be reached. */
  readonly isUp: () => boolean;
  readonly #log: Log;
  readonly #peers: Peers;
  readonly #name: string;
  readonly #home: number;
  readonly #heartbeats: Heartbeats;
  readonly #sentIds: SentIds;
  readonly #guestMessages = new GuestMessages();
  /** The messages to all that were delivered last, of this server and the others. */
  readonly #delivered = new Slab();
  /** Nothing before this server has joined. */
  #onTyping: (bytes: Uint8Array, unstored: readonly Relay[]) => void = () => {};
  /** Undefined before this server has joined. */
  #inspections: Inspections | undefined;

  /**
   * @param name what operators call this server among its peers; the same after a restart
   * @param home its data folder, by a number
   */
  constructor(log: Log, name: string, home = log.home) {
    this.#log = log;
    this.#peers = log.peers;
    this.#name = name;
    this.#home = home;
    this.isUp = () => log.isUp;
    this.#heartbeats = new Heartbeats(log.peers);
    this.#sentIds = new SentIds(log.peers);
  }

  /** Says that this server is up. */
  join({ meter, trace, connections, now, wake, context, guard, ...parts }: Parts): Membership {
    const { self } = this.#peers, heartbeats = this.#heartbeats, { isUp } = this, { roster } = parts.chat;
    this.#inspections = new Inspections({
      name: this.#name,
      peers: this.#peers,
      roster,
      trace,
      connections,
      now,
      wake,
    });
    this.#onTyping = (bytes, unstored) => receiveTyping(bytes, unstored, parts.chat, context, guard);
    meter.log = { isUp, counts: this.#log.counts, peers: () => roster.peers };
    return new Membership({ ...parts, self, heartbeats, name: this.#name, home: this.#home, isUp });
  }

  /** What a stop of this server begins with. */
  newMove(parts: MoveParts): Move {
    return new Move(parts);
  }

  /** Takes what the others have sent beside the log, and sends what they are to be shown; called each turn. */
  receive(): void {
    this.#inspections?.flush();
    const messages = this.#peers.take(),
      unstored = messages.map(({ kind, bytes }) => kind === GUEST_MESSAGE ? this.#guestMessages.add(bytes) : undefined);
    for (const [at, message] of messages.entries()) {
      const { kind, bytes } = message;
      if (kind === TYPING) this.#onTyping(bytes, unstored.slice(at).filter((each) => each !== undefined));
      else if (kind === HEARTBEAT) this.#heartbeats.receive(bytes);
      else if (kind === SENT) this.#sentIds.receive(bytes);
      else if (kind === INSPECT || kind === TRACE) this.#inspections?.receive(message);
    }
  }

  /** Tells all other servers what nothing keeps. */
  tell(kind: typeof TYPING, object: object): void {
    this.#peers.send("all", kind, encodeNotice(object));
  }

  /** Called each second. */
  runRound(): void {
    this.#inspections?.runRound();
  }

  /**
   * Tells the others what the accounts here were sent; called each second.
   *
   * @param last the last id
   * @param but the accounts that were not sent everything up to it
   */
  tellSent(roster: Roster, last: number, but: readonly number[]): void {
    this.#sentIds.tell(roster, last, but);
  }

  /** Notes what the accounts at a server that is gone were sent there. */
  noteGone(change: ServerChange, cursors: DeliveryCursors): void {
    for (const { account, last } of this.#sentIds.takeGone(change)) cursors.noteElsewhere(account, last);
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
    catchingUp: Pick<ReadonlySet<Connection>, "has">,
    formsOf: FormsOf,
  ): Iterable<Output> {
    return foreignOutput(records, chat, catchingUp, formsOf);
  }

  /**
   * A copy of messages to all, behind those of the batch before. Batches of several servers are in buffers of their own, and
   * what a reader gets of two buffers would be joined for that reader alone.
   */
  continued({ bytes, start, end }: Range): Range {
    this.#delivered.write(bytes.subarray(start, end));
    return this.#delivered.cut();
  }

  /** The output of others' messages between guests: see {@linkcode GuestMessages.take}. */
  guestOutput(next: number, chat: Chat<Connection>): Output | undefined {
    return this.#guestMessages.take(next, chat);
  }
}
