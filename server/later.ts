/**
 * Posts events to the loop by a timer and not a microtask, so that the runtime polls the network in between. All
 * events share one timer.
 *
 * The loop posts itself the events by which it goes on with requests: the result of a job, input that waited for a record. While
 * there are such events, its turns follow each other, and nothing else is read. So the time of turns is counted, and after some
 * milliseconds of it these events wait for a poll, too.
 */

/**
 * Milliseconds of turns after which the network is polled. Connections with requests in advance have one done in each turn: 100
 * reactions of each of 100 guests made others wait for 1.8 s.
 */
const BETWEEN_POLLS = 8;
/**
 * Milliseconds of the timer after so long. Deno's runtime (tokio) runs what is ready, such as this timer and finished writes, up to
 * 61 times before it polls. So the timer starts at the end of the turn, and again at the end of the next ones, which finished
 * writes may cause. A hundred finished writes take longer than this timer, and it is due when they are over. So it starts once
 * more when it ends: then nothing is ready, and the runtime polls.
 */
const UNTIL_POLL = 1, RESTARTS = 3;

type Timer = ReturnType<typeof setTimeout>;

/** The timers of the runtime, which a test replaces. */
export interface Timers {
  setTimeout(run: () => void, milliseconds: number): Timer;
  clearTimeout(timer: Timer | undefined): void;
}

export class Later<Event> {
  readonly #post: (event: Event) => void;
  readonly #now: () => number;
  readonly #timers: Timers;
  #events: Event[] = [];
  #timer: Timer | undefined;
  #restarts = 0;
  /** The timer has ended once since the last turn. */
  #isSecond = false;
  /** Milliseconds of turns since the network was polled, without the present one. */
  #sincePoll = 0;
  /** When the present turn began; undefined between two turns. */
  #began: number | undefined;

  /**
   * @param post posts an event to the loop
   * @param now milliseconds that never go back
   */
  constructor(post: (event: Event) => void, now: () => number, timers: Timers = globalThis) {
    this.#post = post;
    this.#now = now;
    this.#timers = timers;
  }

  /** Posts the event soon, after those added before. */
  add(event: Event): void {
    this.#events.push(event);
    if (this.#timer === undefined) this.#start(0);
  }

  /** Posts an event at once, or later if the network has to be polled first. */
  addContinuation(event: Event): void {
    const present = this.#began === undefined ? 0 : this.#now() - this.#began;
    if (this.#sincePoll + present < BETWEEN_POLLS) this.#post(event);
    else this.add(event);
  }

  /** A turn begins at this moment. */
  beginTurn(moment: number): void {
    this.#began = moment;
  }

  /** The turn ends at this moment. */
  endTurn(moment: number): void {
    this.#sincePoll += moment - this.#began!;
    this.#began = undefined;
    if (this.#timer === undefined || this.#sincePoll < BETWEEN_POLLS || this.#restarts === RESTARTS) return;
    this.#timers.clearTimeout(this.#timer);
    this.#isSecond = false;
    this.#restarts++;
    this.#start(UNTIL_POLL);
  }

  /** Drops the events that are not posted yet. */
  cancel(): void {
    this.#timers.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#events = [];
  }

  #start(milliseconds: number): void {
    this.#timer = this.#timers.setTimeout(() => this.#onTimer(), milliseconds);
  }

  #onTimer(): void {
    if (this.#sincePoll < BETWEEN_POLLS || this.#isSecond) return this.#postAll();
    this.#isSecond = true;
    this.#start(UNTIL_POLL);
  }

  #postAll(): void {
    const events = this.#events;
    this.cancel();
    this.#sincePoll = this.#restarts = 0;
    this.#isSecond = false;
    for (const event of events) this.#post(event);
  }
}
