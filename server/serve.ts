/**
 * The server: one loop with one await, as with select(2).
 *
 *     wait --> handle each event --> append --> apply --> deliver --> write --> wait
 *              (bytes -> objects ->    (once a  (in order) (into      (one per
 *              requests -> proposals)  turn)               outboxes)  connection)
 *
 * Handlers are synchronous. They never throw for bad input, and only note output and proposals. A network failure is
 * an event like any other. An exception is a bug, and ends the program.
 */
import { ok, refuse } from "../jim/mod.ts";
import { logger } from "../log/mod.ts";
import type { Select } from "../select/mod.ts";
import { Acceptor } from "./net/acceptor.ts";
import { Timer } from "./net/timer.ts";
import { Chat, type Rules } from "./chat/chat.ts";
import { leaveChat } from "./chat/leave_chat.ts";
import { Features } from "./chat/features.ts";
import { readState } from "./chat/read_state.ts";
import type { State } from "./chat/state.ts";
import { forgetStrays } from "./strays.ts";
import { Maintenance } from "./maintenance.ts";
import { Committer } from "./committer.ts";
import { closeSocket, configureSocket, Connection, peerAddress, type Socket, type Sources } from "./net/connection.ts";
import { Delivery } from "./net/delivery.ts";
import { DeliveryCursors } from "./delivery_cursors.ts";
import { ServerEffects } from "./effects.ts";
import { asError, canWait, type Event, type EventOf, sourcesOf } from "./events.ts";
import { LoginLog } from "./observe/login_log.ts";
import { type Hasher, type JobOutcome, Jobs } from "./jobs.ts";
import { type DailyLimits, DailyQuotas } from "./limits/daily_quotas.ts";
import { type CreationLimits, CreationQuota } from "./limits/creation_quota.ts";
import type { Listener } from "./net/listener.ts";
import { InputHandler, type InputLimits } from "./net/input.ts";
import { JobRunner, type PendingJob } from "./job_runner.ts";
import type { Journal } from "./journal/contract.ts";
import type { Membership } from "./peers/membership.ts";
import type { Move } from "./peers/move.ts";
import type { PeerServers } from "./peers/peer_servers.ts";
import { JournalGuard } from "./journal_guard.ts";
import { Later } from "./later.ts";
import { Meter } from "./net/meter.ts";
import { warnOfNames } from "./names.ts";
import { NoticeCharges } from "./limits/notice_charges.ts";
import { Bucket } from "./limits/rate_limit.ts";
import { Trace } from "./observe/trace.ts";
import type { FileAccess } from "./uploads/access.ts";
import { ConnectionManager, type OutputLimits } from "./net/connection_manager.ts";
import { OutputBatch } from "./net/output_batch.ts";
import { WriteSlices } from "./net/write_slices.ts";

/** The settings of a server. */
export interface ServerConfig extends OutputLimits, InputLimits, CreationLimits, DailyLimits {
  readonly rules: Rules;
  /** Milliseconds that a remote journal may be late before proposals and messages are refused. */
  readonly journalWait?: number | undefined;
  /** Milliseconds of silence after which a connection is probed. */
  readonly probeAfter: number;
}

/** The dependencies of a server, which a test replaces. */
export interface ServerDeps {
  readonly select: Select<Event>;
  /** A remote journal posts an event `journal` when there is something to take. */
  readonly journal: Journal;
  /** The other servers of the chat. An event `journal` is posted when they have sent something. */
  readonly peers?: PeerServers;
  /** Milliseconds since 1970. */
  readonly wall: () => number;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  /** The token that opens `inspect` to a program. Without it, only operators inspect. */
  readonly token?: string;
  /** Where traffic is printed (`--trace`), if anywhere. */
  readonly print?: (line: string) => void;
  /** The counters of the server. */
  readonly meter?: Meter;
  /** The files of the chat, if it has any. The caller closes them. */
  readonly files?: FileAccess | undefined;
  /** Hashes passwords; Argon2id unless given. */
  readonly hasher?: Hasher;
}

const JOURNAL_WAIT = 5_000;
const { info } = logger("server/serve");

/** Serves until an event `stop`, and until all output is sent. */
export async function serve(listener: Listener, config: ServerConfig, deps: ServerDeps): Promise<void> {
  const server = new Server(listener, config, deps), { select } = deps;
  server.start();
  do server.turn(await select.wait()); while (!server.isOver);
  await server.close();
}

/** Connects the parts of the server, and dispatches each event. */
class Server {
  readonly #config: ServerConfig;
  readonly #deps: ServerDeps;
  readonly #meter: Meter;
  readonly #batch: OutputBatch;
  readonly #timer: Timer;
  readonly #later: Later<Event>;
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
  /** This server among the others of its chat, if there are any. */
  readonly #membership: Membership | undefined;
  readonly #acceptor: Acceptor;
  readonly #move: Move | undefined;
  readonly #sources: Sources;
  /** Connections with more input than a turn handles, and events for which the batch had no room. */
  #unfinished: Event[] = [];
  #postponed: Event[] = [];
  /** An event `rowsDue` is posted already. */
  #areRowsDue = false;

  constructor(listener: Listener, config: ServerConfig, deps: ServerDeps) {
    const { journal, now, meter = new Meter() } = deps, { limits, language } = config;
    this.#config = config;
    this.#deps = deps;
    this.#meter = meter;
    meter.skipped = journal.skipped;
    const state = readState(journal), features = new Features<Connection>(), guard = new JournalGuard(journal, now);
    this.#chat = new Chat(config.rules, state, features);
    warnOfNames(state, limits);
    forgetStrays(guard, state);
    const batch = this.#batch = new OutputBatch(language, features, journal);
    const quotas = DailyQuotas.isOff(config) ? undefined : new DailyQuotas(config, now);
    const delivery = new Delivery(batch, language, meter, features, quotas !== undefined, deps.peers);
    const timer = this.#timer = new Timer(now, () => this.#post({ kind: "timer" }));
    this.#later = new Later((event) => this.#post(event), now);
    const trace = this.#trace = this.#newTrace();
    this.#connectionManager = new ConnectionManager(
      config,
      batch,
      delivery,
      timer,
      now,
      trace,
      this.#connectionEvents(),
      meter,
    );
    this.#writes = new WriteSlices(this.#connectionManager, () => this.#post({ kind: "writeSlice" }));
    this.#cursors = new DeliveryCursors(state, journal.isShared);
    this.#jobs = this.#newJobs(guard, state);
    this.#effects = this.#newEffects(guard, quotas);
    this.#committer = this.#newCommitter(guard, delivery);
    this.#input = this.#newInput(delivery);
    this.#maintenance = this.#newMaintenance(guard);
    this.#membership = this.#newMembership(guard);
    this.#acceptor = this.#newAcceptor(listener);
    this.#move = this.#newMove();
    this.#sources = sourcesOf(deps.select);
  }

  #post(event: Event): void {
    this.#deps.select.post(event);
  }

  #newTrace(): Trace {
    const { wall, now, print } = this.#deps;
    return new Trace(wall, now, (to, event) => {
      // Trace events from the delivery of a turn need a turn of their own.
      this.#batch.sendObject(to, event);
      this.#timer.scheduleAt(now());
    }, print);
  }

  #newJobs(guard: JournalGuard, state: State): JobRunner {
    const { now, token, hasher, files } = this.#deps, { language, rules } = this.#config;
    const wake = (moment: number) => this.#timer.scheduleAt(moment);
    return new JobRunner(
      new Jobs(guard, state, this.#cursors, {
        now,
        language,
        files,
        fileOrigin: rules.files?.origin ?? "",
        wake,
        token,
        hasher,
      }),
      now,
      {
        onMore: () => this.#later.add({ kind: "startJobs" }),
        onDone: (job, found) => this.#onJobFound({ kind: "jobDone", job, found }),
      },
    );
  }

  #newEffects(guard: JournalGuard, quotas: DailyQuotas | undefined): ServerEffects {
    const { now } = this.#deps, { rateLimit, language } = this.#config;
    return new ServerEffects({
      chat: this.#chat,
      batch: this.#batch,
      connectionManager: this.#connectionManager,
      trace: this.#trace,
      meter: this.#meter,
      noticeCharges: new NoticeCharges(rateLimit, now),
      creationQuota: new CreationQuota(this.#config, now),
      quotas,
      guard,
      loginLog: new LoginLog(now),
      jobs: this.#jobs,
      peers: this.#deps.peers,
      language,
      committer: () => this.#committer,
      onIdle: (connection) => this.#later.addContinuation({ kind: "resumeInput", connection }),
    });
  }

  #newCommitter(guard: JournalGuard, delivery: Delivery): Committer {
    const { journalWait = JOURNAL_WAIT } = this.#config;
    return new Committer({
      guard,
      chat: this.#chat,
      batch: this.#batch,
      delivery,
      meter: this.#meter,
      now: this.#deps.now,
      context: () => this.#effects.context(),
      jobs: this.#jobs,
      peers: this.#deps.peers,
      journalWait,
      wake: (moment) => this.#timer.scheduleAt(moment),
      onIdle: (connection) => this.#later.addContinuation({ kind: "resumeInput", connection }),
    });
  }

  #newInput(delivery: Delivery): InputHandler {
    return new InputHandler(this.#config, {
      chat: this.#chat,
      effects: this.#effects,
      batch: this.#batch,
      delivery,
      connectionManager: this.#connectionManager,
      trace: this.#trace,
      meter: this.#meter,
      now: this.#deps.now,
      files: this.#deps.files,
      resumeLater: (connection) => this.#unfinished.push({ kind: "resumeInput", connection }),
    });
  }

  #newMaintenance(guard: JournalGuard): Maintenance {
    return new Maintenance({
      guard,
      connectionManager: this.#connectionManager,
      batch: this.#batch,
      chat: this.#chat,
      cursors: this.#cursors,
      trace: this.#trace,
      times: this.#config,
      now: this.#deps.now,
      effects: this.#effects,
      files: this.#deps.files,
      poll: (age) => this.#committer.poll(age),
      isLate: () => this.#committer.isLate,
      postEvent: (kind) => this.#post({ kind }),
    });
  }

  #newMembership(guard: JournalGuard): Membership | undefined {
    const isLate = () => this.#committer.isLate;
    return this.#deps.peers?.join({
      chat: this.#chat,
      effects: this.#effects,
      context: () => this.#effects.context(),
      isLate,
      guard,
      meter: this.#meter,
      trace: this.#trace,
      connections: () => this.#connectionManager.connections,
      now: this.#deps.now,
      wake: (moment) => this.#timer.scheduleAt(moment),
    });
  }

  #newAcceptor(listener: Listener): Acceptor {
    const { select, now } = this.#deps;
    const accepts = select.source<Socket>(
      (socket) => ({ kind: "accepted", socket }),
      (error) => ({ kind: "acceptFailed", error: asError(error) }),
    );
    return new Acceptor(listener, accepts, this.#timer, now, this.#meter);
  }

  #newMove(): Move | undefined {
    return this.#deps.peers?.newMove({
      chat: this.#chat,
      batch: this.#batch,
      now: this.#deps.now,
      wake: (moment) => this.#timer.scheduleAt(moment),
      onLeft: () => this.#post({ kind: "stop" }),
    });
  }

  start(): void {
    this.#acceptor.accept();
  }

  /** The server has stopped, all connections are closed, and a shared journal has what is said of them. */
  get isOver(): boolean {
    const { stopping, connections } = this.#connectionManager;
    return stopping && connections.size === 0 && !(this.#batch.isShared && this.#committer.isWaiting);
  }

  /** One turn of the loop. */
  turn(events: readonly Event[]): void {
    const { wall, now } = this.#deps, began = now(), batch = this.#batch;
    batch.now = Math.floor(wall() / 1000);
    batch.moment = began;
    this.#later.beginTurn(began);
    this.#maintenance.startTurn();
    this.#deps.peers?.receive();
    for (const event of events) {
      if (batch.isFull && canWait(event)) this.#postponed.push(event);
      else this.#handle(event);
    }
    if (!this.#writes.isUnderWay) this.#commitTurn(); // otherwise output collects, and each reader gets it in one write
    this.#resumePostponed();
    const ended = now();
    this.#later.endTurn(ended);
    this.#meter.turns.add((ended - began) / 1000);
  }

  /** Releases all timers, jobs and sources. */
  async close(): Promise<void> {
    await this.#jobs.close();
    this.#timer.cancel();
    this.#later.cancel();
    this.#writes.cancel();
    this.#maintenance.cancel();
    this.#acceptor.close();
    info(
      "serve",
      `stopped; ${this.#connectionManager.lostBytes} bytes could not be sent to clients that were still here`,
    );
  }

  /** Appends, applies and delivers the batch, and starts the writes. */
  #commitTurn(): void {
    this.#writes.start(this.#committer.endTurn());
    this.#jobs.start(this.#batch.now);
  }

  /**
   * Postponed events come before connections with more input, so that none starves. They wait until the batch has
   * room.
   */
  #resumePostponed(): void {
    if (this.#batch.isFull || this.#postponed.length + this.#unfinished.length === 0) return;
    for (const event of this.#postponed) this.#later.add(event);
    for (const event of this.#unfinished) this.#later.add(event);
    this.#postponed = [];
    this.#unfinished = [];
  }

  #handle(event: Event): void {
    switch (event.kind) {
      case "received":
        return this.#input.handleRead(event.connection);
      case "written":
        return this.#connectionManager.handleWritten(event.connection);
      case "accepted":
        this.#acceptor.handleAccepted();
        return this.#onConnected(event.socket);
      case "connected":
        return this.#onConnected(event.socket);
      case "acceptFailed":
        return this.#acceptor.handleFailure(event.error);
      case "jobDone":
        return this.#onJobDone(event.job, event.found);
      case "journal":
        return this.#committer.poll(); // this server's own batch, and those of a shared journal, are taken when the turn ends
      case "rowsDue":
        this.#areRowsDue = false;
        return this.#connectionManager.resumeRows();
      case "rowsSent":
        event.connection.busy = false; // its next request waited for the rows
        return this.#resumeInput(event.connection);
      case "resumeInput":
        return this.#resumeInput(event.connection);
      case "startJobs":
        return this.#jobs.start(this.#batch.now);
      case "writeSlice":
        return this.#writes.writeSlice();
      case "timer":
        return this.#onTimer();
      case "maintenance":
        this.#maintenance.runRound(this.#committer.delivered);
        this.#deps.peers?.runRound();
        return this.#membership?.runRound();
      case "maintain":
        return this.#maintenance.maintain();
      case "stop":
        return this.#onStop();
    }
  }

  /** The rows of a page take time. What was missed precedes all that is relayed live. */
  #onJobFound(event: EventOf<"jobDone">): void {
    const { kind } = event.job.job;
    if (kind === "missed") this.#post(event);
    else if (kind === "page") this.#later.add(event);
    else this.#later.addContinuation(event);
  }

  /** Ends a job. The result for a closing connection is dropped: it must not enter the chat after it has left. */
  #onJobDone({ connection, then, askedAt: at }: PendingJob, outcome: JobOutcome): void {
    connection.busy = false;
    if (connection.closeState !== "open") return;
    connection.presenceWaitSince += this.#deps.now() - at; // the time of a job does not count against its presence
    if ("refusal" in outcome) this.#effects.refuse(connection, outcome.refusal);
    else then(this.#effects.context(), outcome.result());
    if (!connection.busy) this.#input.handleInput(connection);
  }

  #resumeInput(connection: Connection): void {
    if (connection.closeState !== "closed") this.#input.handleInput(connection);
  }

  #onConnected(socket: Socket): void {
    const { limits, rateLimit } = this.#config, connectionManager = this.#connectionManager;
    // A connection may arrive in the batch of the stop, or from the web port after it. Or its peer is gone already.
    const isStopping = connectionManager.stopping || this.#move?.hasBegun === true;
    if (isStopping || !configureSocket(socket)) return closeSocket(socket);
    this.#meter.accepted++;
    const { host } = peerAddress(socket.remoteAddr);
    const connection = new Connection(socket, host, limits, new Bucket(rateLimit), this.#sources);
    connection.presenceWaitSince = connection.lastActivityAt = this.#deps.now();
    const isUp = this.#deps.peers?.isUp() ?? true; // otherwise those that are here stay
    const refusal = isUp ? connectionManager.refusal(host) : refuse("unready", { code: 503 });
    connectionManager.connections.add(connection);
    if (refusal !== undefined) return this.#effects.refuseAndClose(connection, refusal);
    info("onAccepted", `${connection} connected, ${connectionManager.connections.size} in all`);
    this.#trace.connected(connection);
    connectionManager.startRead(connection);
  }

  #onTimer(): void {
    if (this.#move?.isOverdue) this.#onStop();
    this.#acceptor.handleTimer();
    this.#jobs.startDelayed();
    for (const connection of this.#connectionManager.handleTimer()) this.#input.handleInput(connection);
  }

  #connectionEvents() {
    return {
      onClosing: (connection: Connection) => {
        this.#trace.remove(connection);
        connection.login?.cancel();
        connection.lastIdAtClose = this.#committer.sent;
        leaveChat(this.#chat, this.#effects.context(), connection);
        this.#move?.left(connection);
      },
      onRowsDue: () => {
        if (!this.#areRowsDue) this.#later.add({ kind: "rowsDue" });
        this.#areRowsDue = true;
      },
      onRowsSent: (connection: Connection) => this.#later.addContinuation({ kind: "rowsSent", connection }),
      onDrained: (connection: Connection) => {
        this.#cursors.note(connection, connection.lastIdAtClose);
        this.#effects.record(this.#cursors.atDeparture(connection));
      },
      /** The peer has read enough that its input can be handled again. */
      onReadEnough: (connection: Connection) => this.#post({ kind: "resumeInput", connection }),
    };
  }

  /** The clients that can move to another server do that first. Then this is called again. */
  #onStop(): void {
    const connectionManager = this.#connectionManager, { connections } = connectionManager;
    if (connectionManager.stopping) return;
    if (!this.#move?.hasBegun) this.#acceptor.stop();
    if (this.#move?.begin()) return;
    connectionManager.stopping = true;
    info("onStop", `stopping, ${connections.size} connections are told`);
    this.#effects.record(this.#cursors.propose(connections, this.#committer.delivered));
    this.#effects.record(this.#chat.reads.propose());
    this.#membership?.stop();
    for (const connection of connections) {
      // A bare program would take the notice for a message and crash. It gets the end of the stream.
      if (!connection.bare && connection.closeState === "open") {
        this.#batch.answer(connection, ok(this.#batch.now, 100, "the server is stopping"));
      }
      connectionManager.beginClose(connection, "is told that the server stops", 1001, "The server is stopping");
    }
  }
}
