/** The events of the loop, and how finished reads and writes become such. */
import type { Select } from "../select/mod.ts";
import type { PendingJob } from "./job_runner.ts";
import type { JobOutcome } from "./jobs.ts";
import type { Connection, Socket, Sources } from "./net/connection.ts";

/** The events of the loop. */
export type Event =
  | { kind: "accepted"; socket: Socket }
  /** A connection of the web port. */
  | { kind: "connected"; socket: Socket }
  | { kind: "acceptFailed"; error: Error }
  | { kind: "received"; connection: Connection }
  | { kind: "written"; connection: Connection }
  | { kind: "jobDone"; job: PendingJob; found: JobOutcome }
  /** The journal has batches to take. */
  | { kind: "journal" }
  | { kind: "rowsDue" }
  | { kind: "rowsSent"; connection: Connection }
  | { kind: "resumeInput"; connection: Connection }
  | { kind: "startJobs" }
  | { kind: "writeSlice" }
  | { kind: "timer" }
  | { kind: "maintenance" }
  | { kind: "maintain" }
  | { kind: "stop" };

export type EventOf<K extends Event["kind"]> = Extract<Event, { kind: K }>;

/**
 * Whether an event can be handled in a later turn, when this one has done enough. An event of a connection is followed by no
 * other one before it was handled. What was missed precedes all that is relayed live, so it cannot wait.
 */
export function canWait(event: Event): boolean {
  switch (event.kind) {
    case "received":
    case "resumeInput":
      return true;
    case "jobDone":
      return event.job.job.kind !== "missed";
    default:
      return false;
  }
}

/** What makes events of the reads and writes of a connection. */
export function sourcesOf(select: Select<Event>): Sources {
  return {
    reads: (connection) => select.source(onReadDone, onReadFailed, connection),
    writes: (connection) => select.source(onWritten, onWriteFailed, connection),
  };
}

function onReadDone(count: number | null, connection: Connection): Event {
  connection.hasUnhandledRead = true;
  connection.readResult = count;
  return connection.received;
}

function onReadFailed(error: unknown, connection: Connection): Event {
  connection.hasUnhandledRead = true;
  connection.readResult = asError(error);
  return connection.received;
}

/** No event is posted when nothing is left to do, as for most readers of a broadcast. */
function onWritten(count: number, connection: Connection): Event | undefined {
  const rest = connection.writing!.length - count;
  connection.writing = rest === 0 ? undefined : connection.writing!.subarray(count);
  const { outbox, rowStream } = connection;
  if (rest === 0) (rowStream?.ahead ?? outbox).written();
  const idle = rest === 0 && connection.closeState === "open" && !connection.bare && outbox.bytes === 0 &&
    rowStream === undefined && !connection.stalled;
  return idle ? undefined : connection.written;
}

function onWriteFailed(error: unknown, connection: Connection): Event {
  connection.writeError = asError(error);
  return connection.written;
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
