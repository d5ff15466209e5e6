// The log of a chat of several servers, in memory or at a broker: a server's journal over it, which is opened for each of its
// lives, and another program that appends to it.

import { peerOf } from "../../server/chat/server_id.ts";
import { State } from "../../server/chat/state.ts";
import type { Journal } from "../../server/journal/contract.ts";
import { firstId } from "../../server/journal/ids.ts";
import { decodeEntry, encodeEntry, itemsOf, recordOf } from "../../server/journal/nats/entry.ts";
import { openSharedJournal, type SharedJournal } from "../../server/journal/nats/journal.ts";
import { natsLog } from "../../server/journal/nats/link.ts";
import type { LogEntry, OpenLog, SharedLog } from "../../server/journal/nats/log.ts";
import { IDS } from "../../server/journal/nats/position.ts";
import { Parts } from "../../server/journal/nats/parts.ts";
import { seedEntries } from "../../server/journal/nats/seed.ts";
import type { JournalRecord, StateProposal } from "../../server/journal/records.ts";
import { startBroker } from "../nats_server.ts";
import { FakeLog } from "../server/journal/nats/fake_log.ts";
import { linkOptions } from "../server/journal/nats/member.ts";
import { until } from "./within.ts";

/** A journal that is open, and the server's access to the others. */
export interface Life {
  readonly log: SharedJournal;
  /** How many sessions the server has in the chat, as the log says, once the server has taken that. */
  sessions(): number;
  close(): Promise<void>;
}

/** The log while a server lives. */
interface OpenedLog {
  readonly openLog: OpenLog;
  end(): Promise<void>;
}

/** The log, as another program sees it. */
export class ChatLog {
  readonly hub = new FakeLog();
  readonly base = firstId(0, Date.now());
  readonly #state = new State();
  readonly #parts = new Parts();
  /** All that was ever appended, as far as {@linkcode records} has read. */
  readonly #records: JournalRecord[] = [];
  #read = 0;

  constructor() {
    const begin = { attempt: 1, chat: 1, base: this.base, behind: 0, before: 0, of: [] };
    for (const bytes of seedEntries(begin, [], [])) this.hub.append("tool", bytes);
  }

  /** The first id of the next entry. */
  get next(): number {
    return this.base + (this.hub.last + 1) * IDS;
  }

  say(...proposals: StateProposal[]): void {
    const first = this.next, records = proposals.map((proposal, i) => ({ ...proposal, id: first + i }));
    const items = itemsOf(records);
    this.append(encodeEntry({ kind: "batch", base: this.base, first, ifAfter: Infinity, items }));
  }

  /** Begins a life of a server. */
  begin(): Promise<OpenedLog> {
    return Promise.resolve({ openLog: this.hub.open, end: () => Promise.resolve() });
  }

  protected append(bytes: Uint8Array): void {
    this.hub.append("tool", bytes);
  }

  /** What all servers have made of it, or will. */
  state(): State {
    this.records();
    return this.#state;
  }

  records(): readonly JournalRecord[] {
    for (const { sequence, writer, bytes } of this.hub.entries) {
      if (sequence <= this.#read) continue;
      this.#read = sequence;
      let entry = decodeEntry(bytes);
      if (typeof entry !== "string" && entry.kind === "part") {
        const whole = this.#parts.add(writer, sequence, entry);
        if (whole === undefined) continue;
        entry = decodeEntry(whole);
      }
      if (typeof entry === "string" || entry.kind !== "batch") continue;
      const shift = this.base + sequence * IDS - entry.first;
      for (const item of entry.items) {
        const record = recordOf(item);
        if (typeof record === "string") continue;
        const moved = { ...record, id: record.id + shift };
        this.#records.push(moved);
        if (moved.kind !== "message") this.#state.apply(moved);
      }
    }
    return this.#records;
  }
}

/** A log at a broker of its own, which begins with what the log in memory has, and is copied into it. */
export class BrokerLog extends ChatLog {
  #tool: Tool | undefined;

  override async begin(): Promise<OpenedLog> {
    const broker = await startBroker(), openLog = natsLog(linkOptions(broker.url));
    const tool = this.#tool = await Tool.open(
      openLog,
      this.hub.entries,
      (entry) => this.hub.append(entry.writer, entry.bytes),
    );
    return {
      openLog,
      end: async () => {
        this.#tool = undefined;
        await tool.close();
        await broker[Symbol.asyncDispose]();
      },
    };
  }

  /** Outside a server's life at once, else as soon as the broker has it. */
  protected override append(bytes: Uint8Array): void {
    if (this.#tool === undefined) super.append(bytes);
    else this.#tool.append(bytes);
  }
}

/** Appends entries to a log one after the other, and reads all. */
class Tool {
  readonly #log: SharedLog;
  readonly #onEntry: (entry: LogEntry) => void;
  readonly #waiting: Uint8Array[];
  /** Entries to come that are there already. */
  #known: number;

  private constructor(log: SharedLog, first: readonly LogEntry[], onEntry: (entry: LogEntry) => void) {
    this.#log = log;
    this.#waiting = first.map(({ bytes }) => bytes);
    this.#known = first.length;
    this.#onEntry = onEntry;
  }

  /** Opens the log, and puts the first entries into it. */
  static async open(
    openLog: OpenLog,
    first: readonly LogEntry[],
    onEntry: (entry: LogEntry) => void,
  ): Promise<Tool> {
    let onReady = () => {};
    const { log } = await openLog({ after: undefined, onReady: () => onReady() });
    const tool = new Tool(log, first, onEntry);
    onReady = () => tool.#take();
    tool.#take();
    await until("the first entries", () => tool.#known === 0);
    return tool;
  }

  append(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    this.#take();
  }

  close(): Promise<void> {
    return this.#log.close();
  }

  #take(): void {
    const log = this.#log;
    for (const event of log.take()) {
      if (event.kind === "up") log.proceed();
      if (event.kind !== "entry") continue;
      if (this.#known > 0) this.#known--;
      else this.#onEntry(event);
    }
    if (log.isUp && !log.busy && this.#waiting.length > 0) log.append(this.#waiting.shift()!);
  }
}

const FIELDS: ReadonlySet<keyof Journal> = new Set(["isShared", "maxIds", "next", "busy", "skipped"]);

/** A server's journal. Outside its lives it is not there. */
export class LifelongJournal {
  readonly journal: Journal;
  readonly #log: ChatLog;
  #open: SharedJournal | undefined;

  constructor(log: ChatLog) {
    this.#log = log;
    const open = (key: keyof Journal) => {
      if (this.#open === undefined) throw new Error(`Cannot use ${key}: the journal is not open`);
      return this.#open;
    };
    // A test may take a method before the journal is open, and may put another one in its place.
    this.journal = new Proxy({} as Journal, {
      get: (own, key: keyof Journal) => {
        if (key in own) return own[key];
        if (FIELDS.has(key)) return open(key)[key];
        return (...args: unknown[]) => Reflect.apply(open(key)[key] as () => unknown, open(key), args);
      },
    });
  }

  readonly open = async (onReady: () => void): Promise<Life> => {
    const folder = await Deno.makeTempDir({ prefix: "hanita-view-" }), path = `${folder}/hanita.db`;
    const { openLog, end } = await this.#log.begin();
    const journal = this.#open = await openSharedJournal({ path, openLog, onReady, settle: 0 });
    return {
      log: journal,
      sessions: () => {
        const here = [...this.#log.state().roster.servers].filter(([id]) => peerOf(id) === journal.peers.self);
        if (journal.next < this.#log.next) return Infinity;
        return here.reduce((sum, [, { sessions }]) => sum + sessions.size, 0);
      },
      close: async () => {
        this.#open = undefined;
        await journal.close();
        await end();
        await Deno.remove(folder, { recursive: true });
      },
    };
  };
}
