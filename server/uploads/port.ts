/**
 * Requests for files on the chat's own port: a client that knows no other address of the server can send a file. The loop hands
 * over a connection that begins with such a request; it is never one of the chat.
 */
import { closeSocket, type Socket } from "../net/connection.ts";
import { readRequest, writeResponse } from "../web/http.ts";
import { linger } from "../web/linger.ts";
import { type HttpConnection, Pool, REQUEST_TIMEOUT } from "../web/pool.ts";
import { textResponse } from "../web/text_response.ts";
import type { Texts } from "../words/mod.ts";
import { FileAccess } from "./access.ts";
import type { FileRequests } from "./requests.ts";

/** Connections at a time; beyond, an idle one is closed. */
const CONNECTIONS = 300;

export class FilePort {
  readonly #requests: () => Promise<FileRequests | undefined>;
  readonly #texts: Texts;
  readonly #pool = new Pool(CONNECTIONS);

  /** @param requests what answers; nothing while the folder of files cannot be read */
  constructor(requests: () => Promise<FileRequests | undefined>, texts: Texts) {
    this.#requests = requests;
    this.#texts = texts;
  }

  /** Serves a connection until its end. @param bytes what has come of its first request */
  async serve(socket: Socket, bytes: Uint8Array): Promise<void> {
    const connection = this.#pool.add(socket, REQUEST_TIMEOUT);
    await this.#run(connection, bytes).catch(ignore);
    this.#pool.remove(connection);
    closeSocket(socket);
  }

  close(): void {
    this.#pool.close();
  }

  async #run(connection: HttpConnection, received: Uint8Array): Promise<void> {
    const { socket, host } = connection;
    const extend = (milliseconds: number) => this.#pool.enter(connection, "answered", milliseconds);
    for (;;) {
      const asked = await readRequest(socket, received, "http", this.#texts);
      if (asked === undefined || "isPrefixed" in asked) return;
      extend(REQUEST_TIMEOUT);
      if ("response" in asked) return await this.#dismiss(connection, asked.response, asked.method);
      const { path, request: { method } } = asked;
      if (!FileAccess.isPath(path)) {
        return await this.#dismiss(connection, textResponse(404, this.#texts.nothingAt(path)), method);
      }
      const requests = await this.#requests();
      if (requests === undefined) {
        return await this.#dismiss(connection, textResponse(503, this.#texts.files.failed), method);
      }
      const answered = await requests.answer({ socket, host, extend }, asked);
      if (answered !== "stays") return await linger(this.#pool, connection);
      this.#pool.enter(connection, "idle", REQUEST_TIMEOUT);
      received = asked.rest;
    }
  }

  /** Sends the last answer. */
  async #dismiss(connection: HttpConnection, response: Response, method: string | undefined): Promise<void> {
    await writeResponse(connection.socket, response, method === undefined ? {} : { method });
    return await linger(this.#pool, connection);
  }
}

/** The peer is gone, or its time is over. Any other exception is a bug, and ends the program. */
function ignore(error: unknown): void {
  if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) {
    reportError(error);
    throw error;
  }
}
