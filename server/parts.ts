/**
 * The parts of a server: each is made once, and given the parts that it calls. What the server does with an event is in
 * serve.ts, and how the parts work is in their own files.
 */

import type { Select } from "../select/mod.ts";
import { Chat } from "./chat/chat.ts";
import { Features } from "./chat/features.ts";
import { readState } from "./chat/read_state.ts";
import type { State } from "./chat/state.ts";
import { Committer } from "./committer.ts";
import type { ServerConfig } from "./config.ts";
import { DeliveryCursors } from "./delivery_cursors.ts";
import { ServerEffects } from "./effects.ts";
import { asError, type Event, sourcesOf } from "./events.ts";
import { type JobEvents, JobRunner } from "./job_runner.ts";
import { type Hasher, Jobs } from "./jobs.ts";
import type { Journal } from "./journal/contract.ts";
import { JournalGuard } from "./journal_guard.ts";
import { Later } from "./later.ts";
import { CreationQuota } from "./limits/creation_quota.ts";
import { DailyQuotas } from "./limits/daily_quotas.ts";
import { NoticeCharges } from "./limits/notice_charges.ts";
import { Maintenance } from "./maintenance.ts";
import { warnOfNames } from "./names.ts";
import { Acceptor } from "./net/acceptor.ts";
import type { Connection, Socket, Sources } from "./net/connection.ts";
import { type ConnectionEvents, ConnectionManager } from "./net/connection_manager.ts";
import { Delivery } from "./net/delivery.ts";
import { InputHandler } from "./net/input.ts";
import type { Listener } from "./net/listener.ts";
import { Meter } from "./net/meter.ts";
import { OutputBatch } from "./net/output_batch.ts";
import { Timer } from "./net/timer.ts";
import { WriteSlices } from "./net/write_slices.ts";
import { LoginLog } from "./observe/login_log.ts";
import { Trace } from "./observe/trace.ts";
import type { Membership } from "./peers/membership.ts";
import type { Move } from "./peers/move.ts";
import type { PeerServers } from "./peers/peer_servers.ts";
import { forgetOrphans } from "./orphans.ts";
import type { FileAccess } from "./uploads/access.ts";

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

/** What the loop does when a part calls back. */
export interface PartsHandlers {
  readonly connectionEvents: ConnectionEvents;
  readonly onJobDone: JobEvents["onDone"];
  /** The connection has more input than a turn handles. */
  readonly resumeLater: (connection: Connection) => void;
}

/** Milliseconds that a remote journal may be late, unless the configuration has another time. */
const JOURNAL_WAIT = 5_000;

export class ServerParts {
  readonly meter: Meter;
  /** What the present turn says and proposes. */
  readonly batch: OutputBatch;
  readonly timer: Timer;
  readonly later: Later<Event>;
  readonly trace: Trace;
  readonly connectionManager: ConnectionManager;
  readonly writes: WriteSlices;
  readonly chat: Chat<Connection>;
  readonly cursors: DeliveryCursors;
  readonly jobs: JobRunner;
  readonly effects: ServerEffects;
  readonly committer: Committer;
  readonly input: InputHandler;
  readonly maintenance: Maintenance;
  /** This server among the others of its chat, if there are any. */
  readonly membership: Membership | undefined;
  readonly acceptor: Acceptor;
  /** The move of the clients to other servers before this one stops, if there are any. */
  readonly move: Move | undefined;
  readonly sources: Sources;
  readonly #config: ServerConfig;
  readonly #deps: ServerDeps;
  readonly #handlers: PartsHandlers;

  constructor(listener: Listener, config: ServerConfig, deps: ServerDeps, handlers: PartsHandlers) {
    const { journal, now, meter = new Meter() } = deps, { limits, language } = config;
    this.#config = config;
    this.#deps = deps;
    this.#handlers = handlers;
    this.meter = meter;
    meter.skipped = journal.skipped;
    const state = readState(journal), features = new Features<Connection>(), guard = new JournalGuard(journal, now);
    this.chat = new Chat(config.rules, state, features);
    warnOfNames(state, limits);
    forgetOrphans(guard, state);
    const batch = this.batch = new OutputBatch(language, features, journal);
    const quotas = DailyQuotas.isOff(config) ? undefined : new DailyQuotas(config, now);
    const delivery = new Delivery(batch, language, meter, features, quotas, deps.peers);
    const timer = this.timer = new Timer(now, () => this.#post({ kind: "timer" }));
    this.later = new Later((event) => this.#post(event), now);
    const trace = this.trace = this.#newTrace();
    this.connectionManager = new ConnectionManager(
      config,
      batch,
      delivery,
      timer,
      now,
      trace,
      handlers.connectionEvents,
      meter,
    );
    this.writes = new WriteSlices(this.connectionManager, () => this.#post({ kind: "writeSlice" }));
    this.cursors = new DeliveryCursors(this.chat, journal.isShared);
    this.chat.reads.sentTo = (account) => this.cursors.of(account);
    this.jobs = this.#newJobs(guard, state);
    this.effects = this.#newEffects(guard, quotas);
    this.committer = this.#newCommitter(guard, delivery);
    this.input = this.#newInput(delivery);
    this.maintenance = this.#newMaintenance(guard);
    this.membership = this.#newMembership(guard);
    this.acceptor = this.#newAcceptor(listener);
    this.move = this.#newMove();
    this.sources = sourcesOf(deps.select);
  }

  #post(event: Event): void {
    this.#deps.select.post(event);
  }

  #newTrace(): Trace {
    const { wall, now, print } = this.#deps;
    return new Trace(wall, now, (to, event) => {
      // Trace events from the delivery of a turn need a turn of their own.
      this.batch.sendObject(to, event);
      this.timer.scheduleAt(now());
    }, print);
  }

  #newJobs(guard: JournalGuard, state: State): JobRunner {
    const { now, token, hasher, files } = this.#deps, { language, rules } = this.#config;
    const wake = (moment: number) => this.timer.scheduleAt(moment);
    return new JobRunner(
      new Jobs(guard, state, this.cursors, {
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
        onMore: () => this.later.add({ kind: "startJobs" }),
        onDone: this.#handlers.onJobDone,
      },
    );
  }

  #newEffects(guard: JournalGuard, quotas: DailyQuotas | undefined): ServerEffects {
    const { now } = this.#deps, { rateLimit, language } = this.#config;
    return new ServerEffects({
      chat: this.chat,
      batch: this.batch,
      connectionManager: this.connectionManager,
      trace: this.trace,
      meter: this.meter,
      noticeCharges: new NoticeCharges(rateLimit, now),
      creationQuota: new CreationQuota(this.#config, now),
      quotas,
      guard,
      loginLog: new LoginLog(now),
      jobs: this.jobs,
      peers: this.#deps.peers,
      language,
      committer: () => this.committer,
      onIdle: (connection) => this.later.addContinuation({ kind: "resumeInput", connection }),
    });
  }

  #newCommitter(guard: JournalGuard, delivery: Delivery): Committer {
    const { journalWait = JOURNAL_WAIT } = this.#config;
    return new Committer({
      guard,
      chat: this.chat,
      batch: this.batch,
      delivery,
      meter: this.meter,
      now: this.#deps.now,
      context: () => this.effects.context(),
      jobs: this.jobs,
      peers: this.#deps.peers,
      cursors: this.cursors,
      journalWait,
      wake: (moment) => this.timer.scheduleAt(moment),
      onIdle: (connection) => this.later.addContinuation({ kind: "resumeInput", connection }),
    });
  }

  #newInput(delivery: Delivery): InputHandler {
    return new InputHandler(this.#config, {
      chat: this.chat,
      effects: this.effects,
      batch: this.batch,
      delivery,
      connectionManager: this.connectionManager,
      trace: this.trace,
      meter: this.meter,
      now: this.#deps.now,
      files: this.#deps.files,
      resumeLater: this.#handlers.resumeLater,
    });
  }

  #newMaintenance(guard: JournalGuard): Maintenance {
    return new Maintenance({
      guard,
      connectionManager: this.connectionManager,
      batch: this.batch,
      chat: this.chat,
      cursors: this.cursors,
      trace: this.trace,
      times: this.#config,
      now: this.#deps.now,
      effects: this.effects,
      files: this.#deps.files,
      poll: (age) => this.committer.poll(age),
      isLate: () => this.committer.isLate,
      postEvent: (kind) => this.#post({ kind }),
    });
  }

  #newMembership(guard: JournalGuard): Membership | undefined {
    const isLate = () => this.committer.isLate;
    return this.#deps.peers?.join({
      chat: this.chat,
      effects: this.effects,
      context: () => this.effects.context(),
      isLate,
      guard,
      meter: this.meter,
      trace: this.trace,
      connections: () => this.connectionManager.connections,
      now: this.#deps.now,
      wake: (moment) => this.timer.scheduleAt(moment),
    });
  }

  #newAcceptor(listener: Listener): Acceptor {
    const { select, now } = this.#deps;
    const accepts = select.source<Socket>(
      (socket) => ({ kind: "accepted", socket }),
      (error) => ({ kind: "acceptFailed", error: asError(error) }),
    );
    return new Acceptor(listener, accepts, this.timer, now, this.meter);
  }

  #newMove(): Move | undefined {
    return this.#deps.peers?.newMove({
      chat: this.chat,
      batch: this.batch,
      now: this.#deps.now,
      wake: (moment) => this.timer.scheduleAt(moment),
      onLeft: () => this.#post({ kind: "stop" }),
    });
  }
}
