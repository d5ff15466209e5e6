/**
 * One connection of the fuzzer. It reads all that comes while anything else goes on, for a server may well wait for that,
 * and holds every line against the one promise of a line-speaking server: valid JSON, and in an answer a whole `response`.
 */

import { writeAll } from "../../select/write_all.ts";

/** What a server may say, as far as it is looked into. */
export interface Said {
  readonly response?: number;
  readonly error?: string;
  readonly action?: string;
  readonly from?: string;
  readonly message?: string;
}

export interface Line {
  /** The answers that nobody has taken yet. */
  readonly answers: Said[];
  /** How the connection ended: nothing while it lasts, `end`, or an error's message. */
  readonly over: string;
  /** What came that no server should say. */
  readonly nonsense: string;
  /** Bytes that wait for their newline. */
  say(bytes: Uint8Array): Promise<void>;
  /** Waits for something to be so; false when the connection has ended or {@linkcode PATIENCE} has, and it is not. */
  until(so: () => boolean): Promise<boolean>;
  /** Ends our stream. */
  end(): Promise<void>;
  close(): void;
}

export interface Ears {
  /** Hears what is no answer. */
  readonly heard?: (said: Said) => void;
  /** It speaks so that lines are not what it is owed: what comes is read and not looked into. */
  readonly any?: boolean;
  /** It never reads. */
  readonly deaf?: boolean;
}

/** Nothing on the loopback takes this long, in milliseconds, unless it never comes. */
const PATIENCE = 15_000;
const BUFFER = 64 * 1024;

/** Connects to a port of this machine. */
export async function connect(port: number, { heard, any = false, deaf = false }: Ears = {}): Promise<Line> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  conn.setNoDelay();
  const answers: Said[] = [];
  let over = "", nonsense = "", rest = "";
  let look = () => {};
  if (!deaf) read();

  return {
    answers,
    get over() {
      return over;
    },
    get nonsense() {
      return nonsense;
    },
    async say(bytes) {
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
        if (!any) take(decoder.decode(buffer.subarray(0, count), { stream: true }));
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
      else if (said.response === undefined) heard?.(said);
      else answers.push(said);
    }
  }
}

/** An answer with a whole `response`, or something with an `action`; else undefined. */
function parsed(line: string): Said | undefined {
  try {
    const said = JSON.parse(line);
    return Number.isInteger(said.response) || typeof said.action === "string" ? said : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}
