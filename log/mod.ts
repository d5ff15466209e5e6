/**
 * The log of a program: lines `<date-time> <level> <module> <function> <message>` in one file a day, warnings
 * on standard error too. `openLog` opens it once, at the start; each module writes through its `logger`; `@log` writes a
 * debug line for each call.
 *
 * @example
 * ```ts
 * import { log, logger, openLog } from "./mod.ts";
 *
 * const { info } = logger("greeter");
 *
 * class Greeter {
 *   @log
 *   greet(name: string): void {
 *     info("greet", `hello, ${name}`);
 *   }
 * }
 *
 * using _log = openLog({ program: "server", dir: Deno.makeTempDirSync(), level: "debug" });
 * new Greeter().greet("Ann");
 * ```
 *
 * @module
 */
export { coloured, type Console } from "./console.ts";
export { type Log, log } from "./decorator.ts";
export { levels, type LogLevel } from "./level.ts";
export { type Logger, logger, type Message } from "./logger.ts";
export { LogError, type OpenLog, openLog, type OpenLogOptions } from "./open.ts";
export { show } from "./redact.ts";
export { ClockMonitor, type Clocks } from "./clock_monitor.ts";
