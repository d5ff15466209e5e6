/**
 * What comes in: bytes → objects → messages → what the chat makes of them. All of it is synchronous and nothing of it
 * throws for bad input: what cannot be understood is refused, with what was wrong and what would be right.
 */
import {
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
import type { Connection } from "./connection.ts";
import type { Meter } from "./meter.ts";
import type { RateLimit } from "../limits/rate_limit.ts";
import { appendFirstLine, httpAnswer, type Page, sniff } from "./sniff.ts";
import { noteBroken, withoutPassword, withoutSecrets } from "./secrecy.ts";
import type { Observer } from "./observer.ts";
import type { ConnectionManager } from "./connection_manager.ts";
import type { Delivery } from "./delivery.ts";
import type { OutputBatch } from "./output_batch.ts";

/** How a server listens. */
export interface InputLimits {
  readonly limits: Limits;
  readonly rateLimit: RateLimit;
  /** What refusals are explained in. */
  readonly language: Language;
  /** Bytes that the unfinished objects of all connections together may have. */
  readonly unfinished: number;
  /** Where a browser is sent that comes to the wrong port. */
  readonly page?: Page | undefined;
}

/** Whom it works with. */
interface Deps {
  readonly chat: Chat<Connection>;
  readonly effects: Effects<Connection> & {
    /** Refuses what is no request. */
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
  /** Has {@linkcode InputHandler.handleInput} called in a later turn. */
  resumeLater(connection: Connection): void;
}

/** Bytes that are read behind a request which is under way, and the same where memory is short. */
const AHEAD = 16 * 1024, AHEAD_SHORT = 128;
/**
 * A read that brings less, and no object, costs as many bytes more if the one before was such a read too: the end of what has
 * come may be the beginning of an object. Who types letter by letter has enough tokens for that.
 */
const TINY = 64, TINY_COST = 32;

/** Bytes that are read away of a connection that leaves. Beyond, it floods: what is ready at once keeps others waiting. */
const DISCARD = 16 * 1024 * 1024;

/**
 * Milliseconds that requests of one connection take in a turn. What it has said behind them is heard in the next one: ten
 * connections that pipeline searches for hundreds of words, 3 ms each, made others wait for ten whole turns.
 */
const SHARE = 2;

const { info, debug, enabled } = logger("server/net/input");

/** Refusals of objects whose end is the only thing that is known of them. */
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
    if (read === null) return this.#handleEnd(connection);
    if (closeState !== "open") return this.#discard(connection, read);
    if (read === 0) connection.probedAt = 0; // a sign of life, and no word
    meter.bytes.in += read;
    connection.framer.commit(connection.lastReadBytes = read);
    connection.isAtObjectEnd = connection.socket.whole === true; // now: the next read, which may be ahead of this one, changes it
    if (connection.firstLine !== undefined && this.#detectProtocol(connection, read)) return;
    this.handleInput(connection);
  }

  /** What a connection still sends when it is not heard any more is read away, for closing on it would take our answer back. */
  #discard(connection: Connection, count: number): void {
    connection.discardedBytes += count;
    if (connection.discardedBytes < DISCARD) this.#deps.connectionManager.startRead(connection);
    else {this.#deps.connectionManager.close(
        connection,
        `closed, having sent ${DISCARD} bytes more than it was heard`,
      );}
  }

  /** Looks at the first line of a connection. True when that is another protocol's, or may turn out to be. */
  #detectProtocol(connection: Connection, count: number): boolean {
    const { connectionManager, batch } = this.#deps;
    const text = connection.firstLine = appendFirstLine(connection.firstLine!, connection.framer.latest(count));
    const protocol = sniff(text);
    if (protocol === "jim") connection.firstLine = undefined;
    if (protocol === "jim" || protocol === "unclear") return false;
    connection.lastActivityAt = batch.moment;
    if (protocol === "wait") connectionManager.startRead(connection);
    else if (protocol === "http") this.#answerHttp(connection, text);
    else {
      this.#refuseFrame(connection, "garbage", connection.framer.latest(count));
      connectionManager.beginClose(connection, "speaks TLS");
    }
    return true;
  }

  /** A browser is at the wrong port. Nothing that it sends behind its request is heard. */
  #answerHttp(connection: Connection, request: string): void {
    const { trace, connectionManager } = this.#deps;
    if (trace.on) trace.received(connection, new TextEncoder().encode(request.split("\n")[0]));
    info("answerHttp", `${connection} speaks HTTP, and is told where to`);
    connection.outbox.addWhole(httpAnswer(request, this.#inputLimits.page, this.#inputLimits.language));
    connectionManager.beginClose(connection, "speaks HTTP");
  }

  /** Takes whole objects out of what has come, as many as the connection's rate limit allows, and then reads on. */
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
        if (!isEmpty) connection.lastReadBytes = 0; // what it brought was no beginning only
        return connectionManager.wakeAt(connection, moment + rateLimit.wait);
      }
      if (connection.known !== undefined && framer.takeMatching(connection.known)) {
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

  /** Whether anything has come that is no part of an object: white space, bytes behind a fault, pings. It costs tokens. */
  #chargeIdleBytes(connection: Connection, isEmpty: boolean): boolean {
    const { framer, socket, lastReadBytes: latest, rateLimit } = connection;
    const isTiny = isEmpty && latest > 0 && latest < TINY;
    let bytes = framer.wastedBytes + (socket.takeIdle?.() ?? 0);
    framer.wastedBytes = 0;
    if (isTiny && connection.wasLastReadTiny) bytes += TINY_COST;
    connection.wasLastReadTiny = isTiny || (isEmpty && connection.wasLastReadTiny);
    connection.lastReadBytes = 0; // it may be heard again before more has come
    if (bytes === 0) return false;
    rateLimit.spendIdle(bytes);
    return true;
  }

  /** An object has begun that has not ended. Where there are too many such, one of their senders must go. */
  #countPending(connection: Connection): void {
    const worst = this.#deps.connectionManager.countPending(connection, connection.framer.pendingBytes);
    if (worst === undefined) return;
    this.#deps.effects.refuseAndClose(
      worst,
      refuse("unfinished", { code: 403, limit: this.#inputLimits.unfinished }),
    );
    worst.closesSoon = true;
    worst.framer.close();
    this.#deps.connectionManager.countPending(worst, 0);
  }

  /**
   * Reads while a request is under way, so that the end of the connection is seen. No more than {@linkcode AHEAD} bytes: the
   * rest stays with the system, which slows the sender down, and hides whether it is still there.
   */
  #readAhead(connection: Connection): void {
    const { connectionManager } = this.#deps;
    if (connection.framer.unreadBytes < (connectionManager.hasBufferSpace ? AHEAD : AHEAD_SHORT)) {
      connectionManager.startRead(connection);
    } else connection.login?.defer();
  }

  /** A message that is its own relay: nothing about it needs to be found out, and it changes nothing. */
  #relayVerbatim(connection: Connection): void {
    const { batch, trace } = this.#deps, { framer } = connection, { view, matchStart: from, matchEnd: to } = framer;
    connection.rateLimit.spend(to - from);
    if (trace.on) trace.received(connection, framer.matched);
    if (enabled("debug")) debug("relay", `${connection} to all: ${quoteBytes(framer.matched)}`);
    batch.relayToAllVerbatim(connection, view, from, to);
    connection.probedAt = 0;
  }

  /** It has shown how it frames: full speed from here on, and nothing is guessed about it any more. */
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

  /** The peer has ended its stream: its requests are answered, what it is owed is written, and then it is closed. */
  #handleEnd(connection: Connection): void {
    const { connectionManager } = this.#deps;
    connection.ended = true;
    // A peer may end its stream behind a request (`nc -N`): that one is answered first. A WebSocket has no such half.
    if (connection.busy && connection.closeState === "open" && !connection.isWebSocket) {
      return connection.login?.defer();
    }
    if (connection.stalled && connection.closeState === "open" && !connection.isWebSocket) return;
    if (connection.closeState === "lingering") return connectionManager.close(connection, "closed");
    const first = connection.firstLine;
    connection.firstLine = undefined;
    if (first !== undefined && connection.closeState === "open") { // it will not go on
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
