/**
 * The loop of a chat in a terminal, the twin of client/pipe/loop.ts. It waits in one place for the keyboard, the socket and
 * the screen, hands each event to the controller, and starts the next reads and writes. It outlives its connections.
 *
 *     keyboard → controller (keys → line → commands) → socket → controller (framer → events) → window → screen
 *
 * At most one read, one write and one print are in flight. However it ends, the terminal is as it was. When the program was
 * stopped and goes on, a shell has had the terminal meanwhile: it is made raw again and the line is painted anew.
 */
import { ActiveConnection, type ConnectionEvent } from "../active_connection.ts";
import { connect, ConnectError, type Connection } from "../connect.ts";
import type { Options } from "../options.ts";
import { ready, type Select, type Source } from "../../select/mod.ts";
import { writeAll } from "../../select/write_all.ts";
import { hasColour } from "../../cli/tint.ts";
import { coloured, plain } from "./paint.ts";
import { Controller } from "./controller.ts";
import type { FileTask } from "./file_task.ts";
import { columns, MARK_PASTES, restore, setRaw } from "./tty.ts";

/** Characters that wait for a slow screen, above which nothing more is read from the server. */
const SCREENFUL = 65_536;
/** Bytes typed that are read at once: a paste is larger. */
const KEYS = 4_096;
/** The signals of a terminal or an operator that end a program, and those of another size and of going on. */
const STOPS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];
const RESIZED: readonly Deno.Signal[] = Deno.build.os === "windows" ? [] : ["SIGWINCH"];
const RESUMED: readonly Deno.Signal[] = Deno.build.os === "windows" ? [] : ["SIGCONT"];

/** The events of the loop. A count of `null` is the end of a stream. */
type Event =
  | { readonly kind: "typed"; readonly count: number | null }
  | { readonly kind: "connected"; readonly connection: Connection }
  | { readonly kind: "connectFailed"; readonly error: unknown }
  | { readonly kind: "taskDone"; readonly act: (now: number) => void }
  | { readonly kind: "taskFailed"; readonly words: string }
  | { readonly kind: "printFailed" | "stop" | "resumed" | "woken" }
  | ConnectionEvent;

const encoder = new TextEncoder();

/** Chats until the user leaves, on an open connection, and on others after it breaks. Returns the exit status. */
export async function runTerminal(first: Connection, options: Options): Promise<number> {
  const { words, status } = await new TerminalLoop(options).run(first);
  if (words !== undefined) console.error(words);
  return status;
}

class TerminalLoop {
  readonly #options: Options;
  readonly #controller: Controller;
  readonly #keys = new Uint8Array(KEYS);
  readonly #select: Select<Event> = ready();
  readonly #keyboard: Source<number | null>;
  readonly #prints: Source<void>;
  readonly #connects: Source<Connection>;
  #active: ActiveConnection | undefined;
  #alarm: ReturnType<typeof setTimeout> | undefined;

  constructor(options: Options) {
    const select = this.#select, paint = hasColour(Deno.stdout) ? coloured : plain;
    this.#options = options;
    this.#controller = new Controller(options, paint, Math.random, performance.now(), Date.now);
    this.#keyboard = select.source(
      (count: number | null): Event => ({ kind: "typed", count }),
      (): Event => ({ kind: "typed", count: null }),
    );
    this.#prints = select.source((): Event => ({ kind: "woken" }), (): Event => ({ kind: "printFailed" }));
    this.#connects = select.source(
      (connection: Connection): Event => ({ kind: "connected", connection }),
      (error): Event => ({ kind: "connectFailed", error }),
    );
  }

  async run(first: Connection): Promise<ReturnType<Controller["outcome"]>> {
    this.#listen();
    try {
      this.#takeOver(performance.now());
      this.#controller.resize(columns());
      this.#begin(first, performance.now());
      for (;;) {
        const now = performance.now();
        this.#startOperations(now);
        if (this.#controller.isOver(now) && !this.#prints.armed) break;
        // A read has the buffer of the last one: it begins when no event is left, with no `await` between.
        do {
          for (const event of await this.#select.wait()) this.#handle(event, performance.now());
        } while (this.#select.hasEvents);
      }
    } finally {
      clearTimeout(this.#alarm);
      restore();
    }
    return this.#controller.outcome();
  }

  #listen(): void {
    const on = (signals: readonly Deno.Signal[], kind: "stop" | "woken" | "resumed") => {
      for (const signal of signals) Deno.addSignalListener(signal, () => this.#select.post({ kind }));
    };
    on(STOPS, "stop");
    on(RESIZED, "woken");
    on(RESUMED, "resumed");
    // A bug outside of the loop ends the program without a return to the loop.
    for (const bug of ["error", "unhandledrejection"]) addEventListener(bug, restore);
  }

  #handle(event: Event, now: number): void {
    const controller = this.#controller;
    switch (event.kind) {
      case "typed":
        return controller.type(event.count === null ? null : this.#keys.subarray(0, event.count), now);
      case "received":
        if (event.on !== this.#active) return;
        if (event.count === null) return controller.disconnected(now);
        controller.link.framer.commit(event.count);
        return controller.receive(now);
      case "sendFailed": // the server may have said why before: that is still to be read, and its end too
        return;
      case "connected":
        return controller.isShuttingDown ? event.connection.close() : this.#begin(event.connection, now);
      case "connectFailed":
        if (!(event.error instanceof ConnectError)) throw event.error;
        return controller.connectFailed(event.error.message, now);
      case "taskDone":
        return controller.taskDone(event.act, now);
      case "taskFailed":
        return controller.taskFailed(event.words, now);
      case "resumed":
        return controller.isShuttingDown ? undefined : this.#takeOver(now);
      case "printFailed": // there is no terminal any more
      case "stop":
        return controller.shutdown(now);
      case "sent":
      case "woken":
        return;
    }
  }

  /** Makes the terminal raw, and shows the line, where the cursor may be anywhere. */
  #takeOver(now: number): void {
    const { window } = this.#controller;
    if (!setRaw()) return this.#controller.shutdown(now);
    window.out += MARK_PASTES;
    window.showAgain();
  }

  #begin(connection: Connection, now: number): void {
    this.#active = new ActiveConnection(connection, this.#select);
    this.#controller.connected(now);
  }

  #startOperations(now: number): void {
    const controller = this.#controller, { link, window } = controller;
    link.requests.waitAgainIfLate(now);
    controller.pass(now);
    controller.resize(columns());
    if (!link.open) this.#hangUp();
    if (!controller.isShuttingDown && !this.#keyboard.armed) this.#keyboard.arm(Deno.stdin.read(this.#keys));
    if (!controller.isShuttingDown && now >= link.retryAt && !this.#connects.armed) {
      link.retryAt = Infinity;
      this.#connects.arm(connect({ ...this.#options, ...link.server }));
    }
    for (const task of controller.takeTasks()) this.#perform(task);
    if (this.#active !== undefined) this.#readAndWrite(this.#active, now);
    if (window.out !== "" && !this.#prints.armed) {
      this.#prints.arm(writeAll(Deno.stdout, encoder.encode(window.out)));
      window.out = "";
    }
    clearTimeout(this.#alarm);
    if (controller.due === Infinity) return;
    this.#alarm = setTimeout(() => this.#select.post({ kind: "woken" }), Math.max(0, controller.due - now));
  }

  /** Does something with a file. Its modules are loaded with the first one. */
  async #perform(task: FileTask): Promise<void> {
    const { measure, save, saveText, send } = await import("../file_work.ts"),
      { TransferError } = await import("../transfer.ts");
    const peer = { ...this.#options, ...this.#controller.link.server }, { lang } = this.#options;
    const done = (act: (now: number) => void) => this.#select.post({ kind: "taskDone", act });
    try {
      done(
        await task({
          measure: (path) => measure(path, lang),
          send: (path, upload, size, onProgress) => send(peer, path, upload, size, onProgress),
          save: (file, path) => save(peer, file, path),
          saveText: (name, text, path) => saveText(name, text, path, lang),
        }, done),
      );
    } catch (error) {
      if (!(error instanceof TransferError)) throw error;
      this.#select.post({ kind: "taskFailed", words: error.message });
    }
  }

  #readAndWrite(on: ActiveConnection, now: number): void {
    const controller = this.#controller, { framer, requests } = controller.link;
    if (controller.window.out.length < SCREENFUL) on.read(framer);
    const bytes = on.isHalfClosed || on.isWriting ? undefined : requests.take(now);
    if (bytes !== undefined) on.write(bytes);
    if (!controller.isFlushed || on.isWriting || on.isHalfClosed) return;
    controller.closing(now);
    on.halfClose();
  }

  #hangUp(): void {
    this.#active?.close();
    this.#active = undefined;
  }
}
