/**
 * Formats the metrics for Prometheus (text format 0.0.4): a table of names, each with its help and its source. The
 * text is built for each request; at 10,000 connections that takes a few milliseconds.
 */
import type { Connection } from "../net/connection.ts";
import type { Durations, LogMeter, Meter } from "../net/meter.ts";
import { VERSION } from "../../cli/version.ts";

/** The content type. */
export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Values of the process. */
export interface Process {
  /** When it began, in Unix seconds. */
  readonly began: number;
  memory(): Pick<Deno.MemoryUsage, "rss" | "heapUsed">;
  /** Processor time in seconds, user and system. */
  cpu(): number;
}

type Labels = Readonly<Record<string, string | number>>;
/** One value with its labels. */
type Sample = readonly [labels: Labels, value: number];

/** All values of one name. */
interface Family {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  read(meter: Meter, looked: Looked, process: Process): readonly Sample[] | Durations | number;
}

/** Gauges computed from all connections. */
interface Looked {
  readonly kinds: readonly Sample[];
  readonly logins: number;
  readonly unsent: number;
  readonly most: number;
}

const families: readonly Family[] = [
  {
    name: "hanita_build_info",
    type: "gauge",
    help: "Always 1; which Hanita this is, and on which Deno.",
    read: () => [[{ version: VERSION, deno: Deno.version.deno }, 1]],
  },
  {
    name: "hanita_connections",
    type: "gauge",
    help: "Connections now, by the dialect they speak and by how they end their objects.",
    read: (_, { kinds }) => kinds,
  },
  {
    name: "hanita_logins_waiting",
    type: "gauge",
    help: "Passwords that wait to be hashed, or are being hashed.",
    read: (_, { logins }) => logins,
  },
  {
    name: "hanita_connections_accepted_total",
    type: "counter",
    help: "Connections taken in since the start.",
    read: ({ accepted }) => accepted,
  },
  {
    name: "hanita_accept_failures_total",
    type: "counter",
    help: "Connections that the system could not hand over.",
    read: ({ acceptFailures }) => acceptFailures,
  },
  {
    name: "hanita_messages_total",
    type: "counter",
    help: "Messages of this server's clients that were kept and relayed, by addressee: everybody, a room, one person.",
    read: ({ messages }) => Object.entries(messages).map(([to, count]) => [{ to }, count]),
  },
  {
    name: "hanita_deliveries_total",
    type: "counter",
    help: "Messages put into outboxes, once for each reader.",
    read: ({ deliveries }) => deliveries,
  },
  {
    name: "hanita_refusals_total",
    type: "counter",
    help: "Requests that were refused, by the code of the answer.",
    read: ({ refusals }) => [...refusals].map(([code, count]) => [{ code }, count]),
  },
  {
    name: "hanita_outbox_bytes",
    type: "gauge",
    help: "Unsent bytes of all readers together now.",
    read: (_, { unsent }) => unsent,
  },
  {
    name: "hanita_outbox_largest_bytes",
    type: "gauge",
    help: "Unsent bytes of the slowest reader now.",
    read: (_, { most }) => most,
  },
  {
    name: "hanita_readers_dropped_total",
    type: "counter",
    help: "Readers dropped for reading too slowly, by the limit that was passed: their own, or that of all together.",
    read: ({ dropped }) => Object.entries(dropped).map(([limit, count]) => [{ limit }, count]),
  },
  {
    name: "hanita_received_bytes_total",
    type: "counter",
    help: "Bytes read from connections.",
    read: ({ bytes }) => bytes.in,
  },
  {
    name: "hanita_sent_bytes_total",
    type: "counter",
    help: "Bytes handed over to be sent.",
    read: ({ bytes }) => bytes.out,
  },
  {
    name: "hanita_turn_seconds",
    type: "histogram",
    help: "How long a turn of the loop took.",
    read: ({ turns }) => turns,
  },
  {
    name: "hanita_commit_seconds",
    type: "histogram",
    help: "How long the journal took to keep the messages of a turn.",
    read: ({ commits }) => commits,
  },
  {
    name: "hanita_skipped_records_total",
    type: "counter",
    help:
      "Records that were left out, since they are damaged or only a newer version knows them, as far as they were read.",
    read: ({ skipped: { damaged, unknown } }) => [[{ reason: "damaged" }, damaged], [{ reason: "unknown" }, unknown]],
  },
  {
    name: "process_start_time_seconds",
    type: "gauge",
    help: "When the server was started, in Unix seconds.",
    read: (_meter, _looked, { began }) => began,
  },
  {
    name: "process_cpu_seconds_total",
    type: "counter",
    help: "Processor time, of the program and of the system for it.",
    read: (_meter, _looked, process) => process.cpu(),
  },
  {
    name: "process_resident_memory_bytes",
    type: "gauge",
    help: "Memory of the process.",
    read: (_meter, _looked, process) => process.memory().rss,
  },
  {
    name: "hanita_heap_used_bytes",
    type: "gauge",
    help: "Memory of its objects, a part of it.",
    read: (_meter, _looked, process) => process.memory().heapUsed,
  },
];

/** All values of one name that only one of several servers has. */
interface LogFamily extends Omit<Family, "read"> {
  read(log: LogMeter): readonly Sample[] | number;
}

const logFamilies: readonly LogFamily[] = [
  {
    name: "hanita_journal_up",
    type: "gauge",
    help: "Whether the chat's log can be reached: 1 or 0.",
    read: (log) => log.isUp() ? 1 : 0,
  },
  {
    name: "hanita_journal_lag_entries",
    type: "gauge",
    help: "Entries of the log that this server has not taken yet.",
    read: ({ counts }) => counts.behind,
  },
  {
    name: "hanita_journal_entries_total",
    type: "counter",
    help: "Entries taken from the log, by their writer: this server, or others.",
    read: ({ counts: { own, others } }) => [[{ from: "own" }, own], [{ from: "others" }, others]],
  },
  {
    name: "hanita_journal_retries_total",
    type: "counter",
    help: "Tries to write an entry after the first one, which the broker had not answered.",
    read: ({ counts }) => counts.retries,
  },
  {
    name: "hanita_journal_refused_total",
    type: "counter",
    help: "Entries that could not be written: the broker has refused them, or there was no link.",
    read: ({ counts }) => counts.refused,
  },
  {
    name: "hanita_journal_put_back_total",
    type: "counter",
    help: "Entries that this server has put back into a log that had lost them.",
    read: ({ counts }) => counts.putBack,
  },
  {
    name: "hanita_journal_links_lost_total",
    type: "counter",
    help: "Links to the broker that were lost.",
    read: ({ counts }) => counts.losses,
  },
  {
    name: "hanita_peers",
    type: "gauge",
    help: "Other servers of the chat that are up.",
    read: (log) => log.peers(),
  },
];

/**
 * All metrics as text.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Meter } from "../net/meter.ts";
 * const meter = new Meter();
 * meter.refused(404);
 * const text = metrics(meter, { began: 0, memory: () => ({ rss: 1, heapUsed: 1 }), cpu: () => 0.5 });
 * assert.ok(text.includes('\nhanita_refusals_total{code="404"} 1\n'));
 * ```
 */
export function metrics(meter: Meter, process: Process): string {
  const looked = look(meter.connections), { log } = meter;
  const sections = families.map((family) => section(family, family.read(meter, looked, process)));
  if (log !== undefined) sections.push(...logFamilies.map((family) => section(family, family.read(log))));
  return sections.join("");
}

function look(connections: Iterable<Connection>): Looked {
  const counts = new Map<string, number>();
  let unsent = 0, most = 0, logins = 0;
  for (const connection of connections) {
    if (connection.login !== undefined) logins++;
    if (connection.isDeferred) continue;
    const kind = `${connection.framing} ${connection.dialect.name}`, { unsentBytes } = connection;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    unsent += unsentBytes;
    if (unsentBytes > most) most = unsentBytes;
  }
  const kinds = [...counts].map(([kind, count]): Sample => {
    const space = kind.indexOf(" ");
    return [{ dialect: kind.slice(space + 1), framing: kind.slice(0, space) }, count];
  });
  return { kinds, logins, unsent, most };
}

function section({ name, type, help }: Omit<Family, "read">, found: readonly Sample[] | Durations | number): string {
  const samples = typeof found === "number"
    ? [line(name, {}, found)]
    : "atMost" in found
    ? histogram(name, found)
    : found.map(([labels, value]) => line(name, labels, value));
  return `# HELP ${name} ${help.replace(/[\\\n]/g, escaped)}\n# TYPE ${name} ${type}\n${samples.join("")}`;
}

function histogram(name: string, durations: Durations): string[] {
  return [
    ...[...durations.atMost()].map(([le, count]) => line(`${name}_bucket`, { le }, count)),
    line(`${name}_bucket`, { le: "+Inf" }, durations.count),
    line(`${name}_sum`, {}, durations.sum),
    line(`${name}_count`, {}, durations.count),
  ];
}

function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${String(value).replace(/[\\\n"]/g, escaped)}"`);
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}\n`;
}

function escaped(sign: string): string {
  return sign === "\n" ? "\\n" : `\\${sign}`;
}
