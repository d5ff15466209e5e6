/**
 * One connection of the fuzzer. It always reads, because a server may wait for that, and checks each line: it must be valid
 * JSON, and an answer must have an integer `response`.
 */

import { writeAll } from "../../select/write_all.ts";

/** An object from the server, as far as it is checked. */
export interface ServerObject {
  readonly response?: number;
  readonly error?: string;
  readonly action?: string;
  readonly from?: string;
  readonly message?: string;
}

export interface LineClient {
  /** The answers that have not been taken yet. */
  readonly answers: ServerObject[];
  /** How the connection ended: nothing while it lasts, `end`, or an error's message. */
  readonly over: string;
  /** What the server sent against the rules; empty if nothing. */
  readonly violation: string;
  /** Writes bytes as they are. */
  send(bytes: Uint8Array): Promise<void>;
  /** Waits for a condition; false when the connection ends or {@linkcode PATIENCE} is over before. */
  until(so: () => boolean): Promise<boolean>;
  /** Ends our stream. */
  end(): Promise<void>;
  close(): void;
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
export async function connect(
  port: number,
  { onOther, ignoresContent = false, neverReads = false }: LineOptions = {},
): Promise<LineClient> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  conn.setNoDelay();
  const answers: ServerObject[] = [];
  let over = "", nonsense = "", rest = "";
  let look = () => {};
  if (!neverReads) read();

  return {
    answers,
    get over() {
      return over;
    },
    get violation() {
      return nonsense;
    },
    async send(bytes) {
      try {
        await writeAll(conn, bytes);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        over ||= error.message; // closed by the server, and that is its right
      }
    },
    until(so) {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const late = setTimeout(() => done(false), PATIENCE);
      const done = (outcome: boolean) => {
        clearTimeout(late);
        look = () => {};
        resolve(outcome);
      };
      look = () => {
        if (so()) done(true);
        else if (over !== "" || nonsense !== "") done(false);
      };
      look();
      return promise;
    },
    end: () => conn.closeWrite().catch(() => {}),
    close() {
      try {
        conn.close();
      } catch (error) {
        if (!(error instanceof Deno.errors.BadResource)) throw error;
      }
    },
  };

  async function read(): Promise<void> {
    const buffer = new Uint8Array(BUFFER), decoder = new TextDecoder("utf-8", { fatal: true });
    try {
      for (;;) {
        const count = await conn.read(buffer);
        if (count === null) break;
        if (!ignoresContent) take(decoder.decode(buffer.subarray(0, count), { stream: true }));
        look();
      }
      if (rest !== "") nonsense ||= `a line without an end: ${rest}`;
      over = "end";
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (error instanceof TypeError) nonsense ||= `what is no UTF-8: ${error.message}`;
      over = error.message;
    }
    look();
  }

  function take(text: string): void {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      const said = parsed(line);
      if (said === undefined) nonsense ||= `a line that is no answer and no relay: ${line}`;
      else if (said.response === undefined) onOther?.(said);
      else answers.push(said);
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
