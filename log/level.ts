// The four levels, in order. Other logs know two more (trace, fatal); nothing in Hanita needs them, and four
// words for `--log-level` are easy to choose from.

/** The levels from the most talkative to the most silent, spelt as `--log-level` takes them. */
export const levels = ["debug", "info", "warning", "error"] as const;

/** How much a line matters. */
export type LogLevel = typeof levels[number];

/**
 * The place of each level in the order, 0 for `debug`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.ok(ranks.error > ranks.info);
 * ```
 */
export const ranks: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warning: 2, error: 3 };
