// A chat in a terminal with its loop, as in client/terminal/loop.ts, at a model server: the test is the keyboard and the clock.

import { Controller } from "../../../client/terminal/controller.ts";
import { plain } from "../../../client/terminal/paint.ts";
import { ME, type ModelServer, type Wire } from "../model_server.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();
// deno-lint-ignore no-control-regex -- what a terminal obeys
const CONTROLS = /\x1b\[[\d;?]*[A-Za-z]|\x07|.*\r(?!\n)/g;

export class TerminalLoop {
  readonly controller: Controller;
  /** The rows that were printed, without the line that is typed. */
  readonly rows: string[] = [];
  now = 0;
  readonly #server: ModelServer;
  #wire: Wire | undefined;
  #dialedAt = Infinity;
  #hasQuit = false;

  constructor(server: ModelServer) {
    this.#server = server;
    const others = [{ address: "127.0.0.1", port: 7778 }];
    const options = { address: "127.0.0.1", port: 7777, others, name: ME };
    this.controller = new Controller(options, plain, () => 0.5, 0, (now) => 1_764_000_000_000 + now);
    this.#wire = server.connect();
    this.controller.connected(0);
    this.work();
  }

  /** It is over: the loop ends. */
  get isOver(): boolean {
    return this.controller.isOver(this.now);
  }

  type(keys: string): void {
    this.controller.type(encoder.encode(keys), this.now);
    this.work();
  }

  /** So many objects reach the client. */
  give(count: number): void {
    for (; count > 0 && this.#wire !== undefined && this.#wire.toClient.length > 0; count--) {
      this.controller.link.framer.push(encoder.encode(`${this.#wire.toClient.shift()}\n`));
      this.controller.receive(this.now);
      this.work();
    }
    this.work();
  }

  pass(ms: number): void {
    for (const end = this.now + ms; this.now < end;) {
      const due = Math.min(this.controller.due, this.#dialedAt);
      this.now = Math.min(end, Math.max(this.now + 1, due));
      this.work();
    }
  }

  work(): void {
    const { controller, now } = this, { link } = controller;
    if (this.isOver) return this.#print();
    controller.pass(now);
    if (this.#wire?.isCut && this.#wire.toClient.length === 0) {
      this.#wire = undefined;
      controller.disconnected(now);
    }
    if (!link.open && this.#wire !== undefined) this.#hangUp();
    if (!controller.isShuttingDown && now >= link.retryAt && this.#dialedAt === Infinity) {
      link.retryAt = Infinity;
      this.#dialedAt = now + 1;
    }
    if (now >= this.#dialedAt) {
      this.#dialedAt = Infinity;
      this.#hasQuit = false;
      this.#wire = this.#server.connect();
      if (this.#wire === undefined) controller.connectFailed("nobody is there", now);
      else controller.connected(now);
      return this.work();
    }
    const bytes = this.#wire === undefined || this.#hasQuit ? undefined : link.requests.take(now);
    if (bytes !== undefined) this.#wire!.toServer.push(...decoder.decode(bytes).trimEnd().split("\n"));
    if (controller.isFlushed && this.#wire !== undefined && !this.#hasQuit) {
      this.#hasQuit = true;
      controller.closing(now);
      this.#wire.toServer.push('{"action":"quit"}'); // as good as the end of the stream
    }
    this.#print();
  }

  /** What was written before arrives still. */
  #hangUp(): void {
    const wire = this.#wire!;
    this.#wire = undefined;
    if (!wire.isCut) this.#server.cut(Infinity);
  }

  #print(): void {
    const { window } = this.controller;
    const rows = window.out.replace(CONTROLS, "").split("\r\n");
    window.out = "";
    this.rows.push(...rows.slice(0, -1));
  }
}
