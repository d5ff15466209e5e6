/**
 * The conversations of a chat, and how far each is known over the gaps in its connection.
 * @module
 */
import { COMMON_ROOM, isCommonRoom } from "../message.ts";
import { nameKey } from "../name.ts";
import { Conversation } from "./conversation.ts";
import type { Message } from "./event.ts";
import type { SentMessages } from "./sent_messages.ts";

/** How far a conversation is known that was not there before. */
export interface Start {
  readonly upTo?: number | undefined;
}

/**
 * The conversations by their canonical names.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { SentMessages } from "./sent_messages.ts";
 * const shown: string[] = [];
 * const all = new Conversations(new SentMessages(), ({ text }, name) => shown.push(`${name} ${text}`), 6);
 * all.resume();
 * all.get("#Cats").arrived({ kind: "message", from: "ann", to: "#cats", text: "hi", time: 0, id: 7 });
 * assert.deepEqual(shown, ["#Cats hi"]);
 * assert.equal(all.get("#cats"), all.get("#Cats"));
 * ```
 */
export class Conversations {
  readonly #sent: SentMessages;
  readonly #show: (message: Message, conversation: string) => void;
  readonly #all = new Map<string, Conversation>();
  /** The greatest id of all messages. */
  #latestId: number | undefined;
  /** The greatest id before the gap in the connection; `undefined` at a first login without one. */
  #gapFrom: number | undefined;
  /** All is read. */
  #isLive = false;

  /**
   * @param sent the user's own messages: those that the history has are not shown
   * @param after the last id that the program knows from an earlier chat
   */
  constructor(
    sent: SentMessages,
    show: (message: Message, conversation: string) => void,
    after: number | undefined,
  ) {
    this.#sent = sent;
    this.#show = show;
    this.#latestId = this.#gapFrom = after;
    this.get(COMMON_ROOM);
  }

  /** The id behind which messages may be missing; `undefined` at a first login. */
  get gapFrom(): number | undefined {
    return this.#gapFrom;
  }

  /** Whether messages before the connection are known, so that what was said since them is missing. */
  get hasPast(): boolean {
    return this.#gapFrom !== undefined;
  }

  /** @param start by default a new one is known as far as everything is */
  get(name: string, start?: Start): Conversation {
    const place = isCommonRoom(name) ? COMMON_ROOM : name, key = nameKey(place), known = this.#all.get(key);
    if (known !== undefined) return known;
    const { upTo } = start ?? { upTo: this.#isLive ? this.#latestId : this.#gapFrom };
    const progress = { upTo, live: this.#isLive, early: [] };
    const show = (message: Message) => this.#show(message, conversation.name);
    const conversation = new Conversation(place, this.#sent, show, progress);
    this.#all.set(key, conversation);
    return conversation;
  }

  /** A room has another name. */
  rename(from: string, to: string): void {
    const conversation = this.#all.get(nameKey(from)), other = this.#all.get(nameKey(to));
    if (conversation === undefined || conversation === other) return;
    if (other !== undefined) conversation.merge(other);
    this.#all.delete(nameKey(from));
    this.#sent.rename(conversation.name, to);
    conversation.name = to;
    this.#all.set(nameKey(to), conversation);
  }

  delete(name: string): void {
    this.#all.delete(nameKey(name));
  }

  /** A message with this id is known. */
  note(id: number): void {
    this.#latestId = Math.max(id, this.#latestId ?? 0);
  }

  /** The connection is gone. */
  interrupt(): void {
    for (const conversation of this.#all.values()) conversation.interrupted();
    if (this.#isLive) this.#gapFrom = this.#latestId;
    this.#isLive = false;
  }

  /** All is read: nothing is held any more. */
  resume(): void {
    for (const conversation of this.#all.values()) {
      conversation.resume();
      this.note(conversation.upTo ?? 0);
    }
    this.#isLive = true;
  }
}
