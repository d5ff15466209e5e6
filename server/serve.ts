/**
 * The server: one loop with one await, as select(2) would have it.
 *
 *     wait ──> handle each event ──> commit ──> deliver ──> write ──> wait
 *              (bytes → objects →    (once)     (into       (one per
 *               messages → notes)                outboxes)   connection)
 *
 * Handlers are synchronous, never throw for bad input, and only note what is to be said. A network failure is an event
 * like any other. What throws is a bug, and ends the program loudly.
 */
import { explain, ok, quote } from "../jim/mod.ts";
import { logger } from "../log/mod.ts";
import type { Select } from "../select/mod.ts";
import { Timer } from "./net/timer.ts";
import { Chat, type Rules } from "./chat/chat.ts";
import { departed } from "./chat/entrance.ts";
import { Features } from "./chat/features.ts";
import type { Job, Scene, Voice } from "./chat/voice.ts";
import { Maintenance } from "./maintenance.ts";
import { Connection, isPeerGone, named, prepare, shut, type Socket, type Sources } from "./net/connection.ts";
import { EntranceLog } from "./observe/entrance_log.ts";
import { type Found, type Hasher, Jobs } from "./jobs.ts";
import { Growth, type GrowthLimits } from "./limits/growth.ts";
import type { Listener } from "./net/listener.ts";
import { InputHandler, type InputLimits } from "./net/input.ts";
import type { Ids } from "./ids.ts";
import type { Keeper } from "./keeper.ts";
import { Later } from "./later.ts";
import { Meter } from "./net/meter.ts";
import { warnOfNames } from "./names.ts";
import { Notices } from "./limits/notices.ts";
import { Bucket } from "./limits/rate_limit.ts";
import { Seen } from "./seen.ts";
import { newToken } from "./auth/token.ts";
import { Trace, type TraceEvent } from "./observe/trace.ts";
import { ConnectionManager, type OutputLimits } from "./net/connection_manager.ts";
import { OutputBatch, type SealedBatch } from "./net/output_batch.ts";

/** What the server waits for. */
export type Event =
  | { kind: "accepted"; socket: Socket }
  /** Somebody has come in by another door than the listener. */
  | { kind: "came"; socket: Socket }
  | { kind: "refused"; error: Error }
  | { kind: "received"; connection: Connection }
  | { kind: "written"; connection: Connection }
  | { kind: "found"; begun: PendingJob; found: Found }
  | { kind: "committed"; kept: boolean }
  | { kind: "supply" }
  | { kind: "supplied"; connection: Connection }
  | { kind: "again"; connection: Connection }
  | { kind: "begin" }
  | { kind: "slice" }
  | { kind: "rang" }
  | { kind: "maintenance" }
  | { kind: "maintain" }
  | { kind: "stop" };

/** How a server behaves. */
export interface ServerConfig extends OutputLimits, InputLimits, GrowthLimits {
  readonly rules: Rules;
  /** Milliseconds of silence after which a line speaker is asked whether it is still there. */
  readonly probeAfter: number;
}

/** The world outside, for tests to replace. */
export interface World {
  readonly select: Select<Event>;
  readonly keeper: Keeper;
  readonly ids: Ids;
  /** Milliseconds since 1970. */
  readonly wall: () => number;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  /** What a program shows in `inspect` instead of an operator's login; without it only operators inspect. */
  readonly token?: string;
  /** Where all that passes is shown (`--trace`), if anywhere. */
  readonly print?: (line: string) => void;
  /** Where the server counts what it does. */
  readonly meter?: Meter;
  /** What hashes passwords; Argon2id unless given. */
  readonly hasher?: Hasher;
}

/** Something to be found out for somebody; `before` is the first id that it will hear as it is said. */
interface PendingJob {
  readonly who: Connection;
  readonly job: Job;
  readonly then: (scene: Scene<Connection>, found: never) => void;
  readonly before: number;
  /** When it began, in milliseconds that never go back. */
  readonly at: number;
}

/** Milliseconds in which what was asked for is found out before there is another turn. */
const FINDING = 10;
/**
 * Accepts in a row, and milliseconds until the next ones. Without a pause 4,096 connections that wait to be accepted keep
 * every message waiting for a second or two. `setImmediate` is none: the runtime does not look at the network for it.
 */
const ACCEPTS = 8, ACCEPT_PAUSE = 1;
/** After a failed accept (no file descriptor is left, say). */
const ACCEPT_AGAIN = 100;
/** After so long without one, a failed accept is worth a line in the log again. */
const QUIET = 60_000;
const { info, warning } = logger("server/serve");

/** Serves until an event `stop` has come and all has been said. */
export async function serve(listener: Listener, config: ServerConfig, world: World): Promise<void> {
  const { select, keeper, wall, now, meter = new Meter() } = world;
  const { limits, rateLimit, language } = config;
  const features = new Features<Connection>();
  const batch = new OutputBatch(world.ids, limits, language, meter, features);
  const timer = new Timer(now, () => select.post({ kind: "rang" }));
  const soon = new Later<Event>((event) => select.post(event));
  const trace = new Trace(wall, now, show, world.print);
  const told = { onGone, onFinished, onSupply, onSupplied, onRead };
  const connectionManager = new ConnectionManager(config, batch, timer, now, trace, told, meter);
  const { connections } = connectionManager;
  const kept = keeper.store.snapshot();
  const chat = new Chat<Connection>(config.rules, kept, features);
  warnOfNames(chat, limits);
  const passwords = new Map(kept.accounts.map(({ id, password }) => [id, password]));
  const seen = new Seen(keeper, kept.accounts);
  const jobs = new Jobs(keeper, passwords, seen.ids, {
    now,
    language,
    wake: (moment) => timer.scheduleAt(moment),
    token: world.token,
    hasher: world.hasher,
  });
  const growth = new Growth(config, now);
  const entrances = new EntranceLog(now);
  const notices = new Notices(rateLimit, now);
  /** Jobs of this turn: they begin when its messages are kept, so that the past has them. */
  const begun: PendingJob[] = [];
  /** The last id of those turns that are in outboxes. */
  let delivered = world.ids.last;
  /** A turn whose messages a store is still keeping. */
  let parked: SealedBatch | undefined;
  /** When it began to. */
  let parkedAt = 0;
  let acceptAt = Infinity;
  let accepted = 0;
  let accepting: Promise<Socket> | undefined;
  let acceptPause: ReturnType<typeof setTimeout> | undefined;
  /** When a connection could last not be accepted. */
  let failedAt = -Infinity;
  /** The writes of a turn are not all started. */
  let sliced = false;
  let slice: ReturnType<typeof setImmediate> | undefined;
  /** Rows of an answer are to be made in a later turn. */
  let supplying = false;

  const voice: Voice<Connection> = {
    answer(to, answer, about) {
      if (answer.response >= 400) {
        meter.refused(answer.response);
        trace.refused(to, answer);
      } else understood(to);
      batch.answer(to, answer, about);
    },
    notify: (to, notice) => batch.notify(to, notice),
    announce: (by, to, object) => notices.sent(by, batch.announce(by, to, object)),
    toAll(from, msg, answer) {
      understood(from);
      batch.toAll(from, msg, answer);
    },
    toSome(from, to, msg, conversation, answer, spelling) {
      understood(from);
      batch.toSome(from, to, msg, conversation, answer, spelling);
    },
    rows(to, rows) {
      to.busy = true;
      batch.supply(to, rows);
    },
    shows(to) {
      to.since = Infinity; // it need not say presence
      const here = [trace.add(to, connections)];
      voice.rows(to, () => here.pop());
    },
    hides: (from) => trace.remove(from),
    logged: (by, what) => info("operator", `${by}: ${what}`),
    denied(by, refusal, as) {
      const name = as === undefined ? "" : ` as ${quote(as)}`;
      entrances.write("refused", by, () => `${name}: ${refusal.code} ${explain(refusal)}`);
    },
    granted: (by, what) => entrances.write("granted", by, () => ` ${what}`),
    arrived: (who) => batch.arrived(who),
    goes: (who, why) => connectionManager.depart(who, why, why === "quits" ? 1000 : 1008),
    keep: (change) => keeper.keep(change),
    register(account) {
      const seenLast = world.ids.last; // what was said before was not said to it
      const kept = keeper.register({ ...account, operator: false, seen: seenLast });
      if (typeof kept !== "object") return kept;
      passwords.set(kept.id, kept.password);
      seen.put(kept.id, seenLast);
      return kept;
    },
    growth: (what, by) => growth.refusal(what, by.host),
    made: (what, by) => growth.made(what, by.host),
    refresh: (age) => maintenance.refresh(age),
    newToken,
    get lastId() {
      return world.ids.last;
    },
    job(who, job, then) {
      who.busy = true;
      begun.push({ who, job, then, before: world.ids.last + 1, at: batch.moment });
    },
  };

  /** The first good object behind a refusal: from the next turn on the connection's messages may go out as they come again. */
  function understood(connection: Connection): void {
    if (trace.understood(connection)) batch.arrived(connection);
  }

  const input = new InputHandler(config, { chat, voice, batch, connectionManager, trace, meter, now, later });
  const { probeAfter, emptyRooms } = config, due = (kind: "maintenance" | "maintain") => select.post({ kind });
  const maintenance = new Maintenance({
    keeper,
    connectionManager,
    batch,
    chat,
    seen,
    trace,
    passwords,
    probeAfter,
    emptyRooms,
    now,
    input,
    due,
    scene,
  });

  const accepts = select.source<Socket>(
    (socket) => ({ kind: "accepted", socket }),
    (error) => ({ kind: "refused", error: asError(error) }),
  );
  const commits = select.source<boolean>((kept) => ({ kind: "committed", kept }), (bug) => {
    throw bug;
  });
  const sources: Sources = {
    reads: (connection) => select.source(onReadDone, onReadFailed, connection),
    writes: (connection) => select.source(onWritten, onWriteFailed, connection),
  };

  /** Connections that have had their share of this turn. */
  const rest: Event[] = [];

  accept();
  for (;;) {
    const events = await select.wait(), began = now();
    batch.now = Math.floor(wall() / 1000);
    batch.moment = began;
    maintenance.turned(began);
    let postponed: Event[] | undefined;
    for (const event of events) {
      if ((event.kind === "received" || event.kind === "again") && batch.isFull) (postponed ??= []).push(event);
      else handle(event);
    }
    // Those that have had no part of this turn come before those that have more to say: else they would wait for ever.
    if (rest.length > 0) postponed = [...(postponed ?? []), ...rest.splice(0)];
    postponed?.forEach((event) => soon.add(event));
    if (parked === undefined && !sliced) commit(batch.seal()); // else what was said gathers, and each reader has it in one write
    meter.turns.add((now() - began) / 1000);
    if (connectionManager.stopping && connections.size === 0) break;
  }
  await jobs.close();
  timer.off();
  soon.off();
  clearImmediate(slice);
  maintenance.off();
  accepts.close();
  // A connection that was accepted in the last moment has had no turn: its peer would wait for ever.
  accepting?.then(shut, () => {});
  info("serve", `stopped; ${connectionManager.unsent} bytes could not be sent to those who were still here`);

  function handle(event: Event): void {
    switch (event.kind) {
      case "received":
        return input.received(event.connection);
      case "written":
        return connectionManager.written(event.connection);
      case "accepted":
        return onAccepted(event.socket);
      case "came":
        return onCame(event.socket);
      case "refused":
        return onRefused(event.error);
      case "found":
        return onFound(event.begun, event.found);
      case "committed":
        return deliver(event.kept);
      case "supply":
        supplying = false;
        return connectionManager.resupply();
      case "supplied":
        return goOn(event.connection);
      case "again":
        return again(event.connection);
      case "begin":
        return begin();
      case "slice":
        sliced = false;
        return write();
      case "rang":
        return onRang();
      case "maintenance":
        return maintenance.round(delivered);
      case "maintain":
        return maintenance.maintain();
      case "stop":
        return onStop();
    }
  }

  /** Only what is kept is acknowledged and heard. An embedded store has it at once; meanwhile another gathers turns. */
  function commit(sealed: SealedBatch): void {
    parked = sealed;
    parkedAt = now();
    const kept = keeper.commit(sealed.lines);
    if (kept instanceof Promise) commits.arm(kept);
    else deliver(kept);
  }

  function deliver(kept: boolean): void {
    const sealed = parked!;
    parked = undefined;
    if (sealed.lines.length > 0) meter.commits.add((now() - parkedAt) / 1000);
    connectionManager.owe(batch.deliver(sealed, kept));
    delivered = sealed.last;
    write();
    if (begun.length > 0) begin();
  }

  /** A slice of the writes now, and the next when the runtime has been round once. */
  function write(): void {
    if (!connectionManager.flushSome()) return;
    sliced = true;
    slice = setImmediate(onSlice);
  }

  function onSlice(): void {
    select.post({ kind: "slice" });
  }

  /** Some of them in this turn: a page of the past may take milliseconds. Who has asked pays for what it takes. */
  function begin(): void {
    const began = now();
    for (let from = began; begun.length > 0 && from - began < FINDING;) {
      const each = begun.shift()!, { who, job, before } = each;
      if (who.leaving !== "no") continue; // since this very turn
      const found = jobs.run(job, who, before, batch.now);
      const to = now();
      who.rateLimit.spendTime(to - from);
      from = to;
      const post = (found: Found) => select.post({ kind: "found", begun: each, found });
      if (found instanceof Promise) found.then(post);
      else post(found);
    }
    if (begun.length > 0) soon.add({ kind: "begin" });
  }

  /** Nothing is found out for a connection that leaves: it must not enter the chat after it has left it. */
  function onFound({ who, then, at }: PendingJob, found: Found): void {
    who.busy = false;
    if (who.leaving !== "no") return;
    who.since += now() - at; // its time to say presence stands still while it waits
    if ("refusal" in found) input.refused(who, found.refusal);
    else then(scene(), found.found() as never);
    if (!who.busy) input.hear(who);
  }

  /** All rows of an answer are out: the connection's next request has waited for that. */
  function goOn(connection: Connection): void {
    connection.busy = false;
    again(connection);
  }

  function again(connection: Connection): void {
    if (connection.leaving !== "gone") input.hear(connection);
  }

  /** A connection has read enough of what it is owed to be heard again. */
  function onRead(connection: Connection): void {
    select.post({ kind: "again", connection });
  }

  /** The rest of what a connection has said is heard in a later turn. */
  function later(connection: Connection): void {
    rest.push({ kind: "again", connection });
  }

  function onAccepted(socket: Socket): void {
    acceptOn();
    onCame(socket);
  }

  /** Connections that wait to be accepted are ready at once, before any read: after a few there is a pause for the others. */
  function acceptOn(): void {
    if (++accepted % ACCEPTS !== 0) accept();
    else if (!connectionManager.stopping) acceptPause = setTimeout(accept, ACCEPT_PAUSE);
  }

  function accept(): void {
    if (!connectionManager.stopping) accepts.arm(accepting = listener.accept());
  }

  function onCame(socket: Socket): void {
    // A connection may come in the very batch of the stop, or by a door that closes later; or be gone before it is here.
    if (connectionManager.stopping || !prepare(socket)) return shut(socket);
    meter.accepted++;
    const { host, address } = named(socket.remoteAddr);
    const connection = new Connection(socket, host, address, limits, new Bucket(rateLimit), sources);
    connection.since = connection.heardAt = now();
    const refusal = connectionManager.refusal(host);
    connections.add(connection);
    if (refusal !== undefined) return input.sendAway(connection, refusal);
    info("onAccepted", `${address} connected, ${connections.size} in all`);
    trace.came(connection);
    connectionManager.listen(connection);
  }

  function onRefused(error: Error): void {
    if (connectionManager.stopping) return;
    if (isPeerGone(error)) return acceptOn();
    const moment = now();
    if (moment - failedAt >= QUIET) warning("onRefused", `Cannot accept a connection: ${error.message}; trying again`);
    failedAt = moment;
    meter.acceptFailures++;
    timer.scheduleAt(acceptAt = moment + ACCEPT_AGAIN);
  }

  function scene(): Scene<Connection> {
    return { voice, now: batch.now, language };
  }

  /** What is seen while the turn's words go out is told in a turn of its own, which nothing else might begin for a while. */
  function show(to: Connection, event: TraceEvent): void {
    batch.tell(to, event);
    timer.scheduleAt(now());
  }

  function onRang(): void {
    if (now() >= acceptAt) {
      acceptAt = Infinity;
      accept();
    } else timer.scheduleAt(acceptAt); // a timer may ring a moment early
    jobs.look();
    for (const connection of connectionManager.ring()) input.hear(connection);
  }

  function onGone(connection: Connection): void {
    trace.remove(connection);
    connection.login?.cancel();
    connection.leftAt = world.ids.last;
    departed(chat, scene(), connection);
  }

  function onSupply(): void {
    if (supplying) return;
    supplying = true;
    soon.add({ kind: "supply" });
  }

  function onSupplied(connection: Connection): void {
    select.post({ kind: "supplied", connection });
  }

  /** All that it was owed has been written. */
  function onFinished(connection: Connection): void {
    seen.note(connection, connection.leftAt);
  }

  function onStop(): void {
    if (connectionManager.stopping) return;
    connectionManager.stopping = true;
    clearTimeout(acceptPause);
    info("onStop", `stopping, ${connections.size} connections are told`);
    listener.close();
    seen.keep(connections, delivered);
    for (const connection of connections) {
      // A bare listener would take the notice for a message and die of it: it gets the end of the stream.
      if (!connection.bare && connection.leaving === "no") {
        batch.answer(connection, ok(batch.now, 100, "the server is stopping"));
      }
      connectionManager.depart(connection, "is told that the server stops", 1001, "The server is stopping");
    }
  }
}

function onReadDone(count: number | null, connection: Connection): Event {
  connection.hasRead = true;
  connection.read = count;
  return connection.received;
}

function onReadFailed(error: unknown, connection: Connection): Event {
  connection.hasRead = true;
  connection.read = asError(error);
  return connection.received;
}

/** When there is nothing more to do for a connection, as for most readers of a broadcast, there is no event at all. */
function onWritten(count: number, connection: Connection): Event | undefined {
  const rest = connection.writing!.length - count;
  connection.writing = rest === 0 ? undefined : connection.writing!.subarray(count);
  const { outbox, rowStream } = connection;
  if (rest === 0) (rowStream?.ahead ?? outbox).written();
  const idle = rest === 0 && connection.leaving === "no" && !connection.bare && outbox.bytes === 0 &&
    rowStream === undefined && !connection.stalled;
  return idle ? undefined : connection.written;
}

function onWriteFailed(error: unknown, connection: Connection): Event {
  connection.failed = asError(error);
  return connection.written;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
