/**
 * One connection of the fuzzer. It always reads, because a server may wait for that, and checks each line: it must be valid
 * JSON, and an answer must have an integer `response`.
 */

import { writeAll } from "../../select/write_all.ts";
import { close } from "./close.ts";

/** An object from the server, as far as it is checked. */
export interface ServerObject {
  readonly response?: number;
  readonly error?: string;
  readonly action?: string;
  readonly from?: string;
  readonly message?: string;
}

export interface LineOptions {
  /** Called with each object that is no answer. */
  readonly onOther?: (said: ServerObject) => void;
  /** What arrives is read and not checked: the answers may be in another framing or protocol. */
  readonly ignoresContent?: boolean;
  /** It never reads. */
  readonly neverReads?: boolean;
}

/** Nothing on the loopback takes this long, in milliseconds, unless it never comes. */
const PATIENCE = 15_000;
const BUFFER = 64 * 1024;

/** Connects to a port of this machine. */
export async function connect(port: number, options: LineOptions = {}): Promise<LineClient> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  conn.setNoDelay();
  return new LineClient(conn, options);
}

export class LineClient {
  /** The answers that have not been taken yet. */
  readonly answers: ServerObject[] = [];
  readonly #conn: Deno.TcpConn;
  readonly #options: LineOptions;
  /** The beginning of a line. */
  #rest = "";
  #over = "";
  #violation = "";
  /** Called after each change of what {@linkcode until} waits for. */
  #onChange = () => {};

  constructor(conn: Deno.TcpConn, options: LineOptions) {
    this.#conn = conn;
    this.#options = options;
    if (options.neverReads !== true) void this.#read();
  }

  /** How the connection ended: nothing while it lasts, `end`, or an error's message. */
  get over(): string {
    return this.#over;
  }

  /** What the server sent against the rules; empty if nothing. */
  get violation(): string {
    return this.#violation;
  }

  /** Writes bytes as they are. */
  async send(bytes: Uint8Array): Promise<void> {
    try {
      await writeAll(this.#conn, bytes);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#over ||= error.message; // closed by the server, and that is its right
    }
  }

  /** Waits for a condition; false when the connection ends or {@linkcode PATIENCE} is over before. */
  until(so: () => boolean): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const late = setTimeout(() => done(false), PATIENCE);
    const done = (outcome: boolean) => {
      clearTimeout(late);
      this.#onChange = () => {};
      resolve(outcome);
    };
    this.#onChange = () => {
      if (so()) done(true);
      else if (this.#over !== "" || this.#violation !== "") done(false);
    };
    this.#onChange();
    return promise;
  }

  /** Ends our stream. */
  async end(): Promise<void> {
    await this.#conn.closeWrite().catch(() => {});
  }

  close(): void {
    close(this.#conn);
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(BUFFER), decoder = new TextDecoder("utf-8", { fatal: true });
    try {
      for (let count; (count = await this.#conn.read(buffer)) !== null;) {
        const bytes = buffer.subarray(0, count);
        if (this.#options.ignoresContent !== true) this.#take(decoder.decode(bytes, { stream: true }));
        this.#onChange();
      }
      if (this.#rest !== "") this.#violation ||= `a line without an end: ${this.#rest}`;
      this.#over = "end";
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (error instanceof TypeError) this.#violation ||= `what is no UTF-8: ${error.message}`;
      this.#over = error.message;
    }
    this.#onChange();
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop()!;
    for (const line of lines) {
      const said = parsed(line);
      if (said === undefined) this.#violation ||= `a line that is no answer and no relay: ${line}`;
      else if (said.response === undefined) this.#options.onOther?.(said);
      else this.answers.push(said);
    }
  }
}

/** An answer with a whole `response`, or something with an `action`; else undefined. */
function parsed(line: string): ServerObject | undefined {
  try {
    const said = JSON.parse(line);
    return Number.isInteger(said.response) || typeof said.action === "string" ? said : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}
