/** Answers the requests of an HTTP connection, one after the other, until it closes or becomes a WebSocket. */
import { encode, prefixLength } from "../../jim/mod.ts";
import type { Socket } from "../net/connection.ts";
import { writeAll } from "../../select/write_all.ts";
import type { Texts } from "../words/mod.ts";
import type { Gate } from "./gate.ts";
import type { Caller, Handler } from "./handler.ts";
import { type Asked, HOOKS } from "./head.ts";
import { type JimInstead, readRequest, writeResponse } from "./http.ts";
import { linger } from "./linger.ts";
import { type HttpConnection, type Pool, REQUEST_TIMEOUT } from "./pool.ts";
import { PageSocket } from "./socket.ts";
import { textResponse } from "./text_response.ts";
import { FileAccess } from "../uploads/access.ts";
import { shakeHands } from "./upgrade.ts";

/** The options of requests: part of those of the web port. */
export interface RequestOptions {
  readonly scheme: "http" | "https";
  /** Other origins than its own, with pages that may speak JIM. */
  readonly origins: readonly string[];
  /** The port for JIM without HTTP, which a refusal to a client that speaks JIM here names. */
  readonly jimPort: number;
  /** Bytes that one message over WebSocket may have. */
  readonly limit: number;
  /** The client's address, from the peer's and the header `X-Forwarded-For`; the peer's own, if there is no such function. */
  readonly clientHost?: ((peer: string, forwarded: string | null) => string) | undefined;
  /** The files of the chat; without them there are no such paths. */
  readonly files?: FileAccess | undefined;
  /** Takes in a connection that speaks JIM: a WebSocket, or the request of a hook. */
  onWebSocket(socket: Socket): void;
}

/** Milliseconds for its answer. */
const ANSWER_TIMEOUT = 15_000;

export class RequestLoop {
  readonly #pool: Pool;
  readonly #answering: Gate;
  readonly #table: ReadonlyMap<string, Handler>;
  readonly #texts: Texts;
  readonly #options: RequestOptions;
  /** Ends WebSockets that have sent their close frame and still wait for the peer's. */
  readonly #leaving = new Set<() => void>();

  /** @param answering limits the speed of all answers together */
  constructor(
    pool: Pool,
    answering: Gate,
    table: ReadonlyMap<string, Handler>,
    texts: Texts,
    options: RequestOptions,
  ) {
    this.#pool = pool;
    this.#answering = answering;
    this.#table = table;
    this.#texts = texts;
    this.#options = options;
  }

  /** True when the connection has become one of the chat. Rejects when the peer is gone or its time is over. */
  async run(connection: HttpConnection): Promise<boolean> {
    const pool = this.#pool, { socket } = connection;
    for (let received: Uint8Array = new Uint8Array(0);;) {
      const asked = await readRequest(socket, received, this.#options.scheme, this.#texts);
      if (asked === undefined) return false;
      pool.enter(connection, "asking", ANSWER_TIMEOUT);
      await this.#answering.pass();
      if ("isPrefixed" in asked) return await this.#redirectJim(connection, asked);
      if ("response" in asked) return await this.#dismiss(connection, asked.response, asked.method);
      const { request, path, host, stays, rest } = asked, { method } = request;
      if (path === "/jim") return await this.#upgrade(connection, asked);
      if (this.#options.files !== undefined && FileAccess.isPath(path)) {
        if (!await this.#transfer(connection, asked, this.#options.files)) return false;
        received = rest;
        continue;
      }
      if (path.startsWith(HOOKS)) return await this.#answerHook(connection, asked);
      const answer = await this.#find(path, request, { host });
      if (!stays) return await this.#dismiss(connection, answer, method);
      pool.enter(connection, "answered", ANSWER_TIMEOUT);
      await writeResponse(socket, answer, { method, stays });
      pool.enter(connection, "idle", REQUEST_TIMEOUT);
      received = rest;
    }
  }

  /** Ends what still waits for the close frame of a peer. */
  close(): void {
    for (const end of this.#leaving) end();
  }

  /** Answers a request for a file. Returns whether another one may follow. */
  async #transfer(connection: HttpConnection, asked: Asked, files: FileAccess): Promise<boolean> {
    const loaded = await files.load(), { socket } = connection, host = this.#hostOf(connection, asked);
    if (loaded === undefined) {
      return await this.#dismiss(connection, textResponse(503, this.#texts.files.failed), asked.request.method);
    }
    const extend = (milliseconds: number) => this.#pool.enter(connection, "answered", milliseconds);
    const answered = await loaded.requests.answer({ socket, host, extend }, asked);
    if (answered !== "stays") return await this.#end(connection);
    this.#pool.enter(connection, "idle", REQUEST_TIMEOUT);
    return true;
  }

  /** Answers a request of a hook. */
  async #answerHook(connection: HttpConnection, asked: Asked): Promise<false> {
    const { answerHook } = await import("./hooks.ts"), { socket } = connection;
    await answerHook(
      {
        socket,
        host: this.#hostOf(connection, asked),
        extend: (milliseconds) => this.#pool.enter(connection, "asking", milliseconds),
        connect: (socket) => this.#options.onWebSocket(socket),
      },
      asked,
      this.#texts,
    );
    return await this.#end(connection);
  }

  /** The client's address. */
  #hostOf({ host }: HttpConnection, { request }: Pick<Asked, "request">): string {
    return this.#options.clientHost?.(host, request.headers.get("x-forwarded-for")) ?? host;
  }

  /** Answers a request for a WebSocket, and hands it to the chat unless it is refused. */
  async #upgrade(connection: HttpConnection, { request, host, rest }: Asked): Promise<boolean> {
    const { origins, limit } = this.#options, { socket } = connection;
    this.#pool.enter(connection, "upgrading", ANSWER_TIMEOUT);
    const opened = await shakeHands(request, host, origins, this.#texts);
    if (opened instanceof Response) return await this.#dismiss(connection, opened, request.method);
    await writeAll(socket, opened);
    this.#pool.remove(connection); // from here on the chat alone closes it
    const hostname = this.#hostOf(connection, { request });
    this.#options.onWebSocket(new PageSocket(socket, rest, limit, { ...socket.remoteAddr, hostname }, this.#leaving));
    return true;
  }

  /**
   * Calls the handler of a path. An exception is a bug and ends the program: it must not be taken for a lost
   * connection.
   */
  async #find(path: string, request: Request, caller: Caller): Promise<Response> {
    try {
      return await this.#table.get(path)?.(request, caller) ?? textResponse(404, this.#texts.nothingAt(path));
    } catch (bug) {
      reportError(bug);
      throw bug;
    }
  }

  async #dismiss(connection: HttpConnection, answer: Response, method: string): Promise<false> {
    this.#pool.enter(connection, "answered", ANSWER_TIMEOUT);
    await writeResponse(connection.socket, answer, { method });
    return await this.#end(connection);
  }

  /** A client that speaks JIM here gets one refusal in JIM, which names the right port. */
  async #redirectJim(connection: HttpConnection, { isPrefixed }: JimInstead): Promise<false> {
    const error = this.#texts.jimAt(this.#options.jimPort);
    const answer = encode({ response: 400, time: Math.floor(Date.now() / 1000), error });
    this.#pool.enter(connection, "answered", ANSWER_TIMEOUT);
    await writeAll(connection.socket, isPrefixed ? prefixLength(answer) : answer);
    return await this.#end(connection);
  }

  /** Returns that the connection does not stay. */
  async #end(connection: HttpConnection): Promise<false> {
    await linger(this.#pool, connection);
    return false;
  }
}
