/**
 * The web port: it serves the files of the page, and turns a request for `/jim` into a connection of the chat. It
 * runs beside the loop of the server and hands it finished sockets. Before that, connections are limited in time,
 * number and speed.
 */
import { encode, type Language, prefixLength } from "../../jim/mod.ts";
import { ACCEPT_QUIET, ACCEPT_RETRY } from "../net/acceptor.ts";
import { closeSocket, configureSocket, isPeerGone, type Socket } from "../net/connection.ts";
import type { Listener } from "../net/listener.ts";
import { catalogues } from "../words/mod.ts";
import { Gate } from "./gate.ts";
import { writeAll } from "../../select/write_all.ts";
import { type JimInstead, readAway, readRequest, writeResponse } from "./http.ts";
import { type HttpConnection, Pool } from "./pool.ts";
import type { Caller } from "./handler.ts";
import { site, type SiteOptions } from "./site.ts";
import { PageSocket } from "./socket.ts";
import { shakeHands } from "./upgrade.ts";
import { textResponse } from "./text_response.ts";

/** How the web port behaves. */
export interface WebOptions extends SiteOptions {
  readonly scheme: "http" | "https";
  /** The language of refusals to a browser; English by default. */
  readonly language?: Language;
  /** Other origins than its own, with pages that may speak JIM. */
  readonly origins: readonly string[];
  /** The port for JIM without HTTP, which a refusal to a client that speaks JIM here names. */
  readonly jimPort: number;
  /** Bytes that one message over WebSocket may have. */
  readonly limit: number;
  /** The client's address, from the peer's and the header `X-Forwarded-For`; the peer's own, if there is no such function. */
  readonly clientHost?: ((peer: string, forwarded: string | null) => string) | undefined;
  /** Takes in a WebSocket, which speaks JIM from here on. */
  came(socket: Socket): void;
  /** Reports why no connection can be accepted for the moment. */
  failing(error: Error): void;
}

/** Milliseconds until the head of a request must be whole, and those for its answer. */
const REQUEST = 15_000, ANSWER = 15_000;
/** Milliseconds and bytes that a peer may still send behind our last answer. They are read away. */
const LINGER = 5_000, LINGER_BYTES = 1024 * 1024;
/** Connections at a time that are not in the chat. */
const CONNECTIONS = 500;
/**
 * Accepts and answers in a row, and milliseconds until the next ones: each takes up to a quarter of a processor's time. An
 * accept costs ten times as much where a TLS handshake begins with it.
 */
const ACCEPTS = { http: 16, https: 4 }, ANSWERS = 8, PAUSE = 4;

/** Opens the web port. Call the returned `close` after the last connection is closed. */
export async function openWeb(listener: Listener, welcome: WebOptions): Promise<{ close(): void }> {
  const { scheme, origins, limit, jimPort, clientHost = (peer) => peer, language = "en" } = welcome;
  const texts = catalogues[language], table = await site(welcome, texts);
  const pool = new Pool(CONNECTIONS);
  /** Ends WebSockets that have sent their close frame and still wait for the peer's. */
  const leaving = new Set<() => void>();
  const accepting = new Gate(ACCEPTS[scheme], PAUSE), answering = new Gate(ANSWERS, PAUSE);
  let closed = false, failedAt = -Infinity;
  let again: ReturnType<typeof setTimeout> | undefined;
  receive();
  return {
    close() {
      closed = true;
      clearTimeout(again);
      listener.close();
      pool.close();
      accepting.close();
      answering.close();
      for (const end of leaving) end();
    },
  };

  async function receive(): Promise<void> {
    while (!closed) {
      await accepting.pass();
      if (pool.isBusy) await answering.pass(); // behind all that wait for their answers
      try {
        const socket = await listener.accept();
        if (closed) closeSocket(socket); // it was accepted while closing
        else meet(socket);
      } catch (error) {
        if (!closed && !isPeerGone(error)) return pause(error as Error);
      }
    }
  }

  /** For example, no file descriptor is left. */
  function pause(error: Error): void {
    const moment = performance.now();
    if (moment - failedAt >= ACCEPT_QUIET) welcome.failing(error);
    failedAt = moment;
    again = setTimeout(receive, ACCEPT_RETRY);
  }

  async function meet(socket: Socket): Promise<void> {
    if (!configureSocket(socket)) return closeSocket(socket);
    const connection = pool.add(socket, REQUEST);
    const joins = await converse(connection).catch(() => false); // the peer is gone, or the time is over
    pool.remove(connection);
    if (!joins) closeSocket(socket);
  }

  /** Answers one request after the other. True when it has become a connection of the chat. */
  async function converse(connection: HttpConnection): Promise<boolean> {
    const { socket, host: peer } = connection;
    for (let come: Uint8Array = new Uint8Array(0);;) {
      const asked = await readRequest(socket, come, scheme, texts);
      if (asked === undefined) return false;
      pool.enter(connection, "asking", ANSWER);
      await answering.pass();
      if ("isPrefixed" in asked) return await redirectJim(connection, asked);
      if ("response" in asked) return await dismiss(connection, asked.response, asked.method);
      const { request, path, host, stays, rest } = asked, { method } = request;
      if (path === "/jim") {
        pool.enter(connection, "upgrading", ANSWER);
        const opened = await shakeHands(request, host, origins, texts);
        if (opened instanceof Response) return await dismiss(connection, opened, method);
        await writeAll(socket, opened);
        pool.remove(connection); // from here on the chat alone closes it
        const hostname = clientHost(peer, request.headers.get("x-forwarded-for"));
        welcome.came(new PageSocket(socket, rest, limit, { ...socket.remoteAddr, hostname }, leaving));
        return true;
      }
      const answer = await find(path, request, { host });
      if (!stays) return await dismiss(connection, answer, method);
      pool.enter(connection, "answered", ANSWER);
      await writeResponse(socket, answer, { method, stays });
      pool.enter(connection, "idle", REQUEST);
      come = rest;
    }
  }

  /**
   * Calls the handler of a path. An exception is a bug and ends the program: it must not be taken for a lost
   * connection.
   */
  async function find(path: string, request: Request, caller: Caller): Promise<Response> {
    try {
      return await table.get(path)?.(request, caller) ?? textResponse(404, texts.nothingAt(path));
    } catch (bug) {
      reportError(bug);
      throw bug;
    }
  }

  async function dismiss(connection: HttpConnection, answer: Response, method: string): Promise<false> {
    pool.enter(connection, "answered", ANSWER);
    await writeResponse(connection.socket, answer, { method });
    return await linger(connection);
  }

  /** A client that speaks JIM here gets one refusal in JIM, which names the right port. */
  async function redirectJim(connection: HttpConnection, { isPrefixed }: JimInstead): Promise<false> {
    const answer = encode({ response: 400, time: Math.floor(Date.now() / 1000), error: texts.jimAt(jimPort) });
    pool.enter(connection, "answered", ANSWER);
    await writeAll(connection.socket, isPrefixed ? prefixLength(answer) : answer);
    return await linger(connection);
  }

  /** After the last answer, discards further input: closing on unread bytes would reset the connection. */
  async function linger(connection: HttpConnection): Promise<false> {
    const { socket } = connection;
    await socket.closeWrite();
    pool.enter(connection, "idle", LINGER);
    await readAway(socket, LINGER_BYTES);
    return false;
  }
}
