/**
 * A well-behaved client of a scenario: it sends requests as lines, reads all that arrives, and returns the answers one by
 * one. What a scenario sends against the rules goes over raw sockets (raw.ts).
 */

import { writeAll } from "../../select/write_all.ts";
import { close } from "./close.ts";

/** An object from the server, as far as scenarios look into it. */
export interface ServerObject {
  readonly response?: number;
  readonly error?: string;
  readonly alert?: string;
  readonly action?: string;
  readonly quantity?: number;
  readonly time?: unknown;
  readonly id?: number;
  readonly from?: string;
  readonly message?: string;
  readonly user_id?: string;
  readonly room?: string;
}

/** Milliseconds after which a missing answer is a fault of the server. */
export const PATIENCE = 10_000;
export const PASSWORD = "correct horse battery";

const encoder = new TextEncoder();

export class Client {
  readonly #conn: Deno.TcpConn;
  readonly #objects: ServerObject[] = [];
  #look = () => {};
  /** Why the connection ended; empty while it lasts. */
  ended = "";

  private constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
    void this.#read();
  }

  static async connect(port: number): Promise<Client> {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port });
    conn.setNoDelay();
    return new Client(conn);
  }

  /** Connects and enters as a guest. */
  static async join(port: number, name: string, more: object = {}): Promise<Client> {
    const client = await Client.connect(port);
    await client.request({ action: "presence", user: { account_name: name, status: "" }, ...more });
    return client;
  }

  /** Sends an object, or bytes as they are. A failure shows in the next answer. */
  async send(words: object | Uint8Array): Promise<void> {
    try {
      await writeAll(this.#conn, bytesOf(words));
    } catch (error) {
      this.ended ||= (error as Error).message;
    }
  }

  /** Sends a request and returns its answer; undefined if none arrives in time. */
  async request(words: object, patience = PATIENCE): Promise<ServerObject | undefined> {
    await this.send(words);
    return await this.answer(patience);
  }

  /** The next answer. Notices before it are dropped. Undefined if none comes in time. */
  async answer(patience = PATIENCE): Promise<ServerObject | undefined> {
    const late = performance.now() + patience;
    for (;;) {
      const told = await this.next(late - performance.now());
      if (told === undefined || told.response! >= 200) return told;
    }
  }

  /** Sends a request for a list, and returns the answer and its rows: fewer than `quantity` if they do not arrive. */
  async requestList(
    words: object,
    patience = PATIENCE,
  ): Promise<{ answer: ServerObject | undefined; rows: ServerObject[] }> {
    const answer = await this.request(words, patience), rows: ServerObject[] = [];
    for (let left = answer?.quantity ?? 0; left > 0; left--) {
      const row = await this.next(patience);
      if (row === undefined) break;
      rows.push(row);
    }
    return { answer, rows };
  }

  /** The next object, of whatever kind. Undefined if none comes in time, or the connection has ended. */
  async next(patience = PATIENCE): Promise<ServerObject | undefined> {
    if (this.#objects.length === 0 && this.ended === "") {
      const { promise, resolve } = Promise.withResolvers<void>();
      const late = setTimeout(resolve, patience);
      this.#look = resolve;
      await promise;
      clearTimeout(late);
    }
    return this.#objects.shift();
  }

  close(): void {
    close(this.#conn);
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder(), buffer = new Uint8Array(256 * 1024);
    let rest = "";
    try {
      for (let count; (count = await this.#conn.read(buffer)) !== null;) {
        const lines = (rest + decoder.decode(buffer.subarray(0, count), { stream: true })).split("\n");
        rest = lines.pop()!;
        for (const line of lines) this.#objects.push(JSON.parse(line));
        if (lines.length > 0) this.#look();
      }
      this.ended ||= "the server closed the connection";
    } catch (error) {
      this.ended ||= (error as Error).message;
    }
    this.#look();
  }
}

/** A request as a line, with a time. */
export function bytesOf(words: object | Uint8Array): Uint8Array {
  return words instanceof Uint8Array ? words : encoder.encode(`${JSON.stringify({ time: 1764000000, ...words })}\n`);
}

/** The request by which an account logs in. */
export function login(name: string, password = PASSWORD): object {
  return { action: "authenticate", user: { account_name: name, password } };
}
