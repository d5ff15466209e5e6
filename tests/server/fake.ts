// A server without a network: the test decides about each read and write of its sockets. What real ones do by chance (a read
// that ends between two events, a write that takes half) happens here when it is told to.

import { DEFAULT_LIMITS } from "../../jim/mod.ts";
import { ready } from "../../select/mod.ts";
import { Connection, type Socket } from "../../server/net/connection.ts";
import { Meter } from "../../server/net/meter.ts";
import { Bucket } from "../../server/limits/rate_limit.ts";
import type { Event } from "../../server/events.ts";
import { serve, type ServerConfig } from "../../server/serve.ts";
import { embeddedStore, type Store } from "../chat/store.ts";
import { TOKEN } from "../token.ts";

/** One socket, seen from the peer's side. */
export interface FakeSocket extends Socket {
  /** What was written, write by write: the very views that the server handed over. */
  readonly writes: Uint8Array[];
  /** All of it. */
  readonly heard: string;
  /** The objects of all of it. */
  readonly objects: Record<string, unknown>[];
  closed: boolean;
  shut: boolean;
  /** How many bytes a write takes; 0: it does not end before `take` is set again. */
  take: number;
  give(text: string): void;
  giveBytes(bytes: Uint8Array): void;
  end(): void;
  fail(error: Error): void;
  /** Lets the write in flight fail. */
  failWrite(error: Error): void;
}

/** Makes one. */
export function fakeSocket(port: number, hostname = "127.0.0.1"): FakeSocket {
  const writes: Uint8Array[] = [];
  const arrived: (Uint8Array | null | Error)[] = [];
  let reading: { into: Uint8Array; resolve(count: number | null): void; reject(error: Error): void } | undefined;
  let writing: { length: number; resolve(count: number): void; reject(error: Error): void } | undefined;
  let take = Infinity, heard = "";
  const put = (what: Uint8Array | null | Error) => {
    arrived.push(what);
    serveRead();
  };
  return {
    writes,
    get heard() {
      return heard;
    },
    get objects() {
      return heard.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
    },
    closed: false,
    shut: false,
    get take() {
      return take;
    },
    set take(bytes) {
      take = bytes;
      serveWrite();
    },
    remoteAddr: { transport: "tcp", hostname, port },
    setNoDelay: () => {},
    setKeepAlive: () => {},
    read(into) {
      if (reading !== undefined) throw new Error("Two reads at once");
      return new Promise((resolve, reject) => {
        reading = { into, resolve, reject };
        serveRead();
      });
    },
    write(bytes) {
      if (writing !== undefined) throw new Error("Two writes at once");
      if (this.shut) return Promise.reject(new Deno.errors.BrokenPipe("shut"));
      writes.push(bytes);
      const length = Math.min(bytes.length, take);
      heard += new TextDecoder().decode(bytes.subarray(0, take === 0 ? bytes.length : length));
      return new Promise((resolve, reject) => {
        writing = { length: take === 0 ? bytes.length : length, resolve, reject };
        serveWrite();
      });
    },
    closeWrite() {
      this.shut = true;
      return Promise.resolve();
    },
    close() {
      this.closed = true;
      reading?.reject(new Deno.errors.Interrupted("closed"));
    },
    give: (text) => put(new TextEncoder().encode(text)),
    giveBytes: put,
    end: () => put(null),
    fail: put,
    failWrite(error) {
      writing!.reject(error);
      writing = undefined;
    },
  };

  function serveRead(): void {
    if (reading === undefined || arrived.length === 0) return;
    const { into, resolve, reject } = reading;
    const what = arrived.shift()!;
    reading = undefined;
    if (what instanceof Error) reject(what);
    else if (what === null) resolve(null);
    else {
      const count = Math.min(what.length, into.length);
      into.set(what.subarray(0, count));
      if (count < what.length) arrived.unshift(what.subarray(count));
      resolve(count);
    }
  }

  function serveWrite(): void {
    if (writing === undefined || take === 0) return;
    const { length, resolve } = writing;
    writing = undefined;
    resolve(length);
  }
}

/** A connection without a server, after its presence. */
export function makeConnection(name: string, lines = false): Connection {
  const select = ready<void>();
  const sources = {
    reads: () => select.source<number | null>(() => {}, () => {}),
    writes: () => select.source<number>(() => {}, () => {}),
  };
  const connection = new Connection(
    fakeSocket(1),
    "127.0.0.1",
    DEFAULT_LIMITS,
    new Bucket({ rate: 0, burst: 0 }),
    sources,
  );
  connection.name = name;
  connection.framer.isLineDelimited = lines;
  connection.detectFraming();
  return connection;
}

/** A server on a clock that stands still, with sockets from the test's hand. */
export function fakeServer(config: Partial<ServerConfig> = {}, store: Store = embeddedStore()) {
  const select = ready<Event>();
  const clock = { now: 0, wall: 1_764_000_000_000 }, meter = new Meter();
  store.ready = () => select.post({ kind: "journal" });
  const queue: (Socket | Error)[] = [];
  let accepting: { resolve(socket: Socket): void; reject(error: Error): void } | undefined;
  let ports = 50_000;
  const over = serve(
    {
      accept: () =>
        new Promise((resolve, reject) => {
          accepting = { resolve, reject };
          admit();
        }),
      close: () => accepting?.reject(new Deno.errors.BadResource("closed")),
    },
    {
      limits: DEFAULT_LIMITS,
      rateLimit: { rate: 0, burst: 0 },
      outbox: 1 << 20,
      bareGap: 50,
      probeAfter: 60_000,
      newRooms: 0,
      newAccounts: 0,
      dailyPerAccount: 0,
      dailyPerAddress: 0,
      emptyRooms: 0,
      rules: { registration: true, guests: true, devices: 3, rooms: 5, replay: 100, sessionDays: 30, editMinutes: 60 },
      language: "en",
      connections: 1_000,
      perAddress: 0,
      presenceWithin: 30_000,
      idle: 0,
      outboxes: 1 << 28,
      unfinished: 1 << 23,
      ...config,
    },
    {
      select,
      journal: store.journal,
      wall: () => clock.wall,
      now: () => clock.now,
      meter,
      token: TOKEN,
    },
  );
  return {
    select,
    clock,
    meter,
    over,
    /** A client connects. */
    connect(): FakeSocket {
      const socket = fakeSocket(ports++);
      queue.push(socket);
      admit();
      return socket;
    },
    /** The next accept fails. */
    refuse(error: Error): void {
      queue.push(error);
      admit();
    },
    /** Whether the server waits for a connection. */
    get accepts() {
      return accepting !== undefined;
    },
    pass(ms: number): void {
      clock.now += ms;
      select.post({ kind: "timer" });
    },
    async [Symbol.asyncDispose]() {
      select.post({ kind: "stop" });
      for (let i = 0; i < 3; i++) {
        this.pass(60_000); // nobody needs to go: all deadlines are over
        await quiet();
      }
      await over;
    },
  };

  function admit(): void {
    if (accepting === undefined || queue.length === 0) return;
    const { resolve, reject } = accepting;
    const next = queue.shift()!;
    accepting = undefined;
    if (next instanceof Error) reject(next);
    else resolve(next);
  }
}

/** When all that can happen without the clock has happened: timers stand behind every promise that has settled. */
export async function quiet(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setTimeout(resolve, 0));
}

/** Presence, as a line or bare. */
export const presence = (account_name: string) =>
  JSON.stringify({ action: "presence", time: 1, user: { account_name, status: "" } });

/** A message to all. */
export const msg = (message: string, more: object = {}) =>
  JSON.stringify({ action: "msg", time: 1, to: "#all", message, ...more });
