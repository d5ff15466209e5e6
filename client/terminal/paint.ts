// Colours, or none. A name keeps its colour from day to day and on everybody's screen, for it is made of the name alone.
// All are of the 256 that every terminal of today has, and none is far from either end: each is read on black and on white
// (a contrast of 4 to 1 at least; a test counts).

/** Of those that pass, the ones that are told apart best. */
export const PALETTE: readonly number[] = [27, 28, 30, 64, 98, 130, 131, 133, 162];
/** For what is not somebody's words, and for what went wrong. */
export const QUIET = 243, ALARM = 196;

/** Dresses a text. What it is given must be safe already. */
export interface Paint {
  /** In the colour of a name, which is this text unless it is another. */
  readonly name: (text: string, name?: string) => string;
  /** For what should not draw attention. */
  readonly quiet: (text: string) => string;
  readonly strong: (text: string) => string;
  /** For what must. */
  readonly alarm: (text: string) => string;
  /** As with a marker pen. */
  readonly marked: (text: string) => string;
}

const FNV_BASIS = 0x811c9dc5, FNV_PRIME = 0x01000193;

/** No colours, as NO_COLOR asks for. */
export const plain: Paint = {
  name: (text) => text,
  quiet: (text) => text,
  strong: (text) => text,
  alarm: (text) => text,
  marked: (text) => text,
};

/**
 * Colours.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(coloured.quiet("ann"), "\x1b[38;5;243mann\x1b[m");
 * assert.equal(coloured.name("@ann", "ann"), `\x1b[38;5;${colourOf("ann")}m@ann\x1b[m`);
 * ```
 */
export const coloured: Paint = {
  name: (text, name = text) => styled(`38;5;${colourOf(name)}`, text),
  quiet: (text) => styled(`38;5;${QUIET}`, text),
  strong: (text) => styled("1", text),
  alarm: (text) => styled(`38;5;${ALARM}`, text),
  marked: (text) => styled("7", text),
};

/**
 * The colour of a name.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(["ann", "bob", "ann"].map(colourOf), [30, 27, 30]);
 * ```
 */
export function colourOf(name: string): number {
  let hash = FNV_BASIS;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, FNV_PRIME) >>> 0;
  return PALETTE[(hash >>> 8) % PALETTE.length]!; // the lowest bits are the least mixed
}

function styled(style: string, text: string): string {
  return `\x1b[${style}m${text}\x1b[m`;
}
