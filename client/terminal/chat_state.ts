// The state of one chat: the user's name, how far the connection is, what was said, what is shown. The files that change it are
// mapped in controller.ts. Here is only what most of them need: to show, to remark, to ask.

import { truncate } from "../../jim/length.ts";
import { COMMON_ROOM, joinHostPort, MAX_QUOTE, nameKey, type SharedFile } from "../../jim/mod.ts";
import { logger } from "../../log/mod.ts";
import type { Answer, PersonStatus, Role, ServerEvent } from "../../jim/client/event.ts";
import { type CommandName, isOperators } from "../command_words.ts";
import type { Options, ServerAddress } from "../options.ts";
import { Ignored } from "./ignored.ts";
import { Link } from "../../jim/client/link.ts";
import { type KnownNames, writeName } from "./names.ts";
import { fileLine, type KnownFile } from "./file_line.ts";
import type { FileTask } from "./file_task.ts";
import type { Paint } from "./paint.ts";
import { type ChatMessage, Conversations } from "./conversations.ts";
import type { Reply, Request } from "../../jim/client/requests.ts";
import { RecentMessages } from "./recent.ts";
import { SentMessages } from "../../jim/client/sent_messages.ts";
import { Transcript } from "./transcript.ts";
import { Typing } from "./typing.ts";
import { Window } from "./window.ts";
import { Writers } from "./writers.ts";
import { catalogues, type Texts } from "./words.ts";

/** The part of the options that matters here. */
export type ChatOptions =
  & Pick<Options, "address" | "port" | "name">
  & Partial<Pick<Options, "others" | "tls" | "lang">>;

/** The user. */
export interface Me {
  readonly name: string;
  readonly password: string | undefined;
  /** What is to take the place of a one-time password at the next login. */
  readonly newPassword?: string;
  /** The server has taken the password. */
  readonly proved: boolean;
}

/** The requests of one resynchronization. A later round replaces an earlier one. */
export interface ResyncRound {
  /** Answers that are still missing. */
  pending: number;
  /** Conversations with a history that was read on this connection. */
  readonly read: Set<string>;
}

/** A shutdown that has begun. */
export interface Shutdown {
  /** When to end, even if something is not sent yet. */
  deadline: number;
  /** Why; `undefined` if the user asked for it. */
  readonly reason: string | undefined;
}

/** Commands that a handout's server knows. It may fall over all others. */
const HANDOUT: ReadonlySet<string> = new Set(["/join", "/leave", "/who", "/contacts", "/login", "/name"]);

const { info, debug } = logger("client/terminal/chat_state");

/** The id of a message in a text. */
const ID = /(?<![\p{L}\p{N}])\d{16}(?![\p{L}\p{N}])/gu;

/**
 * The state of a chat, and the functions that show a notice or send a request.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plain } from "./paint.ts";
 * const chat = new ChatState({ address: "::1", port: 7777, name: "ann" }, plain, Math.random, 0);
 * chat.request("/who", { object: {} }, 0, () => {});
 * assert.match(chat.window.out, /Cannot \/who: not connected/);
 * ```
 */
export class ChatState {
  readonly window = new Window();
  readonly link: Link<ServerAddress>;
  readonly typing: Typing;
  readonly conversations = new Conversations();
  readonly sent = new SentMessages();
  readonly recent = new RecentMessages();
  /** What the last search has found, in the order of the numbers. */
  found: readonly { readonly where: string; readonly id: number }[] = [];
  readonly writers = new Writers();
  /** What people say of themselves. */
  readonly statuses = new Map<string, PersonStatus>();
  /** The server keeps what the user has read. */
  hasMarks = false;
  /** When the last key was pressed, in milliseconds that never go back. */
  keyAt = -Infinity;
  /** When that is told to it; `Infinity` if there is nothing new. */
  markAt = Infinity;
  readonly transcript: Transcript;
  /** The program's own sentences, in the user's language. */
  readonly texts: Texts;
  readonly paint: Paint;
  readonly random: () => number;
  /** Milliseconds since 1970, to be shown and to be said; intervals go by `now`, which never jumps. */
  readonly wall: (now: number) => number;
  /** People that the server has named. */
  readonly names = new Set<string>();
  /** What people are, as far as the server says so. */
  readonly roles = new Map<string, Role>();
  readonly ignored = new Ignored();
  /** Rooms that the server has named. */
  readonly rooms = new Set<string>();
  /** Commands that the server does not allow: they are not offered. */
  withheld: ReadonlySet<CommandName> = new Set();
  /** The state of the connection: see controller.ts. */
  state: "away" | "joining" | "resyncing" | "here" = "away";
  /** Whether the user has been in the chat before, on this or an earlier connection. */
  hasJoinedBefore = false;
  /** The server knows more than the handout. */
  speaksJim = false;
  resyncRound: ResyncRound = { pending: 0, read: new Set() };
  resyncedAt = 0;
  lostAt: number | undefined;
  /** Objects from the server that were skipped. */
  skipped = 0;
  shutdown: Shutdown | undefined;
  me: Me;
  /** The last file of each conversation. */
  readonly files = new Map<string, SharedFile>();
  /** How many files are being sent and saved. */
  readonly transfers = { sent: 0, saved: 0 };
  /** What the loop is to do with files. */
  readonly tasks: FileTask[] = [];
  readonly #isEncrypted: boolean;

  /** @param wall what the clock on the wall shows, in milliseconds since 1970, at a moment of the clock that `now` is of */
  constructor(
    { address, port, others = [], tls = false, name, lang = "en" }: ChatOptions,
    paint: Paint,
    random: () => number,
    now: number,
    wall: (now: number) => number = (now) => now,
  ) {
    this.wall = wall;
    this.#isEncrypted = tls;
    this.texts = catalogues[lang];
    this.typing = new Typing(this.texts);
    this.me = { name, password: undefined, proved: false };
    this.link = new Link([{ address, port }, ...others]);
    this.paint = paint;
    this.random = random;
    this.transcript = new Transcript(this.window, this.conversations, paint, this, wall(now), this.texts);
  }

  /** The server, as people write it. */
  get peer(): string {
    return joinHostPort(this.link.server.address, this.link.server.port);
  }

  /** Where the server has its files. */
  get origin(): string {
    return `${this.#isEncrypted ? "https" : "http"}://${this.peer}`;
  }

  /** What Tab may choose from. */
  get knownNames(): KnownNames {
    const names = new Set(
      [...this.names, ...this.conversations.people, ...this.ignored.names].filter((name) => !this.isMe(name)),
    );
    const rooms = new Set([COMMON_ROOM, ...this.conversations.rooms, ...this.rooms]);
    return { names, rooms, withheld: this.withheld, find: (name) => this.#find(name) };
  }

  /** Remembers a person that the server has named. */
  addPerson(name: string, role: Role | undefined): void {
    this.names.add(name);
    if (role !== undefined) this.roles.set(name, role);
  }

  /** Comes in by a name, which a server may spell in its own way. */
  setUser(name: string, password: string | undefined, proved: boolean, reply: Partial<Answer> = {}): void {
    this.me = { name: reply.name ?? name, password, proved };
    if (reply.role !== undefined) this.roles.set(this.me.name, reply.role);
  }

  /** A person in a remark, with its role. A name with spaces is in quotes, so that no name can imitate a role. */
  person(name: string, role = this.roles.get(name)): string {
    return this.texts.person(writeName(name), role && this.texts.roles[role]);
  }

  /** Whether two names are the same to this server: home-made ones compare them letter by letter. */
  isSame(one: string, other: string): boolean {
    return one === other || (this.speaksJim && nameKey(one) === nameKey(other));
  }

  /** Whether a name is one's own, in whatever spelling. */
  isMe(name: string): boolean {
    return this.isSame(name, this.me.name);
  }

  /** The spelling of the conversation that there is with a person, or in a room; the given one if there is none. */
  spelling(name: string): string {
    return this.conversations.has(name)
      ? name
      : this.#among([...this.conversations].map(({ name }) => name), name) ?? name;
  }

  /** A room has another name: what is known of it is known by that one. */
  renameRoom(room: string, name: string): void {
    this.conversations.rename(room, name);
    this.sent.rename(room, name);
    this.recent.rename(room, name);
    this.found = this.found.map((each) => each.where === room ? { ...each, where: name } : each);
    const file = this.files.get(room);
    this.files.delete(room);
    if (file !== undefined) this.files.set(name, file);
    this.rooms.delete(room);
    this.rooms.add(name);
  }

  /** The time of a request, in Unix seconds. */
  time(now: number): number {
    return this.wall(now) / 1000;
  }

  /** A remark. */
  showNotice(words: string | readonly string[], now: number): void {
    this.transcript.note(words, this.wall(now));
  }

  /** Something the user should know, as it is not as it should be. */
  warn(words: string, now: number): void {
    this.transcript.note(words, this.wall(now), "!");
  }

  /** A warning that nobody has asked for: it is logged too. */
  warnAndLog(words: string, now: number): void {
    info("alarm", words);
    this.warn(words, now);
  }

  /**
   * Objects from the server that this client does not know: a server may be newer than its clients. All are counted and
   * logged, and the user is told of the first. A server that is not Hanita may send many of them, and nobody is told.
   */
  skip(objects: readonly ServerEvent[], now: number): void {
    const [first] = objects;
    if (first === undefined) return;
    const isFirst = this.skipped === 0;
    this.skipped += objects.length;
    const action = first.kind === "unknown" ? truncate(first.action, MAX_QUOTE) : first.kind;
    debug("skip", `${objects.length}, such as ${JSON.stringify(action)}; ${this.skipped} in all`);
    if (isFirst && this.speaksJim) this.showNotice(this.texts.skipped(action), now);
  }

  /**
   * A message, unless its sender is ignored. One's own that comes back was shown already.
   *
   * @param as whether the bell may ring for it, and the time to show, if it is not the one it was said at
   */
  showMessage(
    where: string,
    said: ChatMessage,
    { ring = true, at = said.time }: { ring?: boolean; at?: number | undefined } = {},
  ): void {
    if (this.ignored.has(said.from)) return;
    const { id, from, text, file, isDeleted } = said;
    if (isWhole(file)) this.files.set(where, file);
    if (id !== undefined && !isDeleted) this.recent.add(where, { id, from, text });
    if (!this.sent.knows(said)) this.transcript.said(where, { ...this.shown(where, said), time: at }, ring);
  }

  /** A message as it is shown: a reply with the first words of what it answers, an edited one with a mark. */
  shown(where: string, { replyTo, file, edited, isDeleted, ...said }: ChatMessage): ChatMessage {
    const { texts } = this;
    if (isDeleted) return { ...said, text: texts.deletedMessage };
    const words = edited !== undefined ? `\u270e ${said.text}` : said.text;
    const text = file === undefined ? words : `${words === "" ? "" : `${words}\n`}${fileLine(file, this.origin)}`;
    if (replyTo === undefined) return { ...said, text };
    return { ...said, text: `> ${this.recent.words(where, replyTo) ?? texts.earlierMessage}\n${text}` };
  }

  /** Asks for what the user wants, and says so when it cannot be had: then it has failed. */
  request(
    label: string,
    request: Request,
    now: number,
    then: (reply: Reply, now: number) => void,
    failed: () => void = () => {},
  ): void {
    if (this.cannot(label, now)) return failed();
    this.link.requests.enqueue({
      lost: (now) => {
        failed();
        this.unanswered(label, now);
      },
      ...request,
      then: (reply, now) => {
        if (reply === undefined || reply.refused) {
          failed();
          return this.refused(label, reply, now);
        }
        then(reply, now);
        this.skip(reply.skipped, now);
      },
    });
  }

  /** Says that the connection ended before an answer. Nothing that was asked for is done later by itself. */
  unanswered(label: string, now: number): void {
    this.warn(this.texts.unanswered(label), now);
  }

  /** Says that something was not granted, or not even answered. */
  refused(label: string, reply: Reply | undefined, now: number): void {
    if (reply === undefined) return this.warn(this.texts.noAnswer(label), now);
    // The server's words are for a program that has sent an action.
    const isForOperators = reply.code === 403 && isOperators(label);
    const words = this.recognized(this.conversations.current, reply.words);
    this.warn(isForOperators ? this.texts.operatorsOnly(label) : this.texts.refuses(label, words), now);
  }

  /** A server's words with the first words of messages in place of their ids, which no user has seen. */
  recognized(where: string, words: string): string {
    return words.replace(ID, (id) => {
      const known = this.recent.words(where, Number(id));
      return known === undefined ? this.texts.earlierMessage : `"${known}"`;
    });
  }

  /** How somebody, or a room, is called here already. */
  #find(name: string): string | undefined {
    const known = [...this.conversations].map(({ name }) => name);
    known.push(...this.names, ...this.rooms, this.me.name);
    return known.includes(name) ? name : this.#among(known, name);
  }

  #among(known: readonly string[], name: string): string | undefined {
    return this.speaksJim ? known.find((each) => this.isSame(each, name)) : undefined;
  }

  /** Whether something cannot be asked for; the user is told. */
  cannot(label: string, now: number): boolean {
    const isAway = this.state === "away" || this.state === "joining";
    const lacks = !this.speaksJim && !HANDOUT.has(label.split(" ")[0]!);
    if (isAway) this.warn(this.texts.cannot(label), now);
    else if (lacks) this.warn(this.texts.lacks(label), now);
    return isAway || lacks;
  }
}

/** Whether a file can be fetched: one's own has no key before it comes back. */
function isWhole(file: KnownFile | undefined): file is SharedFile {
  return file?.key !== undefined;
}
