// Several servers of one chat in one process: each is whole but for its sockets, its clock and its broker, which are the test's.

import type { Select } from "../../../select/mod.ts";
import { ready } from "../../../select/mod.ts";
import type { Chat } from "../../../server/chat/chat.ts";
import { type Member, membersOf, RemoteSession } from "../../../server/chat/present_side.ts";
import type { Event } from "../../../server/events.ts";
import { firstId } from "../../../server/journal/ids.ts";
import { encodeEntry, itemsOf } from "../../../server/journal/nats/entry.ts";
import type { SharedJournal } from "../../../server/journal/nats/journal.ts";
import { IDS } from "../../../server/journal/nats/position.ts";
import { seedEntries } from "../../../server/journal/nats/seed.ts";
import type { StateProposal } from "../../../server/journal/records.ts";
import type { Connection } from "../../../server/net/connection.ts";
import { Meter } from "../../../server/net/meter.ts";
import { PeerServers } from "../../../server/peers/peer_servers.ts";
import { serve } from "../../../server/serve.ts";
import { dump } from "../chat/dump.ts";
import { CONFIG, FakeListener, type FakeSocket, fakeSocket } from "../fake.ts";
import { FakeLog, type FakeMember } from "../journal/nats/fake_log.ts";
import { openMember } from "../journal/nats/shared.ts";
import { VirtualTime } from "./virtual_time.ts";

/** Milliseconds that others are waited for after the log was out of reach. */
const SETTLE = 1000;

/** A password is kept as it is. */
const HASHER = {
  hash: (password: string) => Promise.resolve(password),
  check: (password: string, stored: string | undefined) => Promise.resolve(password === stored),
};

/** The broker, the servers and their time. */
export class World implements AsyncDisposable {
  readonly time = new VirtualTime();
  readonly hub: FakeLog;
  readonly servers: OneServer[];
  readonly folder: string;
  /** What is on its way through the network, in order. */
  #way: (() => void)[] = [];

  constructor(folder: string, count: number) {
    this.folder = folder;
    this.hub = new FakeLog({ later: (arrive) => this.#way.push(arrive), wall: this.wall });
    this.servers = Array.from({ length: count }, (_, at) => new OneServer(this, `s${at}`, at === 0));
  }

  readonly now = () => this.time.now;
  readonly wall = () => 1_764_000_000_000 + this.time.now;

  /** Begins the chat with these records. */
  begin(...proposals: StateProposal[]): void {
    const base = firstId(0, this.wall());
    const begin = { attempt: 1, chat: 1, base, behind: 0, before: 0, of: [] };
    for (const bytes of seedEntries(begin, [], [])) this.hub.append("tool", bytes);
    const first = base + (this.hub.last + 1) * IDS,
      records = proposals.map((each, at) => ({ ...each, id: first + at }));
    this.hub.append("tool", encodeEntry({ kind: "batch", base, first, ifAfter: Infinity, items: itemsOf(records) }));
  }

  /** Some of what is on its way arrives, or all of it. */
  deliver(count = Infinity): void {
    for (; count > 0 && this.#way.length > 0; count--) this.#way.shift()!();
  }

  /** Milliseconds in which all arrives at once. */
  async pass(milliseconds: number, step = 50): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += step) {
      for (let round = 0; round < 20 && this.#way.length > 0; round++) {
        this.deliver();
        await this.time.pass(0);
      }
      await this.time.pass(step);
    }
  }

  /** Until something is so. */
  async until(what: string, isSo: () => boolean): Promise<void> {
    for (let i = 0; i < 2_000; i++) {
      if (isSo()) return;
      await this.pass(50);
    }
    throw new Error(`It never is so: ${what}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const each of this.servers) await each.kill();
    this.time[Symbol.dispose]();
  }
}

/** A server, over several lives. */
export class OneServer {
  readonly name: string;
  life: Life | undefined;
  readonly #world: World;
  /** Its data folder is kept when it is killed; otherwise its database is in memory, which takes less time. */
  readonly #hasFile: boolean;
  #folders = 0;

  constructor(world: World, name: string, hasFile: boolean) {
    this.#world = world;
    this.name = name;
    this.#hasFile = hasFile;
  }

  /** It starts, and listens when it has the log. */
  async start(): Promise<Life> {
    const path = `${this.#world.folder}/${this.name}.${this.#folders}/hanita.db`;
    return this.life = await Life.begin(this.#world, this.name, path, !this.#hasFile);
  }

  /**
   * It is killed: nothing of what it was about to do happens.
   *
   * @param losesAll its data folder is lost, too
   */
  async kill(losesAll = false): Promise<void> {
    const { life } = this;
    this.life = undefined;
    if (losesAll) this.#folders++;
    await life?.kill();
  }

  /** It stops in order. */
  async stop(): Promise<void> {
    const life = this.life!;
    this.life = undefined;
    await life.stop();
  }
}

/** One run of a server's program. */
export class Life {
  readonly journal: SharedJournal;
  readonly link: FakeMember;
  readonly chat: Chat<Connection>;
  readonly meter = new Meter();
  /** It cannot follow the log any more. */
  differs = false;
  readonly #world: World;
  readonly #gate = new Gate();
  readonly #listener = new FakeListener();
  readonly #over: Promise<void>;
  readonly #sockets = new Set<FakeSocket>();
  #ports = 50_000;

  private constructor(world: World, name: string, journal: SharedJournal, link: FakeMember) {
    this.#world = world;
    this.journal = journal;
    this.link = link;
    const peers = new ObservedPeers(journal, name), { now, wall } = world;
    this.#over = serve(this.#listener, { ...CONFIG, rules: { ...CONFIG.rules } }, {
      ...{ select: this.#gate, journal, peers, wall, now, meter: this.meter, hasher: HASHER },
    });
    this.#over.catch(() => {}); // it is awaited by `stop`
    this.chat = peers.chat!;
  }

  static async begin(world: World, name: string, path: string, inMemory: boolean): Promise<Life> {
    let onReady = () => {}, isOver = false, link: FakeMember | undefined;
    const opening = openMember(world.hub, path, () => onReady(), {
      inMemory,
      settle: SETTLE,
      now: world.now,
      wall: world.wall,
      onDiffers: () => life.differs = true,
      openLog: async (options) => {
        const opened = await world.hub.open(options);
        link = opened.log;
        return opened;
      },
    }).finally(() => isOver = true);
    opening.catch(() => {}); // it is awaited below
    await world.until(`${name} is open`, () => isOver);
    const life = new Life(world, name, await opening, link!);
    onReady = () => life.#gate.post({ kind: "journal" });
    onReady();
    await world.time.pass(0);
    return life;
  }

  /** A client connects. */
  connect(): FakeSocket {
    const socket = fakeSocket(this.#ports++);
    this.#sockets.add(socket);
    this.#listener.give(socket);
    return socket;
  }

  /** It stands still, or goes on. */
  set isFrozen(is: boolean) {
    this.#gate.isClosed = is;
  }

  async kill(): Promise<void> {
    this.#gate.end();
    await this.link.close(); // else it would tell the others that it leaves
    for (const socket of this.#sockets) socket.closed = true;
    await this.journal.close();
  }

  /** It is told to stop. */
  beginStop(): void {
    this.isFrozen = false;
    this.#gate.post({ kind: "stop" });
  }

  async stop(): Promise<void> {
    let isOver = false;
    this.#over.finally(() => isOver = true).catch(() => {});
    this.beginStop();
    await this.#world.until("a server has stopped", () => isOver);
    await this.#over;
    await this.journal.close();
  }

  /** All that is the same on each server. */
  dump(): object {
    const { state } = this.chat, { roster } = state;
    const nameOf = (member: Member) =>
      member instanceof RemoteSession
        ? `${member.server}/${member.number}`
        : `${roster.self}/${roster.own.numberOf(member)}`;
    return {
      ...dump(state),
      servers: [...roster.servers].map(([id, { name }]) => `${id} ${name}`).sort(),
      sides: roster.sides.map((side) => ({
        name: side.name,
        account: side.account?.id,
        sessions: [...membersOf(side)].map((each) => [nameOf(each), each.name, each.side, each.mark?.guest]).sort(),
      })),
      guests: state.rooms().map((room) => [room.name, [...roster.guestsIn(room)].map(nameOf).sort()]),
    };
  }
}

/** What the server waits with: it may stand still, and end at any moment. */
class Gate implements Select<Event> {
  readonly #inner = ready<Event>();
  #open: (() => void) | undefined;
  #isOver = false;

  get source(): Select<Event>["source"] {
    return this.#inner.source;
  }

  get hasEvents(): boolean {
    return this.#inner.hasEvents;
  }

  post(event: Event): void {
    this.#inner.post(event);
  }

  async wait(): Promise<readonly Event[]> {
    const events = await this.#inner.wait();
    while (this.#closed !== undefined) await this.#closed;
    return this.#isOver ? await new Promise(() => {}) : events;
  }

  #closed: Promise<void> | undefined;

  set isClosed(is: boolean) {
    if (is && this.#closed === undefined) this.#closed = new Promise((resolve) => this.#open = resolve);
    if (is) return;
    this.#closed = undefined;
    this.#open?.();
  }

  end(): void {
    this.#isOver = true;
  }
}

/** The server's access to the others, which learns the server's chat. */
class ObservedPeers extends PeerServers {
  chat: Chat<Connection> | undefined;

  override join(parts: Parameters<PeerServers["join"]>[0]): ReturnType<PeerServers["join"]> {
    this.chat = parts.chat;
    return super.join(parts);
  }
}
