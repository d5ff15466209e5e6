/** Implements {@linkcode Effects} for the chat: answers, relays, records, jobs, and lines in the log. */
import { type Answer, explain, type Language, type Msg, quote, type Refusal, refused, type Relay } from "../jim/mod.ts";
import { logger } from "../log/mod.ts";
import type { Chat } from "./chat/chat.ts";
import type { Effects, MessageExtras, Outcome, RequestContext } from "./chat/effects.ts";
import type { Job, JobResult, Rows } from "./chat/jobs.ts";
import { handleChange, isPresenceChange } from "./chat/handle_change.ts";
import type { Committer } from "./committer.ts";
import type { Connection } from "./net/connection.ts";
import type { LoginLog } from "./observe/login_log.ts";
import type { DailyQuotas, Exhausted } from "./limits/daily_quotas.ts";
import type { Creation, CreationQuota } from "./limits/creation_quota.ts";
import type { JobRunner, PendingJob } from "./job_runner.ts";
import { isEvent, isPresence } from "./journal/record_kinds.ts";
import type { PresenceProposal, Proposal, StateProposal } from "./journal/records.ts";
import type { JournalGuard } from "./journal_guard.ts";
import type { Meter } from "./net/meter.ts";
import type { NoticeCharges } from "./limits/notice_charges.ts";
import { newToken } from "./auth/token.ts";
import type { Trace } from "./observe/trace.ts";
import type { ConnectionManager } from "./net/connection_manager.ts";
import type { OutputBatch } from "./net/output_batch.ts";
import type { PeerServers } from "./peers/peer_servers.ts";

/** The parts of the server that effects reach. */
interface Deps {
  readonly chat: Chat<Connection>;
  readonly batch: OutputBatch;
  readonly connectionManager: ConnectionManager;
  readonly trace: Trace;
  readonly meter: Meter;
  readonly noticeCharges: NoticeCharges;
  readonly creationQuota: CreationQuota;
  /** Undefined without a limit. */
  readonly quotas: DailyQuotas | undefined;
  readonly guard: JournalGuard;
  readonly loginLog: LoginLog;
  readonly jobs: JobRunner;
  /** The other servers of the chat, if there are any. */
  readonly peers: Pick<PeerServers, "tell"> | undefined;
  readonly language: Language;
  readonly committer: () => Committer;
  /** A connection is not busy any more: its input can be handled. */
  readonly onIdle: (connection: Connection) => void;
}

const { info } = logger("server/serve");
const encoder = new TextEncoder();
/** Bytes that the server adds to a message: its sender and its id. */
const ENVELOPE = 64;

export class ServerEffects implements Effects<Connection> {
  readonly newToken = newToken;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** While an own batch is under way, a shared journal may have given larger ids to what other servers have said. */
  get lastId(): number {
    const { batch, committer } = this.#deps;
    return Math.max(batch.lastId, committer().delivered);
  }

  /** The context of a request or a reaction. */
  context(): RequestContext<Connection> {
    return { effects: this, now: this.#deps.batch.now, language: this.#deps.language };
  }

  answer(to: Connection, answer: Answer, about?: "msg"): void {
    const { batch, meter, trace } = this.#deps;
    if (answer.response >= 400) {
      meter.refused(answer.response);
      trace.noteRefusal(to, answer);
    } else this.#noteUnderstood(to);
    batch.answer(to, answer, about);
  }

  notify(to: Connection, notice: Answer): void {
    this.#deps.batch.notify(to, notice);
  }

  announce(by: Connection | undefined, to: readonly Connection[], object: object): void {
    const bytes = this.#deps.batch.announce(by, to, object);
    if (by !== undefined) this.#deps.noticeCharges.charge(by, bytes);
  }

  tellServers(kind: "typing", object: object): void {
    const { peers, committer } = this.#deps;
    peers?.tell(kind, { ...object, after: committer().sent });
  }

  relayToAll(from: Connection, msg: Msg, answer: Answer): void {
    this.#noteUnderstood(from);
    this.#deps.batch.relayToAll(from, msg, answer, this.spendQuota(from, msg));
  }

  relayToSome(
    from: Connection,
    to: Iterable<Connection>,
    msg: Msg,
    conversation: string | undefined,
    answer: Answer,
    spelling?: (reader: Connection) => string,
    elsewhere?: readonly string[],
    extras?: MessageExtras,
  ): void {
    this.#noteUnderstood(from);
    const charged = conversation === undefined ? 0 : this.spendQuota(from, msg);
    this.#deps.batch.relayToSome(from, to, msg, conversation, answer, spelling, elsewhere, extras, charged);
  }

  relayStored(to: readonly Connection[], relay: Relay, spelling: (reader: Connection) => string): void {
    this.#deps.batch.relayStored(to, relay, spelling);
  }

  streamRows(to: Connection, rows: Rows): void {
    to.busy = true;
    this.#deps.batch.streamRows(to, rows);
  }

  startInspection(to: Connection): void {
    const { trace, connectionManager } = this.#deps;
    to.presenceWaitSince = Infinity; // an inspector need not say presence
    const here = [trace.add(to, connectionManager.connections)];
    this.streamRows(to, () => here.pop());
  }

  stopInspection(from: Connection): void {
    this.#deps.trace.remove(from);
  }

  logOrder(by: Connection, what: string): void {
    info("operator", `${by}: ${what}`);
  }

  logDenial(by: Connection, refusal: Refusal, as: string | undefined): void {
    const name = as === undefined ? "" : ` as ${quote(as)}`;
    this.#deps.loginLog.write("refused", by, () => `${name}: ${refusal.code} ${explain(refusal)}`);
  }

  logLogin(by: Connection, what: string): void {
    this.#deps.loginLog.write("granted", by, () => ` ${what}`);
  }

  updateSubscription(session: Connection): void {
    this.#deps.batch.updateSubscription(session);
  }

  disconnect(session: Connection, why: "quits" | "is put out"): void {
    this.#deps.connectionManager.beginClose(session, why, why === "quits" ? 1000 : 1008);
  }

  refuseAndClose(session: Connection, refusal: Refusal): void {
    const { connectionManager, language } = this.#deps;
    this.refuse(session, refusal);
    connectionManager.beginClose(session, "is sent away", 1008, explain(refusal, language));
  }

  /** Sends a refusal that no rule of the chat made, and logs it. */
  refuse(to: Connection, refusal: Refusal): void {
    const { batch, language } = this.#deps;
    info("refused", `${to}: ${refusal.code} ${explain(refusal)}`);
    this.answer(to, refused(refusal, batch.now, language));
  }

  propose(
    by: Connection | undefined,
    proposed: Proposal,
    then: (context: RequestContext<Connection>, outcome: Outcome) => void,
    also: readonly StateProposal[] = [],
  ): void {
    if (this.#isApplied(proposed)) return then(this.context(), this.#apply(proposed));
    if (by !== undefined) by.busy = true;
    const settle = (outcome: Outcome) => {
      if (by === undefined) return then(this.context(), outcome);
      if (by.closeState !== "open") return this.#settleAlone(outcome);
      by.busy = false;
      then(this.context(), outcome);
      if (!by.busy) this.#deps.onIdle(by);
    };
    this.#deps.batch.propose({ proposed, settle });
    this.record(also);
  }

  record(proposals: readonly StateProposal[]): void {
    for (const proposed of proposals) {
      if (this.#isApplied(proposed)) this.#settleAlone(this.#apply(proposed));
      else if (isPresence(proposed)) {
        this.#deps.batch.propose({
          proposed,
          settle: (outcome) => this.#settleAlone(outcome),
        });
      } else this.#deps.batch.propose({ proposed });
    }
  }

  /** Whether a record is applied at once: the sessions of an embedded journal are all here, and end with this server. */
  #isApplied(proposed: Proposal): proposed is PresenceProposal {
    return !this.#deps.guard.journal.isShared && !isEvent(proposed) && isPresence(proposed);
  }

  #apply(proposed: PresenceProposal): Outcome {
    return this.#deps.chat.state.apply({ ...proposed, id: this.lastId }, true);
  }

  /** Tells connections about a change of presence, of which no handler of a request does. */
  #settleAlone(outcome: Outcome): void {
    if (typeof outcome !== "string" && (isPresenceChange(outcome) || outcome.kind === "event")) {
      handleChange(this.#deps.chat, this.context(), outcome, false);
    }
  }

  exhaustedQuota(by: Connection): Exhausted | undefined {
    return this.#deps.quotas?.exhausted(by);
  }

  get failureReason(): "store" | "nospace" | "undecided" {
    return this.#deps.committer().failure;
  }

  creationLimit(what: Creation, by: Connection): { readonly limit: number; readonly seconds: number } | undefined {
    return this.#deps.creationQuota.exceeded(what, by.host);
  }

  countCreation(what: Creation, by: Connection): void {
    this.#deps.creationQuota.count(what, by.host);
  }

  refundCreation(what: Creation, by: Connection): void {
    this.#deps.creationQuota.refund(what, by.host);
  }

  refreshState(age?: number): void {
    this.#deps.committer().poll(age);
  }

  startJob<K extends Job["kind"]>(
    session: Connection,
    job: Extract<Job, { kind: K }>,
    then: (context: RequestContext<Connection>, found: JobResult[K] | undefined) => void,
  ): void {
    session.busy = true;
    const { jobs, batch } = this.#deps, before = batch.lastId + 1;
    jobs.add({ connection: session, job, then: then as PendingJob["then"], before, askedAt: batch.moment });
  }

  spendQuota(by: Connection, object: object): number {
    const { quotas } = this.#deps;
    if (quotas === undefined) return 0;
    const bytes = encoder.encode(JSON.stringify(object)).length + ENVELOPE;
    quotas.spend(by, bytes);
    return bytes;
  }

  refundQuota(by: Connection, bytes: number): void {
    this.#deps.quotas?.refund(by, bytes);
  }

  /** Notes an accepted object. After a refusal, verbatim relays are possible again from the next turn on. */
  #noteUnderstood(connection: Connection): void {
    const { trace, batch } = this.#deps;
    if (trace.noteUnderstood(connection)) batch.updateSubscription(connection);
  }
}
