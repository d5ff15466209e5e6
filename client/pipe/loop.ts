/**
 * The loop of a chat in a pipe. It waits in one place for the keyboard, the socket and the screen, hands each event to the
 * session, and starts the next reads and writes. At most one read, one write and one print are in flight. With several
 * servers of a chat it outlives its connections.
 *
 *     keyboard → session (lines → requests) → socket → session (framer → events) → screen
 */
import { ActiveConnection, type ConnectionEvent } from "../active_connection.ts";
import { connect, ConnectError, type Connection } from "../connect.ts";
import type { Options } from "../options.ts";
import { ready, type Select, type Source } from "../../select/mod.ts";
import { writeAll } from "../../select/write_all.ts";
import { Session } from "./session.ts";

/** Characters that wait for a slow screen, above which nothing more is read from the server. */
const SCREENFUL = 65_536;
/** Bytes typed, or piped, that are read at once. */
const KEYS = 65_536;
/** Waiting requests above which nothing more is read from the keyboard: a file may be longer than the memory. */
const WAITING = 1_000;
/** The signals of a terminal or an operator that end a program. Windows has no SIGTERM. */
const STOPS: readonly Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT", "SIGBREAK"] : ["SIGINT", "SIGTERM"];

/** The events of the loop. A count of `null` is the end of a stream. */
type Event =
  | { readonly kind: "typed"; readonly count: number | null }
  | { readonly kind: "connected"; readonly connection: Connection }
  | { readonly kind: "printFailed" | "connectFailed"; readonly error: unknown }
  | { readonly kind: "printed" | "due" | "stop" }
  | ConnectionEvent;

const encoder = new TextEncoder();

/** Chats until the input ends or the server closes, with several of them the last one. Returns the exit status. */
export async function runPipe(connection: Connection, options: Options): Promise<number> {
  return await new PipeLoop(connection, options).run();
}

class PipeLoop {
  readonly #options: Options;
  readonly #session: Session;
  readonly #keys = new Uint8Array(KEYS);
  readonly #select: Select<Event> = ready();
  readonly #keyboard: Source<number | null>;
  readonly #prints: Source<void>;
  readonly #connects: Source<Connection>;
  #active: ActiveConnection | undefined;
  #alarm: ReturnType<typeof setTimeout> | undefined;

  constructor(connection: Connection, options: Options) {
    const isTyped = Deno.stdin.isTerminal(), select = this.#select;
    this.#options = options;
    this.#session = new Session({ ...options, isTyped }, (line) => console.error(line), performance.now(), Date.now);
    this.#active = new ActiveConnection(connection, select);
    this.#keyboard = select.source(
      (count: number | null): Event => ({ kind: "typed", count }),
      (): Event => ({ kind: "typed", count: null }), // a stream that fails has ended
    );
    this.#prints = select.source(
      (): Event => ({ kind: "printed" }),
      (error): Event => ({ kind: "printFailed", error }),
    );
    this.#connects = select.source(
      (connection: Connection): Event => ({ kind: "connected", connection }),
      (error): Event => ({ kind: "connectFailed", error }),
    );
  }

  async run(): Promise<number> {
    for (const signal of STOPS) Deno.addSignalListener(signal, () => this.#select.post({ kind: "stop" }));
    for (;;) {
      const now = performance.now();
      this.#startOperations(now);
      if (this.#session.isOver(now, this.#prints.armed)) return this.#session.finish();
      // A read has the buffer of the last one: it begins when no event is left, with no `await` between.
      do {
        for (const event of await this.#select.wait()) this.#handle(event, performance.now());
      } while (this.#select.hasEvents);
    }
  }

  #handle(event: Event, now: number): void {
    const session = this.#session;
    switch (event.kind) {
      case "typed":
        return session.type(event.count === null ? null : this.#keys.subarray(0, event.count), now);
      case "received":
        if (event.on !== this.#active) return;
        if (event.count === null) return session.disconnected(now);
        session.link.framer.commit(event.count);
        return session.receive(now);
      case "sendFailed":
        return event.on === this.#active ? session.sendFailed(now) : undefined;
      case "connected":
        if (session.isClosing) return event.connection.close();
        this.#active = new ActiveConnection(event.connection, this.#select);
        return session.connected(now);
      case "connectFailed":
        if (!(event.error instanceof ConnectError)) throw event.error;
        return session.connectFailed(event.error.message, now);
      case "printFailed":
        return session.printFailed(event.error, now);
      case "due":
        session.link.requests.waitAgainIfLate(now);
        return session.tick(now);
      case "stop":
        return session.stop(now);
      case "sent":
      case "printed": // the source is free again, and that is all
        return;
    }
  }

  #startOperations(now: number): void {
    const session = this.#session, { link } = session;
    if (session.isDone && !session.isClosing) session.beginClose(now);
    if (!link.open) this.#hangUp();
    if (session.hasInput && !session.isClosing && session.waiting < WAITING && !this.#keyboard.armed) {
      this.#keyboard.arm(Deno.stdin.read(this.#keys));
    }
    if (!session.isClosing && now >= link.retryAt && !this.#connects.armed) {
      link.retryAt = Infinity;
      this.#connects.arm(connect({ ...this.#options, ...link.server }));
    }
    if (this.#active !== undefined) this.#readAndWrite(this.#active, now);
    if (session.screen !== "" && !this.#prints.armed) {
      this.#prints.arm(writeAll(Deno.stdout, encoder.encode(session.screen)));
      session.screen = "";
    }
    clearTimeout(this.#alarm);
    if (session.due === Infinity) return;
    this.#alarm = setTimeout(() => this.#select.post({ kind: "due" }), Math.max(0, session.due - now));
  }

  #readAndWrite(on: ActiveConnection, now: number): void {
    const session = this.#session, { framer, requests, isLeft } = session.link;
    if (session.screen.length < SCREENFUL) on.read(framer);
    const bytes = session.isClosing || on.isWriting ? undefined : requests.take(now);
    if (bytes !== undefined) on.write(bytes);
    if ((session.isClosing || isLeft) && !on.isWriting && !on.isHalfClosed) on.halfClose();
  }

  #hangUp(): void {
    this.#active?.close();
    this.#active = undefined;
  }
}
