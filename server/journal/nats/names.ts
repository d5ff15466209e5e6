/** The names that a chat has at a broker: its stream, and the subjects of its entries and of messages between servers. */

/** A name that is one token of a subject, and a stream's name: letters, digits, `_` and `-`. */
const CHAT = /^[A-Za-z0-9_-]{1,32}$/;

/** The format of the entries: a server refuses a stream of a newer one. */
export const FORMAT = 1;

/**
 * Whether a chat can have this name (`--chat`).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(["school-7", "a.b", "", "x".repeat(33)].map(isChatName), [true, false, false, false]);
 * ```
 */
export function isChatName(name: string): boolean {
  return CHAT.test(name);
}

/** The names of one chat. */
export interface Names {
  readonly stream: string;
  /** What the stream says of itself. By it a stream of another program is told from one of Hanita. */
  readonly description: string;
  /** The subjects of all entries. Each process appends on a subject of its own, which ends with its name. */
  readonly entries: string;
  readonly entriesOf: (writer: string) => string;
  /** Messages to one server or to `all`, of all kinds and senders. */
  readonly messagesTo: (to: string) => string;
  readonly message: (to: string, from: string, kind: string) => string;
}

/**
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const names = namesOf("school");
 * assert.equal(names.stream, "hanita-school");
 * assert.equal(names.entriesOf("w1"), "hanita.school.log.w1");
 * assert.equal(names.message("all", "w1", "beat"), "hanita.school.peer.all.w1.beat");
 * ```
 */
export function namesOf(chat: string): Names {
  const log = `hanita.${chat}.log`, peer = `hanita.${chat}.peer`;
  return {
    stream: `hanita-${chat}`,
    description: `Hanita, chat ${chat}, format ${FORMAT}`,
    entries: `${log}.>`,
    entriesOf: (writer) => `${log}.${writer}`,
    messagesTo: (to) => `${peer}.${to}.>`,
    message: (to, from, kind) => `${peer}.${to}.${from}.${kind}`,
  };
}

/** What a stream's description says; undefined if the stream is none of Hanita. */
export function parseDescription(description: string | undefined): { chat: string; format: number } | undefined {
  const [, chat, format] = /^Hanita, chat (\S+), format (\d+)$/.exec(description ?? "") ?? [];
  return chat === undefined ? undefined : { chat, format: Number(format) };
}
