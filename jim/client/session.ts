/**
 * A chat over all of its connections: it logs in, joins its rooms, reads what it has missed, and then sends what waits. It
 * has no socket and no clock: the loop in chat.ts calls it for each event, and does what `link` asks for.
 *
 *     away → entering (the login is answered) → catchingUp (rooms and histories are read) → ready → away …
 *
 * @module
 */
import { COMMON_ROOM, isCommonRoom } from "../message.ts";
import { nameKey } from "../name.ts";
import type { ChatEvent, ChatMessage, Result, Said, SessionOptions } from "./chat_event.ts";
import type { Conversation } from "./conversation.ts";
import { Conversations } from "./conversations.ts";
import { ConnectionError, isTrouble, reasonOf, RefusedError } from "./errors.ts";
import type { Message } from "./event.ts";
import { readEvent } from "./read_event.ts";
import { read } from "./fields.ts";
import { Goodbye } from "./goodbye.ts";
import { Link } from "./link.ts";
import { message, presence } from "./objects.ts";
import type { Reply, Request } from "./requests.ts";
import { RoomsToJoin, type RoomToJoin } from "./rooms_to_join.ts";
import { type SentMessage, SentMessages } from "./sent_messages.ts";

/** What a session calls. */
export interface SessionHandlers {
  message(message: ChatMessage): void;
  event(event: ChatEvent): void;
  /** For the first time all is read, and what is said is sent. */
  ready(): void;
  /** It is over: nothing more follows. */
  over(error: Error | undefined): void;
  /** The clock on the wall, in milliseconds since 1970. */
  wall(): number;
  random(): number;
}

interface Deferred<T> {
  resolve(value: T): void;
  reject(error: Error): void;
}

/** Codes from here on may be another answer in a minute: too many connections, a server without its journal. */
const LATER = 404;
/** Milliseconds for a login: passwords are checked one after the other. */
const LOGIN = 60_000;

const UNKNOWN = "The connection ended before the answer";
const STOPPING = "the server is stopping";

const decoder = new TextDecoder();

/**
 * The chat of one login. `now` is milliseconds of a monotonic clock, in all methods.
 *
 * @typeParam Server what the loop connects to
 */
export class Session<Server> {
  readonly link: Link<Server>;
  readonly #options: SessionOptions;
  readonly #handlers: SessionHandlers;
  /** Of this name and role. */
  #me: { readonly name: string; readonly isAccount: boolean };
  #state: "away" | "entering" | "catchingUp" | "ready" | "over" = "away";
  /** It has logged in before, and has read all. */
  #hasBeenReady = false;
  #hasEntered = false;
  #readyAt = 0;
  /** Answers that are missing before all is read; and the conversations that are. */
  #round = { pending: 0, read: new Set<string>() };
  readonly #rooms: RoomsToJoin;
  readonly #conversations: Conversations;
  readonly #sent = new SentMessages(0.001);
  /** By the time of a message. */
  readonly #says = new Map<number, Deferred<Said>>();
  /** What has arrived before all was read: shown at once then, in order. */
  #held: ChatMessage[] = [];
  readonly #goodbye = new Goodbye();

  constructor(servers: readonly Server[], options: SessionOptions, handlers: SessionHandlers) {
    this.link = new Link(servers, options.pauses);
    this.#options = options;
    this.#me = { name: this.#loginName, isAccount: false };
    this.#handlers = handlers;
    this.#rooms = new RoomsToJoin(options.rooms.filter((room) => !isCommonRoom(room)));
    this.#conversations = new Conversations(
      this.#sent,
      (message, conversation) => this.#show(message, conversation),
      options.after,
    );
  }

  get name(): string {
    return this.#me.name;
  }

  get isOver(): boolean {
    return this.#state === "over";
  }

  /** Something is awaited from the server: it must be read. */
  get isWaiting(): boolean {
    return this.#state !== "ready" || !this.link.requests.isIdle;
  }

  /** When to {@linkcode tick} if nothing happens. */
  get due(): number {
    const { open, requests, leaveBy, retryAt } = this.link;
    if (this.isOver) return Infinity;
    return Math.min(this.#goodbye.due, open ? Math.min(requests.due, leaveBy, this.#probeAt) : retryAt);
  }

  /** When to ask a server of JIM that is silent whether it is there; others may not know the question. */
  get #probeAt(): number {
    return this.#state === "ready" && this.link.requests.isFast ? this.link.probeAt : Infinity;
  }

  /** There is a connection, a new one. */
  connected(): void {
    this.link.begin();
    this.#state = "entering";
    const object = this.#loginObject(this.#handlers.wall());
    const then = (reply: Reply | undefined, now: number) => this.#entered(reply, now);
    this.link.requests.enqueueFirst({ object, patience: LOGIN, then });
  }

  /** No connection could be made. */
  connectFailed(reason: unknown, now: number): void {
    const words = reasonOf(reason), wereAllTried = this.link.tryLater(now, this.#handlers.random);
    if (!this.#hasEntered && wereAllTried) {
      return this.end(new ConnectionError(`Cannot connect: ${words}`, false, { cause: reason }));
    }
    this.#handlers.event({ kind: "disconnected", reason: words, retryIn: this.link.retryAt - now });
  }

  /** Bytes were read. */
  receive(bytes: Uint8Array, now: number): void {
    const { framer } = this.link;
    framer.push(bytes);
    for (let next = framer.next(); next !== undefined && this.link.open; next = framer.next()) {
      if (typeof next !== "string") this.#object(decoder.decode(next), now);
      else if (!this.#hasEntered) return this.end(new ConnectionError("Cannot log in: the server does not speak JIM"));
    }
    if (this.link.isLeft) this.disconnected(now, STOPPING);
  }

  /**
   * The connection is gone, or of no use. What was on its way waits.
   *
   * @param error how a first login ends if no server has taken it
   */
  disconnected(
    now: number,
    reason = "the server closed the connection",
    error: Error = new ConnectionError(`Cannot log in: ${reason}`),
  ): void {
    const { link } = this;
    if (!link.open) return;
    if (this.#goodbye.isSaid) return this.end();
    const { unanswered, unsent, others } = link.requests.end();
    link.open = false;
    this.#sent.connectionLost(unanswered, unsent);
    for (const { lost } of others) lost?.(now);
    this.#conversations.interrupt();
    if (this.#state === "ready") link.wasGood(this.#readyAt, now);
    this.#state = "away";
    const wereAllTried = link.tryLater(now, this.#handlers.random);
    if (!this.#hasEntered && wereAllTried) return this.end(error);
    this.#handlers.event({ kind: "disconnected", reason, retryIn: link.retryAt - now });
  }

  /** Time has passed. */
  tick(now: number): void {
    const { requests, leaveBy, open } = this.link;
    if (this.#goodbye.isOver(this.#unanswered, now)) return this.end();
    if (!open) return;
    requests.waitAgainIfLate(now);
    if (now >= leaveBy) return this.disconnected(now, STOPPING);
    if (now >= requests.due) {
      if (requests.isFast || this.#state === "entering") return this.disconnected(now, "the server does not answer");
      return requests.expire(now); // a home-made server may answer nothing
    }
    if (now >= this.#probeAt && requests.isIdle) {
      requests.enqueue({ object: { action: "probe", time: this.#handlers.wall() / 1000 } });
    }
  }

  /** Says something; it waits if there is no connection. */
  say(text: string, to: string, replyTo?: number): Promise<Said> {
    if (typeof text !== "string") return Promise.reject(new TypeError(`Expected a text to say, got ${typeof text}`));
    if (this.isOver || this.#goodbye.isSaid) return Promise.reject(new ConnectionError("The chat is closed"));
    const { name } = this.#conversations.get(this.#rooms.find(to)?.name ?? to);
    const mine = this.#sent.add(this.#me.name, name, text, this.#handlers.wall(), replyTo);
    const said = new Promise<Said>((resolve, reject) => this.#says.set(mine.time, { resolve, reject }));
    if (this.#state === "ready") this.#send(mine);
    else this.#sent.wait(mine);
    return said;
  }

  /** Asks for something, and settles with the answer and its rows. Refusals, and the end of the connection, reject. */
  request(object: object): Promise<Result> {
    return new Promise((resolve, reject) => {
      const lost = () => reject(new ConnectionError(UNKNOWN, true));
      if (!this.link.open || this.isOver) return reject(new ConnectionError("There is no connection"));
      JSON.stringify(object); // what is no JSON throws here, which rejects, and not where all that waits is written
      this.link.requests.enqueue({
        object: { time: this.#handlers.wall() / 1000, ...object },
        lost,
        then(reply) {
          if (reply === undefined) lost();
          else if (reply.refused) reject(new RefusedError(reply.code, reply.words));
          else resolve(reply);
        },
      });
    });
  }

  /** Is in a room from now on: after each login it is joined again. */
  join(name: string): Promise<void> {
    if (this.isOver) return Promise.reject(new ConnectionError("The chat is closed"));
    const room = this.#rooms.get(name), joined = room.joined();
    if (this.#state === "ready" || this.#state === "catchingUp") this.#join(room);
    return joined;
  }

  /** Is in a room no more, when the server has said so. */
  async leave(room: string): Promise<void> {
    // Sent before the login is answered, it would be undone by the join that follows the login.
    if (this.#state === "entering") throw new ConnectionError("There is no connection");
    await this.request({ action: "leave", room });
    this.#forget(room);
  }

  /**
   * Joins a room no more, unless a join that comes behind is under way. It is read anew then: what is said until then is not for
   * this chat.
   */
  #forget(name: string): void {
    const room = this.#rooms.find(name);
    this.#conversations.delete(room?.name ?? name);
    if (room === undefined) return;
    room.isJoined = false;
    if (room.asked > 0) return;
    this.#rooms.delete(name);
    room.enter(); // it was in there, and what was said before was being read
  }

  /** Says goodbye, behind all that was sent. What waits for a connection is not sent any more. */
  close(now: number): void {
    if (this.isOver || this.#goodbye.isSaid) return;
    if (this.#state !== "ready") return this.end();
    this.#goodbye.begin(this.#unanswered, now);
    const end = () => this.end();
    this.link.requests.enqueue({
      object: { action: "quit", time: this.#handlers.wall() / 1000 },
      then: end,
      lost: end,
    });
  }

  /** The messages that have no answer, sent or not. */
  get #unanswered(): number {
    const { unsent, unanswered } = this.link.requests;
    return unsent + unanswered;
  }

  /** It is over at once. */
  end(error?: Error): void {
    if (this.isOver) return;
    this.#state = "over";
    const { unanswered, unsent, others } = this.link.requests.end();
    this.link.open = false;
    this.link.retryAt = Infinity;
    for (const { lost } of others) lost?.(0);
    this.#sent.connectionLost(unanswered, unsent);
    const { kept, unknown } = this.#sent.release(new Set());
    for (const { time, id } of kept) this.#resolve(time, id);
    for (const { time } of unknown) this.#reject(time, new ConnectionError(UNKNOWN, true));
    const closed = error ?? new ConnectionError("The chat is closed");
    for (const time of [...this.#says.keys()]) this.#reject(time, closed);
    for (const room of this.#rooms) room.refuse(closed);
    this.#handlers.over(error);
  }

  /** The name to log in by, which a server may ask for before it answers; a token has none. */
  get #loginName(): string {
    const { login } = this.#options;
    return "name" in login ? login.name : "";
  }

  #loginObject(wall: number): object {
    const { login, features } = this.#options, time = wall / 1000;
    if ("token" in login) return { action: "authenticate", time, token: login.token, features };
    const { name, password } = login;
    if (password === undefined) return presence(name, wall); // for home-made servers too: features are told later
    return { action: "authenticate", time, user: { account_name: name, password }, features };
  }

  #entered(reply: Reply | undefined, now: number): void {
    if (reply === undefined || this.isOver) return; // the connection is given up
    if (reply.refused) {
      const error = new RefusedError(reply.code, reply.words), { code = 0 } = reply;
      const isLater = this.#hasEntered ? code >= LATER : isTrouble(code); // at a first login another server may take it
      return isLater && !reply.kicked ? this.disconnected(now, reply.words, error) : this.end(error);
    }
    this.#hasEntered = true;
    this.#me = {
      name: reply.name ?? this.#loginName,
      isAccount: reply.role === "account" || reply.role === "operator",
    };
    this.#handlers.event({ kind: "connected" });
    if (this.isOver) return; // it was closed there
    this.#state = "catchingUp";
    this.#round = { pending: 0, read: new Set() };
    this.#catchUp(now);
  }

  /** Joins the rooms again and reads what was said meanwhile. Then messages are sent. */
  #catchUp(now: number): void {
    const { features } = this.#options, time = this.#handlers.wall() / 1000;
    if (this.link.requests.isFast) this.#ask({ object: { action: "presence", time, features } });
    for (const room of this.#rooms) room.asked = 0;
    for (const room of this.#rooms) this.#join(room);
    this.#read(this.#conversations.get(COMMON_ROOM));
    this.#readDoubted();
    if (this.#round.pending === 0) return this.#ready(now);
    if (!this.#me.isAccount) return;
    this.#ask({ object: { action: "unread", time }, rows: "row" }, (reply, now) => {
      if (reply !== undefined && isTrouble(reply.code)) return this.#unable(reply, now);
      for (const { name, count } of reply?.listed ?? []) {
        // At the first login all that was said is known from elsewhere, or not at all.
        if (this.#conversations.hasPast) this.#read(this.#conversations.get(name));
        else this.#conversations.note(count?.last ?? 0);
      }
    });
  }

  /** Reads where messages may have arrived; when the rooms have answered by which names they go now. */
  #readDoubted(): void {
    if ([...this.#rooms].some(({ asked }) => asked > 0)) return;
    for (const to of this.#sent.doubtedPlaces) this.#read(this.#conversations.get(to));
  }

  #join(room: RoomToJoin): void {
    const { name, isJoined } = room, isKnown = isJoined || this.#options.after !== undefined;
    room.asked++;
    // An account is in its rooms still. One that was removed meanwhile is not made anew in its name.
    const create = this.#me.isAccount && isJoined ? { create: false } : {};
    const object = { action: "join", time: this.#handlers.wall() / 1000, room: name, ...create };
    this.#conversations.get(name, isKnown ? undefined : {});
    this.#ask({ object }, (reply, now) => {
      room.asked--;
      this.#joined(room, reply, now);
      if (this.#state === "catchingUp") this.#readDoubted();
    });
  }

  #joined(room: RoomToJoin, reply: Reply | undefined, now: number): void {
    if (!reply?.refused) {
      if (reply?.room !== undefined) this.#rename(room.name, reply.room);
      // It may have got another name since, or have been left.
      return this.#read(this.#conversations.get(room.name, room.isJoined ? undefined : {}), () => room.enter());
    }
    const error = new RefusedError(reply.code, reply.words), isUnable = isTrouble(reply.code);
    if (this.#state === "catchingUp" && isUnable) return this.#unable(reply, now);
    if (isUnable && room.isJoined) return void room.refuse(error); // it is in there still
    this.#excluded(room, error);
  }

  #excluded(room: RoomToJoin, error: RefusedError): void {
    const { name } = room, isNews = this.#rooms.find(name) === room;
    if (isNews) this.#rooms.delete(name);
    if (room.refuse(error) || !isNews) return;
    if (!this.#hasBeenReady) return this.end(error);
    this.#handlers.event({ kind: "excluded", room: name, error });
  }

  /** Reads a conversation, once in a round. A guest has no past with anybody. */
  #read(conversation: Conversation, then = () => {}): void {
    const { name } = conversation, round = this.#round, { read } = round;
    if (read.has(name) || (!name.startsWith("#") && !this.#me.isAccount) || !this.link.requests.isFast) return then();
    read.add(name);
    round.pending++;
    if (this.#sent.doubtedPlaces.has(name)) conversation.startFrom(this.#conversations.gapFrom);
    conversation.catchUp(this.link.requests, this.#handlers.wall() / 1000, (isRead, now, failure) => {
      if (failure !== undefined) return this.#unable(failure, now);
      if (!isRead || this.#state === "ready") read.delete(name); // when it is joined once more, it is read once more
      then();
      this.#answered(round, now);
    });
  }

  /** The server cannot tell now what was missed, or let the chat into a room: it is asked again on another connection. */
  #unable({ code, words }: Reply, now: number): void {
    if (this.#hasBeenReady) this.disconnected(now, words);
    else this.end(new RefusedError(code, words));
  }

  /** Asks for something that must be answered before all is read. */
  #ask(request: Request, then?: (reply: Reply | undefined, now: number) => void): void {
    const round = this.#round;
    round.pending++;
    this.link.requests.enqueue({
      ...request,
      then: (reply, now) => {
        then?.(reply, now);
        this.#answered(round, now);
      },
    });
  }

  #answered(round: { pending: number }, now: number): void {
    if (--round.pending === 0 && round === this.#round && this.#state === "catchingUp") this.#ready(now);
  }

  #ready(now: number): void {
    this.#conversations.resume();
    this.#state = "ready";
    this.#readyAt = now;
    const held = this.#held.sort((one, other) => (one.id ?? 0) - (other.id ?? 0));
    this.#held = [];
    for (const [at, message] of held.entries()) {
      // A room that got other names in the gap may have been read by two of them.
      if (message.id === undefined || message.id !== held[at - 1]?.id) this.#handlers.message(message);
    }
    const { kept, send, unknown } = this.#sent.release(this.#round.read);
    for (const mine of kept) this.#settle(mine, mine.id);
    for (const { time } of unknown) this.#reject(time, new ConnectionError(UNKNOWN, true));
    for (const mine of send) this.#send(mine);
    this.#round = { pending: 0, read: new Set() };
    if (this.#hasBeenReady) return;
    this.#hasBeenReady = true;
    this.#handlers.ready();
  }

  #send(mine: SentMessage): void {
    const { from, text, time, to, replyTo } = mine;
    const object = { ...message(from, text, time, to), ...(replyTo === undefined ? {} : { reply_to: replyTo }) };
    this.link.requests.enqueue({
      object,
      message: mine,
      then: (reply) => {
        if (!reply?.refused) return this.#settle(mine, reply?.id);
        this.#sent.forget(mine);
        this.#reject(time, new RefusedError(reply.code, reply.words));
      },
    });
  }

  /** A message has arrived. */
  #settle(mine: SentMessage, id: number | undefined): void {
    this.#sent.answered(mine, id);
    if (id !== undefined) {
      this.#conversations.get(mine.to).acknowledged(id);
      this.#conversations.note(id);
    }
    this.#resolve(mine.time, id);
  }

  #resolve(time: number, id: number | undefined): void {
    this.#says.get(time)?.resolve({ id });
    this.#says.delete(time);
  }

  #reject(time: number, error: Error): void {
    this.#says.get(time)?.reject(error);
    this.#says.delete(time);
  }

  #object(json: string, now: number): void {
    const { requests } = this.link, event = readEvent(read(json), requests.isFast);
    if (event.kind === "answer" && event.kicked) return this.end(new RefusedError(event.code, event.words));
    const loose = requests.receive(event, now);
    switch (loose?.kind) {
      case "message":
        return this.#message(loose);
      case "probe":
        return requests.enqueueFirst({ object: this.#presence() });
      case "notice":
        if (loose.name !== undefined) this.#me = { ...this.#me, name: loose.name };
        if (loose.move === true) this.link.leave(now);
        break;
      case "room":
        if (loose.name !== undefined) this.#rename(loose.room, loose.name);
        if (loose.action === "remove" || loose.action === "kick") this.#forget(loose.room);
    }
    if (loose !== undefined) this.#handlers.event(loose);
  }

  #rename(room: string, name: string): void {
    this.#rooms.rename(room, name);
    this.#conversations.rename(room, name);
  }

  #presence(): object {
    const wall = this.#handlers.wall();
    return this.link.requests.isFast ? { action: "presence", time: wall / 1000 } : presence(this.#me.name, wall);
  }

  #message(message: Message): void {
    const before = message.id === undefined ? undefined : message.id - 1;
    const conversation = this.#conversations.get(
      this.#placeOf(message),
      this.#state === "ready" ? { upTo: before } : undefined,
    );
    conversation.arrived(message);
    if (this.#state === "catchingUp") this.#read(conversation);
  }

  /** A room, or the other person. */
  #placeOf({ from, to = COMMON_ROOM }: Message): string {
    if (isCommonRoom(to)) return COMMON_ROOM;
    return to.startsWith("#") || nameKey(from) === nameKey(this.#me.name) ? to : from;
  }

  #show({ kind: _, ...message }: Message, conversation: string): void {
    if (message.id !== undefined) this.#conversations.note(message.id);
    if (message.isDeleted) return;
    const { isAccount, name } = this.#me, isProved = message.role !== undefined && message.role !== "guest";
    const isOwn = isAccount && isProved && nameKey(message.from) === nameKey(name);
    const shown = { ...message, conversation, isOwn };
    if (this.#state === "ready") this.#handlers.message(shown);
    else this.#held.push(shown);
  }
}
