// A network that fails in other ways than by closing connections: traffic is swallowed, or comes much later.

/** What becomes of the bytes of one direction. */
export type Treatment = "pass" | "swallow" | "hold";

/** Between clients and one port of the loopback. Each connection is treated in the same way. */
export class LossyProxy implements AsyncDisposable {
  readonly port: number;
  /** Of new connections: to the target, and back. */
  #up: Treatment = "pass";
  #down: Treatment = "pass";
  readonly #target: number;
  readonly #listener: Deno.TcpListener;
  readonly #pipes = new Set<Pipe>();
  readonly #done: Promise<void>;

  constructor(target: number) {
    this.#target = target;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.port = this.#listener.addr.port;
    this.#done = this.#accept();
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** From now on, present connections and new ones. One of which something was swallowed is of no use any more, but stays open. */
  treat(up: Treatment, down: Treatment = up): void {
    this.treatPresent(up, down);
    this.#up = up;
    this.#down = down;
  }

  /** Only the connections that there are. What was held passes when they are treated as `pass` again, though its sender is gone. */
  treatPresent(up: Treatment, down: Treatment = up): void {
    for (const pipe of this.#pipes) pipe.treat(pipe.isUp ? up : down);
  }

  /** Closes all connections; new ones are let through. */
  cut(): void {
    for (const pipe of this.#pipes) pipe.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.cut();
    await this.#done;
  }

  async #accept(): Promise<void> {
    const running: Promise<void>[] = [];
    for await (const client of this.#listener) {
      let target: Deno.TcpConn;
      try {
        target = await Deno.connect({ hostname: "127.0.0.1", port: this.#target });
      } catch {
        client.close();
        continue;
      }
      for (const pipe of [new Pipe(client, target, true, this.#up), new Pipe(target, client, false, this.#down)]) {
        this.#pipes.add(pipe);
        running.push(pipe.run().then(() => void this.#pipes.delete(pipe)));
      }
    }
    await Promise.all(running);
  }
}

/** One direction of a connection. */
class Pipe {
  /** To the target. */
  readonly isUp: boolean;
  readonly #from: Deno.TcpConn;
  readonly #to: Deno.TcpConn;
  #treatment: Treatment;
  #held: Uint8Array[] = [];
  /** Something is missing: what follows would be no protocol any more. */
  #isTorn = false;
  #writing = Promise.resolve();
  #released = Promise.withResolvers<void>();

  constructor(from: Deno.TcpConn, to: Deno.TcpConn, isUp: boolean, treatment: Treatment) {
    this.#from = from;
    this.#to = to;
    this.isUp = isUp;
    this.#treatment = treatment;
  }

  async run(): Promise<void> {
    try {
      for (;;) {
        const buffer = new Uint8Array(65_536), count = await this.#from.read(buffer);
        if (count === null) break;
        if (this.#treatment === "swallow") this.#isTorn = true;
        if (this.#isTorn) continue;
        this.#held.push(buffer.subarray(0, count));
        this.#pass();
      }
    } catch {
      // closed, by one side or by the test
    }
    if (this.#held.length > 0) await this.#released.promise;
    await this.#writing;
    this.close();
  }

  treat(treatment: Treatment): void {
    this.#treatment = treatment;
    if (treatment === "hold") this.#released = Promise.withResolvers();
    this.#pass();
  }

  #pass(): void {
    if (this.#treatment !== "pass") return;
    for (const bytes of this.#held.splice(0)) {
      this.#writing = this.#writing.then(() => writeAll(this.#to, bytes)).catch(() => this.close());
    }
    this.#released.resolve();
  }

  close(): void {
    this.#released.resolve();
    for (const connection of [this.#from, this.#to]) {
      try {
        connection.close();
      } catch {
        // the other direction has closed it
      }
    }
  }
}

async function writeAll(to: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await to.write(bytes.subarray(at));
}
