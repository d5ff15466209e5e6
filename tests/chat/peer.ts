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
  const segments: string[] = [];
  const heard: Heard[] = [];
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "", left = new Uint8Array(0), over = "", told = () => {};
  let broken: Error | undefined;
  let reading = readsLater ? Promise.resolve() : read();
  if ("setNoDelay" in conn) conn.setNoDelay();

  return {
    port: (conn.localAddr as Deno.NetAddr).port,
    segments,
    say,
    hear,
    async hearAll(count) {
      const all: Heard[] = [];
      while (all.length < count) all.push(await hear());
      return all;
    },
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
      const all: Heard[] = [];
      while (all.length < quantity) all.push(await hear());
      return all;
    },
    async silence() {
      await say({ action: "probe", time: 1764000000 });
      const answer = await hear();
      assert.deepEqual([answer.response, answer.alert], [200, "ok"], `Heard ${JSON.stringify(answer)}`);
    },
    async end() {
      await conn.closeWrite();
      await within("the end of the stream", reading);
      assert.equal(over, "end");
      return heard.splice(0);
    },
    async expectEnd() {
      await within("the end of the stream", reading);
      assert.deepEqual([heard, over], [[], "end"]);
    },
    async expectBreak() {
      await within("the end of the connection", reading);
      assert.equal(broken, undefined, `Heard what is no JSON in UTF-8: ${broken}`);
    },
    listen: () => reading = read(),
    close,
    [Symbol.dispose]: close,
  };

  async function say(...words: Words[]): Promise<void> {
    const parts = words.map((each) => each instanceof Uint8Array ? each : bytesOf(each));
    let bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    while (bytes.length > 0) bytes = bytes.subarray(await within("room to write into", conn.write(bytes)));
  }

  function bytesOf(words: object | string): Uint8Array {
    if (typeof words === "string") return encoder.encode(words);
    if (!prefixed) return encoder.encode(JSON.stringify(words) + lineEnd);
    const object = encoder.encode(JSON.stringify(words)), bytes = new Uint8Array(4 + object.length);
    new DataView(bytes.buffer).setUint32(0, object.length);
    bytes.set(object, 4);
    return bytes;
  }

  async function hear(): Promise<Heard> {
    while (heard.length === 0) {
      assert.equal(over, "", `The connection is over (${over}), and something was still expected`);
      await within("an object", new Promise<void>((resolve) => told = resolve));
    }
    return heard.shift();
  }

  async function read(): Promise<void> {
    const buffer = new Uint8Array(readsLater ? RECV_MUCH : RECV);
    try {
      for (;;) {
        const count = await conn.read(buffer);
        if (count === null) break;
        if (prefixed) byLength(buffer.subarray(0, count));
        else byLine(decoder.decode(buffer.subarray(0, count), { stream: true }));
        told();
      }
      over = rest === "" && left.length === 0 ? "end" : `end in the middle of ${rest}`;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (error instanceof SyntaxError || error instanceof TypeError) broken = error; // and none of the connection
      over = error.message;
    }
    told();
  }

  function byLine(segment: string): void {
    segments.push(segment);
    const lines = (rest + segment).split("\n");
    rest = lines.pop()!;
    for (const line of lines) heard.push(JSON.parse(line));
  }

  function byLength(bytes: Uint8Array): void {
    left = new Uint8Array([...left, ...bytes]);
    while (left.length >= 4) {
      const end = 4 + new DataView(left.buffer).getUint32(0);
      if (left.length < end) return;
      heard.push(JSON.parse(decoder.decode(left.subarray(4, end))));
      left = left.slice(end);
    }
  }

  function close(): void {
    try {
      conn.close();
    } catch (error) {
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }
}
