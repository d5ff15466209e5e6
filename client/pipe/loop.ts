/**
 * The loop of a chat in a pipe. It waits in one place for the keyboard, the socket and the screen, hands each event to the
 * session, and starts the next reads and writes. At most one read, one write and one print are in flight.
 *
 *     keyboard → session (lines → requests) → socket → session (framer → events) → screen
 */
import type { Connection } from "../connect.ts";
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
  | { readonly kind: "typed" | "received"; readonly count: number | null }
  | { readonly kind: "printFailed"; readonly error: unknown }
  | { readonly kind: "sent" | "sendFailed" | "printed" | "due" | "stop" };

const encoder = new TextEncoder();

/** Chats until the input ends or the server closes. Returns the exit status. */
export async function runPipe(connection: Connection, options: Options): Promise<number> {
  return await new PipeLoop(connection, options).run();
}

class PipeLoop {
  readonly #connection: Connection;
  readonly #session: Session;
  readonly #keys = new Uint8Array(KEYS);
  readonly #select: Select<Event> = ready();
  readonly #keyboard: Source<number | null>;
  readonly #reads: Source<number | null>;
  readonly #writes: Source<void>;
  readonly #prints: Source<void>;
  #isHalfClosed = false;
  #alarm: ReturnType<typeof setTimeout> | undefined;

  constructor(connection: Connection, options: Options) {
    const isTyped = Deno.stdin.isTerminal(), select = this.#select;
    this.#connection = connection;
    this.#session = new Session({ ...options, isTyped }, (line) => console.error(line), performance.now(), Date.now);
    this.#keyboard = select.source((count: number | null): Event => ({ kind: "typed", count }), endOf("typed"));
    this.#reads = select.source((count: number | null): Event => ({ kind: "received", count }), endOf("received"));
    this.#writes = select.source((): Event => ({ kind: "sent" }), (): Event => ({ kind: "sendFailed" }));
    this.#prints = select.source(
      (): Event => ({ kind: "printed" }),
      (error): Event => ({ kind: "printFailed", error }),
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
        if (event.count === null) return session.disconnected(now);
        session.framer.commit(event.count);
        return session.receive(now);
      case "sendFailed":
        return session.sendFailed(now);
      case "printFailed":
        return session.printFailed(event.error, now);
      case "due":
        return session.tick(now);
      case "stop":
        return session.stop(now);
      case "sent":
      case "printed": // the source is free again, and that is all
        return;
    }
  }

  #startOperations(now: number): void {
    const session = this.#session;
    if (session.isDone && !session.isClosing) session.beginClose(now);
    if (session.hasInput && !session.isClosing && session.requests.waiting < WAITING && !this.#keyboard.armed) {
      this.#keyboard.arm(Deno.stdin.read(this.#keys));
    }
    if (!session.isDisconnected && !this.#reads.armed && session.screen.length < SCREENFUL) {
      this.#reads.arm(this.#connection.read(session.framer.reserve()));
    }
    if (session.screen !== "" && !this.#prints.armed) {
      this.#prints.arm(writeAll(Deno.stdout, encoder.encode(session.screen)));
      session.screen = "";
    }
    const bytes = session.isClosing || this.#writes.armed ? undefined : session.requests.take(now);
    if (bytes !== undefined) this.#writes.arm(writeAll(this.#connection, bytes));
    if (session.isClosing && !this.#writes.armed && !this.#isHalfClosed) {
      this.#isHalfClosed = true;
      this.#connection.closeWrite().catch(() => {}); // if the peer is gone already, the read says so
    }
    clearTimeout(this.#alarm);
    if (session.due === Infinity) return;
    this.#alarm = setTimeout(() => this.#select.post({ kind: "due" }), Math.max(0, session.due - now));
  }
}

/** A stream that fails has ended. */
function endOf(kind: "typed" | "received"): () => Event {
  return () => ({ kind, count: null });
}
