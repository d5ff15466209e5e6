// The user's conversations: the common chat, rooms, and people. One of them is the current one, and typed texts go there;
// messages of the others wait until they are. A private message is shown in any conversation.

import { COMMON_ROOM } from "../../jim/mod.ts";
import { type Message, milliseconds, type Role } from "../protocol/event.ts";
import { safe } from "../safe.ts";
import { acknowledged, type Progress } from "../protocol/catch_up.ts";
import type { Paint } from "./paint.ts";
import { fitted } from "./width.ts";

/** A message, received or sent. */
export interface ChatMessage {
  readonly id: number | undefined;
  readonly from: string;
  readonly text: string;
  /** Milliseconds: when it was said, and when it was heard if nobody knows. */
  readonly time: number;
  readonly role?: Role;
  /** Which of the guests by one name it is. */
  readonly guest?: number;
  /** The id of the message that it answers. */
  readonly replyTo?: number;
  /** Its text was changed, or taken away. */
  readonly isEdited?: true;
  readonly isDeleted?: true;
}

/** One conversation. */
export interface Conversation {
  /** A room with its `#`, or a person's name. */
  readonly name: string;
  /** How far it is known: what arrives behind a gap waits until the past is read. */
  progress: Progress<ChatMessage>;
  /** What was not looked at, oldest first; only the latest are kept. */
  unread: ChatMessage[];
  /** How many more there were. */
  dropped: number;
  /** Whether an unread message names the user. */
  isMentioned: boolean;
}

/** How a prompt is made short. */
interface Short {
  readonly columns: number;
  readonly fresh: (count: number) => string;
}

/** Messages that wait in one conversation. `/history` has those before. */
const KEPT = 200;

/**
 * The conversations, and the one in front.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plain } from "./paint.ts";
 * const conversations = new Conversations();
 * conversations.open("#cats");
 * conversations.addUnread("#cats", { id: 1, from: "bob", text: "meow", time: 0 }, false);
 * assert.equal(conversations.prompt(plain), "#all (#cats 1) › ");
 * assert.deepEqual(conversations.enter("#cats").waiting.map(({ text }) => text), ["meow"]);
 * assert.equal(conversations.prompt(plain), "#cats › ");
 * ```
 */
export class Conversations {
  /** The name of the current conversation. */
  current = COMMON_ROOM;
  /** The id of the latest message in any conversation. */
  latestId: number | undefined;
  readonly #conversations = new Map<string, Conversation>();

  constructor() {
    this.open(COMMON_ROOM);
  }

  [Symbol.iterator](): Iterator<Conversation> {
    return this.#conversations.values();
  }

  get rooms(): string[] {
    return [...this.#conversations.keys()].filter((name) => name.startsWith("#"));
  }

  /** The people of the private conversations. */
  get people(): string[] {
    return [...this.#conversations.keys()].filter((name) => !name.startsWith("#"));
  }

  has(name: string): boolean {
    return this.#conversations.has(name);
  }

  /**
   * The conversation of a name, which is a new one if there was none.
   *
   * @param from the id of a message before its first
   */
  open(name: string, from?: number): Conversation {
    let conversation = this.#conversations.get(name);
    if (conversation === undefined) {
      conversation = {
        name,
        progress: { upTo: from, live: true, early: [] },
        unread: [],
        dropped: 0,
        isMentioned: false,
      };
      this.#conversations.set(name, conversation);
    }
    return conversation;
  }

  /** A message that was heard, as {@linkcode toChatMessage}; its id is remembered if it is the {@linkcode latestId}. */
  record(row: Message, now: number): ChatMessage {
    if (row.id !== undefined) this.latestId = Math.max(row.id, this.latestId ?? 0);
    return toChatMessage(row, now);
  }

  /** One's own message in a conversation has this id. Returns whether the past is read from behind it from now on. */
  acknowledge(name: string, id: number): boolean {
    const conversation = this.#conversations.get(name);
    if (conversation === undefined) return false;
    conversation.progress = acknowledged(conversation.progress, id);
    return conversation.progress.live;
  }

  /** Removes a conversation. If it was the current one, the common chat is. */
  close(name: string): void {
    this.#conversations.delete(name);
    if (this.current === name) this.current = COMMON_ROOM;
  }

  /** Keeps a message of a conversation that is not the current one. */
  addUnread(name: string, said: ChatMessage, called: boolean): void {
    const conversation = this.open(name);
    conversation.unread.push(said);
    conversation.isMentioned ||= called;
    if (conversation.unread.length <= KEPT) return;
    conversation.unread.shift();
    conversation.dropped++;
  }

  /** Removes what waits from a sender. */
  dropUnread(isFrom: (name: string) => boolean): void {
    for (const conversation of this.#conversations.values()) {
      conversation.unread = conversation.unread.filter(({ from }) => !isFrom(from));
    }
  }

  /** Makes a conversation the current one. Returns its unread messages. */
  enter(name: string): { readonly waiting: readonly ChatMessage[]; readonly dropped: number } {
    const conversation = this.open(name);
    const { unread: waiting, dropped } = conversation;
    this.current = name;
    Object.assign(conversation, { unread: [], dropped: 0, isMentioned: false });
    return { waiting, dropped };
  }

  /**
   * Where one is, and where something was said since: `#all (#cats 3, #dogs 1!) › `.
   *
   * @param state what else there is to know
   * @param short where there is little room: so many columns for where one is, and how to say how much was said elsewhere
   */
  prompt(paint: Paint, state = "", short?: Short): string {
    const news = [...this.#conversations.values()].filter(({ unread }) => unread.length > 0);
    const total = news.reduce((sum, { unread, dropped }) => sum + unread.length + dropped, 0);
    const marks = short !== undefined && total > 0
      ? [short.fresh(total)]
      : news.map(({ name, unread, dropped, isMentioned }) => {
        const mark = `${safe(name)} ${unread.length + dropped}`;
        return isMentioned ? paint.alarm(`${mark}!`) : mark;
      });
    const more = [...state === "" ? [] : [paint.alarm(state)], ...marks].join(", ");
    const front = safe(this.current.startsWith("#") ? this.current : `@${this.current}`);
    const where = short === undefined ? front : fitted(front, short.columns);
    return `${paint.strong(where)}${more === "" ? "" : ` (${more})`} ${paint.strong("›")} `;
  }
}

/**
 * A message that was heard, in the few words that are kept of it.
 *
 * @param now milliseconds, for one that does not say when it was said
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const row = { kind: "message", from: "ann", to: "#all", text: "hi", time: undefined, id: 7 } as const;
 * assert.deepEqual(toChatMessage(row, 5), { id: 7, from: "ann", text: "hi", time: 5 });
 * ```
 */
export function toChatMessage({ kind: _, to: __, time, ...message }: Message, now: number): ChatMessage {
  const { guests: ___, ...rest } = message;
  return { ...rest, time: milliseconds(time) ?? now };
}
