/**
 * What an inspector is not shown, because there is more than it can read. Requests and their answers are shown before all else:
 * one message to a class of thirty is thirty relays, and without its answer a program would seem to be ignored.
 */
import type { TraceEvent } from "./trace_event.ts";

/** The events that were left out before the next one. */
export interface LeftOut {
  /** How many, at least. */
  readonly missed: number;
  /** There are requests or answers among them. */
  readonly unpaired?: true;
}

export const NOTHING_LEFT_OUT: LeftOut = { missed: 0 };

/** The part of a limit that all but requests and answers may use up. */
const OTHERS_PART = 0.5;

/** How every answer begins. */
const ANSWER = '{"response":', ANSWER_BYTES = new TextEncoder().encode(ANSWER);

/** Whether the bytes of a sent object are an answer. */
export function isAnswer(bytes: Uint8Array): boolean {
  return bytes.length > ANSWER_BYTES.length && ANSWER_BYTES.every((byte, at) => bytes[at] === byte);
}

/** Whether an event is a request or an answer. Inspectors pair them by their order. */
export function isPaired({ way, text }: Pick<TraceEvent, "way" | "text">): boolean {
  return way === "in" || (way === "out" && text.startsWith(ANSWER));
}

/** The part of a limit that an event may not use. */
export function reserved(limit: number, paired: boolean): number {
  return paired ? 0 : limit * OTHERS_PART;
}

/** Leaves one more out. */
export function leaveOut({ missed, unpaired }: LeftOut, paired: boolean): LeftOut {
  return { missed: missed + 1, ...(unpaired || paired ? { unpaired: true } : {}) };
}

/**
 * The event with what was left out before it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import type { TraceEvent } from "./trace_event.ts";
 * const event: TraceEvent = {
 *   action: "trace", time: 0, address: "10.0.0.7:5", name: "ann", framing: "lines", dialect: "plain", way: "gone", text: "closed",
 * };
 * const leftOut = leaveOut(leaveOut(NOTHING_LEFT_OUT, false), true);
 * assert.deepEqual(withLeftOut({ ...event, missed: 3 }, leftOut), { ...event, missed: 5, unpaired: true });
 * ```
 */
export function withLeftOut(event: TraceEvent, { missed, unpaired }: LeftOut): TraceEvent {
  if (missed === 0) return event;
  return { ...event, missed: missed + (event.missed ?? 0), ...(unpaired ? { unpaired } : {}) };
}

/** What is left out with an event that is itself left out. */
export function leftOutWith(event: TraceEvent, before: LeftOut): LeftOut {
  const { missed = 0, unpaired } = withLeftOut(event, before);
  return leaveOut({ missed, ...(unpaired ? { unpaired } : {}) }, isPaired(event));
}
