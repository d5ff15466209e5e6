// Waits for many sources at once: one interface and two backends. Imports nothing of Hanita.
// The loops of the server and the client are written against the contract; `--select` picks a backend by its name.

import type { Select } from "./contract.ts";
import { race } from "./race.ts";
import { ready } from "./ready.ts";

export type { Select, Source } from "./contract.ts";
export { race, ready };

/** The name of a backend, as `--select` takes it. */
export type SelectName = "ready" | "race";

/**
 * The backends by name, the default first.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const select = selects["ready"]<string>();
 * select.post("stop");
 * assert.deepEqual(await select.wait(), ["stop"]);
 * ```
 */
export const selects: Readonly<Record<SelectName, <E>() => Select<E>>> = { ready, race };
