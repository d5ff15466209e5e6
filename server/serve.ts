/**
 * The server: one loop with one await, as select(2) would have it.
 *
 *     wait ──> handle each event ──> append ──> apply ──> deliver ──> write ──> wait
 *              (bytes → objects →    (once a    (in order) (into       (one per
 *               requests → proposals) turn)                outboxes)   connection)
 *
 * Handlers are synchronous, never throw for bad input, and only note what is to be said and proposed. A network failure is an event
 * like any other. What throws is a bug, and ends the program loudly.
 */
import { ok } from "../jim/mod.ts";
import { logger } from "../log/mod.ts";
import type { Select } from "../select/mod.ts";
import { Acceptor } from "./net/acceptor.ts";
import { Timer } from "./net/timer.ts";
import { Chat, type Rules } from "./chat/chat.ts";
import { departed } from "./chat/entrance.ts";
import { Features } from "./chat/features.ts";
import { readState } from "./chat/state.ts";
import { Maintenance } from "./maintenance.ts";
import { Committer } from "./committer.ts";
import { Connection, named, prepare, shut, type Socket, type Sources } from "./net/connection.ts";
import { Delivery } from "./net/delivery.ts";
import { DeliveryCursors } from "./delivery_cursors.ts";
import { ServerEffects } from "./effects.ts";
import { EntranceLog } from "./observe/entrance_log.ts";
import { type Found, type Hasher, Jobs } from "./jobs.ts";
import { type DailyLimits, DailyQuotas } from "./limits/daily_quotas.ts";
import { Growth, type GrowthLimits } from "./limits/growth.ts";
import type { Listener } from "./net/listener.ts";
import { InputHandler, type InputLimits } from "./net/input.ts";
import { JobRunner, type PendingJob } from "./job_runner.ts";
import type { Journal } from "./journal/contract.ts";
import { JournalGuard } from "./journal_guard.ts";
import { Later } from "./later.ts";
import { Meter } from "./net/meter.ts";
import { warnOfNames } from "./names.ts";
import { Notices } from "./limits/notices.ts";
import { Bucket } from "./limits/rate_limit.ts";
import { Trace } from "./observe/trace.ts";
import { ConnectionManager, type OutputLimits } from "./net/connection_manager.ts";
import { OutputBatch } from "./net/output_batch.ts";
import { WriteSlices } from "./net/write_slices.ts";

/** What the server waits for. */
export type Event =
  | { kind: "accepted"; socket: Socket }
  /** Somebody has come in by another door than the listener. */
  | { kind: "came"; socket: Socket }
  | { kind: "refused"; error: Error }
  | { kind: "received"; connection: Connection }
  | { kind: "written"; connection: Connection }
  | { kind: "found"; job: PendingJob; found: Found }
  /** The journal has something to be taken. */
  | { kind: "journal" }
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
export interface ServerConfig extends OutputLimits, InputLimits, GrowthLimits, DailyLimits {
  readonly rules: Rules;
  /** Milliseconds that a journal which is not on this machine may be late before what it should keep is refused. */
  readonly journalWait?: number | undefined;
  /** Milliseconds of silence after which a line speaker is asked whether it is still there. */
  readonly probeAfter: number;
}

/** The world outside, for tests to replace. */
export interface World {
  readonly select: Select<Event>;
  /** One that is late posts an event `journal` when there is something to be taken. */
  readonly journal: Journal;
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

const JOURNAL_WAIT = 5_000;
const { info } = logger("server/serve");

/** Serves until an event `stop` has come and all has been said. */
export async function serve(listener: Listener, config: ServerConfig, world: World): Promise<void> {
  const server = new Server(listener, config, world), { select } = world;
  server.start();
  do server.turn(await select.wait()); while (!server.isOver);
  await server.close();
}

/** The parts of a server, and what each event means for them. */
class Server {
  readonly #config: ServerConfig;
  readonly #world: World;
  readonly #meter: Meter;
  readonly #batch: OutputBatch;
  readonly #timer: Timer;
  readonly #soon: Later<Event>;
  readonly #trace: Trace;
  readonly #connectionManager: ConnectionManager;
  readonly #writes: WriteSlices;
  readonly #chat: Chat<Connection>;
  readonly #cursors: DeliveryCursors;
  readonly #jobs: JobRunner;
  readonly #effects: ServerEffects;
  readonly #committer: Committer;
  readonly #input: InputHandler;
  readonly #maintenance: Maintenance;
  readonly #acceptor: Acceptor;
  readonly #sources: Sources;
  /** Connections that have had their share of this turn, and those that there was no room for. */
  #rest: Event[] = [];
  #postponed: Event[] = [];
  /** Rows of an answer are to be made in a later turn. */
  #supplying = false;

  constructor(listener: Listener, config: ServerConfig, world: World) {
    const { select, journal, wall, now, meter = new Meter() } = world, { limits, rateLimit, language } = config;
    this.#config = config;
    this.#world = world;
    this.#meter = meter;
    meter.skipped = journal.skipped;
    const post = (event: Event) => select.post(event), context = () => this.#effects.context();
    const state = readState(journal), features = new Features<Connection>(), guard = new JournalGuard(journal, now);
    const chat = this.#chat = new Chat(config.rules, state, features);
    warnOfNames(state, limits);
    const batch = this.#batch = new OutputBatch(language, features);
    const quotas = DailyQuotas.isOff(config) ? undefined : new DailyQuotas(config, now);
    const delivery = new Delivery(batch, limits, language, meter, features, quotas !== undefined);
    const timer = this.#timer = new Timer(now, () => post({ kind: "rang" }));
    this.#soon = new Later(post);
    const trace = this.#trace = new Trace(wall, now, (to, sight) => {
      // What is seen while the turn's words go out is told in a turn of its own, which nothing else might begin for a while.
      batch.tell(to, sight);
      timer.scheduleAt(now());
    }, world.print);
    const connectionManager = this.#connectionManager = new ConnectionManager(
      config,
      batch,
      delivery,
      timer,
      now,
      trace,
      this.#told(),
      meter,
    );
    this.#writes = new WriteSlices(connectionManager, () => post({ kind: "slice" }));
    const cursors = this.#cursors = new DeliveryCursors(state);
    const wake = (moment: number) => timer.scheduleAt(moment), { token, hasher } = world;
    const jobs = this.#jobs = new JobRunner(
      new Jobs(guard, state, cursors, { now, language, wake, token, hasher }),
      now,
      { onMore: () => this.#soon.add({ kind: "begin" }), onFound: (job, found) => post({ kind: "found", job, found }) },
    );
    const effects = this.#effects = new ServerEffects({
      batch,
      connectionManager,
      trace,
      meter,
      notices: new Notices(rateLimit, now),
      growth: new Growth(config, now),
      quotas,
      guard,
      entrances: new EntranceLog(now),
      jobs,
      language,
      committer: () => this.#committer,
      onIdle: (connection) => post({ kind: "again", connection }),
    });
    const { journalWait = JOURNAL_WAIT } = config,
      onIdle = (connection: Connection) => post({ kind: "again", connection });
    const committer = { guard, chat, batch, delivery, meter, now, context, jobs, journalWait, wake, onIdle };
    this.#committer = new Committer(committer);
    const later = (connection: Connection) => this.#rest.push({ kind: "again", connection });
    this.#input = new InputHandler(config, {
      chat,
      effects: effects,
      batch,
      delivery,
      connectionManager,
      trace,
      meter,
      now,
      later,
    });
    const { probeAfter, emptyRooms } = config, due = (kind: "maintenance" | "maintain") => post({ kind });
    const poll = (age: number) => this.#committer.poll(age), isLate = () => this.#committer.isBusy;
    this.#maintenance = new Maintenance({
      guard,
      connectionManager,
      batch,
      chat,
      cursors,
      trace,
      probeAfter,
      emptyRooms,
      now,
      effects,
      poll,
      isLate,
      due,
    });
    const accepts = select.source<Socket>(
      (socket) => ({ kind: "accepted", socket }),
      (error) => ({ kind: "refused", error: asError(error) }),
    );
    this.#acceptor = new Acceptor(listener, accepts, timer, now, meter);
    this.#sources = {
      reads: (connection) => select.source(onReadDone, onReadFailed, connection),
      writes: (connection) => select.source(onWritten, onWriteFailed, connection),
    };
  }

  start(): void {
    this.#acceptor.accept();
  }

  /** All connections have gone after a stop. */
  get isOver(): boolean {
    return this.#connectionManager.stopping && this.#connectionManager.connections.size === 0;
  }

  /** One turn of the loop. */
  turn(events: readonly Event[]): void {
    const { wall, now } = this.#world, began = now(), batch = this.#batch;
    batch.now = Math.floor(wall() / 1000);
    batch.moment = began;
    this.#maintenance.turned();
    for (const event of events) {
      if ((event.kind === "received" || event.kind === "again") && batch.isFull) this.#postponed.push(event);
      else this.#handle(event);
    }
    if (!this.#writes.isUnderWay) this.#end(); // else what was said gathers, and each reader has it in one write
    this.#goOn();
    this.#meter.turns.add((now() - began) / 1000);
  }

  /** Nothing of it is left behind. */
  async close(): Promise<void> {
    await this.#jobs.close();
    this.#timer.off();
    this.#soon.off();
    this.#writes.off();
    this.#maintenance.off();
    this.#acceptor.close();
    info("serve", `stopped; ${this.#connectionManager.unsent} bytes could not be sent to those who were still here`);
  }

  /** Appends, applies and delivers what the turn has said, and starts the writes. */
  #end(): void {
    this.#writes.begin(this.#committer.endTurn());
    this.#jobs.begin(this.#batch.now);
  }

  /**
   * Those that have had no part of the turn come before those that have more to say: else they would wait for ever. As long as
   * there is no room for them they are not looked at again.
   */
  #goOn(): void {
    if (this.#batch.isFull || this.#postponed.length + this.#rest.length === 0) return;
    for (const event of this.#postponed) this.#soon.add(event);
    for (const event of this.#rest) this.#soon.add(event);
    this.#postponed = [];
    this.#rest = [];
  }

  #handle(event: Event): void {
    switch (event.kind) {
      case "received":
        return this.#input.received(event.connection);
      case "written":
        return this.#connectionManager.written(event.connection);
      case "accepted":
        this.#acceptor.accepted();
        return this.#onCame(event.socket);
      case "came":
        return this.#onCame(event.socket);
      case "refused":
        return this.#acceptor.failed(event.error);
      case "found":
        return this.#onFound(event.job, event.found);
      case "journal":
        return this.#committer.poll(); // an own batch is taken when the turn ends
      case "supply":
        this.#supplying = false;
        return this.#connectionManager.resupply();
      case "supplied":
        event.connection.busy = false; // its next request has waited until all rows of an answer were out
        return this.#again(event.connection);
      case "again":
        return this.#again(event.connection);
      case "begin":
        return this.#jobs.begin(this.#batch.now);
      case "slice":
        return this.#writes.write();
      case "rang":
        return this.#onRang();
      case "maintenance":
        return this.#maintenance.round(this.#committer.delivered);
      case "maintain":
        return this.#maintenance.maintain();
      case "stop":
        return this.#onStop();
    }
  }

  /** Nothing is found out for a connection that leaves: it must not enter the chat after it has left it. */
  #onFound({ who, then, at }: PendingJob, found: Found): void {
    who.busy = false;
    if (who.leaving !== "no") return;
    who.since += this.#world.now() - at; // its time to say presence stands still while it waits
    if ("refusal" in found) this.#effects.refuse(who, found.refusal);
    else then(this.#effects.context(), found.found());
    if (!who.busy) this.#input.hear(who);
  }

  #again(connection: Connection): void {
    if (connection.leaving !== "gone") this.#input.hear(connection);
  }

  #onCame(socket: Socket): void {
    const { limits, rateLimit } = this.#config, connectionManager = this.#connectionManager;
    // A connection may come in the very batch of the stop, or by a door that closes later; or be gone before it is here.
    if (connectionManager.stopping || !prepare(socket)) return shut(socket);
    this.#meter.accepted++;
    const { host, address } = named(socket.remoteAddr);
    const connection = new Connection(socket, host, address, limits, new Bucket(rateLimit), this.#sources);
    connection.since = connection.heardAt = this.#world.now();
    const refusal = connectionManager.refusal(host);
    connectionManager.connections.add(connection);
    if (refusal !== undefined) return this.#effects.refuseAndClose(connection, refusal);
    info("onAccepted", `${address} connected, ${connectionManager.connections.size} in all`);
    this.#trace.came(connection);
    connectionManager.listen(connection);
  }

  #onRang(): void {
    this.#acceptor.ring();
    this.#jobs.look();
    for (const connection of this.#connectionManager.ring()) this.#input.hear(connection);
  }

  #told() {
    return {
      onGone: (connection: Connection) => {
        this.#trace.remove(connection);
        connection.login?.cancel();
        connection.leftAt = this.#committer.sent;
        departed(this.#chat, this.#effects.context(), connection);
      },
      onSupply: () => {
        if (!this.#supplying) this.#soon.add({ kind: "supply" });
        this.#supplying = true;
      },
      onSupplied: (connection: Connection) => this.#world.select.post({ kind: "supplied", connection }),
      onFinished: (connection: Connection) => this.#cursors.note(connection, connection.leftAt),
      /** A connection has read enough of what it is owed to be heard again. */
      onRead: (connection: Connection) => this.#world.select.post({ kind: "again", connection }),
    };
  }

  #onStop(): void {
    const connectionManager = this.#connectionManager, { connections } = connectionManager;
    if (connectionManager.stopping) return;
    connectionManager.stopping = true;
    info("onStop", `stopping, ${connections.size} connections are told`);
    this.#acceptor.stop();
    this.#effects.record(this.#cursors.propose(connections, this.#committer.delivered));
    for (const connection of connections) {
      // A bare listener would take the notice for a message and die of it: it gets the end of the stream.
      if (!connection.bare && connection.leaving === "no") {
        this.#batch.answer(connection, ok(this.#batch.now, 100, "the server is stopping"));
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
