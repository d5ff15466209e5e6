/**
 * A dialect: how one family of home-made programs words JIM. It is data, so that inside a server there is only JIM and
 * a new family is one more file here.
 * @module
 */

/**
 * The role of a user: a guest, without a password; the owner of an account; an operator, who may moderate.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const role: Role = "guest";
 * assert.ok(["guest", "account", "operator"].includes(role));
 * ```
 */
export type Role = "guest" | "account" | "operator";

/**
 * The file of a message. Its bytes are at `/files/KEY` on the ports of the server.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const file: SharedFile = {
 *   name: "cat.png",
 *   size: 70,
 *   type: "image/png",
 *   width: 1,
 *   height: 1,
 *   sha256: "ab".repeat(32),
 *   key: "NAR593IWEJ3h",
 * };
 * assert.ok(file.type.startsWith("image/"));
 * ```
 */
export interface SharedFile {
  /** Without a folder. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Of a picture that browsers show, by its bytes and not by its name; otherwise `application/octet-stream`. */
  readonly type: string;
  /** Of a picture, in pixels, as it is shown. */
  readonly width?: number;
  readonly height?: number;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
  /** Opens the file to those who have the message. A secret. */
  readonly key: string;
}

/**
 * What a relay tells, before it is put in anybody's words.
 *
 * @example
 * ```ts
 * const relay: Relay = { time: 1764000000, to: "#all", from: "ann", message: "hello", id: 1764000000000007 };
 * ```
 */
export interface Relay {
  /** Unix seconds: the sender's, or the server's where those could not be read. */
  readonly time: number;
  /** `#all`, a room, or the addressee of a private message. */
  readonly to: string;
  /** Who said it, as the server knows it. */
  readonly from: string;
  /** The text. */
  readonly message: string;
  /** A whole number that grows from relay to relay. */
  readonly id: number;
  /** What its sender is; nothing for a guest. */
  readonly role?: Exclude<Role, "guest">;
  /** Which of the guests by that name said it, counted from 1; nothing where only one is here. */
  readonly guest?: number;
  /** The id of the message that it answers. */
  readonly reply_to?: number;
  /** The file that comes with it. */
  readonly file?: SharedFile;
  /** When its text was last changed, in Unix seconds. */
  readonly edited?: number;
  /** Its text was taken away. */
  readonly deleted?: true;
  /** The reactions to it, the first ones first. */
  readonly reactions?: readonly { readonly emoji: string; readonly count: number; readonly names: readonly string[] }[];
}

/**
 * A request's fields, checked by nobody yet.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const fields: Fields = JSON.parse('{"action":"msg","mess_text":"hello"}');
 * assert.equal(typeof fields.mess_text, "string");
 * ```
 */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * What an answer says, before it is put in anybody's words.
 *
 * @example
 * ```ts
 * const answered: AnswerFields = { response: 200, time: 1764000000, alert: "ok" };
 * ```
 */
export interface AnswerFields {
  /** The code. */
  readonly response: number;
  /** Unix seconds. */
  readonly time: number;
  /** What went well. */
  readonly alert?: string;
  /** What did not. */
  readonly error?: string;
}

/**
 * How a family of programs reads and writes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plain } from "./plain.ts";
 * const shouting: Dialect = {
 *   ...plain,
 *   name: "shouting",
 *   matches: (fields) => fields.action === "MSG",
 *   normalize: (fields) => ({ ...fields, action: "msg" }),
 *   formatRelay: (relay, reader) => ({ ...plain.formatRelay(relay, reader), action: "MSG" }),
 * };
 * assert.equal(shouting.normalize({ action: "MSG" }).action, "msg");
 * ```
 */
export interface Dialect {
  /** What a log calls it. */
  readonly name: string;
  /**
   * Whether an object shows that its sender speaks so. `bare` says that the sender has not ended an object with a
   * newline yet; of one that has, no dialect is guessed. `before` is the dialect that it was taken for.
   */
  matches(fields: Fields, bare: boolean, before: Dialect): boolean;
  /** The object in JIM's own words. Fields that JIM does not know may stay: nobody reads them. */
  normalize(fields: Fields): Fields;
  /** A relay in this family's words, for a reader of that name. */
  formatRelay(relay: Relay, reader: string): object;
  /** An answer in this family's words. */
  formatAnswer(answer: AnswerFields): object;
  /** Whether its programs wait for an answer to a message. One that fails is told to the others in a message. */
  readonly awaitsAnswers: boolean;
  /** Whether its programs, once they have written, go on reading anything but answers. */
  readonly writersReadRelays: boolean;
}
