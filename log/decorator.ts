// `@log` on a method, `log(fn)` around a function: each call is a debug line with the arguments and with the function it
// was called from. Both are one thing, as a TC39 decorator is a function from a function to a function. While debug is off
// a call costs a comparison and a wrapper, some 10 ns; while it is on, a stack trace and a line, some 60 to 90 µs
// (bench/log_bench.ts): enough to look for a fault with, too much to leave on in a busy server.

import { enabled } from "./config.ts";
import { type Logger, logger } from "./logger.ts";
import { SECRET_NAME, show } from "./redact.ts";

/** Any function at all, the type of which is kept. */
type AnyFunction = (...args: never[]) => unknown;

/** A method, a getter or a setter, static too. Not a `#private` method: Deno 2.9 makes a syntax error of a decorated one. */
type Context = ClassMethodDecoratorContext | ClassGetterDecoratorContext | ClassSetterDecoratorContext;

/** Wraps a function so that its calls are logged. The wrapper has the function's name, length, `this`, result and errors. */
export interface Log {
  <Fn extends AnyFunction>(fn: Fn, context?: Context): Fn;
  /** The same with a name for the module; by default it is the file's. A bundle is one file, so there the name matters. */
  in(module: string): Log;
}

/** `    at Chat.onTurn (file:///srv/server/loop.ts:42:7)`, or without a name at the top level of a file. Not Deno's own files. */
const FRAME = /^ +at (?:async )?(?:(.+) \()?(?!ext:|node:)(?:\S*[\\/])?(\S+):(\d+):\d+\)?$/;

/** Frames to look at, some 15 µs each: the caller may stand behind `Array.map` or the like, rarely behind more. */
const FRAMES = 2;

/**
 * Logs the calls of a method or of a function at debug level: `called with [<arguments>] from <function> <file>:<line>`.
 * Fields called `password`, `token` or `secret` are hidden at any depth; a function that has such a word in its own name or
 * among its parameters shows no arguments.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * class Chat {
 *   @log
 *   join(name: string): string {
 *     return `${name} is here`;
 *   }
 * }
 * const add = log.in("sums")(function add(a: number, b: number): number {
 *   return a + b;
 * });
 * assert.equal(new Chat().join("Ann"), "Ann is here");
 * assert.equal(add(1, 2), 3);
 * ```
 */
export const log: Log = decorator();

function decorator(module?: string): Log {
  function log<Fn extends AnyFunction>(fn: Fn, context?: Context): Fn {
    const name = context === undefined ? fn.name : String(context.name);
    const here = module === undefined ? traceAbove(log) : undefined; // a trace is cheap as long as nobody reads it
    let out: Logger | undefined;

    function logged(this: unknown, ...args: unknown[]): unknown {
      if (enabled("debug")) {
        out ??= logger(module ?? (here && placeIn(here)?.file.replace(/\.\w+$/, "")) ?? "");
        out.debug(name, `called with ${mentionsSecret(fn) ? "***" : show(args)} from ${callerIn(traceAbove(logged))}`);
      }
      return Reflect.apply(fn, this, args);
    }

    Object.defineProperties(logged, {
      name: { value: fn.name, configurable: true },
      length: { value: fn.length, configurable: true },
    });
    return logged as AnyFunction as Fn;
  }
  return Object.assign(log, { in: decorator });
}

/** The stack above `fn`. It is made into text only when it is read, which is nearly all of its cost. */
function traceAbove(fn: AnyFunction): { stack: string } {
  const limit = Error.stackTraceLimit;
  const trace = { stack: "" };
  Error.stackTraceLimit = FRAMES;
  Error.captureStackTrace(trace, fn);
  Error.stackTraceLimit = limit;
  return trace;
}

/** The first frame of a trace that is in a file. */
function placeIn({ stack }: { stack: string }): { fn: string; file: string; line: string } | undefined {
  for (const frame of stack.split("\n")) {
    const [found, fn = "top level", file, line] = FRAME.exec(frame) ?? [];
    if (found !== undefined) return { fn, file: file!, line: line! };
  }
  return undefined;
}

function callerIn(trace: { stack: string }): string {
  const place = placeIn(trace);
  return place === undefined ? "the runtime" : `${place.fn} ${place.file}:${place.line}`;
}

/** Whether the head of a function, up to the end of its parameters or further, has the word for a secret in it. */
function mentionsSecret(fn: AnyFunction): boolean {
  return SECRET_NAME.test(headOf(Function.prototype.toString.call(fn)));
}

/** The text up to the bracket that closes the first one: a default value, `(by = now(), password)`, may have others. */
function headOf(text: string): string {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "(") depth++;
    else if (text[at] === ")" && --depth <= 0) return text.slice(0, at);
  }
  return text;
}
