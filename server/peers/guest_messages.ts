/**
 * Messages between guests of different servers. They are never stored, so they are not in the log: the server of the sender
 * sends them to those of the readers. Each waits here until what was sent before it has come from the log.
 */
import type { Relay } from "../../jim/mod.ts";
import type { Chat } from "../chat/chat.ts";
import { guestSide } from "../journal/conversation.ts";
import { parseLine } from "../journal/lines.ts";
import type { Connection } from "../net/connection.ts";
import { NOTHING, type Output } from "../net/output_batch.ts";
import type { OutputOp } from "../net/output_op.ts";

/** The kind of such messages among {@linkcode Peers}. The bytes are a line of plain JIM with its newline. */
export const GUEST_MESSAGE = "guest";

/** So many wait at most. Of more the oldest are delivered out of order. */
const MOST = 1_000;

interface Waiting {
  readonly relay: Relay & { readonly id: number };
  readonly line: Uint8Array;
}

export class GuestMessages {
  #waiting: Waiting[] = [];

  /** Adds a message of another server, and returns it. One that is no message of this version is ignored. */
  add(line: Uint8Array): Relay | undefined {
    const relay = parseLine(line) as Waiting["relay"] | undefined;
    if (typeof relay?.to !== "string") return undefined;
    this.#waiting.push({ relay, line });
    return relay;
  }

  /**
   * The output of the messages that have waited long enough; undefined if there are none.
   *
   * @param next what comes from the log has this id or a larger one
   */
  take(next: number, chat: Chat<Connection>): Output | undefined {
    if (this.#waiting.length === 0) return undefined;
    const surplus = this.#waiting.length - MOST,
      isDue = ({ relay }: Waiting, at: number) => at < surplus || relay.id < next;
    const due = this.#waiting.filter(isDue);
    this.#waiting = this.#waiting.filter((each, at) => !isDue(each, at));
    return { ops: due.map((each) => opOf(each, chat)), relays: NOTHING, toSome: NOTHING };
  }
}

function opOf({ relay, line }: Waiting, chat: Chat<Connection>): OutputOp {
  const readers = [...chat.sessionsOf(guestSide(relay.to))].filter(({ receivesRelays }) => receivesRelays);
  return { kind: "encodedMulticast", readers, relay, line, spelling: ({ name }) => name!, at: 0 };
}
