// The timers of the runtime in the test's hand: each runs when the test lets time pass, and in one order.

type Globals = Pick<typeof globalThis, "setTimeout" | "clearTimeout" | "setImmediate" | "clearImmediate">;

interface Due {
  readonly at: number;
  readonly run: () => void;
}

/** Rounds in which timers may set others that are due at once. */
const MOST_ROUNDS = 10_000;

/** `using time = new VirtualTime()`: until then no timer of the runtime runs by itself. */
export class VirtualTime implements Disposable {
  /** Milliseconds that never go back. */
  now = 0;
  readonly #real: Globals;
  readonly #due = new Map<number, Due>();
  #last = 0;

  constructor() {
    const { setTimeout, clearTimeout, setImmediate, clearImmediate } = globalThis;
    this.#real = { setTimeout, clearTimeout, setImmediate, clearImmediate };
    const set = (run: () => void, milliseconds = 0) => this.#set(run, milliseconds);
    const clear = (id: unknown) => void this.#due.delete(id as number);
    const setNow = (run: () => void) => this.#set(run, 0);
    Object.assign(globalThis, { setTimeout: set, clearTimeout: clear, setImmediate: setNow, clearImmediate: clear });
  }

  [Symbol.dispose](): void {
    Object.assign(globalThis, this.#real);
  }

  /** Lets time pass, and each timer of it run when all is done that the one before has begun. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.now + milliseconds;
    await this.#settled();
    for (let round = 0;; round++) {
      if (round > MOST_ROUNDS) throw new Error("Timers never end");
      const next = this.#next(end);
      if (next === undefined) break;
      const [id, { at, run }] = next;
      this.#due.delete(id);
      this.now = Math.max(this.now, at);
      run();
      await this.#settled();
    }
    this.now = end;
  }

  #set(run: () => void, milliseconds: number): number {
    this.#due.set(++this.#last, { at: this.now + Math.max(0, milliseconds), run });
    return this.#last;
  }

  /** The earliest timer, of several the first one. */
  #next(end: number): [number, Due] | undefined {
    let next: [number, Due] | undefined;
    for (const each of this.#due) {
      if (each[1].at <= end && (next === undefined || each[1].at < next[1].at)) next = each;
    }
    return next;
  }

  /** When all promises that can settle have done so. */
  #settled(): Promise<void> {
    return new Promise((resolve) => this.#real.setImmediate(resolve));
  }
}
