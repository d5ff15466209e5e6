/** Tells key presses of an input method from key presses for the page. */

/** The key code of a key that an input method handles. */
const PROCESSED = 229;

/**
 * Whether a key belongs to an input method, which makes one letter of several keys: its Enter chooses a letter, and its
 * arrows move in a list. Safari ends the composition before the event of that Enter, so there only the key code tells.
 */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === PROCESSED;
}
