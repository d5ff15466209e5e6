/** Publishes entries, and tells a certain refusal from an unknown outcome. */
import { headers, InvalidArgumentError, PermissionViolationError, RequestError } from "@nats-io/nats-core";
import { JetStreamApiError, type JetStreamClient } from "@nats-io/jetstream";
import { JournalFailure } from "../failure.ts";
import { TIME_HEADER } from "./consumer.ts";
import type { LogEntry } from "./log.ts";
import type { Names } from "./names.ts";

/** Milliseconds until an answer counts as lost. */
export const ANSWER = 1000;
/** JetStream's numbers of errors. A try of this entry is in the stream already, or the stream is an older one. */
const WRONG_LAST_SEQUENCE = 10071;
/** The stream or the broker is full, or the entry is too large: certainly not kept. */
const STORE_FAILED = 10077, NO_RESOURCES = 10023, ACCOUNT_FULL = 10002, TOO_LARGE = 10054;
const FULL = [STORE_FAILED, NO_RESOURCES, ACCOUNT_FULL];
/** SQLite's number for a full disk, by which the rest of the server knows it. */
const SQLITE_FULL = 13;
/** How many entries are put back without waiting for their answers. */
const WINDOW = 64;

/** What the failure of a publish means. */
export type Verdict =
  /** The entry is certainly not in the log. Maybe the log is gone: no stream takes its subject. */
  | { readonly kind: "refused"; readonly failure: JournalFailure; readonly isGone: boolean }
  /** It is in the log, which comes to `last` for this writer; if that is less than expected, the log has been set back. */
  | { readonly kind: "present"; readonly last: number }
  /** Nobody knows. Trying again is harmless. */
  | { readonly kind: "unknown"; readonly why: string };

/**
 * Publishes an own entry. Each process has a subject of its own, and says which entry is its last one there: so of many tries,
 * however late, one goes in.
 */
export async function publish(
  client: JetStreamClient,
  subject: string,
  bytes: Uint8Array,
  lastOwn: number,
): Promise<void> {
  await client.publish(subject, bytes, { timeout: ANSWER, expect: { lastSubjectSequence: lastOwn } });
}

/**
 * @param isFirst it was the first try. Of a later one a refusal says nothing: an earlier one may be in the log, or on its way
 */
export function verdict(error: unknown, isFirst: boolean): Verdict {
  if (!(error instanceof Error)) throw error;
  if (error instanceof JetStreamApiError && error.code === WRONG_LAST_SEQUENCE) {
    return { kind: "present", last: Number(/\d+$/.exec(error.message)?.[0] ?? Infinity) };
  }
  if (!isFirst || !isCertain(error)) return { kind: "unknown", why: error.message };
  const isFull = error instanceof JetStreamApiError && FULL.includes(error.code);
  const cause = isFull ? Object.assign(new Error(error.message), { errcode: SQLITE_FULL }) : error;
  const isGone = hasNoResponders(error), why = isGone ? "it has no stream for it" : error.message;
  return { kind: "refused", failure: new JournalFailure(`The broker has refused an entry: ${why}`, { cause }), isGone };
}

function isCertain(error: Error): boolean {
  if (error instanceof JetStreamApiError) return error.code === TOO_LARGE || FULL.includes(error.code);
  const cause = error.cause instanceof RequestError ? error.cause : error;
  return error instanceof InvalidArgumentError || error instanceof PermissionViolationError ||
    cause instanceof PermissionViolationError || cause.cause instanceof PermissionViolationError ||
    hasNoResponders(error);
}

/** No responders (503) means that no stream takes the subject. */
function hasNoResponders(error: Error): boolean {
  const cause = error.cause instanceof RequestError ? error.cause : error;
  return cause instanceof RequestError && cause.isNoResponders();
}

/**
 * Puts entries back at the end of a log, each under its old sequence, and stops quietly where another server was first.
 *
 * @param missing they ascend without a gap from the log's end
 * @returns how many were put back
 */
export async function putBack(client: JetStreamClient, names: Names, missing: readonly LogEntry[]): Promise<number> {
  let count = 0;
  for (let at = 0; at < missing.length; at += WINDOW) {
    const answers = missing.slice(at, at + WINDOW).map(({ sequence, time, writer, bytes }) => {
      const head = headers();
      head.set(TIME_HEADER, `${time}`);
      const expect = { lastSequence: sequence - 1 };
      return client.publish(names.entriesOf(writer), bytes, { timeout: ANSWER, headers: head, expect });
    });
    const done = (await Promise.allSettled(answers)).filter(({ status }) => status === "fulfilled").length;
    count += done;
    if (done < answers.length) return count;
  }
  return count;
}
