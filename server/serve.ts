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
import { leaveChat } from "./chat/leave_chat.ts";
import { replayLate } from "./chat/replay.ts";
import type { ServerConfig } from "./config.ts";
import { canWait, type Event, type EventOf } from "./events.ts";
import type { PendingJob } from "./job_runner.ts";
import type { JobOutcome } from "./jobs.ts";
import { Bucket } from "./limits/rate_limit.ts";
import {
  type CloseReason,
  closeSocket,
  configureSocket,
  Connection,
  peerAddress,
  type Socket,
} from "./net/connection.ts";
import type { ConnectionEvents } from "./net/connection_manager.ts";
import type { Listener } from "./net/listener.ts";
import { type ServerDeps, ServerParts } from "./parts.ts";

const { info } = logger("server/serve");

/** What the close frame of a WebSocket says at the stop. */
const STOPPING: CloseReason = { code: 1001, reason: "The server is stopping" };

/** Serves until an event `stop`, and until all output is sent. */
export async function serve(listener: Listener, config: ServerConfig, deps: ServerDeps): Promise<void> {
  const server = new Server(listener, config, deps), { select } = deps;
  server.start();
  do server.turn(await select.wait()); while (!server.isOver);
  await server.close();
}

/** What each event does. The parts of the server do the work. */
class Server {
  readonly #config: ServerConfig;
  readonly #deps: ServerDeps;
  readonly #parts: ServerParts;
  /** Connections with more input than a turn handles, and events for which the batch had no room. */
  #unfinished: Event[] = [];
  #postponed: Event[] = [];
  /** An event `rowsDue` is posted already. */
  #areRowsDue = false;

  constructor(listener: Listener, config: ServerConfig, deps: ServerDeps) {
    this.#config = config;
    this.#deps = deps;
    this.#parts = new ServerParts(listener, config, deps, {
      connectionEvents: this.#connectionEvents(),
      onJobDone: (job, found) => this.#onJobFound({ kind: "jobDone", job, found }),
      resumeLater: (connection) => this.#unfinished.push({ kind: "resumeInput", connection }),
    });
  }

  start(): void {
    this.#parts.acceptor.accept();
  }

  /** The server has stopped, all connections are closed, and a shared journal has what is said of them. */
  get isOver(): boolean {
    const { batch, committer, connectionManager: { stopping, connections } } = this.#parts;
    return stopping && connections.size === 0 && !(batch.isShared && committer.isWaiting);
  }

  /** One turn of the loop. */
  turn(events: readonly Event[]): void {
    const { wall, now } = this.#deps, began = now(), { batch, later, maintenance, meter, writes } = this.#parts;
    batch.now = Math.floor(wall() / 1000);
    batch.moment = began;
    later.beginTurn(began);
    maintenance.startTurn();
    this.#deps.peers?.receive();
    for (const event of events) {
      if (batch.isFull && canWait(event)) this.#postponed.push(event);
      else this.#handle(event);
    }
    if (!writes.isUnderWay) this.#commitTurn(); // otherwise output collects, and each reader gets it in one write
    this.#resumePostponed();
    const ended = now();
    later.endTurn(ended);
    meter.turns.add((ended - began) / 1000);
  }

  /** Releases all timers, jobs and sources. */
  async close(): Promise<void> {
    const { jobs, timer, later, writes, maintenance, acceptor, connectionManager } = this.#parts;
    this.#noteLast();
    await jobs.close();
    timer.cancel();
    later.cancel();
    writes.cancel();
    maintenance.cancel();
    acceptor.close();
    info("serve", `stopped; ${connectionManager.lostBytes} bytes could not be sent to clients that were still here`);
  }

  /** Appends what accounts were sent while their connections were closing. A shared journal has had it from each departure. */
  #noteLast(): void {
    const { batch, committer, cursors, effects } = this.#parts;
    if (batch.isShared) return;
    effects.record(cursors.propose([], committer.delivered));
    committer.endTurn();
  }

  /** Appends, applies and delivers the batch, and starts the writes. */
  #commitTurn(): void {
    const { writes, committer, jobs, batch } = this.#parts;
    writes.start(committer.endTurn());
    jobs.start(batch.now);
  }

  /**
   * Postponed events come before connections with more input, so that none starves. They wait until the batch has
   * room.
   */
  #resumePostponed(): void {
    const { batch, later } = this.#parts;
    if (batch.isFull || this.#postponed.length + this.#unfinished.length === 0) return;
    for (const event of this.#postponed) later.add(event);
    for (const event of this.#unfinished) later.add(event);
    this.#postponed = [];
    this.#unfinished = [];
  }

  #handle(event: Event): void {
    const parts = this.#parts;
    switch (event.kind) {
      case "received":
        return parts.input.handleRead(event.connection);
      case "written":
        return parts.connectionManager.handleWritten(event.connection);
      case "accepted":
        parts.acceptor.handleAccepted();
        return this.#onConnected(event.socket);
      case "connected":
        return this.#onConnected(event.socket);
      case "acceptFailed":
        return parts.acceptor.handleFailure(event.error);
      case "jobDone":
        return this.#onJobDone(event.job, event.found);
      case "journal":
        // This server's own batch, and those of a shared journal, are taken when the turn ends.
        return parts.committer.poll();
      case "rowsDue":
        this.#areRowsDue = false;
        return parts.connectionManager.resumeRows();
      case "rowsSent":
        event.connection.busy = false; // its next request waited for the rows
        return this.#resumeInput(event.connection);
      case "resumeInput":
        return this.#resumeInput(event.connection);
      case "startJobs":
        return parts.jobs.startMore(parts.batch.now);
      case "writeSlice":
        return parts.writes.writeSlice();
      case "timer":
        return this.#onTimer();
      case "maintenance":
        return this.#runRound();
      case "maintain":
        return parts.maintenance.maintain();
      case "stop":
        return this.#onStop();
    }
  }

  #post(event: Event): void {
    this.#deps.select.post(event);
  }

  /** The rows of a page take time. What was missed precedes all that is relayed live. */
  #onJobFound(event: EventOf<"jobDone">): void {
    const { later } = this.#parts, { kind } = event.job.job;
    if (kind === "missed") this.#post(event);
    else if (kind === "page") later.add(event);
    else later.addContinuation(event);
  }

  /** Ends a job. The result for a closing connection is dropped: it must not enter the chat after it has left. */
  #onJobDone({ connection, then, askedAt: at }: PendingJob, outcome: JobOutcome): void {
    const { effects, input } = this.#parts;
    connection.busy = false;
    if (connection.closeState !== "open") return;
    connection.presenceWaitSince += this.#deps.now() - at; // the time of a job does not count against its presence
    if ("refusal" in outcome) effects.refuse(connection, outcome.refusal);
    else then(effects.context(), outcome.result());
    if (!connection.busy) input.handleInput(connection);
  }

  #resumeInput(connection: Connection): void {
    if (connection.closeState !== "closed") this.#parts.input.handleInput(connection);
  }

  #onConnected(socket: Socket): void {
    const { connectionManager, effects, meter, move, sources, trace } = this.#parts;
    const { limits, rateLimit } = this.#config;
    // A connection may arrive in the batch of the stop, or from the web port after it. Or its peer is gone already.
    const isStopping = connectionManager.stopping || move?.hasBegun === true;
    if (isStopping || !configureSocket(socket)) return closeSocket(socket, isStopping ? STOPPING : undefined);
    meter.accepted++;
    const { host } = peerAddress(socket.remoteAddr);
    const connection = new Connection(socket, host, limits, new Bucket(rateLimit), sources);
    connection.presenceWaitSince = connection.lastActivityAt = this.#deps.now();
    const isUp = this.#deps.peers?.isUp() ?? true; // otherwise those that are here stay
    const refusal = isUp ? connectionManager.refusal(host) : refuse("unready", { code: 503 });
    connectionManager.connections.add(connection);
    if (refusal !== undefined) return effects.refuseAndClose(connection, refusal);
    info("onAccepted", `${connection} connected, ${connectionManager.connections.size} in all`);
    trace.connected(connection);
    connectionManager.startRead(connection);
  }

  /** Called each second. */
  #runRound(): void {
    const { chat, committer: { delivered }, connectionManager, cursors, effects, maintenance, membership } =
      this.#parts;
    const { peers } = this.#deps;
    maintenance.runRound(delivered);
    peers?.runRound();
    membership?.runRound();
    peers?.tellSent(chat.roster, delivered, cursors.behind(connectionManager.connections, delivered));
    replayLate(chat, effects.context(), ({ busy }) => busy);
  }

  #onTimer(): void {
    const { acceptor, batch, connectionManager, input, jobs, move } = this.#parts;
    if (move?.isOverdue) this.#onStop();
    acceptor.handleTimer();
    jobs.startDelayed();
    for (const connection of connectionManager.handleTimer()) {
      if (batch.isFull) this.#postponed.push({ kind: "resumeInput", connection });
      else input.handleInput(connection);
    }
  }

  #connectionEvents(): ConnectionEvents {
    return {
      onClosing: (connection) => {
        const { trace, committer, chat, cursors, effects, move, connectionManager: { stopping } } = this.#parts;
        trace.remove(connection);
        connection.login?.cancel();
        connection.lastIdAtClose = committer.sent;
        const isIn = chat.roster.isIn(connection);
        leaveChat(chat, effects.context(), connection);
        if (isIn) cursors.note(connection, committer.delivered);
        else cursors.noteLast(connection, committer.delivered); // others have taken this server for gone
        if (!stopping) effects.record(cursors.atDeparture(connection)); // else those of all are proposed already
        move?.left(connection);
      },
      onRowsDue: () => {
        if (!this.#areRowsDue) this.#parts.later.add({ kind: "rowsDue" });
        this.#areRowsDue = true;
      },
      onRowsSent: (connection) => this.#parts.later.addContinuation({ kind: "rowsSent", connection }),
      onDrained: (connection) => {
        const { cursors, effects } = this.#parts;
        if (cursors.note(connection, connection.lastIdAtClose)) effects.record(cursors.atDeparture(connection));
      },
      onReadEnough: (connection) => this.#post({ kind: "resumeInput", connection }),
    };
  }

  /** The clients that can move to another server do that first. Then this is called again. */
  #onStop(): void {
    const { acceptor, batch, chat, committer, connectionManager, cursors, effects, membership, move } = this.#parts;
    const { connections } = connectionManager;
    if (connectionManager.stopping) return;
    if (!move?.hasBegun) acceptor.stop();
    if (move?.begin()) return;
    connectionManager.stopping = true;
    info("onStop", `stopping, ${connections.size} connections are told`);
    membership?.stop();
    effects.record(cursors.propose(connections, committer.delivered));
    effects.record(chat.reads.propose());
    for (const connection of connections) {
      // A bare program would take the notice for a message and crash. It gets the end of the stream.
      if (!connection.bare && connection.closeState === "open") {
        batch.answer(connection, ok(batch.now, 100, "the server is stopping"));
      }
      connectionManager.beginClose(connection, "is told that the server stops", STOPPING.code, STOPPING.reason);
    }
  }
}
