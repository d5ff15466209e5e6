/** The terminal as a device: raw mode, marks around pasted text, and its width. */

/** A terminal is asked to mark what is pasted. One that does not know how ignores it. */
export const MARK_PASTES = "\x1b[?2004h";
const LEAVE_PASTES = "\x1b[?2004l";

/** Sets raw mode: each key is read as it is pressed. Returns false if there is no terminal any more. */
export function setRaw(): boolean {
  try {
    Deno.stdin.setRaw(true);
    return true;
  } catch (error) {
    if (error instanceof Error) return false; // its window was closed while the program was stopped
    throw error;
  }
}

/** Restores the terminal, unless its window was closed: there is none any more. */
export function restore(): void {
  try {
    Deno.stdin.setRaw(false);
    Deno.stdout.writeSync(new TextEncoder().encode(LEAVE_PASTES));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}

/** The width in columns. Read each time, since Windows does not report a change. */
export function columns(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch (error) {
    if (error instanceof Error) return 80; // the terminal is going away
    throw error;
  }
}
