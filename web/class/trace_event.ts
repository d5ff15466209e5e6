/**
 * Reads the trace events that the class page gets from the server: what each program in the class sends and receives. A field
 * of the wrong type becomes empty, 0 or missing.
 * @module
 */
import type { Delay, TraceEvent } from "../../server/observe/trace_event.ts";
import { type Fields, text, whole } from "../../jim/client/fields.ts";

const WAYS: ReadonlySet<unknown> = new Set(["in", "out", "refused", "here", "gone"] satisfies TraceEvent["way"][]);

const DELAYS: readonly Delay[] = ["fast", "unread", "slow", "gaps"];

/**
 * Reads a trace event; `undefined` if its `way` is not known.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const { time, name, owed } = readTraceEvent({ action: "trace", way: "in", text: "{}", time: "now", name: 7, owed: 0.5 })!;
 * assert.deepEqual([time, name, owed], [0, undefined, undefined]);
 * assert.equal(readTraceEvent({ action: "trace", way: "sideways" }), undefined);
 * ```
 */
export function readTraceEvent(fields: Fields): TraceEvent | undefined {
  const { way, time, name } = fields;
  if (!WAYS.has(way)) return undefined;
  const delay = DELAYS.find((each) => each === fields.delay);
  const role = (["account", "operator"] as const).find((each) => each === fields.role);
  const numbers = (["guest", "code", "refusals", "owed", "missed"] as const).flatMap((field) => {
    const number = whole(fields[field]);
    return number === undefined ? [] : [[field, number]];
  });
  return {
    action: "trace",
    ...(typeof fields.server === "string" ? { server: fields.server } : {}),
    time: typeof time === "number" ? time : 0,
    address: text(fields.address),
    name: typeof name === "string" ? name : undefined,
    framing: text(fields.framing) as TraceEvent["framing"],
    dialect: text(fields.dialect),
    way: way as TraceEvent["way"],
    text: text(fields.text),
    ...Object.fromEntries(numbers),
    ...(role === undefined ? {} : { role }),
    ...(fields.deaf === true ? { deaf: true } : {}),
    ...(delay === undefined ? {} : { delay }),
    ...(fields.kicked === true ? { kicked: true } : {}),
    ...(fields.past === true ? { past: true } : {}),
    ...(fields.unpaired === true ? { unpaired: true } : {}),
  };
}
