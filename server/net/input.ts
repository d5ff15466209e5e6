/**
 * Handles input: bytes -> objects -> messages -> actions of the chat. It is synchronous and never throws for bad input:
 * a refusal says what was wrong and what would be right.
 */
import {
  canonicalEnd,
  canonicalMiddle,
  type EndFinder,
  type FramingError,
  framingRefusal,
  type Language,
  type Limits,
  parse,
  plain,
  prefixed,
  quoteBytes,
  type Refusal,
  type RefusalReason,
  refuse,
} from "../../jim/mod.ts";
import { logger } from "../../log/mod.ts";
import { dispatch } from "../chat/actions.ts";
import type { Chat } from "../chat/chat.ts";
import type { Effects, RequestContext } from "../chat/effects.ts";
import { type Connection, MAX_DISCARDED } from "./connection.ts";
import type { Meter } from "./meter.ts";
import type { RateLimit } from "../limits/rate_limit.ts";
import { FileAccess } from "../uploads/access.ts";
import { appendFirstLine, httpAnswer, type Page, sniff } from "./sniff.ts";
import { noteBroken, withoutPassword, withoutSecrets } from "./secrecy.ts";
import type { Observer } from "./observer.ts";
import type { ConnectionManager } from "./connection_manager.ts";
import type { Delivery } from "./delivery.ts";
import type { OutputBatch } from "./output_batch.ts";

/** Limits of input. */
export interface InputLimits {
  readonly limits: Limits;
  readonly rateLimit: RateLimit;
  /** The language of refusals. */
  readonly language: Language;
  /** Bytes of the unfinished objects of all connections together. */
  readonly unfinished: number;
  /** The page to which a browser on this port is redirected. */
  readonly page?: Page | undefined;
}

/** The parts of the server that input reaches. */
interface Deps {
  readonly chat: Chat<Connection>;
  readonly effects: Effects<Connection> & {
    /** Refuses input that is no request. */
    refuse(to: Connection, refusal: Refusal): void;
    context(): RequestContext<Connection>;
  };
  readonly batch: OutputBatch;
  readonly delivery: Delivery;
  readonly connectionManager: ConnectionManager;
  readonly trace: Observer;
  readonly meter: Meter;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  /** The files of the chat, which are asked for in HTTP. */
  readonly files?: FileAccess | undefined;
  /** Has {@linkcode InputHandler.handleInput} called in a later turn. */
  resumeLater(connection: Connection): void;
}

/** Bytes read after a request that is under way, and the same while memory is short. */
const AHEAD = 16 * 1024, AHEAD_SHORT = 128;
/**
 * A second read in a row with fewer bytes and no whole object costs this many bytes more. A person who types letter
 * by letter has enough tokens for that.
 */
const TINY = 64, TINY_COST = 32;

/**
 * Milliseconds for the requests of one connection in a turn. Ten connections that pipelined searches of 3 ms each
 * made others wait for ten whole turns.
 */
const SHARE = 2;

const BRACKET = 123;

const { info, debug, enabled } = logger("server/net/input");

/** Refusals of bytes that are no JSON. */
const NO_JSON: ReadonlySet<RefusalReason> = new Set<RefusalReason>(["json", "utf8", "utf16"]);

export class InputHandler {
  readonly #inputLimits: InputLimits;
  readonly #deps: Deps;

  constructor(inputLimits: InputLimits, deps: Deps) {
    this.#inputLimits = inputLimits;
    this.#deps = deps;
  }

  /** A read has ended. */
  handleRead(connection: Connection): void {
    const { connectionManager, meter } = this.#deps;
    const { readResult: read, closeState } = connection;
    connection.hasUnhandledRead = false;
    if (closeState === "closed") return;
    if (read instanceof Error) return connectionManager.close(connection, `is lost: ${read.message}`);
    if (read === null) return this.#noteEnd(connection);
    if (closeState !== "open") return this.#discard(connection, read);
    if (read === 0) connection.probedAt = 0; // a pong: alive, but no input
    meter.bytes.in += read;
    connection.framer.commit(connection.lastReadBytes = read);
    connection.isAtObjectEnd = connection.socket.whole === true; // noted now, since the next read may already be in flight and changes it
    if (connection.firstLine !== undefined && this.#detectProtocol(connection, read)) return;
    this.handleInput(connection);
  }

  /**
   * Discards input of a closing connection. Closing on unread bytes would reset it, and the peer might lose our
   * answer.
   */
  #discard(connection: Connection, count: number): void {
    connection.discardedBytes += count;
    const { connectionManager } = this.#deps;
    if (connection.discardedBytes < MAX_DISCARDED) return connectionManager.startRead(connection);
    connectionManager.close(connection, `closed, having sent ${MAX_DISCARDED} bytes that were discarded`);
  }

  /** Checks the first line. True when it belongs to another protocol, or may. */
  #detectProtocol(connection: Connection, count: number): boolean {
    const { connectionManager, batch } = this.#deps;
    if (connection.firstLine === "" && connection.framer.latest(count)[0] === BRACKET) { // as nearly all begin
      connection.firstLine = undefined;
      return false;
    }
    const text = connection.firstLine = appendFirstLine(connection.firstLine!, connection.framer.latest(count));
    const protocol = sniff(text);
    if (protocol === "jim") connection.firstLine = undefined;
    if (protocol === "jim" || protocol === "unclear") return false;
    connection.lastActivityAt = batch.moment;
    if (protocol === "wait") connectionManager.startRead(connection);
    else if (protocol === "http" && this.#deps.files !== undefined && FileAccess.isRequest(text)) {
      const { socket, bytes } = connectionManager.release(connection);
      this.#deps.files.serve(socket, bytes);
    } else if (protocol === "http") this.#answerHttp(connection, text);
    else {
      this.#refuseFrame(connection, "garbage", connection.framer.latest(count));
      connectionManager.beginClose(connection, "speaks TLS");
    }
    return true;
  }

  /** Answers a browser on the wrong port. The rest of its request is ignored. */
  #answerHttp(connection: Connection, request: string): void {
    const { trace, connectionManager } = this.#deps;
    if (trace.on) trace.received(connection, new TextEncoder().encode(request.split("\n")[0]));
    info("answerHttp", `${connection} speaks HTTP, and is told where to`);
    connection.outbox.addWhole(httpAnswer(request, this.#inputLimits.page, this.#inputLimits.language));
    connectionManager.beginClose(connection, "speaks HTTP");
  }

  /** Handles whole objects, as many as the rate limit allows, and then starts the next read. */
  handleInput(connection: Connection): void {
    const { batch, connectionManager, trace } = this.#deps;
    const { framer, rateLimit } = connection;
    const moment = connection.lastActivityAt = batch.moment, enough = batch.work + SHARE;
    if (connectionManager.isBehind(connection)) connection.stalled = true;
    let isEmpty = true;
    while (connection.closeState === "open") {
      if (connection.busy || connection.stalled) return this.#readAhead(connection);
      connection.paused = rateLimit.isEmpty(moment);
      if (connection.paused) {
        if (!isEmpty) connection.lastReadBytes = 0; // the read had whole objects in it
        return connectionManager.wakeAt(connection, moment + rateLimit.wait);
      }
      if (connection.maySendVerbatim && framer.takeMatching(connection.known ??= this.#finder(connection.name!))) {
        this.#relayVerbatim(connection);
        isEmpty = false;
        continue;
      }
      const found = framer.next() ?? (connection.isAtObjectEnd ? framer.endFrame() : undefined);
      if (connection.bare && connection.detectFraming()) this.#onFraming(connection);
      if (found === undefined) break;
      isEmpty = false;
      connection.lastReadBytes = 0;
      rateLimit.spend(found.length);
      if (typeof found === "string") this.#refuseFrame(connection, found, framer.excerpt);
      else {
        connection.input = withoutPassword(connection, found);
        if (trace.on) trace.received(connection, connection.input);
        this.#handleObject(connection, found);
        connection.input = undefined;
      }
      connection.probedAt = 0;
      if (batch.isFull || batch.work >= enough) return this.#deps.resumeLater(connection);
    }
    if (connection.closeState === "open" && framer.pendingBytes !== connection.pendingBytes) {
      this.#countPending(connection);
    }
    if (connection.ended && connection.closeState === "open") return this.#handleEnd(connection);
    if (this.#chargeIdleBytes(connection, isEmpty)) {
      connection.paused = rateLimit.isEmpty(moment);
      if (connection.paused && connection.closeState === "open") {
        return connectionManager.wakeAt(connection, moment + rateLimit.wait);
      }
    }
    connectionManager.startRead(connection);
  }

  /**
   * Charges bytes that belong to no object: white space, bytes after a fault, pings. Returns whether there were any.
   */
  #chargeIdleBytes(connection: Connection, isEmpty: boolean): boolean {
    const { framer, socket, lastReadBytes: latest, rateLimit } = connection;
    const isTiny = isEmpty && latest > 0 && latest < TINY;
    let bytes = framer.wastedBytes + connection.idleAhead + (socket.takeIdle?.() ?? 0);
    framer.wastedBytes = connection.idleAhead = 0;
    if (isTiny && connection.wasLastReadTiny) bytes += TINY_COST;
    connection.wasLastReadTiny = isTiny || (isEmpty && connection.wasLastReadTiny);
    connection.lastReadBytes = 0; // this method may run again before the next read
    if (bytes === 0) return false;
    rateLimit.spendIdle(bytes);
    return true;
  }

  /** Counts an unfinished object. If there are too many bytes of such, one of their senders is closed. */
  #countPending(connection: Connection): void {
    const worst = this.#deps.connectionManager.countPending(connection, connection.framer.pendingBytes);
    if (worst === undefined) return;
    this.#deps.effects.refuseAndClose(
      worst,
      refuse("unfinished", { code: 403, limit: this.#inputLimits.unfinished }),
    );
    this.#deps.connectionManager.releaseBuffer(worst);
  }

  /**
   * Reads while a request is under way, so that the end of the stream is seen. It reads no more than {@linkcode
   * AHEAD} bytes, pings among them. The rest stays in the kernel, which slows the sender down and hides its end.
   */
  #readAhead(connection: Connection): void {
    const { connectionManager } = this.#deps, { framer, socket } = connection;
    const limit = connectionManager.hasBufferSpace ? AHEAD : AHEAD_SHORT;
    connection.idleAhead += socket.takeIdle?.() ?? 0;
    connection.isEndHidden = framer.unreadBytes + connection.idleAhead >= limit; // a login that is queued later is deferred by this
    if (connection.isEndHidden) connection.login?.defer();
    else connectionManager.startRead(connection);
  }

  /** Relays a message byte for byte. It needs no check and changes no state. */
  #relayVerbatim(connection: Connection): void {
    const { batch, trace } = this.#deps, { framer } = connection, { view, matchStart: from, matchEnd: to } = framer;
    connection.rateLimit.spend(to - from);
    if (trace.on) trace.received(connection, framer.matched);
    if (enabled("debug")) debug("relay", `${connection} to all: ${quoteBytes(framer.matched)}`);
    batch.relayToAllVerbatim(connection, view, from, to);
    connection.probedAt = 0;
  }

  /** Recognises the messages of a name that can be relayed byte for byte. */
  #finder(name: string): EndFinder {
    const { limits } = this.#inputLimits, middle = canonicalMiddle(name);
    return (bytes, start, filled) => canonicalEnd(bytes, start, filled, middle, limits);
  }

  /** The framing is known now: full speed from here on. */
  #onFraming(connection: Connection): void {
    const { batch, delivery } = this.#deps;
    connection.dialect = connection.framer.isLengthPrefixed ? prefixed : plain;
    delivery.release(connection);
    batch.updateSubscription(connection);
  }

  #handleObject(connection: Connection, object: Uint8Array): void {
    const { chat, effects, batch, connectionManager } = this.#deps, { limits } = this.#inputLimits;
    const parsed = parse(object, { limits, bare: connection.bare, dialect: connection.dialect });
    if ("refusal" in parsed) {
      this.#deps.effects.refuse(connection, withoutSecrets(connection, parsed.refusal));
      return NO_JSON.has(parsed.refusal.reason) ? noteBroken(connection, object) : undefined;
    }
    const { message, dialect, typo } = parsed;
    if (dialect !== undefined && dialect !== connection.dialect) {
      connection.dialect = dialect;
      batch.updateSubscription(connection);
    }
    const enters = message.action === "presence" || message.action === "authenticate";
    if (message.action === "presence" && connection.probedAt > 0) connection.answersProbes = true;
    if (enters && connection.bare && !connection.dialect.writersReadRelays && connection.name === undefined) {
      connectionManager.holdRelays(connection);
    }
    if (enabled("debug")) debug("perform", `${connection}: ${quoteBytes(object)}`);
    const began = this.#deps.now();
    const context = effects.context();
    dispatch(chat, typo === undefined ? context : { ...context, typo }, connection, message);
    const took = this.#deps.now() - began;
    connection.rateLimit.spendTime(took);
    batch.countWork(took);
  }

  #refuseFrame(connection: Connection, fault: FramingError, excerpt: Uint8Array): void {
    const { trace, connectionManager } = this.#deps, { limits } = this.#inputLimits;
    const line = firstLine(excerpt);
    connection.input = withoutPassword(connection, line);
    if (trace.on) trace.received(connection, connection.input);
    this.#deps.effects.refuse(connection, withoutSecrets(connection, framingRefusal(fault, excerpt, limits)));
    connection.input = undefined;
    noteBroken(connection, fault === "garbage" ? line : excerpt);
    if (fault === "endless" || fault === "length") {
      connectionManager.beginClose(connection, "sent an object without end", 1008);
    }
  }

  /**
   * The peer has half-closed, perhaps after requests (`nc -N`): those are answered first, also those that wait for a token
   * or for a later turn. A WebSocket cannot half-close.
   */
  #noteEnd(connection: Connection): void {
    connection.ended = true;
    if (connection.closeState === "open" && !connection.isWebSocket) {
      if (connection.busy) return connection.login?.defer();
      if (connection.stalled) return;
      if (connection.firstLine === undefined && !connection.framer.isBlank) return this.handleInput(connection);
    }
    this.#handleEnd(connection);
  }

  /** All input of a peer that has half-closed is handled. Its output is sent, and then it is closed. */
  #handleEnd(connection: Connection): void {
    const { connectionManager } = this.#deps;
    if (connection.closeState === "lingering") return connectionManager.close(connection, "closed");
    const first = connection.firstLine;
    connection.firstLine = undefined;
    if (first !== undefined && connection.closeState === "open") { // the line will not continue
      return sniff(`${first}\n`) === "http" ? this.#answerHttp(connection, first) : this.handleInput(connection);
    }
    const { fault } = connection.socket;
    if (fault !== undefined) this.#deps.effects.refuse(connection, refuse("frame", { got: fault }));
    if (connection.framer.pendingBytes > 0) {
      info("end", `${connection} ended in the middle of an object; ${connection.framer.pendingBytes} bytes are lost`);
    }
    connectionManager.beginClose(connection, "ended its stream");
  }
}

function firstLine(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(10);
  return end < 0 ? bytes : bytes.subarray(0, end);
}
