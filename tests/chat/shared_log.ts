// The log of a chat of several servers, in memory: a server's journal over it, which is opened for each of its lives, and
// another program that appends to it at once.

import { State } from "../../server/chat/state.ts";
import type { Journal } from "../../server/journal/contract.ts";
import { firstId } from "../../server/journal/ids.ts";
import { decodeEntry, encodeEntry, itemsOf, recordOf } from "../../server/journal/nats/entry.ts";
import { openSharedJournal, type SharedJournal } from "../../server/journal/nats/journal.ts";
import type { Peers } from "../../server/journal/nats/log.ts";
import { IDS } from "../../server/journal/nats/log_view.ts";
import { Parts } from "../../server/journal/nats/parts.ts";
import { seedEntries } from "../../server/journal/nats/seed.ts";
import type { JournalRecord, StateProposal } from "../../server/journal/records.ts";
import { FakeLog } from "../server/journal/nats/fake_log.ts";

/** A journal that is open, and the server's access to the others. */
export interface Life {
  readonly peers: Peers;
  /** Whether the log can be reached. */
  isUp(): boolean;
  close(): Promise<void>;
}

/** The log, as another program sees it. */
export class ChatLog {
  readonly hub = new FakeLog();
  readonly #base = firstId(0, Date.now());
  readonly #state = new State();
  readonly #parts = new Parts();
  /** All that was ever appended, as far as {@linkcode records} has read. */
  readonly #records: JournalRecord[] = [];
  #read = 0;

  constructor() {
    const begin = { attempt: 1, chat: 1, base: this.#base, behind: 0, before: 0 };
    for (const bytes of seedEntries(begin, [], [])) this.hub.append("tool", bytes);
  }

  /** The first id of the next entry. */
  get next(): number {
    return this.#base + (this.hub.last + 1) * IDS;
  }

  say(...proposals: StateProposal[]): void {
    const first = this.next, records = proposals.map((proposal, i) => ({ ...proposal, id: first + i }));
    const items = itemsOf(records);
    this.hub.append("tool", encodeEntry({ kind: "batch", base: this.#base, first, ifAfter: Infinity, items }));
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
      const shift = this.#base + sequence * IDS - entry.first;
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
    const folder = await Deno.makeTempDir({ prefix: "hanita-view-" });
    const { open: openLog } = this.#log.hub, path = `${folder}/hanita.db`;
    const journal = this.#open = await openSharedJournal({ path, openLog, onReady, settle: 0 });
    return {
      peers: journal.peers,
      isUp: () => journal.isUp,
      close: async () => {
        this.#open = undefined;
        await journal.close();
        await Deno.remove(folder, { recursive: true });
      },
    };
  };
}
