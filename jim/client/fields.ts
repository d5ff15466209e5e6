/**
 * The fields of an object from the server, one by one. A field that is not what it should be counts as not there.
 * @module
 */

/** An object as JSON has it. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads one object; text that is none has no fields.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(read('{"response":200,"alert":"ok"}'), { response: 200, alert: "ok" });
 * assert.deepEqual(read("no JSON"), {});
 * ```
 */
export function read(frame: string): Fields {
  try {
    const value: unknown = JSON.parse(frame);
    return typeof value === "object" && value !== null ? value as Fields : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** A string, or nothing. */
export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A count or an id: not less than 0, and not more than a number is exact to. */
export function whole(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
