// A session of the library with its loop, as in jim/client/chat.ts, at a model server: the test is the clock.

import type { ChatMessage } from "../../../jim/client/chat_event.ts";
import { Session } from "../../../jim/client/session.ts";
import { ME, type ModelServer, type Wire } from "../../client/model_server.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();

/** What became of a message. */
export type Fate = { readonly id: number | undefined } | { readonly error: unknown } | undefined;

/** A session with its loop, as in jim/client/chat.ts. */
export class SessionLoop {
  readonly session: Session<string>;
  readonly read: ChatMessage[] = [];
  readonly fates = new Map<string, Fate>();
  /** Joins, leaves and requests that are not settled. */
  pending = 0;
  isReady = false;
  /** The names of rooms, as the program was told them. */
  readonly names = new Map<string, string>();
  end: { error: Error | undefined } | undefined;
  now = 0;
  readonly #server: ModelServer;
  #wire: Wire | undefined;
  #dialedAt = Infinity;

  constructor(server: ModelServer, rooms: readonly string[], features: readonly ("rooms" | "move")[]) {
    this.#server = server;
    const login = server.kind.isAccount ? { name: ME, password: "secret" } : { name: ME };
    const options = {
      login,
      rooms,
      after: undefined,
      features: ["id", "replies", "edits", ...features] as const,
      pauses: undefined,
    };
    this.session = new Session(["one", "two"], options, {
      message: (message) => this.read.push(message),
      event: (event) => {
        if (event.kind === "room" && event.name !== undefined) this.names.set(event.room, event.name);
      },
      ready: () => this.isReady = true,
      over: (error) => this.end = { error },
      wall: () => 1_764_000_000_000 + this.now,
      random: () => 0.5,
    });
    this.#dialedAt = 0;
    this.work();
  }

  /** How the program calls a place. */
  called(name: string): string {
    const next = this.names.get(name);
    return next === undefined ? name : this.called(next);
  }

  say(text: string, to: string): void {
    this.fates.set(text, undefined);
    this.session.say(text, to).then(
      (said) => this.fates.set(text, said),
      (error) => this.fates.set(text, { error }),
    );
    this.work();
  }

  settles(promise: Promise<unknown>): void {
    this.pending++;
    promise.catch(() => {}).finally(() => this.pending--);
    this.work();
  }

  close(): void {
    this.session.close(this.now);
    this.work();
  }

  /** So many objects reach the client. */
  give(count: number): void {
    for (; count > 0 && this.#wire !== undefined && this.#wire.toClient.length > 0; count--) {
      this.session.receive(encoder.encode(`${this.#wire.toClient.shift()}\n`), this.now);
      this.work();
    }
    this.work();
  }

  pass(ms: number): void {
    for (const end = this.now + ms; this.now < end;) {
      this.now = Math.min(end, Math.max(this.now, Math.min(this.session.due, this.#dialedAt)));
      if (this.now >= this.session.due) this.session.tick(this.now);
      this.work();
      if (this.now < end && Math.min(this.session.due, this.#dialedAt) <= this.now) {
        this.now = Math.min(end, this.now + 1);
      }
    }
  }

  work(): void {
    const { session } = this, { link } = session;
    if (this.#wire?.isCut && this.#wire.toClient.length === 0) {
      this.#wire = undefined;
      session.disconnected(this.now);
    }
    if ((session.isOver || !link.open) && this.#wire !== undefined) this.#hangUp();
    if (session.isOver) return;
    if (this.now >= link.retryAt) {
      link.retryAt = Infinity;
      this.#dialedAt = this.now + 1;
    }
    if (this.now >= this.#dialedAt) {
      this.#dialedAt = Infinity;
      this.#wire = this.#server.connect();
      if (this.#wire === undefined) session.connectFailed(new Error("nobody is there"), this.now);
      else session.connected();
      return this.work();
    }
    const bytes = this.#wire === undefined ? undefined : link.requests.take(this.now);
    if (bytes !== undefined) this.#wire!.toServer.push(...decoder.decode(bytes).trimEnd().split("\n"));
  }

  /** What was written before arrives still. */
  #hangUp(): void {
    const wire = this.#wire!;
    this.#wire = undefined;
    if (!wire.isCut) this.#server.cut(Infinity);
  }
}
