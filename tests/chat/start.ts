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
import { serve, type ServerConfig } from "../../server/serve.ts";
import { PeerServers } from "../../server/peers/peer_servers.ts";
import { FileAccess } from "../../server/uploads/access.ts";
import type { FilesOptions } from "../../server/uploads/files.ts";
import { openFiles } from "../../server/uploads/mod.ts";
import { itself } from "../../server/web/metrics.ts";
import { openWeb } from "../../server/web/mod.ts";
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
  const { limits = DEFAULT_LIMITS, rateLimit: pace = { rate: 0, burst: 0 }, outbox = 1 << 20, bareGap = 5 } = options;
  const { store = memoryStore(), probeAfter = LONG, language = "en", accounts = [], operators = [] } = options;
  for (const name of [...accounts, ...operators]) {
    store.putAccount({ name, password: await cheaply(PASSWORD), operator: operators.includes(name), seen: 0 });
  }
  const rules: Rules = { ...RULES, ...options.rules };
  const folder = options.logged ? await Deno.makeTempDir({ prefix: "hanita-chat-" }) : undefined;
  const log = folder === undefined
    ? undefined
    : openLog({ program: "server", dir: folder, level: "debug", console: "none" });
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const select = selects[options.select ?? "ready"]<Event>();
  store.ready = () => select.post({ kind: "journal" });
  const life = await store.open(() => store.ready());
  const meter = new Meter();
  const writes = new Map<number, Write[]>();
  const peers: Peer[] = [];
  let { frozen = false } = options;
  let shift = 0;
  const now = () => shift + (frozen ? 0 : performance.now());
  let stopping = false;
  const webs: { close(): void }[] = [];
  const close = () => {
    stopping = true;
    listener.close();
  };
  const files = options.files === undefined ? undefined : fileAccess(options.files);
  const origin = `http://127.0.0.1:${port}`, limit = options.files?.limit ?? FILE_LIMIT;
  const trusts = options.trustProxy === undefined ? undefined : trustIn(options.trustProxy);
  const proxied = (listener: Listener, expected: boolean) =>
    trusts === undefined
      ? listener
      : listenProxied(listener, { trusts, expected, patience: options.headerWithin ?? LONG });
  const over = serve(proxied({ accept, close }, true), {
    limits,
    rateLimit: pace,
    outbox,
    bareGap,
    probeAfter,
    newRooms: options.newRooms ?? 0,
    newAccounts: options.newAccounts ?? 0,
    dailyPerAccount: options.dailyPerAccount ?? 0,
    dailyPerAddress: options.dailyPerAddress ?? 0,
    emptyRooms: options.emptyRooms ?? 0,
    rules: files === undefined ? rules : { ...rules, files: { limit, origin } },
    language,
    connections: options.connections ?? 1_000,
    perAddress: options.perAddress ?? 0,
    presenceWithin: options.presenceWithin ?? LONG,
    idle: options.idle ?? 0,
    outboxes: options.outboxes ?? 1 << 28,
    unfinished: options.unfinished ?? 1 << 23,
    journalWait: options.journalWait ?? (life === undefined ? undefined : LONG * 1_000), // it passes while a clock is moved
  }, {
    select,
    journal: store.journal,
    wall: options.wall ?? Date.now,
    now,
    meter,
    token: TOKEN,
    files,
    ...(options.hasher === undefined ? {} : { hasher: options.hasher }),
    ...(life === undefined
      ? {}
      : { peers: new PeerServers(life.log, options.name ?? life.log.peers.self, options.home) }),
  });

  return {
    port,
    meter,
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
    async web(origins = [], servers = []) {
      const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      const web = await openWeb(proxied(listener, false), {
        clientHost: trusts && ((peer, forwarded) => clientHost(peer, forwarded, trusts)),
        scheme: "http",
        origins,
        servers,
        jimPort: port,
        limit: limits.objectBytes,
        rules,
        files,
        stopping: () => stopping,
        metrics: () => metrics(meter, itself),
        metricsTokens: [TOKEN, ...options.metricsToken === undefined ? [] : [options.metricsToken]],
        onWebSocket: (socket) => select.post({ kind: "connected", socket }),
        onAcceptFailure: (error) => {
          throw error;
        },
      });
      webs.push(web);
      return (listener.addr as Deno.NetAddr).port;
    },
    pass(ms) {
      shift += ms;
      select.post({ kind: "timer" });
    },
    maintenance: () => select.post({ kind: "maintenance" }),
    writesTo: (peer) => writes.get(peer.port) ?? [],
    log: () => lines(folder!),
    logged: lineLike,
    stop: () => select.post({ kind: "stop" }),
    over,
    async [Symbol.asyncDispose]() {
      for (const peer of peers) peer.close();
      frozen = false; // pending output may wait for the clock
      select.post({ kind: "stop" });
      await within("the server's stop", over);
      for (const web of webs) web.close();
      await files?.close();
      await life?.close();
      log?.close();
      if (folder !== undefined) await Deno.remove(folder, { recursive: true });
    },
  };

  function fileAccess(limits: NonNullable<Options["files"]>): FileAccess {
    const { journal } = store, { wall = Date.now } = options;
    const given = { limit: FILE_LIMIT, daily: 0, space: 0, syncs: false, journal, wall, now, ...limits };
    return new FileAccess(() => openFiles(given, language), () => Promise.resolve(true), now());
  }

  async function meet(meeting: Promise<Peer>): Promise<Peer> {
    const peer = await meeting;
    peers.push(peer);
    return { ...peer, end: () => peer.end().finally(departed) };
  }

  /** With a shared log a session is in the chat until the log says that it has left. */
  async function departed(): Promise<void> {
    const isOpen = ({ name, closeState }: Connection) => name !== undefined && closeState === "open";
    const open = () => [...meter.connections].filter(isOpen).length;
    if (life !== undefined) await until("a departure in the log", () => life.sessions() <= open());
  }

  async function lineLike(what: RegExp): Promise<string> {
    let line: string | undefined;
    await until(
      `a line of the log like ${what}`,
      () => (line = lines(folder!).find((line) => what.test(line))) !== undefined,
    );
    return line!;
  }

  /** Each socket with its writes noted. */
  async function accept(): Promise<Deno.TcpConn> {
    const socket = await listener.accept();
    const noted: Write[] = [];
    writes.set((socket.remoteAddr as Deno.NetAddr).port, noted);
    const write = socket.write.bind(socket);
    socket.write = (bytes) => {
      noted.push({ text: new TextDecoder().decode(bytes), at: now() });
      return write(bytes);
    };
    return socket;
  }
}

/** `info server/serve onAccepted …` and so on. */
function lines(folder: string): string[] {
  return [...Deno.readDirSync(`${folder}/log`)].map(({ name }) => name).sort()
    .flatMap((name) => Deno.readTextFileSync(`${folder}/log/${name}`).trimEnd().split("\n"))
    .map((line) => line.slice(line.indexOf(" ") + 1));
}
