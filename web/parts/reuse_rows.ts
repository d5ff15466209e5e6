/** Rows of a list that have not changed: only the others are drawn. */
import type { JSX } from "preact";
import { hasSameFields } from "../same_fields.ts";

/**
 * Takes the former element in the place of a row of the same key and the same properties: what is the same element is not
 * drawn again.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { h } from "preact";
 * const before = [h("li", { key: 1, class: "said" }), h("li", { key: 2, class: "said" })];
 * const after = reuseRows([h("li", { key: 2, class: "said" }), h("li", { key: 1, class: "said first" })], before);
 * assert.deepEqual(after.map((row) => before.includes(row)), [true, false]);
 * ```
 */
export function reuseRows(rows: readonly JSX.Element[], former: readonly JSX.Element[]): JSX.Element[] {
  const known = new Map(former.map((row) => [row.key, row]));
  return rows.map((row) => {
    const before = known.get(row.key);
    return before?.type === row.type && hasSameFields<object>(before.props, row.props) ? before : row;
  });
}
