/**
 * The web port: whoever connects there is served the page's files, and at `/jim` becomes a connection of the chat like any
 * other. It runs beside the server's loop and hands it finished sockets; until then a guest is bounded by a time and by
 * how many there are.
 */
import { isLoopback, named, shut, type Socket } from "../connection.ts";
import type { Listener } from "../serve.ts";
import { readRequest, words, writeAll, writeResponse } from "./http.ts";
import { type Caller, type Facts, site } from "./site.ts";
import { PageSocket } from "./socket.ts";
import { shakeHands } from "./upgrade.ts";

/** How the web port behaves. */
export interface Welcome extends Facts {
  readonly scheme: "http" | "https";
  /** Origins beside its own whose pages may speak JIM. */
  readonly origins: readonly string[];
  /** Bytes that one message over WebSocket may have. */
  readonly limit: number;
  /** Takes in somebody who speaks JIM from here on. */
  came(socket: Socket): void;
  /** Is told why nobody can be taken in for the moment. */
  failing(error: Error): void;
}

/** Milliseconds for a request and its answer, and that a browser may leave its connection open without asking. */
const PATIENCE = 15_000;
/** Guests at a time: one more, and who came first must go. */
const GUESTS = 500;
/** Bytes that are read away at a time. */
const UNHEARD = 4 * 1024;
/** After a failed accept, in milliseconds. */
const ACCEPT_AGAIN = 100;
/** Names by which only this machine means itself. Another name may be anybody's that leads here: a proxy's, a stranger's. */
const OURSELVES = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/** Opens the web port. Close what it returns when the last connection is gone. */
export async function openWeb(listener: Listener, welcome: Welcome): Promise<{ close(): void }> {
  const { scheme, origins, limit } = welcome;
  const table = await site(welcome);
  const guests = new Set<Socket>();
  let closed = false, failing = false;
  let again: ReturnType<typeof setTimeout> | undefined;
  receive();
  return {
    close() {
      closed = true;
      clearTimeout(again);
      listener.close();
      guests.forEach(shut);
    },
  };

  async function receive(): Promise<void> {
    try {
      for (;;) {
        meet(await listener.accept());
        failing = false;
      }
    } catch (error) {
      if (closed) return;
      if (!failing) welcome.failing(error as Error);
      failing = true;
      again = setTimeout(receive, ACCEPT_AGAIN);
    }
  }

  async function meet(socket: Socket): Promise<void> {
    guests.add(socket);
    if (guests.size > GUESTS) shut(guests.values().next().value!);
    const stays = await converse(socket).catch(() => false); // it is gone, or its time was up
    guests.delete(socket);
    if (!stays) shut(socket);
  }

  /** Answers one request after the other. True when it has become a connection of the chat. */
  async function converse(socket: Socket): Promise<boolean> {
    const { host: address } = named(socket.remoteAddr);
    socket.setNoDelay();
    for (let come: Uint8Array = new Uint8Array(0);;) {
      const timer = setTimeout(shut, PATIENCE, socket);
      try {
        const asked = await readRequest(socket, come, scheme);
        if (asked === undefined) return false;
        if (asked instanceof Response) return await dismiss(socket, asked);
        const { request, host, stays, rest } = asked, { pathname } = new URL(request.url);
        const local = isLoopback(address) && OURSELVES.test(host);
        if (pathname === "/jim") {
          const opened = await shakeHands(request, host, origins);
          if (opened instanceof Response) return await dismiss(socket, opened);
          await writeAll(socket, opened);
          welcome.came(new PageSocket(socket, rest, limit, !local));
          return true;
        }
        const answer = await find(pathname, request, { host, address, local });
        const { method } = request;
        if (!stays) return await dismiss(socket, answer, method);
        await writeResponse(socket, answer, { method, stays });
        come = rest;
      } finally {
        clearTimeout(timer);
      }
    }
  }

  /** What is at a path. Whatever throws there is a bug, and ends the program: it must not pass for a guest that is gone. */
  async function find(pathname: string, request: Request, caller: Caller): Promise<Response> {
    try {
      return await table.get(pathname)?.(request, caller) ?? words(404, `There is nothing at ${pathname}`);
    } catch (bug) {
      reportError(bug);
      throw bug;
    }
  }

  /** A last answer. The peer is read out, for closing on unread bytes would take the answer back. */
  async function dismiss(socket: Socket, answer: Response, method = "GET"): Promise<false> {
    await writeResponse(socket, answer, { method });
    await socket.closeWrite();
    for (const unheard = new Uint8Array(UNHEARD); await socket.read(unheard) !== null;);
    return false;
  }
}
