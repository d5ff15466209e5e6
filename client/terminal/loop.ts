// The loop of a chat in a terminal, the twin of the one in client.ts: it sleeps in one place until the keyboard, the socket
// or the screen has something, hands it to the controller, and starts what can be started. Connections come and go under it.
//
//     keyboard → controller (keys → line → commands) → socket → controller (framer → events) → window → screen
//
// At most one read, one write and one print are in flight. However it ends, the terminal is as it was. When the program was
// stopped and goes on, a shell has had the terminal meanwhile: it is made raw again and the line is painted anew.

import { connect, ConnectError, type Connection } from "../connect.ts";
import type { Options } from "../options.ts";
import { ready, type Source } from "../../select/mod.ts";
import { writeAll } from "../../select/write_all.ts";
import { hasColour } from "../../cli/tint.ts";
import { coloured, plain } from "./paint.ts";
import { Controller } from "./controller.ts";

/** Characters in wait for a slow screen from which on nothing more is read from the server. */
const SCREENFUL = 65_536;
/** Bytes typed that are taken at once: a paste is larger. */
const KEYS = 4_096;
/** What a terminal or an operator sends to end a program, and what tells of another size. */
const STOPS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];
const RESIZED: readonly Deno.Signal[] = Deno.build.os === "windows" ? [] : ["SIGWINCH"];
const RESUMED: readonly Deno.Signal[] = Deno.build.os === "windows" ? [] : ["SIGCONT"];
/** A terminal is asked to mark what is pasted. One that does not know how ignores it. */
const MARK_PASTES = "\x1b[?2004h", LEAVE_PASTES = "\x1b[?2004l";

/** What wakes the loop. */
type Event =
  | { readonly what: "typed"; readonly count: number | null }
  | { readonly what: "heard"; readonly on: Line; readonly count: number | null }
  | { readonly what: "unsent"; readonly on: Line }
  | { readonly what: "connected"; readonly conn: Connection }
  | { readonly what: "unconnected"; readonly error: unknown }
  | { readonly what: "unprinted" | "stop" | "resumed" | "woken" };

/** A connection, with what is in flight on it. */
interface Line {
  readonly conn: Connection;
  readonly hearing: Source<number | null>;
  readonly sending: Source<void>;
  halfClosed: boolean;
}

const encoder = new TextEncoder();

/** Chats until the user leaves, on a connection that there is, and on others when that one breaks. Returns the exit status. */
export async function runTerminal(first: Connection, options: Options): Promise<number> {
  const select = ready<Event>();
  const keys = new Uint8Array(KEYS);
  const keyboard = select.source(
    (count: number | null): Event => ({ what: "typed", count }),
    (): Event => ({ what: "typed", count: null }),
  );
  const printing = select.source((): Event => ({ what: "woken" }), (): Event => ({ what: "unprinted" }));
  const connecting = select.source(
    (conn: Connection): Event => ({ what: "connected", conn }),
    (error): Event => ({ what: "unconnected", error }),
  );
  const controller = new Controller(
    options,
    hasColour(Deno.stdout) ? coloured : plain,
    Math.random,
    performance.now(),
    Date.now,
  );
  let line: Line | undefined;
  let alarm: ReturnType<typeof setTimeout> | undefined;
  for (const signal of STOPS) Deno.addSignalListener(signal, () => select.post({ what: "stop" }));
  for (const signal of RESIZED) Deno.addSignalListener(signal, () => select.post({ what: "woken" }));
  for (const signal of RESUMED) Deno.addSignalListener(signal, () => select.post({ what: "resumed" }));
  // A bug outside of the loop ends the program without coming back here.
  for (const bug of ["error", "unhandledrejection"]) addEventListener(bug, restore);

  try {
    takeOver(performance.now());
    controller.resize(columns());
    begin(first, performance.now());
    for (;;) {
      const now = performance.now();
      startWhatCan(now);
      if (controller.isOver(now) && !printing.armed) break;
      for (const event of await select.wait()) handle(event, performance.now());
    }
  } finally {
    clearTimeout(alarm);
    restore();
  }
  const { words, status } = controller.outcome();
  if (words !== undefined) console.error(words);
  return status;

  function handle(event: Event, now: number): void {
    switch (event.what) {
      case "typed":
        return controller.type(event.count === null ? null : keys.subarray(0, event.count), now);
      case "heard":
        if (event.on !== line) return;
        if (event.count === null) return controller.disconnected(now);
        controller.link.framer.commit(event.count);
        return controller.receive(now);
      case "unsent": // it may have said why before: that is still to be read, and its end too
        return;
      case "connected":
        return controller.isShuttingDown ? event.conn.close() : begin(event.conn, now);
      case "unconnected":
        if (!(event.error instanceof ConnectError)) throw event.error;
        return controller.unconnected(event.error.message, now);
      case "resumed":
        return controller.isShuttingDown ? undefined : takeOver(now);
      case "unprinted": // there is no terminal any more
      case "stop":
        return controller.shutdown(now);
      case "woken":
        return;
    }
  }

  /** Makes the terminal ours, and shows the line, where the cursor may be anywhere. */
  function takeOver(now: number): void {
    if (!madeRaw()) return controller.shutdown(now);
    controller.window.out += MARK_PASTES;
    controller.window.showAgain();
  }

  function begin(conn: Connection, now: number): void {
    const on: Line = {
      conn,
      hearing: select.source((count: number | null) => ({ what: "heard", on, count }), () => ended(on)),
      sending: select.source((): Event => ({ what: "woken" }), () => ({ what: "unsent", on })),
      halfClosed: false,
    };
    line = on;
    controller.connected(now);
  }

  function startWhatCan(now: number): void {
    controller.pass(now);
    controller.resize(columns());
    if (line !== undefined && !controller.link.open) hangUp(line);
    if (!controller.isShuttingDown && !keyboard.armed) keyboard.arm(Deno.stdin.read(keys));
    if (!controller.isShuttingDown && now >= controller.link.retryAt && !connecting.armed) {
      controller.link.retryAt = Infinity;
      connecting.arm(connect(options));
    }
    if (line !== undefined) serve(line, now);
    if (controller.window.out !== "" && !printing.armed) {
      printing.arm(writeAll(Deno.stdout, encoder.encode(controller.window.out)));
      controller.window.out = "";
    }
    clearTimeout(alarm);
    if (controller.due === Infinity) return;
    alarm = setTimeout(() => select.post({ what: "woken" }), Math.max(0, controller.due - now));
  }

  function serve(on: Line, now: number): void {
    const { conn, hearing, sending } = on;
    if (!hearing.armed && controller.window.out.length < SCREENFUL) {
      hearing.arm(conn.read(controller.link.framer.reserve()));
    }
    const bytes = on.halfClosed || sending.armed ? undefined : controller.link.requests.take(now);
    if (bytes !== undefined) sending.arm(writeAll(conn, bytes));
    if (!controller.isFlushed || sending.armed || on.halfClosed) return;
    on.halfClosed = true;
    controller.closing(now);
    conn.closeWrite().catch(() => {}); // if the peer is gone already, the read says so
  }

  function hangUp({ conn, hearing, sending }: Line): void {
    hearing.close();
    sending.close();
    conn.close();
    line = undefined;
  }
}

/** A stream that fails has ended. */
function ended(on: Line): Event {
  return { what: "heard", on, count: null };
}

/** Whether there is a terminal, which hands over each key as it is pressed from now on. */
function madeRaw(): boolean {
  try {
    Deno.stdin.setRaw(true);
    return true;
  } catch (error) {
    if (error instanceof Error) return false; // its window was closed while we were stopped
    throw error;
  }
}

/** The terminal as it was, unless its window was closed: there is none any more. */
function restore(): void {
  try {
    Deno.stdin.setRaw(false);
    Deno.stdout.writeSync(encoder.encode(LEAVE_PASTES));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}

/** Asked anew each time, as Windows does not tell when it changes. */
function columns(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch (error) {
    if (error instanceof Error) return 80; // the terminal is going away
    throw error;
  }
}
