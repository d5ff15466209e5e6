// A page, as far as the server can tell: Deno's own WebSocket, and one by hand for what no browser would do.

import assert from "node:assert/strict";
import { connectFrom } from "./from.ts";
import type { Heard } from "./peer.ts";
import { within } from "./within.ts";

/** What a close frame said. */
export interface Ending {
  readonly code: number;
  readonly reason: string;
}

export interface Page extends AsyncDisposable {
  /** Each text goes as it is, in a frame of its own; an object as JSON. */
  say(...words: (string | object | Uint8Array<ArrayBuffer>)[]): void;
  /** The next frame, parsed. */
  hear(): Promise<Heard>;
  /** Hears the next object, which must have these fields. */
  expect(fields: object): Promise<Heard>;
  /** Says presence and hears the 200. */
  enter(name: string): Promise<void>;
  /** Says it and hears the 200 to it. */
  sayOk(words: object): Promise<Heard>;
  /** Hears the end. What came before and was not heard yet stays. */
  ended(): Promise<Ending>;
}

/** Opens one; with a client that trusts the server's certificate, behind encryption. */
export async function openPage(
  port: number,
  { origin, client }: { origin?: string; client?: Deno.HttpClient } = {},
): Promise<Page> {
  const url = client === undefined ? `ws://127.0.0.1:${port}/jim` : `wss://localhost:${port}/jim`;
  const headers = origin === undefined ? {} : { origin };
  const socket = new WebSocket(url, { protocols: ["jim"], headers, ...(client === undefined ? {} : { client }) });
  const heard: Heard[] = [];
  let told = () => {};
  socket.onmessage = ({ data }) => (heard.push(JSON.parse(data)), told());
  const ending = new Promise<Ending>((resolve) => socket.onclose = ({ code, reason }) => resolve({ code, reason }));
  await within(
    "the WebSocket's opening",
    new Promise<void>((resolve, reject) => {
      socket.onopen = () => resolve();
      socket.onerror = (event) => reject(new Error((event as ErrorEvent).message));
    }),
  );
  let over = false;
  ending.then(() => (over = true, told()));
  socket.onerror = null;
  const page: Page = {
    say(...words) {
      for (const each of words) {
        socket.send(typeof each === "string" || each instanceof Uint8Array ? each : JSON.stringify(each));
      }
    },
    async hear() {
      while (heard.length === 0) {
        assert.ok(!over, "The WebSocket is over, and something was still expected");
        await within("a frame", new Promise<void>((resolve) => told = resolve));
      }
      return heard.shift();
    },
    async expect(fields) {
      const object = await page.hear();
      assert.deepEqual({ ...object, ...fields }, object);
      return object;
    },
    async enter(name) {
      page.say({ action: "presence", time: 1, user: { account_name: name, status: "" } });
      await page.expect({ response: 200 });
    },
    sayOk(words) {
      page.say(words);
      return page.expect({ response: 200 });
    },
    ended: () => within("the WebSocket's end", ending),
    async [Symbol.asyncDispose]() {
      socket.close();
      await page.ended();
    },
  };
  return page;
}

/** One frame. */
export interface Frame {
  readonly kind: number;
  readonly text: string;
}

/** What no browser would do. */
export interface RawPage extends Disposable {
  /** What the server said to the request. */
  readonly head: string;
  /** Sends bytes as they are. */
  send(bytes: Uint8Array): Promise<void>;
  /** The next frame. */
  hear(): Promise<Frame>;
  /** The next frame, which must be a close frame. */
  ending(): Promise<Ending>;
  /** Hears the end of the stream, or its breaking off. */
  expectBreak(): Promise<void>;
}

const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
/** The headers that ask for a WebSocket. */
export const UPGRADE: readonly string[] = [
  "Upgrade: websocket",
  "Connection: Upgrade",
  "Sec-WebSocket-Version: 13",
  `Sec-WebSocket-Key: ${KEY}`,
];

/** Asks for a WebSocket by hand, from another address of this machine if one is named. */
export async function openRaw(
  port: number,
  headers: readonly string[] = UPGRADE,
  host?: string,
  from?: string,
): Promise<RawPage> {
  const conn = from === undefined ? await Deno.connect({ hostname: "127.0.0.1", port }) : await connectFrom(from, port);
  let come = new Uint8Array(0);
  const request = ["GET /jim HTTP/1.1", `Host: ${host ?? `127.0.0.1:${port}`}`, ...headers, "\r\n"].join("\r\n");
  await send(new TextEncoder().encode(request));
  let head = "";
  while (!head.endsWith("\r\n\r\n")) head += String.fromCharCode(...await take(1));
  return { head, send, hear, ending, expectBreak, [Symbol.dispose]: () => conn.close() };

  async function send(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; rest.length > 0;) {
      rest = rest.subarray(await within("room to write into", conn.write(rest)));
    }
  }

  async function hear(): Promise<Frame> {
    const [first = 0, length = 0] = await take(2);
    const more = length === 126 ? 2 : length === 127 ? 8 : 0;
    const size = more === 0 ? length : Number(`0x${(await take(more)).toHex()}`);
    return { kind: first & 15, text: String.fromCharCode(...await take(size)) };
  }

  async function ending(): Promise<Ending> {
    const { kind, text } = await hear();
    assert.equal(kind, 8);
    return { code: text.charCodeAt(0) << 8 | text.charCodeAt(1), reason: text.slice(2) };
  }

  async function take(count: number): Promise<Uint8Array> {
    while (come.length < count) {
      const buffer = new Uint8Array(65_536);
      const got = await within("bytes of a frame", conn.read(buffer));
      if (got === null) throw new Deno.errors.UnexpectedEof("the end of the stream");
      come = new Uint8Array([...come, ...buffer.subarray(0, got)]);
    }
    const taken = come.slice(0, count);
    come = come.slice(count);
    return taken;
  }

  async function expectBreak(): Promise<void> {
    try {
      while (await within("the end of the stream", conn.read(new Uint8Array(65_536))) !== null);
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
    }
  }
}

/** A client's frame: masked, as it must be unless told otherwise. */
export function frame(kind: number, payload: string | Uint8Array, { last = true, masked = true } = {}): Uint8Array {
  const bytes = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
  const mask = masked ? [1, 2, 3, 4] : [];
  const { length } = bytes, wide = length < 126 ? [] : [length >> 8, length & 255];
  assert.ok(length < 65_536);
  const head = [(last ? 128 : 0) | kind, (masked ? 128 : 0) | (length < 126 ? length : 126), ...wide, ...mask];
  return new Uint8Array([...head, ...bytes.map((byte, i) => masked ? byte ^ mask[i & 3]! : byte)]);
}
