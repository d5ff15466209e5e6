// The logger of a module. A message is plain text: in the templates of most logging libraries the braces of a JSON message
// would be placeholders.

import { emit, enabled } from "./config.ts";
import type { LogLevel } from "./level.ts";

/** What is said: a text, or for a text that costs something to make, the function that makes it if it is wanted. */
export type Message = string | (() => string);

/** Writes the lines of one module. `fn` is the name of the function that logs. */
export interface Logger {
  /** Each message, each call. */
  debug(fn: string, message: Message): void;
  /** Connections, refusals, start and end of the program. */
  info(fn: string, message: Message): void;
  /** What an operator should see; it goes to the console too. */
  warning(fn: string, message: Message): void;
  /** What went wrong; it goes to the console too. */
  error(fn: string, message: Message): void;
  /** Whether a line of this level would be written: one comparison. */
  enabled(level: LogLevel): boolean;
}

/**
 * Makes the logger of a module. It can be made before the log is open, and is silent until then; it never throws.
 *
 * @param module The `<module>` of its lines.
 *
 * @example
 * ```ts
 * const { info, debug } = logger("loop");
 * info("onJoined", "10.0.0.7:50312 is connected"); // 2026-11-22T23:59:58.123+03:00 info loop onJoined 10.0.0.7:50312 is connected
 * debug("onTurn", () => "this text is made only if it is wanted");
 * ```
 */
export function logger(module: string): Logger {
  function say(level: LogLevel, fn: string, message: Message): void {
    if (enabled(level)) emit(level, module, fn, typeof message === "string" ? message : message());
  }

  return {
    debug: (fn, message) => say("debug", fn, message),
    info: (fn, message) => say("info", fn, message),
    warning: (fn, message) => say("warning", fn, message),
    error: (fn, message) => say("error", fn, message),
    enabled,
  };
}
