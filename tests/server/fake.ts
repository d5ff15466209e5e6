// A server without a network: the test decides about each read and write of its sockets. What real ones do by chance (a read
// that ends between two events, a write that takes half) happens here when it is told to.

import { DEFAULT_LIMITS } from "../../jim/mod.ts";
import { ready } from "../../select/mod.ts";
import { Connection, type Socket } from "../../server/net/connection.ts";
import type { Listener } from "../../server/net/listener.ts";
import { Meter } from "../../server/net/meter.ts";
import { Bucket } from "../../server/limits/rate_limit.ts";
import type { Event } from "../../server/events.ts";
import type { ServerConfig } from "../../server/config.ts";
import { serve } from "../../server/serve.ts";
import { embeddedStore, type Store } from "../chat/store.ts";
import { TOKEN } from "../token.ts";

/** One socket, seen from the peer's side. */
export class FakeSocket implements Socket {
  /** What was written, write by write: the very views that the server handed over. */
  readonly writes: Uint8Array[] = [];
  readonly remoteAddr: Deno.NetAddr;
  closed = false;
  shut = false;
  #heard = "";
  #take = Infinity;
  readonly #arrived: (Uint8Array | null | Error)[] = [];
  #reading: { into: Uint8Array; resolve(count: number | null): void; reject(error: Error): void } | undefined;
  #writing: { length: number; resolve(count: number): void; reject(error: Error): void } | undefined;

  constructor(port: number, hostname: string) {
    this.remoteAddr = { transport: "tcp", hostname, port };
  }

  /** All that was written. */
  get heard(): string {
    return this.#heard;
  }

  /** The objects of all of it. */
  get objects(): Record<string, unknown>[] {
    return this.#heard.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
  }

  /** How many bytes a write takes; 0: it does not end before `take` is set again. */
  get take(): number {
    return this.#take;
  }

  set take(bytes: number) {
    this.#take = bytes;
    this.#serveWrite();
  }

  give(text: string): void {
    this.giveBytes(new TextEncoder().encode(text));
  }

  giveBytes(bytes: Uint8Array): void {
    this.#put(bytes);
  }

  end(): void {
    this.#put(null);
  }

  fail(error: Error): void {
    this.#put(error);
  }

  /** Lets the write in flight fail. */
  failWrite(error: Error): void {
    this.#writing!.reject(error);
    this.#writing = undefined;
  }

  setNoDelay(): void {}

  setKeepAlive(): void {}

  read(into: Uint8Array): Promise<number | null> {
    if (this.#reading !== undefined) throw new Error("Two reads at once");
    return new Promise((resolve, reject) => {
      this.#reading = { into, resolve, reject };
      this.#serveRead();
    });
  }

  write(bytes: Uint8Array): Promise<number> {
    if (this.#writing !== undefined) throw new Error("Two writes at once");
    if (this.shut) return Promise.reject(new Deno.errors.BrokenPipe("shut"));
    this.writes.push(bytes);
    const length = this.#take === 0 ? bytes.length : Math.min(bytes.length, this.#take);
    this.#heard += new TextDecoder().decode(bytes.subarray(0, length));
    return new Promise((resolve, reject) => {
      this.#writing = { length, resolve, reject };
      this.#serveWrite();
    });
  }

  closeWrite(): Promise<void> {
    this.shut = true;
    return Promise.resolve();
  }

  close(): void {
    this.closed = true;
    this.#reading?.reject(new Deno.errors.Interrupted("closed"));
  }

  #put(what: Uint8Array | null | Error): void {
    this.#arrived.push(what);
    this.#serveRead();
  }

  #serveRead(): void {
    if (this.#reading === undefined || this.#arrived.length === 0) return;
    const { into, resolve, reject } = this.#reading, what = this.#arrived.shift()!;
    this.#reading = undefined;
    if (what instanceof Error) reject(what);
    else if (what === null) resolve(null);
    else {
      const count = Math.min(what.length, into.length);
      into.set(what.subarray(0, count));
      if (count < what.length) this.#arrived.unshift(what.subarray(count));
      resolve(count);
    }
  }

  #serveWrite(): void {
    if (this.#writing === undefined || this.#take === 0) return;
    const { length, resolve } = this.#writing;
    this.#writing = undefined;
    resolve(length);
  }
}

/** Makes one. */
export function fakeSocket(port: number, hostname = "127.0.0.1"): FakeSocket {
  return new FakeSocket(port, hostname);
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

/** The configuration of a server, unless the test has another. */
export const CONFIG: ServerConfig = {
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
};

/** A server on a clock that stands still, with sockets from the test's hand. */
export function fakeServer(config: Partial<ServerConfig> = {}, store: Store = embeddedStore()) {
  const select = ready<Event>(), listener = new FakeListener();
  const clock = { now: 0, wall: 1_764_000_000_000 }, meter = new Meter();
  store.ready = () => select.post({ kind: "journal" });
  let ports = 50_000;
  const over = serve(listener, { ...CONFIG, rules: { ...CONFIG.rules }, ...config }, {
    select,
    journal: store.journal,
    wall: () => clock.wall,
    now: () => clock.now,
    meter,
    token: TOKEN,
  });
  return {
    select,
    clock,
    meter,
    over,
    /** A client connects. */
    connect(): FakeSocket {
      const socket = fakeSocket(ports++);
      listener.give(socket);
      return socket;
    },
    /** The next accept fails. */
    refuse: (error: Error) => listener.give(error),
    /** Whether the server waits for a connection. */
    get accepts() {
      return listener.isAccepting;
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
}

/** A listener that accepts what the test gives. */
export class FakeListener implements Listener {
  readonly #queue: (Socket | Error)[] = [];
  #accepting: { resolve(socket: Socket): void; reject(error: Error): void } | undefined;

  get isAccepting(): boolean {
    return this.#accepting !== undefined;
  }

  /** The next connection, or why there is none. */
  give(next: Socket | Error): void {
    this.#queue.push(next);
    this.#admit();
  }

  accept(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      this.#accepting = { resolve, reject };
      this.#admit();
    });
  }

  /** The system closes connections that were not accepted yet. */
  close(): void {
    this.#accepting?.reject(new Deno.errors.BadResource("closed"));
    for (const next of this.#queue.splice(0)) if (!(next instanceof Error)) next.close();
  }

  #admit(): void {
    if (this.#accepting === undefined || this.#queue.length === 0) return;
    const { resolve, reject } = this.#accepting, next = this.#queue.shift()!;
    this.#accepting = undefined;
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
