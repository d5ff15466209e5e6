// One end of a conversation, to be scripted: it says what a test tells it to and remembers all it hears, as whole objects
// and as the segments they came in. It knows nothing of jim/: what a stranger reads must be readable without it.

import assert from "node:assert/strict";
import { within } from "./within.ts";

/** What is said: bytes and strings go as they are, an object as JSON and the speaker's line end behind it. */
export type Words = object | string | Uint8Array;

/** One object as it was heard. */
// deno-lint-ignore no-explicit-any -- a test looks into it freely
export type Heard = any;

export interface Peer extends Disposable {
  /** The port on our side, by which the server's log knows us. */
  readonly port: number;
  /** Each segment as one `recv(1024)` gave it. */
  readonly segments: readonly string[];
  /** Says all of it in one write. */
  say(...words: Words[]): Promise<void>;
  /** The next whole object. */
  hear(): Promise<Heard>;
  /** The next objects, as many as that. */
  hearAll(count: number): Promise<Heard[]>;
  /** Hears the next object, which must have these fields. */
  expect(fields: object): Promise<Heard>;
  /** Says presence and hears the 200. */
  enter(name: string, more?: object): Promise<void>;
  /** Says it and hears the 200 to it. */
  sayOk(words: Words): Promise<Heard>;
  /** Says it, hears the 202 to it with a quantity, and returns the objects that follow. */
  ask(words: Words): Promise<Heard[]>;
  /** Nothing has come: what is heard next is the answer to a probe sent now. */
  silence(): Promise<void>;
  /** Ends our stream, and hears the rest of what the other side has to say, up to its end. */
  end(): Promise<Heard[]>;
  /** Hears the end of the stream, and nothing before it. */
  expectEnd(): Promise<void>;
  /** Hears the connection break off, by its end or by a reset. */
  expectBreak(): Promise<void>;
  /** Begins to read, for a peer that did not. */
  listen(): void;
  close(): void;
}

export interface PeerOptions {
  /** What ends each object: a newline, or nothing for a bare speaker. */
  readonly lineEnd?: string;
  /** Four bytes before each object say its length instead, both ways. */
  readonly prefixed?: boolean;
  /** It reads nothing before it is told to. */
  readonly readsLater?: boolean;
}

/** A read of one that reads as things come, and of one that has to catch up on megabytes, in the time that it is given. */
const RECV = 1024, RECV_MUCH = 64 * 1024;
const encoder = new TextEncoder();

/** Connects to a port of this machine. */
export async function connect(port: number, options: PeerOptions = {}, hostname = "127.0.0.1"): Promise<Peer> {
  return peerOf(await Deno.connect({ hostname, port }), options);
}

/** Speaks and hears on a connection. */
export function peerOf(
  conn: Deno.TcpConn | Deno.TlsConn,
  { lineEnd = "\n", prefixed = false, readsLater = false }: PeerOptions,
): Peer {
  const incoming = new Incoming(conn, prefixed, readsLater ? RECV_MUCH : RECV);
  if (!readsLater) incoming.listen();
  if ("setNoDelay" in conn) conn.setNoDelay();
  const say = (...words: Words[]) => writeAll(conn, words.map((each) => bytesOf(each, prefixed, lineEnd)));
  const close = () => closeOnce(conn);
  return {
    port: (conn.localAddr as Deno.NetAddr).port,
    segments: incoming.segments,
    say,
    hear: () => incoming.next(),
    ...dialogue(say, () => incoming.next()),
    async end() {
      await conn.closeWrite();
      assert.equal(await incoming.ended(), "end");
      return incoming.heard.splice(0);
    },
    async expectEnd() {
      const over = await incoming.ended();
      assert.deepEqual([incoming.heard, over], [[], "end"]);
    },
    async expectBreak() {
      await incoming.ended();
      assert.equal(incoming.broken, undefined, `Heard what is no JSON in UTF-8: ${incoming.broken}`);
    },
    listen: () => incoming.listen(),
    close,
    [Symbol.dispose]: close,
  };
}

/** What is said and heard in turn. */
function dialogue(
  say: Peer["say"],
  hear: Peer["hear"],
): Pick<Peer, "hearAll" | "expect" | "enter" | "sayOk" | "ask" | "silence"> {
  const hearAll = async (count: number) => {
    const all: Heard[] = [];
    while (all.length < count) all.push(await hear());
    return all;
  };
  return {
    hearAll,
    async expect(fields) {
      const object = await hear();
      assert.deepEqual({ ...object, ...fields }, object);
      return object;
    },
    async enter(name, more = {}) {
      await say({ action: "presence", time: 1764000000, user: { account_name: name, status: "" }, ...more });
      const { response } = await hear();
      assert.equal(response, 200);
    },
    async sayOk(words) {
      await say(words);
      const answer = await hear();
      assert.equal(answer.response, 200, JSON.stringify(answer));
      return answer;
    },
    async ask(words) {
      await say(words);
      const { response, quantity, ...rest } = await hear();
      assert.equal(response, 202, JSON.stringify(rest));
      return await hearAll(quantity);
    },
    async silence() {
      await say({ action: "probe", time: 1764000000 });
      const answer = await hear();
      assert.deepEqual([answer.response, answer.alert], [200, "ok"], `Heard ${JSON.stringify(answer)}`);
    },
  };
}

/** What comes from the other side. */
class Incoming {
  readonly segments: string[] = [];
  /** Objects that nobody has asked for yet. */
  readonly heard: Heard[] = [];
  /** It sends what is no JSON in UTF-8. */
  broken: Error | undefined;
  /** How the stream has ended; empty before that. */
  #over = "";
  #reading: Promise<void> = Promise.resolve();
  #wake = () => {};
  #rest = "";
  #left = new Uint8Array(0);
  readonly #conn: Deno.Conn;
  readonly #prefixed: boolean;
  readonly #recv: number;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });

  /** @param recv bytes that one read takes */
  constructor(conn: Deno.Conn, prefixed: boolean, recv: number) {
    this.#conn = conn;
    this.#prefixed = prefixed;
    this.#recv = recv;
  }

  /** Begins to read. */
  listen(): void {
    this.#reading = this.#read();
  }

  /** Waits for the end of the stream, and returns how it has ended. */
  async ended(): Promise<string> {
    await within("the end of the connection", this.#reading);
    return this.#over;
  }

  /** The next object. */
  async next(): Promise<Heard> {
    while (this.heard.length === 0) {
      assert.equal(this.#over, "", `The connection is over (${this.#over}), and something was still expected`);
      await within("an object", new Promise<void>((resolve) => this.#wake = resolve));
    }
    return this.heard.shift();
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(this.#recv);
    try {
      for (;;) {
        const count = await this.#conn.read(buffer);
        if (count === null) break;
        if (this.#prefixed) this.#takeByLength(buffer.subarray(0, count));
        else this.#takeByLine(this.#decoder.decode(buffer.subarray(0, count), { stream: true }));
        this.#wake();
      }
      this.#over = this.#rest === "" && this.#left.length === 0 ? "end" : `end in the middle of ${this.#rest}`;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (error instanceof SyntaxError || error instanceof TypeError) this.broken = error; // and none of the connection
      this.#over = error.message;
    }
    this.#wake();
  }

  #takeByLine(segment: string): void {
    this.segments.push(segment);
    const lines = (this.#rest + segment).split("\n");
    this.#rest = lines.pop()!;
    for (const line of lines) this.heard.push(JSON.parse(line));
  }

  #takeByLength(bytes: Uint8Array): void {
    this.#left = new Uint8Array([...this.#left, ...bytes]);
    while (this.#left.length >= 4) {
      const end = 4 + new DataView(this.#left.buffer).getUint32(0);
      if (this.#left.length < end) return;
      this.heard.push(JSON.parse(this.#decoder.decode(this.#left.subarray(4, end))));
      this.#left = this.#left.slice(end);
    }
  }
}

function bytesOf(words: Words, prefixed: boolean, lineEnd: string): Uint8Array {
  if (words instanceof Uint8Array) return words;
  if (typeof words === "string") return encoder.encode(words);
  if (!prefixed) return encoder.encode(JSON.stringify(words) + lineEnd);
  const object = encoder.encode(JSON.stringify(words)), bytes = new Uint8Array(4 + object.length);
  new DataView(bytes.buffer).setUint32(0, object.length);
  bytes.set(object, 4);
  return bytes;
}

/** Writes all parts at once, if the connection takes them. */
async function writeAll(conn: Deno.Conn, parts: readonly Uint8Array[]): Promise<void> {
  let bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0)), at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  while (bytes.length > 0) bytes = bytes.subarray(await within("room to write into", conn.write(bytes)));
}

function closeOnce(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
