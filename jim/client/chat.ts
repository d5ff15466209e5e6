/**
 * The loop of a chat: opens sockets, reads and writes them one operation at a time, and hands each event to the session.
 * Messages wait here for the program that iterates over them.
 * @module
 */
import { COMMON_ROOM } from "../message.ts";
import type { ChatEvent, ChatMessage, Result, Said, SessionOptions } from "./chat_event.ts";
import { Session } from "./session.ts";
import type { OpenSocket, Socket } from "./socket.ts";

/** Milliseconds after which an address that stays silent is given up. */
const CONNECT = 10_000;
/** Messages that wait for the program, above which nothing is read unless an answer is awaited. */
const WAITING = 1_000;
/** The longest delay of a timer. */
const LONGEST = 2 ** 31 - 1;

/** Where a message goes, and which one it answers. */
export interface SayOptions {
  /** A room with its `#`, or a person; the common chat by default. */
  readonly to?: string;
  /** The id of the message that it answers. */
  readonly replyTo?: number;
}

/** What the loop needs beside the session's options. */
export interface ChatOptions extends SessionOptions {
  readonly signal: AbortSignal | undefined;
  readonly onEvent: ((event: ChatEvent) => void) | undefined;
  /** Whether messages are kept for the iterator. */
  readonly listen: boolean;
  readonly random: () => number;
}

/**
 * A chat, which {@linkcode connect} makes. It reconnects by itself, and iterates over the messages of others: each once, in
 * order. It ends with {@linkcode close}; a login that is refused later, an operator or the signal end it with an error.
 */
export class Chat implements AsyncIterable<ChatMessage>, AsyncDisposable {
  readonly #session: Session<OpenSocket>;
  readonly #options: ChatOptions;
  readonly #over = deferred<void>();
  readonly #ready = deferred<void>();
  readonly #messages: ChatMessage[] = [];
  #error: Error | undefined;
  /** Iterators that wait for a message. */
  #waiting: (() => void)[] = [];
  #socket: Socket | undefined;
  #isReading = false;
  #isWriting = false;
  /** Ends the attempt to connect that is under way. */
  #dialing: AbortController | undefined;
  #alarm: ReturnType<typeof setTimeout> | undefined;

  /** For {@linkcode connect}. */
  constructor(servers: readonly OpenSocket[], options: ChatOptions) {
    this.#options = options;
    this.#session = new Session(servers, options, {
      message: (message) => this.#message(message),
      event: (event) => this.#report(event),
      ready: () => this.#ready.resolve(),
      over: (error) => this.#end(error),
      wall: Date.now,
      random: options.random,
    });
  }

  /** Your name, as the server spells it. */
  get name(): string {
    return this.#session.name;
  }

  /** Logs in for the first time; settles when all is read. */
  async start(): Promise<this> {
    const { signal } = this.#options;
    signal?.throwIfAborted();
    signal?.addEventListener("abort", this.#abort);
    this.#dial();
    await this.#ready.promise;
    return this;
  }

  /**
   * Says something. It waits while there is no connection, and is sent again if the connection ended before the answer and
   * the history does not have it.
   *
   * @returns when the server has kept it
   * @throws {RefusedError} When the server refuses it.
   * @throws {ConnectionError} When the chat is closed before the answer. Of a guest's private message, also when the
   *   connection ended before: nothing tells whether it has arrived.
   * @throws {TypeError} When the text is no string.
   */
  say(text: string, { to = COMMON_ROOM, replyTo }: SayOptions = {}): Promise<Said> {
    const said = this.#session.say(text, to, replyTo);
    this.#turn();
    return said;
  }

  /**
   * Joins a room, and again after each reconnection, until the chat leaves it, is put out of it, or it is removed.
   *
   * @throws {RefusedError} When the server refuses it.
   * @throws {ConnectionError} When the chat is closed, or ends before.
   */
  join(room: string): Promise<void> {
    const joined = this.#session.join(room);
    this.#turn();
    return joined;
  }

  /**
   * Leaves a room.
   *
   * @param room its name, or a former one
   * @throws {RefusedError} When the server refuses it.
   * @throws {ConnectionError} When there is no connection.
   */
  leave(room: string): Promise<void> {
    const left = this.#session.leave(room);
    this.#turn();
    return left;
  }

  /**
   * Asks the server for anything else, such as `{ action: "who_online" }`. It is asked once, on the present connection.
   *
   * @param request an object of JIM; its `time` is added
   * @returns the answer, with its rows if it is a list
   * @throws {RefusedError} When the server refuses it.
   * @throws {ConnectionError} When there is no connection, or it ends before the answer.
   * @throws {TypeError} When the object is no JSON.
   */
  request(request: object): Promise<Result> {
    const reply = this.#session.request(request);
    this.#turn();
    return reply;
  }

  /**
   * Ends the chat, behind the answers to what was said, or when none of them has come for three seconds. What waits for a connection
   * is not sent any more.
   */
  async close(): Promise<void> {
    this.#session.close(performance.now());
    this.#turn();
    await this.#over.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** The messages of others. A loop that is left may be begun again: it goes on where the last one was left. */
  async *[Symbol.asyncIterator](): AsyncGenerator<ChatMessage, void, undefined> {
    for (;;) {
      const message = this.#messages.shift();
      if (message !== undefined) {
        this.#turn(); // there is room again
        yield message;
      } else if (this.#error !== undefined) throw this.#error;
      else if (this.#session.isOver) return;
      else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  readonly #abort = (): void => this.#session.end(this.#options.signal!.reason);

  /** What the program's own function throws is the program's: it is thrown outside of the chat, which goes on. */
  #report(event: ChatEvent): void {
    try {
      this.#options.onEvent?.(event);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  #message(message: ChatMessage): void {
    if (!this.#options.listen) return;
    this.#messages.push(message);
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Closes everything. */
  #end(error: Error | undefined): void {
    this.#error = error;
    this.#options.signal?.removeEventListener("abort", this.#abort);
    clearTimeout(this.#alarm);
    this.#dialing?.abort();
    this.#hangUp();
    this.#ready.reject(error ?? new Error("The chat is closed"));
    this.#over.resolve();
    this.#wake();
  }

  async #dial(): Promise<void> {
    const dialing = this.#dialing = new AbortController();
    const late = setTimeout(() => dialing.abort(new Error("no answer within 10 s")), CONNECT);
    try {
      this.#socket = await opened(this.#session.link.server, dialing.signal);
      if (this.#session.isOver) return this.#hangUp();
      this.#session.connected();
    } catch (error) {
      if (!this.#session.isOver) this.#session.connectFailed(error, performance.now());
    } finally {
      clearTimeout(late);
      this.#dialing = undefined;
      this.#turn();
    }
  }

  /** After each event: starts what can be started. */
  #turn(): void {
    const { link } = this.#session, now = performance.now();
    if (this.#session.isOver) return;
    if (!link.open) this.#hangUp();
    if (now >= link.retryAt && this.#dialing === undefined) {
      link.retryAt = Infinity;
      this.#dial();
    }
    if (this.#socket !== undefined) {
      if (!this.#isReading && (this.#messages.length < WAITING || this.#session.isWaiting)) this.#read(this.#socket);
      if (!this.#isWriting) this.#write(this.#socket, now);
    }
    clearTimeout(this.#alarm);
    const { due } = this.#session;
    if (due === Infinity) return;
    this.#alarm = setTimeout(() => {
      this.#session.tick(performance.now());
      this.#turn();
    }, Math.min(LONGEST, Math.max(0, due - now)));
  }

  async #read(socket: Socket): Promise<void> {
    this.#isReading = true;
    const bytes = await socket.read().catch(() => undefined);
    if (socket !== this.#socket) return;
    this.#isReading = false;
    if (bytes === undefined) this.#session.disconnected(performance.now());
    else this.#session.receive(bytes, performance.now());
    this.#turn();
  }

  async #write(socket: Socket, now: number): Promise<void> {
    const bytes = this.#session.link.requests.take(now);
    if (bytes === undefined) return;
    this.#isWriting = true;
    await socket.write(bytes).catch(() => {}); // the read reports it
    if (socket !== this.#socket) return;
    this.#isWriting = false;
    this.#turn();
  }

  #hangUp(): void {
    this.#socket?.close();
    this.#socket = undefined;
    this.#isReading = this.#isWriting = false;
  }
}

/** A connection; none when the signal ends the attempt, whatever the adapter does. */
function opened(open: OpenSocket, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
    open(signal).then((socket) => signal.aborted ? socket.close() : resolve(socket), reject);
  });
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: Error): void;
}

/** `Promise.withResolvers`, which Node.js has from 22 on. */
function deferred<T>(): Deferred<T> {
  let resolve = (_: T) => {}, reject = (_: Error) => {};
  const promise = new Promise<T>((fulfil, fail) => [resolve, reject] = [fulfil, fail]);
  promise.catch(() => {}); // not everybody waits for it
  return { promise, resolve, reject };
}
