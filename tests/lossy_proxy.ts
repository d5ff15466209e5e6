// A network that fails in other ways than by closing connections: traffic is swallowed, or comes much later.

/** What becomes of the bytes of one direction. */
export type Treatment = "pass" | "swallow" | "hold";

/** Between clients and one port of the loopback. Each connection is treated in the same way. */
export class LossyProxy implements AsyncDisposable {
  readonly port: number;
  /** To the target, and back. What was held passes when the treatment is `pass` again. */
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

  /** From now on. A connection of which something was swallowed is of no use any more, but stays open. */
  treat(up: Treatment, down: Treatment = up): void {
    this.#up = up;
    this.#down = down;
    for (const pipe of this.#pipes) pipe.release();
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
      const up = new Pipe(client, target, () => this.#up), down = new Pipe(target, client, () => this.#down);
      for (const pipe of [up, down]) {
        this.#pipes.add(pipe);
        running.push(pipe.run().then(() => void this.#pipes.delete(pipe)));
      }
    }
    await Promise.all(running);
  }
}

/** One direction of a connection. */
class Pipe {
  readonly #from: Deno.TcpConn;
  readonly #to: Deno.TcpConn;
  readonly #treatment: () => Treatment;
  #held: Uint8Array[] = [];
  /** Something is missing: what follows would be no protocol any more. */
  #isTorn = false;
  #writing = Promise.resolve();

  constructor(from: Deno.TcpConn, to: Deno.TcpConn, treatment: () => Treatment) {
    this.#from = from;
    this.#to = to;
    this.#treatment = treatment;
  }

  async run(): Promise<void> {
    try {
      for (;;) {
        const buffer = new Uint8Array(65_536), count = await this.#from.read(buffer);
        if (count === null) break;
        if (this.#treatment() === "swallow") this.#isTorn = true;
        if (this.#isTorn) continue;
        this.#held.push(buffer.subarray(0, count));
        this.release();
      }
      await this.#writing;
    } catch {
      // closed, by one side or by the test
    }
    this.close();
  }

  release(): void {
    if (this.#treatment() !== "pass") return;
    for (const bytes of this.#held.splice(0)) {
      this.#writing = this.#writing.then(() => writeAll(this.#to, bytes)).catch(() => this.close());
    }
  }

  close(): void {
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
