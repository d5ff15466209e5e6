// A server inside the test, on a port of its own, with the clock in the test's hand; and the writes that it made to each
// peer, one by one, since on the way two of them may become one.

import { DEFAULT_LIMITS } from "../../jim/mod.ts";
import { openLog } from "../../log/mod.ts";
import { type SelectName, selects } from "../../select/mod.ts";
import type { Rules } from "../../server/chat/chat.ts";
import type { Hasher } from "../../server/jobs.ts";
import type { Connection } from "../../server/net/connection.ts";
import { Meter } from "../../server/net/meter.ts";
import { metrics } from "../../server/observe/metrics.ts";
import { clientHost, trustIn } from "../../server/net/trusted_proxies.ts";
import { listenProxied } from "../../server/net/proxy_protocol.ts";
import type { Listener } from "../../server/net/listener.ts";
import type { Event } from "../../server/events.ts";
import type { ServerConfig } from "../../server/config.ts";
import { serve } from "../../server/serve.ts";
import { PeerServers } from "../../server/peers/peer_servers.ts";
import { FileAccess, type FileLoaders } from "../../server/uploads/access.ts";
import type { FilesOptions } from "../../server/uploads/files.ts";
import { openFiles, openPort } from "../../server/uploads/mod.ts";
import { itself } from "../../server/web/metrics.ts";
import { openWeb, type WebOptions } from "../../server/web/mod.ts";
import { may } from "../may.ts";
import { TOKEN } from "../token.ts";
import { authenticate, cheaply, PASSWORD } from "./accounts.ts";
import { connectFrom } from "./from.ts";
import { connect, type Peer, peerOf } from "./peer.ts";
import { memoryStore, type Store } from "./store.ts";
import { until, within } from "./within.ts";

export type { Peer } from "./peer.ts";

export interface Options extends Partial<Omit<ServerConfig, "rules">> {
  readonly rules?: Partial<Rules>;
  /** What an earlier life left; in memory, and empty, unless given. */
  readonly store?: Store;
  /** Names that have an account, each with {@linkcode PASSWORD}. */
  readonly accounts?: readonly string[];
  /** The same of operators. */
  readonly operators?: readonly string[];
  readonly select?: SelectName;
  /** Another word than {@linkcode TOKEN} that opens `/metrics`. */
  readonly metricsToken?: string;
  /** Proxies that are believed. */
  readonly trustProxy?: string;
  /** Milliseconds that they have for the header. */
  readonly headerWithin?: number;
  /** What hashes passwords; Argon2id unless given. */
  readonly hasher?: Hasher;
  /** The clock stands still but for `pass`. */
  readonly frozen?: boolean;
  /** Milliseconds since 1970; the system's clock unless given. */
  readonly wall?: () => number;
  /** What operators call this server, also when it starts again. */
  readonly name?: string;
  /** Its data folder, by a number. */
  readonly home?: number;
  /** Limits of files; the server has none unless given. Their folder is the test's. */
  readonly files?: Partial<FilesOptions> & Pick<FilesOptions, "folder">;
  /** The server logs, at level debug, for `chat.log()`. */
  readonly logged?: boolean;
}

/** One write of the server to one peer. */
export interface Write {
  readonly text: string;
  /** When, by the server's clock. */
  readonly at: number;
}

export interface Chat extends AsyncDisposable {
  readonly port: number;
  /** What the server counts. */
  readonly meter: Meter;
  /** A line speaker that has sent nothing yet. */
  connect(): Promise<Peer>;
  /** The same, from another address of the loopback. */
  from(address: string): Promise<Peer>;
  /** A line speaker after the answer to its presence. */
  join(name: string): Promise<Peer>;
  /** A line speaker of an account, after the answer to its password; what it missed comes next. */
  login(name: string): Promise<Peer>;
  /** A bare program that has sent nothing yet. */
  bare(): Promise<Peer>;
  /** A client that puts its length before each object, and has sent nothing yet. */
  prefixed(): Promise<Peer>;
  /** A client that connects and does not read. */
  staller(): Promise<Peer>;
  /** Opens the page's port beside, and returns it. */
  web(origins?: readonly string[], servers?: readonly string[]): Promise<number>;
  /** Moves the server's clock on, and rings for it. */
  pass(ms: number): void;
  /** Lets the server do what it does each second: notes what each account was sent, probes silent connections. */
  maintenance(): void;
  /** What the server wrote to a peer. */
  writesTo(peer: Peer): readonly Write[];
  /** The server's log so far, without its dates. */
  log(): string[];
  /** Waits for a line of the log. */
  logged(what: RegExp): Promise<string>;
  /** Asks the server to stop, as a signal does. */
  stop(): void;
  /** Settles when the server has stopped. */
  readonly over: Promise<void>;
}

/** What a test in tests/chat needs. */
export const cannot = !may("net", "read", "write");

/** Milliseconds that no test takes, on however busy a machine: a deadline that a test is not about must not come. */
const LONG = 3_600_000;

const FILE_LIMIT = 1 << 20;

/** The rules of a server, unless the test has others. */
const RULES: Rules = {
  registration: true,
  guests: true,
  devices: 3,
  rooms: 5,
  replay: 100,
  sessionDays: 30,
  editMinutes: 60,
};

/** Starts a server for one test: `await using chat = await start()`. */
export async function start(options: Options = {}): Promise<Chat> {
  const { store = memoryStore(), hasher, name, home } = options;
  await putAccounts(store, options);
  const log = options.logged ? await Log.open() : undefined;
  const clock = new Clock(options.frozen ?? false), { now } = clock;
  const listener = new NotingListener(Deno.listen({ hostname: "127.0.0.1", port: 0 }), now), { port } = listener;
  const select = selects[options.select ?? "ready"]<Event>();
  store.ready = () => select.post({ kind: "journal" });
  const life = await store.open(() => store.ready());
  const meter = new Meter(), files = options.files && fileAccess(options.files, options, store, now);
  const over = serve(behindProxies(listener, options, true), configOf(options, port, life !== undefined), {
    ...{ select, journal: store.journal, wall: options.wall ?? Date.now, now, meter, token: TOKEN, files },
    ...(hasher === undefined ? {} : { hasher }),
    ...(life === undefined ? {} : { peers: new PeerServers(life.log, name ?? life.log.peers.self, home) }),
  });
  const peers: Peer[] = [], webs: { close(): void }[] = [];
  const meet = async (meeting: Promise<Peer>) => {
    const peer = await meeting;
    peers.push(peer);
    return { ...peer, end: () => peer.end().finally(() => life && departure(life, meter)) };
  };
  return {
    port,
    meter,
    ...meetings(port, meet),
    async web(origins = [], servers = []) {
      const { web, webPort } = await openWebPort(options, {
        origins,
        servers,
        jimPort: port,
        files,
        meter,
        stopping: () => listener.isClosed,
        onWebSocket: (socket) => select.post({ kind: "connected", socket }),
      });
      webs.push(web);
      return webPort;
    },
    pass(ms) {
      clock.pass(ms);
      select.post({ kind: "timer" });
    },
    maintenance: () => select.post({ kind: "maintenance" }),
    writesTo: (peer) => listener.writesTo(peer.port),
    log: () => log!.lines(),
    logged: (what) => log!.lineLike(what),
    stop: () => select.post({ kind: "stop" }),
    over,
    async [Symbol.asyncDispose]() {
      for (const peer of peers) peer.close();
      clock.run(); // pending output may wait for it
      select.post({ kind: "stop" });
      await within("the server's stop", over);
      for (const web of webs) web.close();
      await files?.close();
      await life?.close();
      await log?.close();
    },
  };
}

async function putAccounts(store: Store, { accounts = [], operators = [] }: Options): Promise<void> {
  for (const name of [...accounts, ...operators]) {
    store.putAccount({ name, password: await cheaply(PASSWORD), operator: operators.includes(name), seen: 0 });
  }
}

function configOf(options: Options, port: number, isShared: boolean): ServerConfig {
  const rules: Rules = { ...RULES, ...options.rules }, { files } = options;
  const origin = `http://127.0.0.1:${port}`, limit = files?.limit ?? FILE_LIMIT;
  return {
    limits: options.limits ?? DEFAULT_LIMITS,
    rateLimit: options.rateLimit ?? { rate: 0, burst: 0 },
    outbox: options.outbox ?? 1 << 20,
    bareGap: options.bareGap ?? 5,
    probeAfter: options.probeAfter ?? LONG,
    newRooms: options.newRooms ?? 0,
    newAccounts: options.newAccounts ?? 0,
    dailyPerAccount: options.dailyPerAccount ?? 0,
    dailyPerAddress: options.dailyPerAddress ?? 0,
    emptyRooms: options.emptyRooms ?? 0,
    rules: files === undefined ? rules : { ...rules, files: { limit, origin } },
    language: options.language ?? "en",
    connections: options.connections ?? 1_000,
    perAddress: options.perAddress ?? 0,
    presenceWithin: options.presenceWithin ?? LONG,
    idle: options.idle ?? 0,
    outboxes: options.outboxes ?? 1 << 28,
    unfinished: options.unfinished ?? 1 << 23,
    journalWait: options.journalWait ?? (isShared ? LONG * 1_000 : undefined), // it passes while a clock is moved
  };
}

function fileAccess(
  limits: NonNullable<Options["files"]>,
  { language = "en" }: Options,
  { journal }: Store,
  now: () => number,
): FileAccess {
  const given = { limit: FILE_LIMIT, daily: 0, space: 0, syncs: false, journal, now, ...limits };
  const loaders: FileLoaders = {
    files: () => openFiles(given, language),
    port: (requests) => Promise.resolve(openPort(requests, language)),
  };
  return new FileAccess(loaders, () => Promise.resolve(true), now());
}

/** A listener that believes the proxies of a test, if there are some. */
function behindProxies(listener: Listener, { trustProxy, headerWithin }: Options, expected: boolean): Listener {
  if (trustProxy === undefined) return listener;
  return listenProxied(listener, { trusts: trustIn(trustProxy), expected, patience: headerWithin ?? LONG });
}

/** The ways in which a test connects. */
function meetings(
  port: number,
  meet: (meeting: Promise<Peer>) => Promise<Peer>,
): Pick<Chat, "connect" | "from" | "join" | "login" | "bare" | "prefixed" | "staller"> {
  return {
    connect: () => meet(connect(port)),
    from: (address) => meet(connectFrom(address, port).then((conn) => peerOf(conn, {}))),
    async join(name) {
      const peer = await meet(connect(port));
      await peer.enter(name);
      return peer;
    },
    async login(name) {
      const peer = await meet(connect(port));
      await peer.sayOk(authenticate(name));
      return peer;
    },
    bare: () => meet(connect(port, { lineEnd: "" })),
    prefixed: () => meet(connect(port, { prefixed: true })),
    staller: () => meet(connect(port, { readsLater: true })),
  };
}

/** What the port of the page has of the server. */
interface WebDeps extends Pick<WebOptions, "origins" | "servers" | "jimPort" | "files" | "stopping" | "onWebSocket"> {
  readonly meter: Meter;
}

async function openWebPort(
  options: Options,
  { meter, ...deps }: WebDeps,
): Promise<{ web: { close(): void }; webPort: number }> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const trusts = options.trustProxy === undefined ? undefined : trustIn(options.trustProxy);
  const web = await openWeb(behindProxies(listener, options, false), {
    ...deps,
    clientHost: trusts && ((peer, forwarded) => clientHost(peer, forwarded, trusts)),
    scheme: "http",
    limit: (options.limits ?? DEFAULT_LIMITS).objectBytes,
    rules: { ...RULES, ...options.rules },
    metrics: () => metrics(meter, itself),
    metricsTokens: [TOKEN, ...options.metricsToken === undefined ? [] : [options.metricsToken]],
    onAcceptFailure: (error) => {
      throw error;
    },
  });
  return { web, webPort: (listener.addr as Deno.NetAddr).port };
}

/** With a shared log a session is in the chat until the log says that it has left. */
async function departure(life: { sessions(): number }, meter: Meter): Promise<void> {
  const isOpen = ({ name, closeState }: Connection) => name !== undefined && closeState === "open";
  const open = () => [...meter.connections].filter(isOpen).length;
  await until("a departure in the log", () => life.sessions() <= open());
}

/** The server's clock. */
class Clock {
  #shift = 0;
  #frozen: boolean;

  constructor(frozen: boolean) {
    this.#frozen = frozen;
  }

  readonly now = () => this.#shift + (this.#frozen ? 0 : performance.now());

  pass(ms: number): void {
    this.#shift += ms;
  }

  /** From now on it is not frozen. */
  run(): void {
    this.#frozen = false;
  }
}

/** A listener that notes what is written to each of its sockets. */
class NotingListener implements Listener {
  readonly port: number;
  readonly #listener: Deno.TcpListener;
  readonly #now: () => number;
  /** By the ports of peers. */
  readonly #writes = new Map<number, Write[]>();
  isClosed = false;

  constructor(listener: Deno.TcpListener, now: () => number) {
    this.#listener = listener;
    this.#now = now;
    this.port = (listener.addr as Deno.NetAddr).port;
  }

  async accept(): Promise<Deno.TcpConn> {
    const socket = await this.#listener.accept(), noted: Write[] = [], write = socket.write.bind(socket);
    this.#writes.set((socket.remoteAddr as Deno.NetAddr).port, noted);
    socket.write = (bytes) => {
      noted.push({ text: new TextDecoder().decode(bytes), at: this.#now() });
      return write(bytes);
    };
    return socket;
  }

  writesTo(port: number): readonly Write[] {
    return this.#writes.get(port) ?? [];
  }

  close(): void {
    this.isClosed = true;
    this.#listener.close();
  }
}

/** The server's log, in a folder of its own. */
class Log {
  readonly #folder: string;
  readonly #log: ReturnType<typeof openLog>;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#log = openLog({ program: "server", dir: folder, level: "debug", console: "none" });
  }

  static async open(): Promise<Log> {
    return new Log(await Deno.makeTempDir({ prefix: "hanita-chat-" }));
  }

  /** `info server/serve onAccepted …` and so on. */
  lines(): string[] {
    const folder = `${this.#folder}/log`;
    return [...Deno.readDirSync(folder)].map(({ name }) => name).sort()
      .flatMap((name) => Deno.readTextFileSync(`${folder}/${name}`).trimEnd().split("\n"))
      .map((line) => line.slice(line.indexOf(" ") + 1));
  }

  async lineLike(what: RegExp): Promise<string> {
    let line: string | undefined;
    const find = () => line = this.lines().find((line) => what.test(line));
    await until(`a line of the log like ${what}`, () => find() !== undefined);
    return line!;
  }

  async close(): Promise<void> {
    this.#log.close();
    await Deno.remove(this.#folder, { recursive: true });
  }
}
