/** Tells the keys that make a letter from those that are meant for the page. */

/** What a key is called while an input method has it. */
const PROCESSED = 229;

/**
 * Whether a key belongs to an input method, which makes letters of several keys: its Enter chooses a letter, and its arrows
 * go through a list. Safari ends the composing before it tells of that Enter, so there only the code says so.
 */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === PROCESSED;
}
