/**
 * Posts events to the loop by a timer and not a microtask, so that the runtime polls the network in between. All
 * events share one timer.
 */
export class Later<Event> {
  readonly #post: (event: Event) => void;
  #events: Event[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param post posts an event to the loop */
  constructor(post: (event: Event) => void) {
    this.#post = post;
  }

  /** Posts the event soon, after those added before. */
  add(event: Event): void {
    this.#events.push(event);
    this.#timer ??= setTimeout(() => this.#postAll(), 0);
  }

  /** Drops the events that are not posted yet. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#events = [];
  }

  #postAll(): void {
    const events = this.#events;
    this.cancel();
    for (const event of events) this.#post(event);
  }
}
