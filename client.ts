/**
 * Hanita's client. Like the server, it is one loop: it waits in one place for the keyboard, the socket and the screen,
 * handles each event, and starts the next reads and writes.
 *
 *     keyboard → session (lines → requests) → socket → session (framer → events) → screen
 *
 * That is for pipes. At a terminal the loop is client/terminal/loop.ts.
 *
 * At most one read, one write and one print are in flight. Exit status: 0 when all went well; 1 when anything was refused
 * or lost, or the server went away; 2 for a mistake on the command line. What is lost is said on standard error.
 */
import { commandLine, notPermitted } from "./cli/mod.ts";
import { systemReason } from "./cli/system.ts";
import { connect, ConnectError, type Connection } from "./client/connect.ts";
import { type Options, optionsOf, program } from "./client/options.ts";
import { Session } from "./client/pipe/session.ts";
import { catalogues } from "./client/words.ts";
import { writeAll } from "./select/write_all.ts";
import { LogError, logger, openLog } from "./log/mod.ts";
import { ready } from "./select/mod.ts";

/** Characters in wait for a slow screen from which on nothing more is read from the server. */
const SCREENFUL = 65_536;
/** Bytes typed, or piped, that are taken at once. */
const KEYS = 65_536;
/** Requests in wait from which on nothing more is taken from the keyboard: a file may be longer than the memory. */
const WAITING = 1_000;
/** What a terminal or an operator sends to end a program. Windows has no SIGTERM. */
const STOPS: readonly Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT", "SIGBREAK"] : ["SIGINT", "SIGTERM"];

/** What wakes the loop. A count of `null` is the end of a stream. */
type Event =
  | { readonly what: "typed" | "heard"; readonly count: number | null }
  | { readonly what: "unprinted"; readonly error: unknown }
  | { readonly what: "sent" | "unsent" | "printed" | "due" | "stop" };

const { info } = logger("client");
const encoder = new TextEncoder();

if (import.meta.main) Deno.exit(await main(optionsOf(commandLine(program), Math.random)));

async function main(options: Options): Promise<number> {
  if (!openLogFile(options)) return 1;
  const conn = await openConnection(options);
  if (conn === undefined) return 1;
  if (!isInteractive(options)) return await runPipe(conn, options);
  const { runTerminal } = await import("./client/terminal/loop.ts"); // a pipe has 3 MB less without
  return await runTerminal(conn, options);
}

/** A person sits at a terminal, to read and to write; anything else is a pipe, in which nothing but the chat belongs. */
function isInteractive({ only, json }: Options): boolean {
  return only === undefined && !json && Deno.stdin.isTerminal() && Deno.stdout.isTerminal();
}

/** A log that cannot be written ends the program only if `--data` was given. */
function openLogFile({ data, logLevel, lang }: Options): boolean {
  try {
    openLog({ program: "client", dir: data ?? "./data", level: logLevel, console: "none" });
    return true;
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    const forbidden = error.cause instanceof Deno.errors.NotCapable;
    const texts = catalogues[lang], { cause } = error;
    const said = lang === "en" || !(cause instanceof Error)
      ? error.message
      : texts.cannotLog(`${data ?? "./data"}/log`, systemReason(cause.message, lang));
    if (data === undefined) console.error(texts.goingOn(said));
    else if (!forbidden) console.error(said);
    else console.error(notPermitted(data, "client", "client.ts", lang));
    return data === undefined;
  }
}

async function openConnection(options: Options): Promise<Connection | undefined> {
  try {
    const conn = await connect(options);
    info("connected", `${options.address} port ${options.port}${options.tls ? ", encrypted" : ""}`);
    return conn;
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    info("connected", error.message);
    console.error(error.message);
    return undefined;
  }
}

/** The loop of a pipe. Returns the exit status. */
async function runPipe(conn: Connection, options: Options): Promise<number> {
  const isTyped = Deno.stdin.isTerminal();
  const session = new Session({ ...options, isTyped }, (line) => console.error(line), performance.now(), Date.now);
  const { requests, framer } = session;
  const keys = new Uint8Array(KEYS);
  let halfClosed = false;
  let alarm: ReturnType<typeof setTimeout> | undefined;

  const select = ready<Event>();
  const keyboard = select.source((count: number | null): Event => ({ what: "typed", count }), endOf("typed"));
  const hearing = select.source((count: number | null): Event => ({ what: "heard", count }), endOf("heard"));
  const sending = select.source((): Event => ({ what: "sent" }), (): Event => ({ what: "unsent" }));
  const printing = select.source((): Event => ({ what: "printed" }), (error): Event => ({ what: "unprinted", error }));
  for (const signal of STOPS) Deno.addSignalListener(signal, () => select.post({ what: "stop" }));

  for (;;) {
    const now = performance.now();
    startOperations(now);
    if (session.isOver(now, printing.armed)) return session.finish();
    for (const event of await select.wait()) handle(event, performance.now());
  }

  function handle(event: Event, now: number): void {
    switch (event.what) {
      case "typed":
        return session.type(event.count === null ? null : keys.subarray(0, event.count), now);
      case "heard":
        if (event.count === null) return session.disconnected(now);
        framer.commit(event.count);
        return session.receive(now);
      case "unsent":
        return session.sendFailed(now);
      case "unprinted":
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

  function startOperations(now: number): void {
    if (session.isDone && !session.isClosing) session.beginClose(now);
    if (session.hasInput && !session.isClosing && requests.waiting < WAITING && !keyboard.armed) {
      keyboard.arm(Deno.stdin.read(keys));
    }
    if (!session.isDisconnected && !hearing.armed && session.screen.length < SCREENFUL) {
      hearing.arm(conn.read(framer.reserve()));
    }
    if (session.screen !== "" && !printing.armed) {
      printing.arm(writeAll(Deno.stdout, encoder.encode(session.screen)));
      session.screen = "";
    }
    const bytes = session.isClosing || sending.armed ? undefined : requests.take(now);
    if (bytes !== undefined) sending.arm(writeAll(conn, bytes));
    if (session.isClosing && !sending.armed && !halfClosed) {
      halfClosed = true;
      conn.closeWrite().catch(() => {}); // if the peer is gone already, the read says so
    }
    clearTimeout(alarm);
    if (session.due === Infinity) return;
    alarm = setTimeout(() => select.post({ what: "due" }), Math.max(0, session.due - now));
  }
}

/** A stream that fails has ended. */
function endOf(what: "typed" | "heard"): () => Event {
  return () => ({ what, count: null });
}
