// How a message looks in a terminal.

import { type Message, milliseconds } from "../../jim/client/event.ts";
import { safe } from "../safe.ts";

/**
 * A message as `HH:MM:SS name: text`, in local time, safe for a terminal.
 *
 * @param now milliseconds, shown when the message does not say when it was sent
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const time = new Date(2026, 10, 22, 9, 5, 7).getTime() / 1000;
 * assert.equal(formatMessage({ from: "ann", text: "hello", time }, 0), "09:05:07 ann: hello");
 * ```
 */
export function formatMessage({ from, text, time }: Pick<Message, "from" | "text" | "time">, now: number): string {
  const date = new Date(milliseconds(time) ?? now);
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, "0"));
  return `${clock.join(":")} ${safe(from) || "?"}: ${safe(text)}`;
}
