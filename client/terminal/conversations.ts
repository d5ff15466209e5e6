// The user's conversations: the common chat, rooms, and people. One of them is the current one, and typed texts go there;
// messages of the others wait until they are. A private message is shown in any conversation.

import { COMMON_ROOM } from "../../jim/mod.ts";
import { type Message, milliseconds, type Role, type UnreadCount } from "../../jim/client/event.ts";
import { safe } from "../safe.ts";
import { acknowledged, merged, type Progress } from "../../jim/client/catch_up.ts";
import type { KnownFile } from "./file_line.ts";
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
  /** The file that comes with it; one's own without a key. */
  readonly file?: KnownFile;
  /** When its text was last changed, in Unix seconds. */
  readonly edited?: number;
  /** Its text was taken away. */
  readonly isDeleted?: true;
}

/** A message that was not looked at. */
export interface UnreadMessage extends ChatMessage {
  /** It is a new one of somebody else, as the server counts them; not one's own from another device, and no edit. */
  readonly isCounted: boolean;
}

/** One conversation. */
export interface Conversation {
  /** A room with its `#`, which may get another one; or a person's name. */
  name: string;
  /** How far it is known: what arrives behind a gap waits until the past is read. */
  progress: Progress<ChatMessage>;
  /** What was not looked at, oldest first; only the latest are kept. */
  unread: UnreadMessage[];
  /** How many more there were. */
  dropped: number;
  /** Unread messages: as the server counts them for an account, and those that arrived since; else all that were not looked at. */
  fresh: number;
  /** The id up to which they are counted. */
  counted: number;
  /** The id up to which the server knows that the user has read it. */
  marked: number;
  /** Whether an unread message names the user. */
  isMentioned: boolean;
  /** A room into which the server has not let the user again after a break. */
  isLost: boolean;
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
 * conversations.addUnread("#cats", { id: 1, from: "bob", text: "meow", time: 0, isCounted: true }, false);
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

  get(name: string): Conversation | undefined {
    return this.#conversations.get(name);
  }

  has(name: string): boolean {
    return this.#conversations.has(name);
  }

  /** Whether it is there, and no room that was lost. */
  isIn(name: string): boolean {
    return this.#conversations.get(name)?.isLost === false;
  }

  /** The server has let the user into a room, or not again. */
  setLost(name: string, isLost: boolean): void {
    const conversation = this.#conversations.get(name);
    if (conversation !== undefined) conversation.isLost = isLost;
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
        fresh: 0,
        counted: 0,
        marked: 0,
        isMentioned: false,
        isLost: false,
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

  /** A room has another name. */
  rename(name: string, next: string): void {
    const conversation = this.#conversations.get(name), other = this.#conversations.get(next);
    if (conversation === undefined || name === next) return;
    this.#conversations.delete(name);
    this.#conversations.set(next, conversation);
    conversation.name = next;
    if (other !== undefined) merge(conversation, other);
    if (this.current === name) this.current = next;
  }

  /** Removes a conversation. If it was the current one, the common chat is. */
  close(name: string): void {
    this.#conversations.delete(name);
    if (this.current === name) this.current = COMMON_ROOM;
  }

  /** Keeps a message of a conversation that is not the current one. */
  addUnread(name: string, said: UnreadMessage, called: boolean): void {
    const conversation = this.open(name);
    conversation.unread.push(said);
    if (said.isCounted && (said.id === undefined || said.id > conversation.counted)) {
      conversation.fresh++;
      conversation.isMentioned ||= called;
    }
    if (conversation.unread.length <= KEPT) return;
    conversation.unread.shift();
    conversation.dropped++;
  }

  /**
   * The server has counted the unread messages of a conversation; those behind its last one have arrived since. A mark that
   * was sent on a connection that broke may have been lost: what the server says is what is marked.
   */
  count(name: string, { read: marked, unread, mentions, last }: UnreadCount): void {
    const conversation = this.open(name), later = countedBehind(conversation, last);
    if (name === this.current) return void Object.assign(conversation, { marked });
    const isMentioned = mentions > 0 || (conversation.isMentioned && later > 0);
    Object.assign(conversation, { fresh: unread + later, counted: last, isMentioned, marked });
  }

  /** The user has read a conversation up to an id on another device. What waits is shown all the same. */
  readTo(name: string, read: number): void {
    const conversation = this.#conversations.get(name);
    if (conversation === undefined || read <= conversation.marked) return;
    const fresh = countedBehind(conversation, read);
    Object.assign(conversation, {
      fresh,
      isMentioned: conversation.isMentioned && fresh > 0,
      counted: Math.max(conversation.counted, read),
      marked: read,
    });
  }

  /** A message was deleted: it is not shown any more. */
  deleteUnread(name: string, id: number): void {
    const conversation = this.#conversations.get(name), deleted = conversation?.unread.find((each) => each.id === id);
    if (conversation === undefined || deleted === undefined) return;
    conversation.unread = conversation.unread.filter((each) => each !== deleted);
    if (deleted.isCounted) conversation.fresh = Math.max(0, conversation.fresh - 1);
  }

  /** Removes what waits from a sender. */
  dropUnread(isFrom: (name: string) => boolean): void {
    for (const conversation of this.#conversations.values()) {
      const dropped = conversation.unread.filter(({ from, isCounted }) => isCounted && isFrom(from));
      conversation.unread = conversation.unread.filter(({ from }) => !isFrom(from));
      conversation.fresh = Math.max(0, conversation.fresh - dropped.length);
    }
  }

  /** Makes a conversation the current one. Returns its unread messages. */
  enter(name: string): { readonly waiting: readonly ChatMessage[]; readonly dropped: number } {
    const conversation = this.open(name);
    const { unread: waiting, dropped } = conversation;
    this.current = name;
    Object.assign(conversation, { unread: [], dropped: 0, fresh: 0, isMentioned: false });
    return { waiting, dropped };
  }

  /**
   * Where one is, and where something was said since: `#all (#cats 3, #dogs 1!) › `.
   *
   * @param state what else there is to know, as an alarm
   * @param quiet the same, and no alarm
   * @param short where there is little room: so many columns for where one is, and how to say how much was said elsewhere
   */
  prompt(paint: Paint, state = "", short?: Short, quiet = ""): string {
    const news = [...this.#conversations.values()].filter(({ fresh }) => fresh > 0);
    const total = news.reduce((sum, { fresh }) => sum + fresh, 0);
    const marks = short !== undefined && total > 0 ? [short.fresh(total)] : news.map(({ name, fresh, isMentioned }) => {
      const mark = `${safe(name)} ${fresh}`;
      return isMentioned ? paint.alarm(`${mark}!`) : mark;
    });
    const more = [...state === "" ? [] : [paint.alarm(state)], ...quiet === "" ? [] : [paint.quiet(quiet)], ...marks]
      .join(", ");
    const front = safe(this.current.startsWith("#") ? this.current : `@${this.current}`);
    const where = short === undefined ? front : fitted(front, short.columns);
    return `${paint.strong(where)}${more === "" ? "" : ` (${more})`} ${paint.strong("›")} `;
  }
}

/** Others' messages behind an id that wait. */
function countedBehind({ unread }: Conversation, last: number): number {
  return unread.filter(({ id, isCounted }) => isCounted && id !== undefined && id > last).length;
}

/** What has arrived by a room's new name, before the client was told of it. */
function merge(conversation: Conversation, other: Conversation): void {
  const ids = new Set(conversation.unread.map(({ id }) => id));
  Object.assign(conversation, {
    progress: merged(conversation.progress, other.progress),
    unread: [...conversation.unread, ...other.unread.filter(({ id }) => id === undefined || !ids.has(id))],
    dropped: conversation.dropped + other.dropped,
    fresh: conversation.fresh + other.fresh,
    counted: Math.max(conversation.counted, other.counted),
    marked: Math.max(conversation.marked, other.marked),
    isMentioned: conversation.isMentioned || other.isMentioned,
    isLost: conversation.isLost && other.isLost,
  });
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
