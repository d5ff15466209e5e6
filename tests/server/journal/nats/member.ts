// A server's access to a log at a real broker, for tests: it collects what comes, and waits for what is expected.
import { until } from "../../../chat/within.ts";
import { parseAddresses } from "../../../../server/journal/nats/addresses.ts";
import { type LinkOptions, natsLog } from "../../../../server/journal/nats/link.ts";
import type {
  LogEntry,
  LogEvent,
  LogOptions,
  PeerMessage,
  Peers,
  SharedLog,
} from "../../../../server/journal/nats/log.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();

export interface MemberOptions extends Partial<Omit<LinkOptions, "addresses">> {
  readonly after?: LogOptions["after"];
}

/** How a test opens the log of the chat `test`. */
export function linkOptions(url: string, options: MemberOptions = {}): LinkOptions {
  const { chat = "test", replicas = 1, authenticator, authorities = [] } = options;
  return { addresses: parseAddresses(url)!, chat, replicas, authenticator, authorities, permissions: "cluster" };
}

export class Member implements AsyncDisposable {
  readonly log: SharedLog;
  readonly peers: Peers;
  readonly events: LogEvent[] = [];
  readonly messages: PeerMessage[] = [];
  #isPassive = false;

  private constructor(log: SharedLog, peers: Peers) {
    this.log = log;
    this.peers = peers;
  }

  static async open(url: string, options: MemberOptions = {}): Promise<Member> {
    let onReady = () => {};
    const { log, peers } = await natsLog(linkOptions(url, options))({ after: options.after, onReady: () => onReady() });
    const member = new Member(log, peers);
    onReady = () => member.take();
    onReady();
    return member;
  }

  /** It goes on only by {@linkcode SharedLog.proceed} that the test calls. */
  passive(): this {
    this.#isPassive = true;
    return this;
  }

  take(): void {
    const events = this.log.take();
    this.events.push(...events);
    this.messages.push(...this.peers.take());
    if (!this.#isPassive && events.some(({ kind }) => kind === "up")) this.log.proceed();
  }

  /** The same at each member: how many were left behind one of them was not. */
  get entries(): LogEntry[] {
    const entries = this.events.filter((event) => event.kind === "entry");
    return entries.map(({ sequence, time, writer, bytes }) => ({ sequence, time, writer, bytes }));
  }

  /** The texts of all entries, in order. */
  get texts(): string[] {
    return this.entries.map(({ bytes }) => decoder.decode(bytes));
  }

  /** What else has happened: `up`, `down`, `refused`, `setBack`. */
  get kinds(): string[] {
    return this.events.filter(({ kind }) => kind !== "entry").map(({ kind }) => kind);
  }

  count(kind: LogEvent["kind"]): number {
    return this.events.filter((event) => event.kind === kind).length;
  }

  append(text: string): void {
    this.log.append(encoder.encode(text));
  }

  /** Appends an entry, and returns what has become of it. */
  async appended(text: string): Promise<"kept" | "refused"> {
    const refusals = this.count("refused");
    this.append(text);
    await until(`the outcome of ${text}`, () => !this.log.busy);
    return this.count("refused") > refusals ? "refused" : "kept";
  }

  /** Waits until the link works. */
  async up(): Promise<this> {
    await until("the link works", () => this.log.isUp);
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.log.close();
  }
}
