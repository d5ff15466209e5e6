/**
 * Prints lines. The terminal or pipe may stop reading: a terminal after Ctrl S, a program that hangs. So the loop
 * never waits for a write: lines are written in batches, and when too many wait, further ones are counted and left
 * out. Failures (EIO, ENOSPC) are ignored, since they are no reason to end a chat. The log has what matters.
 */

/** The target of lines: standard output or standard error. */
export interface Sink {
  write(bytes: Uint8Array): Promise<number>;
}

/** Characters of lines that wait for those before them to be written. */
const WAITING = 256 * 1024;

const encoder = new TextEncoder();

/**
 * Writes lines in order, without waiting for them.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * let text = "";
 * const printer = new Printer({ write: (bytes) => Promise.resolve((text += new TextDecoder().decode(bytes), bytes.length)) });
 * printer.print("one");
 * printer.print("two");
 * await printer.flush(1000);
 * assert.equal(text, "one\ntwo\n");
 * ```
 */
export class Printer {
  readonly #sink: Sink;
  #lines: string[] = [];
  /** Characters of them. */
  #length = 0;
  /** Lines that were left out behind them. */
  #missed = 0;
  #writing: Promise<void> | undefined;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /** Prints a line, or leaves it out if too many wait. */
  print(line: string): void {
    if (this.#missed > 0 || this.#length + line.length > WAITING) this.#missed++;
    else {
      this.#lines.push(line);
      this.#length += line.length;
    }
    this.#writing ??= this.#writeAll();
  }

  /** Waits until all is written, for so many milliseconds at most. */
  async flush(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>(), timer = setTimeout(resolve, milliseconds);
    await Promise.race([this.#writing, promise]);
    clearTimeout(timer);
  }

  async #writeAll(): Promise<void> {
    while (this.#lines.length > 0) {
      if (this.#missed > 0) this.#lines.push(`\u2026 ${this.#missed} lines are left out: nobody reads as fast \u2026`);
      const bytes = encoder.encode(this.#lines.map((line) => `${line}\n`).join(""));
      this.#lines = [];
      this.#length = this.#missed = 0;
      await this.#write(bytes);
    }
    this.#writing = undefined;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    try {
      for (let rest = bytes; rest.length > 0;) {
        const written = await this.#sink.write(rest);
        if (written === 0) return;
        rest = rest.subarray(written);
      }
    } catch {
      // there is nowhere to say so
    }
  }
}

const output = new Printer(Deno.stdout), errors = new Printer(Deno.stderr);

/** Prints a line on standard output. */
export function print(line: string): void {
  output.print(line);
}

/** Prints a line on standard error. */
export function printError(line: string): void {
  errors.print(line);
}

/** Waits until both are written, for so many milliseconds at most. */
export async function printed(milliseconds: number): Promise<void> {
  await Promise.all([output.flush(milliseconds), errors.flush(milliseconds)]);
}
