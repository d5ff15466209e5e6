/**
 * The accounts of a chat of several servers: the state that the log at their broker makes, and changes of it as entries of that
 * log, which every server applies. Nothing is kept here.
 */
import type { State } from "../../server/chat/state.ts";
import { JournalFailure, JournalRefused, type Skipped, type StateRecord } from "../../server/journal/contract.ts";
import { encodeEntry, itemsOf } from "../../server/journal/nats/entry.ts";
import { Visitor } from "../../server/journal/nats/journal_peers.ts";
import type { LogEvent, OpenLog, SharedLog } from "../../server/journal/nats/log.ts";
import { LogState, type Verdicts } from "../../server/journal/nats/log_state.ts";
import { framesOf } from "../../server/journal/nats/parts.ts";
import type { StateProposal } from "../../server/journal/records.ts";
import { inEach } from "../../server/words/mod.ts";
import type { Texts } from "../words/english.ts";
import { Refused } from "../refused.ts";
import type { AccountStore } from "./store.ts";

/** Milliseconds of the two waits. */
export interface Waits {
  /** In which the servers say how far they are in the log, after each connection to it. */
  readonly settle: number;
  /** Without anything from the broker, until that is told. */
  readonly patience: number;
}

const WAITS: Waits = { settle: 200, patience: 10_000 };
/** Milliseconds between two looks at the clock. */
const LOOK_EVERY = 20;

export class SharedAccounts implements AccountStore {
  readonly #log: SharedLog;
  readonly #servers: Visitor;
  readonly #texts: Texts;
  readonly #waits: Waits;
  readonly #read = new LogState();
  /** When the link began to work, and when anything came; milliseconds of a clock that never goes back. */
  #upAt = Infinity;
  #movedAt = performance.now();
  /** The own entry under way has come back, with these verdicts, or never will. */
  #isBack = false;
  #verdicts: Verdicts;
  #failure: JournalFailure | undefined;
  /** Numbers the entries that are appended in parts. */
  #entries = 0;
  /** Called when the log has something. */
  #wake = () => {};

  private constructor(log: SharedLog, servers: Visitor, texts: Texts, waits: Waits) {
    this.#log = log;
    this.#servers = servers;
    this.#texts = texts;
    this.#waits = waits;
  }

  /**
   * Joins the log, and reads all of it.
   *
   * @throws {JournalRefused} if the log cannot be used
   * @throws {Refused} if the broker does not answer
   */
  static async open(openLog: OpenLog, texts: Texts, waits: Waits = WAITS): Promise<SharedAccounts> {
    let wake = () => {};
    const { log, peers } = await openLog({ after: undefined, existing: true, onReady: () => wake() });
    const all = new SharedAccounts(log, new Visitor(peers), texts, waits);
    wake = () => all.#wake();
    try {
      await all.#readAll();
      return all;
    } catch (error) {
      await all.close();
      throw error;
    }
  }

  get state(): State {
    return this.#read.state;
  }

  get skipped(): Skipped {
    return this.#read.skipped;
  }

  refresh(): void {
    this.#servers.receive();
    for (const event of this.#log.take()) this.#onEvent(event);
  }

  /**
   * While clients write, the state is never the newest one for long. So an entry goes in whatever was appended before, and a
   * record that has lost to another one by then is proposed once more, as the servers do.
   */
  async change(propose: (state: State) => readonly StateProposal[]): Promise<void> {
    for (;;) {
      await this.#settled(this.#texts.brokerSilent);
      const proposals = propose(this.state);
      if (proposals.length === 0) return;
      const verdicts = await this.#append(proposals);
      if (verdicts !== undefined && !verdicts.includes("lost")) return;
    }
  }

  /** Each server does it for itself, when the account is removed. */
  forgetConversationsOf(): void {}

  async close(): Promise<void> {
    await this.#log.close();
  }

  async #readAll(): Promise<void> {
    await this.#until(() => this.#upAt < Infinity, () => new Refused(this.#texts.brokerSilent));
    const { isBegun, first } = this.#read;
    if (!isBegun && first > 1) throw new JournalRefused(inEach(({ logWithoutBeginning }) => logWithoutBeginning));
    await this.#until(() => this.#read.isBegun, () => new Refused(this.#texts.chatNotBegun));
  }

  /** Appends an entry, in parts if it is large, and waits until all have come back. */
  async #append(proposals: readonly StateProposal[]): Promise<Verdicts> {
    const { base, next } = this.#read;
    const records = proposals.map((proposal, i): StateRecord => ({ ...proposal, id: next + i }));
    const bytes = encodeEntry({ kind: "batch", base, first: next, ifAfter: Infinity, items: itemsOf(records) });
    for (const frame of framesOf(bytes, this.#log.maxBytes, this.#entries++)) {
      this.#isBack = false;
      this.#log.append(frame);
      await this.#back();
    }
    return this.#verdicts;
  }

  /** Waits until the own entry has come back. On each new link it is tried again, which is harmless. */
  async #back(): Promise<void> {
    for (let upAt = this.#upAt;; upAt = this.#upAt) {
      await this.#until(
        () => this.#isBack || (this.#upAt < Infinity && this.#upAt !== upAt),
        () => new Refused(this.#texts.changeUnknown),
      );
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#isBack) return;
      await this.#settled(this.#texts.changeUnknown);
      this.#log.proceed();
    }
  }

  /** Waits until there is a link, and no server has more of the log than the broker: it would put that back first. */
  async #settled(otherwise: string): Promise<void> {
    await this.#until(
      () =>
        performance.now() - this.#upAt >= this.#waits.settle &&
        !this.#servers.isBehind(this.#read.base, this.#read.last),
      () => new Refused(otherwise),
    );
  }

  /** Waits for something, as long as anything comes. @throws what `otherwise` gives */
  async #until(isDone: () => boolean, otherwise: () => Error): Promise<void> {
    const start = performance.now();
    for (this.refresh(); !isDone(); this.refresh()) {
      if (performance.now() >= Math.max(start, this.#movedAt) + this.#waits.patience) throw otherwise();
      const { promise, resolve } = Promise.withResolvers<void>(), timer = setTimeout(resolve, LOOK_EVERY);
      this.#wake = resolve;
      await promise;
      clearTimeout(timer);
    }
  }

  #onEvent(event: LogEvent): void {
    this.#movedAt = performance.now();
    switch (event.kind) {
      case "entry": {
        const verdicts = this.#read.read(event);
        if (event.writer !== this.#log.writer) return;
        this.#verdicts = verdicts;
        this.#isBack = true;
        return;
      }
      case "refused":
        this.#failure = event.failure;
        this.#isBack = true;
        return;
      case "up":
        this.#upAt = performance.now();
        return this.#servers.ask();
      case "down":
      case "setBack": // the servers put back what is missing, and `up` follows
        this.#upAt = Infinity;
    }
  }
}
