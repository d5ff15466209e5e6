// A server of JIM in memory: rooms, messages, histories. Its sockets end after a given byte, in either direction.

import type { OpenSocket, Socket } from "../../../jim/client/mod.ts";

interface Relay {
  readonly action: "msg";
  readonly time: number;
  readonly to: string;
  readonly from: string;
  readonly message: string;
  readonly id: number;
  readonly role?: string;
}

/** What a client asks for. */
export interface Asked {
  readonly action: string;
  readonly time: number;
  readonly to: string;
  readonly message: string;
  readonly room?: string;
  readonly after?: number;
  readonly limit?: number;
  readonly user: { readonly account_name: string };
}

/** After how many bytes a connection ends, from the client and to it. */
export interface Cut {
  readonly up?: number;
  readonly down?: number;
}

const encoder = new TextEncoder(), decoder = new TextDecoder();

export class FakeServer {
  /** All that was said. */
  readonly log: Relay[] = [];
  /** Is called before each request is answered. */
  onRequest = (_: Asked) => {};
  /** Whether it is in trouble: it answers what it is asked, but not what is said. */
  isInTrouble = () => false;
  readonly #connections = new Set<Connection>();

  /** Opens connections; the first ones are cut. */
  opener(...cuts: Cut[]): OpenSocket {
    return () => {
      const connection = new Connection(this, cuts.shift() ?? {});
      this.#connections.add(connection);
      return Promise.resolve(connection.socket);
    };
  }

  /** Somebody says something. */
  say(from: string, to: string, message: string, time = 0, except?: Connection): number {
    const id = 1_000 + 2 * this.log.length, relay: Relay = { action: "msg", time, to, from, message, id };
    this.log.push(relay);
    for (const each of this.#connections) {
      if (each !== except && each.reads(to)) each.send(relay);
    }
    return id;
  }

  /** The bytes that each connection has moved. */
  readonly moved: { up: number; down: number }[] = [];

  gone(connection: Connection): void {
    this.#connections.delete(connection);
  }
}

class Connection {
  readonly socket: Socket;
  readonly #server: FakeServer;
  readonly #cut: Required<Cut>;
  readonly #moved = { up: 0, down: 0 };
  readonly #rooms = new Set(["#all"]);
  #name = "";
  #input = "";
  #output: Uint8Array[] = [];
  #isOver = false;
  #wake = () => {};

  constructor(server: FakeServer, { up = Infinity, down = Infinity }: Cut) {
    this.#server = server;
    this.#cut = { up, down };
    server.moved.push(this.#moved);
    this.socket = {
      read: () => this.#read(),
      write: (lines) => Promise.resolve(this.#receive(lines)),
      close: () => this.#end(),
    };
  }

  reads(to: string): boolean {
    return this.#name !== "" && (to === this.#name || this.#rooms.has(to));
  }

  send(object: object): void {
    if (this.#isOver) return;
    const bytes = encoder.encode(`${JSON.stringify(object)}\n`), room = this.#cut.down - this.#moved.down;
    this.#output.push(bytes.subarray(0, Math.max(0, room)));
    this.#moved.down += Math.min(bytes.length, room);
    if (bytes.length >= room) this.#end();
    this.#wake();
  }

  async #read(): Promise<Uint8Array | undefined> {
    while (this.#output.length === 0 && !this.#isOver) await new Promise<void>((resolve) => this.#wake = resolve);
    return this.#output.shift();
  }

  #receive(lines: Uint8Array): void {
    if (this.#isOver) return;
    const taken = lines.subarray(0, Math.max(0, this.#cut.up - this.#moved.up));
    this.#moved.up += taken.length;
    this.#input += decoder.decode(taken);
    const objects = this.#input.split("\n");
    this.#input = objects.pop()!;
    for (const json of objects) this.#answer(JSON.parse(json));
    if (taken.length < lines.length) this.#end();
  }

  #end(): void {
    this.#isOver = true;
    this.#server.gone(this);
    this.#wake();
  }

  #answer(request: Asked): void {
    this.#server.onRequest(request);
    const { action, time, to, message, room = "#all", after, limit = 50, user } = request;
    const ok = (fields: object = {}) => this.send({ response: 200, time: 0, ...fields });
    if (action !== "msg" && this.#server.isInTrouble()) return this.send({ response: 503, time: 0, error: "not now" });
    switch (action) {
      case "presence":
        this.#name ||= user.account_name;
        return ok({ jim: 1, role: "guest" });
      case "msg": {
        const id = this.#server.say(this.#name, to, message, time, this);
        return ok({ id });
      }
      case "join":
        this.#rooms.add(room);
        return ok();
      case "history": {
        const all = this.#server.log.filter(({ to }) => to === room);
        const rows = after === undefined ? all.slice(-limit) : all.filter(({ id }) => id > after).slice(0, limit);
        this.send({ response: 202, time: 0, quantity: rows.length });
        for (const row of rows) this.send(row);
        return;
      }
      default:
        return ok();
    }
  }
}
