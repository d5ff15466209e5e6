// A client of a server in a test's world: what it has sent, how each request was answered, and what it has received.

import type { FakeSocket } from "../fake.ts";
import type { Life } from "./world.ts";

/** An object that a client has received. */
// deno-lint-ignore no-explicit-any
export type Received = Record<string, any>;

/** A request. */
export interface Sent {
  readonly request: Received;
  /** The answer to it. */
  answer?: Received;
}

/** What became of a request, as its client knows. */
export type Fate = "done" | "refused" | "unknown";

export class WorldClient {
  readonly life: Life;
  readonly socket: FakeSocket;
  readonly sent: Sent[] = [];
  /** All that was no answer. */
  readonly received: Received[] = [];
  #read = 0;
  #answered = 0;
  /** So many rows of the last answer are to come, before anything else. */
  #rows = 0;

  constructor(life: Life) {
    this.life = life;
    this.socket = life.connect();
  }

  get isClosed(): boolean {
    return this.socket.closed || this.socket.shut;
  }

  /** Its answer to the first request was good. */
  get hasEntered(): boolean {
    this.take();
    return (this.sent[0]?.answer?.response ?? 500) < 300;
  }

  /** The last one that it has entered with was not refused, and nothing has ended it. */
  get isThere(): boolean {
    return this.hasEntered && !this.isClosed;
  }

  say(request: Received): Sent {
    const sent: Sent = { request };
    this.sent.push(sent);
    this.socket.give(`${JSON.stringify({ time: 1, ...request })}\n`);
    return sent;
  }

  /** It breaks off. */
  end(): void {
    this.socket.end();
  }

  /** Reads what has come. */
  take(): void {
    const { heard } = this.socket;
    for (let end = heard.indexOf("\n", this.#read); end >= 0; end = heard.indexOf("\n", this.#read)) {
      this.#note(JSON.parse(heard.slice(this.#read, end)));
      this.#read = end + 1;
    }
  }

  /** The requests without an answer. */
  get waiting(): readonly Sent[] {
    this.take();
    return this.sent.slice(this.#answered);
  }

  fateOf({ answer }: Sent): Fate {
    if (answer === undefined) return "unknown";
    if (answer.response < 300) return "done";
    // The last thing that a connection is sent may be why it is closed, and not the answer to a request.
    return this.isClosed || /does not know yet/.test(answer.error) ? "unknown" : "refused";
  }

  #note(object: Received): void {
    if (this.#rows > 0 && object.response === undefined) {
      this.#rows--;
      return;
    }
    if (typeof object.response !== "number" || object.response < 200) this.received.push(object);
    else {
      const sent = this.sent[this.#answered];
      if (sent === undefined) this.received.push(object);
      else {
        sent.answer = object;
        this.#rows = object.quantity ?? 0;
        this.#answered++;
      }
    }
  }
}
