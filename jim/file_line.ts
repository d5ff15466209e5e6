/**
 * A file of a message as a line of text, for clients that show no files, and for the terminal.
 * @module
 */

const CLIP = "\u{1F4CE}";
const UNITS = ["B", "KB", "MB", "GB"];

/**
 * The line, without a link.
 *
 * @param size in bytes
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(fileLine("cat.png", 1536), "\u{1F4CE} cat.png (1.5 KB)");
 * ```
 */
export function fileLine(name: string, size: number): string {
  return `${CLIP} ${name} (${formatSize(size)})`;
}

/**
 * A number of bytes for people: a unit is 1024 times the one before it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual([0, 999, 1536, 20 * 1024 ** 2].map(formatSize), ["0 B", "999 B", "1.5 KB", "20 MB"]);
 * ```
 */
export function formatSize(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log(bytes) / Math.log(1024)));
  const number = bytes / 1024 ** power;
  return `${number < 10 && power > 0 ? Math.round(10 * number) / 10 : Math.round(number)} ${UNITS[power]}`;
}
