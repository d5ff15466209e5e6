/**
 * The web port: it serves the files of the page, and turns a request for `/jim` into a connection of the chat. It
 * runs beside the loop of the server and hands it finished sockets. Before that, connections are limited in time,
 * number and speed.
 */
import type { Language } from "../../jim/mod.ts";
import { ACCEPT_QUIET, ACCEPT_RETRY } from "../net/acceptor.ts";
import { closeSocket, configureSocket, isPeerGone, type Socket } from "../net/connection.ts";
import type { Listener } from "../net/listener.ts";
import { catalogues } from "../words/mod.ts";
import { Gate } from "./gate.ts";
import { Pool, REQUEST_TIMEOUT } from "./pool.ts";
import { RequestLoop, type RequestOptions } from "./request_loop.ts";
import { site, type SiteOptions } from "./site.ts";

/** How the web port behaves. */
export interface WebOptions extends SiteOptions, RequestOptions {
  /** The language of refusals to a browser; English by default. */
  readonly language?: Language;
  /** Reports why no connection can be accepted for the moment. */
  onAcceptFailure(error: Error): void;
}

/** Connections at a time that are not in the chat. */
const CONNECTIONS = 500;
/**
 * Accepts and answers in a row, and milliseconds until the next ones: each takes up to a quarter of a processor's time. An
 * accept costs ten times as much where a TLS handshake begins with it.
 */
const ACCEPTS = { http: 16, https: 4 }, ANSWERS = 8, PAUSE = 4;

/** Opens the web port. Call the returned `close` after the last connection is closed. */
export async function openWeb(listener: Listener, options: WebOptions): Promise<{ close(): void }> {
  const texts = catalogues[options.language ?? "en"], table = await site(options, texts);
  const pool = new Pool(CONNECTIONS), answering = new Gate(ANSWERS, PAUSE);
  const port = new WebPort(listener, options, pool, answering, new RequestLoop(pool, answering, table, texts, options));
  port.accept();
  return { close: () => port.close() };
}

/** Accepts connections, as many as the pool and the gates let pass. */
class WebPort {
  readonly #listener: Listener;
  readonly #onAcceptFailure: (error: Error) => void;
  readonly #pool: Pool;
  readonly #accepting: Gate;
  readonly #answering: Gate;
  readonly #requests: RequestLoop;
  #closed = false;
  #failedAt = -Infinity;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(listener: Listener, options: WebOptions, pool: Pool, answering: Gate, requests: RequestLoop) {
    this.#listener = listener;
    this.#onAcceptFailure = (error) => options.onAcceptFailure(error);
    this.#pool = pool;
    this.#accepting = new Gate(ACCEPTS[options.scheme], PAUSE);
    this.#answering = answering;
    this.#requests = requests;
  }

  async accept(): Promise<void> {
    while (!this.#closed) {
      await this.#accepting.pass();
      if (this.#pool.isBusy) await this.#answering.pass(); // behind all that wait for their answers
      try {
        const socket = await this.#listener.accept();
        if (this.#closed) closeSocket(socket); // it was accepted while closing
        else this.#serve(socket);
      } catch (error) {
        if (!this.#closed && !isPeerGone(error)) return this.#pause(error as Error);
      }
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#listener.close();
    this.#pool.close();
    this.#accepting.close();
    this.#answering.close();
    this.#requests.close();
  }

  /** For example, no file descriptor is left. */
  #pause(error: Error): void {
    const moment = performance.now();
    if (moment - this.#failedAt >= ACCEPT_QUIET) this.#onAcceptFailure(error);
    this.#failedAt = moment;
    this.#retry = setTimeout(() => this.accept(), ACCEPT_RETRY);
  }

  async #serve(socket: Socket): Promise<void> {
    if (!configureSocket(socket)) return closeSocket(socket);
    const connection = this.#pool.add(socket, REQUEST_TIMEOUT);
    const joins = await this.#requests.run(connection).catch(() => false); // the peer is gone, or the time is over
    this.#pool.remove(connection);
    if (!joins) closeSocket(socket);
  }
}
