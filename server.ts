/**
 * The program of the server: options -> log -> listener -> {@linkcode serve}. A startup failure prints one line and
 * exits with status 1.
 */
import {
  ConfigUnreadable,
  configuration,
  fail,
  failReading,
  notPermitted,
  optionName,
  readConfiguration,
  systemLanguage,
  UsageError,
} from "./cli/mod.ts";
import { systemReason } from "./cli/system.ts";
import { joinHostPort } from "./jim/mod.ts";
import { coloured, LogError, logger, openLog } from "./log/mod.ts";
import { selects } from "./select/mod.ts";
import { reconfigure, serverConfig } from "./server/config.ts";
import type { Event } from "./server/events.ts";
import { addressesOf, classAddress, invitation, pageForPhones } from "./server/invitation.ts";
import { type Journal, JournalRefused } from "./server/journal/contract.ts";
import { memoryJournal } from "./server/journal/memory.ts";
import type { BrokerLogOptions } from "./server/journal/nats/mod.ts";
import { Meter } from "./server/net/meter.ts";
import { metrics } from "./server/observe/metrics.ts";
import { program } from "./server/options.ts";
import { parsedOptions } from "./server/parsed_options.ts";
import { print, printed, printError } from "./server/observe/print.ts";
import type { Listener } from "./server/net/listener.ts";
import type { Trust } from "./server/net/trusted_proxies.ts";
import { serve } from "./server/serve.ts";
import { handleSignals } from "./server/signals.ts";
import type { Page } from "./server/net/sniff.ts";
import { newToken, storeToken, TokenNotStored } from "./server/auth/token.ts";
import { notePageAddress } from "./server/data_folder/page_address.ts";
import { FileAccess, type FileLoaders } from "./server/uploads/access.ts";
import { catalogues } from "./server/words/mod.ts";

/** Milliseconds for printing the last lines. */
const PRINTING = 1000;
/** Milliseconds in which a TLS handshake must be over. */
const HANDSHAKE = 10_000;

const { info, warning } = logger("server");
const { values: options } = await configuration(program);
/** The options that count: SIGHUP changes some of them. */
let current = options;
/** The language of texts for people. Programs read standard output and the log, which stay in English. */
const language = options.lang ?? systemLanguage(), texts = catalogues[language];
const { trusts, broker } = await parsedOptions(options, language)
  .catch((error) => failReading(program.name, error, language));
/** The set of permissions that the task for these options has. */
const permissions = broker === undefined ? "server" : "cluster";
const config = serverConfig(options);
const select = selects[options.select]<Event>();
/** Called at SIGHUP. */
const reloads: (() => void)[] = [];
/** The chat's log is read, as long as that takes: nobody is connected, and nothing is lost by an end. */
let isCatchingUp = false;
handleSignals({
  stop: () => isCatchingUp ? leave() : select.post({ kind: "stop" }),
  reload: () => reloads.forEach((reload) => reload()),
});
const proxies = trusts === undefined ? undefined : await trustedProxies(trusts);
const openShared = broker === undefined ? undefined : await sharedOpener(broker);
const log = attempt(
  () =>
    openLog({
      program: "server",
      dir: options.data,
      level: options.logLevel,
      days: options.logDays,
      bytes: options.logSize,
      console: (line, level) => printError(coloured(line, level)),
    }),
);
reloads.push(() => {
  log.reopen();
  info("reload", "SIGHUP: the log is opened again by its name");
});
if (options.config !== undefined) reloads.push(reloadConfig);
isCatchingUp = openShared !== undefined;
const shared = await openShared?.();
isCatchingUp = false;
const journal = shared?.journal ?? (options.memory ? memoryJournal() : await openedJournal());
const encrypt = options.tlsCert === undefined ? undefined : await encryption(options.tlsCert, options.tlsKey!);
const { listener, bound } = listen(options.address, options.port);
const { port } = listener.addr as Deno.NetAddr;

const meter = new Meter();
let stopping = false;
const token = newToken();
const files = options.memory || options.fileLimit === 0 ? undefined : fileAccess();
const web = options.web ? await openPage() : undefined;
// After listening: a server that cannot start must not replace the token of a running one.
const stored = attempt(() => storeToken(options.data, token, port));
const forPhones = web && pageForPhones(bound, web.page.port, networkInterfaces(), encrypt !== undefined);
if (stored.beside === undefined) notePageAddress(options.data, forPhones ?? web?.url);

print(`listening on ${joinHostPort(bound, port)}`);
info("main", `listening on ${joinHostPort(bound, port)}, process ${Deno.pid}`);
if (web !== undefined) {
  print(`page on ${web.url}`);
  print(`class on ${web.url}class`); // it asks for an operator's login
}
// The token is shown on a terminal only, and never logged: logs are kept, and read by others.
info("main", `${stored.path} has the token that opens /class, inspect and /metrics`);
if (stored.beside !== undefined) {
  warning("main", `${stored.beside} is another server's that runs here: the token of this one is in ${stored.path}`);
}
if (Deno.stderr.isTerminal()) {
  printError(invitation(bound, port, networkInterfaces(), encrypt !== undefined, web?.page.port, language));
  if (web !== undefined) await printForClass(web);
}

const clients = proxies?.listen(listener, true) ?? listener, door = encrypt?.(clients, web?.page) ?? clients;
await serve(
  {
    accept: () => door.accept(),
    close() {
      stopping = true;
      door.close();
    },
  },
  Object.assign(config, { page: web?.page, rules: Object.assign(config.rules, { files: fileRules() }) }),
  {
    select,
    journal,
    ...(shared === undefined ? {} : { peers: shared.peersOf(serverName()) }),
    wall: Date.now,
    now: () => performance.now(),
    meter,
    token,
    files,
    ...(options.trace ? { print: printError } : {}),
  },
);
web?.close();
await files?.close();
stored.remove(); // before the database, so that a server that waits for the database gets both
await journal.close();
log.close();
await printed(PRINTING);
Deno.exit(0); // the signal listeners would keep the process

/** Reads the configuration again. If it is wrong, that is logged, and the old one stays. */
async function reloadConfig(): Promise<void> {
  try {
    const { values } = await readConfiguration(program, Deno.args, "en");
    const { options: present, changed, postponed } = reconfigure(config, current, values);
    current = present;
    log.setLevel(current.logLevel);
    const names = (keys: readonly string[]) => keys.map(optionName).join(", ");
    if (postponed.length > 0) warning("reload", `Only a restart changes ${names(postponed)}`);
    info("reload", changed.length === 0 ? "the configuration has not changed" : `changed ${names(changed)}`);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof ConfigUnreadable)) throw error;
    warning("reload", `${error.message}; the old configuration stays`);
  }
}

function leave(): never {
  info("main", "stopped before it has read the log of the chat");
  log.close();
  Deno.exit(0);
}

/** The page as a QR code, and the address of the class. */
async function printForClass({ url }: { url: string }): Promise<void> {
  if (forPhones !== undefined) printError((await import("./server/qr_code.ts")).qrCode(forPhones));
  printError(classAddress(url, token, language));
}

/** Opens the journal on the disk. Its module, like the others below, is loaded only when it is needed. */
async function openedJournal(): Promise<Journal> {
  const { openJournal } = await import("./server/journal/sqlite.ts");
  return attempt(() => openJournal(journalOptions()));
}

/**
 * Loads what only one of several servers needs. Returns what opens its log at the broker, with
 * its view on the disk.
 */
async function sharedOpener(places: BrokerLogOptions) {
  const { brokerFiles, openNatsJournal } = await import("./server/journal/nats/mod.ts");
  const { PeerServers } = await import("./server/peers/peer_servers.ts");
  const onReady = () => select.post({ kind: "journal" }), onDiffers = () => fail(program.name, texts.logDiffers);
  return async () => {
    try {
      const openFiles = brokerFiles(places);
      const journal = await openNatsJournal({ ...journalOptions(), ...places, onReady, onDiffers });
      return { journal, openFiles, peersOf: (name: string) => new PeerServers(journal, name) };
    } catch (error) {
      return attempt(() => {
        throw error;
      });
    }
  };
}

/** What operators call this server among the others of its chat. Two on one machine have different ports. */
function serverName(): string {
  return joinHostPort(options.address ?? hostname() ?? bound, port);
}

function hostname(): string | undefined {
  const isKnown = Deno.permissions.querySync({ name: "sys", kind: "hostname" }).state === "granted";
  return isKnown ? Deno.hostname() : undefined;
}

function journalOptions() {
  const { data, memory: inMemory, sync, keepDays, journalSize } = options;
  return {
    path: `${data}/hanita.db`,
    inMemory,
    sync,
    keepDays,
    ...(journalSize === 0 ? {} : { maxBytes: journalSize }),
  };
}

/** The files of the chat. What works with them is loaded with the first one. */
function fileAccess(): FileAccess {
  const folder = `${options.data}/files`, { fileLimit: limit, dailyFiles: daily, fileSpace: space, sync } = options;
  const limits = { folder, limit, daily, space, syncs: sync === "full" }, now = () => performance.now();
  const loadFiles = async () => {
    const { openFiles } = await import("./server/uploads/mod.ts");
    const objects = await shared?.openFiles();
    const more = objects === undefined ? {} : { objects, isCurrent: () => shared!.journal.isUp };
    return await openFiles({ ...limits, ...more, journal, now }, config.language);
  };
  const port: FileLoaders["port"] = async (requests) => {
    const { openPort } = await import("./server/uploads/mod.ts");
    return openPort(requests, config.language);
  };
  return new FileAccess({ files: loadFiles, port }, () => Deno.stat(folder).then(() => true, () => false), now());
}

function fileRules() {
  return files === undefined ? undefined : { limit: options.fileLimit, origin: options.fileOrigin ?? ownOrigin() };
}

/** The addresses of this machine; none without the permission for them. */
function networkInterfaces(): Deno.NetworkInterfaceInfo[] {
  const isKnown = Deno.permissions.querySync({ name: "sys", kind: "networkInterfaces" }).state === "granted";
  return isKnown ? Deno.networkInterfaces() : [];
}

/** Where a client on another machine finds this one, as far as that can be known. */
function ownOrigin(): string {
  const [address = bound] = addressesOf(bound, networkInterfaces());
  return `${encrypt === undefined ? "http" : "https"}://${joinHostPort(address, web?.page.port ?? port)}`;
}

/** Returns a function that puts a listener behind TLS. The module takes 13 MB. */
async function encryption(cert: string, key: string): Promise<(listener: Listener, page?: Page) => Listener> {
  const { listenTls } = await import("./server/net/tls/listener.ts");
  const { CertificateRefused, CertificateHolder } = await import("./server/net/tls/certificate.ts");
  try {
    const holder = new CertificateHolder(cert, key, Date.now);
    reloads.push(() => holder.renew());
    return (listener, page) =>
      listenTls(listener, {
        context: () => holder.context,
        port,
        page,
        language: config.language,
        wall: Date.now,
        patience: Math.min(HANDSHAKE, 1000 * options.presenceWithin),
      });
  } catch (error) {
    if (error instanceof CertificateRefused) fail(program.name, error.texts[language]);
    throw error;
  }
}

/** What finds the client behind a trusted proxy. Its modules are loaded only if there are any. */
async function trustedProxies(trusts: Trust) {
  const { clientHost } = await import("./server/net/trusted_proxies.ts");
  const { listenProxied } = await import("./server/net/proxy_protocol.ts");
  return {
    listen: (listener: Listener, expected: boolean) => listenProxied(listener, { trusts, expected }),
    clientHost: (peer: string, forwarded: string | null) => clientHost(peer, forwarded, trusts),
  };
}

/** Opens the web port. */
async function openPage() {
  const { openWeb } = await import("./server/web/mod.ts");
  const { itself, readToken, TokenRefused } = await import("./server/web/metrics.ts");
  const metricsTokens = [token, ...readTokenFile()];
  const { listener } = listen(bound, options.webPort, "--web-port");
  const scheme = encrypt === undefined ? "http" : "https";
  const page: Page = { scheme, port: (listener.addr as Deno.NetAddr).port };
  const clients = proxies?.listen(listener, false) ?? listener;
  const { close } = await openWeb(encrypt?.(clients, page) ?? clients, {
    scheme,
    language: config.language,
    origins: [...options.webOrigin ?? [], ...options.servers ?? []],
    servers: options.servers ?? [],
    jimPort: port,
    limit: config.limits.objectBytes,
    rules: config.rules,
    stopping: () => stopping,
    isReady: () => shared?.journal.isUp ?? true,
    metrics: () => metrics(meter, itself),
    metricsTokens,
    files,
    clientHost: proxies?.clientHost,
    onWebSocket: (socket) => select.post({ kind: "connected", socket }),
    onAcceptFailure: (error) => warning("web", `Cannot accept a connection: ${error.message}; trying again`),
  });
  const host = bound === "::" || bound === "0.0.0.0" ? "localhost" : bound;
  return { url: `${scheme}://${joinHostPort(host, page.port)}/`, page, close };

  function readTokenFile(): string[] {
    const { metricsTokenFile: file } = options;
    try {
      return file === undefined ? [] : [readToken(file)];
    } catch (error) {
      if (error instanceof TokenRefused) fail(program.name, error.texts[language]);
      throw error;
    }
  }
}

/** An address as it stands before a port. */
function bracketed(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}

/** All addresses by one listener for both families, or where the host has no IPv6, by one for IPv4. */
function listen(
  address: string | undefined,
  port: number,
  option = "-p",
): { listener: Deno.TcpListener; bound: string } {
  const at = (hostname: string) => ({ listener: Deno.listen({ hostname, port, tcpBacklog: 4096 }), bound: hostname });
  if (address !== undefined) return attempt(() => at(address), bracketed(address), port, option);
  try {
    return at("::");
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return attempt(() => at("::"), bracketed("::"), port, option);
    return attempt(() => at("0.0.0.0"), "0.0.0.0", port, option);
  }
}

/** Runs one step of the startup; a failure of the system is printed in one line. */
function attempt<T>(step: () => T, address = "", port = 0, option = "-p"): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof Error && error.cause instanceof Deno.errors.NotCapable) {
      fail(program.name, notPermitted(options.data, permissions, "server.ts", language));
    }
    if (error instanceof JournalRefused || error instanceof TokenNotStored) fail(program.name, error.texts[language]);
    if (error instanceof LogError) {
      if (language === "en" || !(error.cause instanceof Error)) fail(program.name, error.message);
      fail(program.name, texts.cannotLog(`${options.data}/log`, systemReason(error.cause.message, language)));
    }
    if (error instanceof Deno.errors.AddrInUse) {
      fail(program.name, texts.portTaken(address, port, option));
    }
    if (error instanceof Deno.errors.NotCapable) {
      fail(program.name, texts.listenNotPermitted(address, port));
    }
    if (error instanceof Deno.errors.PermissionDenied) {
      fail(program.name, texts.privileged(port));
    }
    if (error instanceof Error) fail(program.name, texts.cannotListen(address, port, error.message));
    throw error;
  }
}
