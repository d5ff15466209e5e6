/**
 * WebSocket frames (RFC 6455): encodes those of a server, and decodes those of a client. Text is passed on in pieces,
 * so that a long frame costs no memory. A frame header is checked before the payload is read.
 */

import type { CloseReason } from "../net/connection.ts";
import { isCloseCode } from "./close_codes.ts";
import { Utf8 } from "./utf8.ts";

/** What kinds of frames there are. */
const CONTINUED = 0, TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10;
/** In a frame's first byte: the message ends with it. In its second: the text is masked, as a client's must be. */
const LAST = 0x80, MASKED = 0x80;
/** Reserved for extensions, of which we agree to none. */
const RESERVED = 0x70;
/** A control frame carries no more than that. */
const CONTROL = 125;
/** The answer to a close frame without a code. One with a code gets that code back (RFC 6455, section 5.5.1). */
const DONE: CloseReason = { code: 1000, reason: "" };
/** The first length that takes two bytes more, and the first that takes eight. */
const MEDIUM = 126, LONG = 0x1_0000;

const LF = 10;
const encoder = new TextEncoder();

/** The last encoded frame: most readers of a broadcast get the same bytes. */
let last: Uint8Array | undefined, framed = new Uint8Array(0);

/**
 * Lines as frames: one of text for each object, without the newline behind it. The same bytes are framed once for all.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(textFrames(new TextEncoder().encode("{}\n7\n")), new Uint8Array([0x81, 2, 123, 125, 0x81, 1, 55]));
 * ```
 */
export function textFrames(lines: Uint8Array): Uint8Array {
  if (lines === last) return framed;
  const out = new Uint8Array(sizeOfFrames(lines));
  let to = 0;
  for (const [start, end] of objects(lines)) {
    to = putHead(out, to, TEXT, end - start);
    out.set(lines.subarray(start, end), to);
    to += end - start;
  }
  last = lines;
  return framed = out;
}

/** A ping, which a peer has to answer. */
export function pingFrame(): Uint8Array {
  return controlFrame(PING, new Uint8Array(0));
}

/** The answer to a ping, with its payload. */
export function pongFrame(payload: Uint8Array): Uint8Array {
  return controlFrame(PONG, payload);
}

/** A close frame, with a code and a reason. */
export function closeFrame({ code, reason }: CloseReason): Uint8Array {
  const payload = new Uint8Array(CONTROL);
  new DataView(payload.buffer).setUint16(0, code);
  const { written } = encoder.encodeInto(reason, payload.subarray(2)); // a longer one is cut between two letters
  return controlFrame(CLOSE, payload.subarray(0, 2 + written));
}

function controlFrame(kind: number, payload: Uint8Array): Uint8Array {
  const out = new Uint8Array(2 + payload.length);
  out.set(payload, putHead(out, 0, kind, payload.length));
  return out;
}

/** Writes the head of a whole message, and returns where its payload goes. */
function putHead(out: Uint8Array, at: number, kind: number, length: number): number {
  out[at] = LAST | kind;
  if (length < MEDIUM) {
    out[at + 1] = length;
    return at + 2;
  }
  const view = new DataView(out.buffer);
  if (length < LONG) {
    out[at + 1] = 126;
    view.setUint16(at + 2, length);
    return at + 4;
  }
  out[at + 1] = 127;
  view.setBigUint64(at + 2, BigInt(length));
  return at + 10;
}

function sizeOfFrames(lines: Uint8Array): number {
  let size = 0;
  for (const [start, end] of objects(lines)) {
    size += end - start + (end - start < MEDIUM ? 2 : end - start < LONG ? 4 : 10);
  }
  return size;
}

/** Where each line begins and ends; the last may have no newline. */
function* objects(lines: Uint8Array): Iterable<[start: number, end: number]> {
  for (let start = 0; start < lines.length;) {
    const at = lines.indexOf(LF, start), end = at < 0 ? lines.length : at;
    if (end > start) yield [start, end];
    start = end + 1;
  }
}

/** The buffer of a silent connection, and of a busy one. It holds the largest head and control frame in any case. */
const SMALL = 256, LARGE = 4_096;
/** What a frame without text costs, beside its payload, as bytes of a message would. */
const IDLE = 32;

/** What comes from a client: raw bytes go in, text comes out, a newline behind each message. */
export class Incoming {
  /** The payload of a ping that is to be answered; of several the last. */
  pinged: Uint8Array | undefined;
  /** What was taken last is the end of a message. */
  whole = false;
  /** Nothing more will come: the client has said so, or what came cannot be borne. */
  over: CloseReason | undefined;
  /** What control frames and empty ones have cost, in bytes: each counts for some more than it has. */
  idle = 0;
  /** The client has said that it closes. */
  closed = false;
  readonly #limit: number;
  #buffer: Uint8Array<ArrayBuffer>;
  /** What has come and is not dealt with lies between these. */
  #at = 0;
  #filled = 0;
  /** Bytes of text that the frame will still bring, and the mask that lies on them. */
  #left = 0;
  #mask = new Uint8Array(4);
  #batch = 0;
  /** In a message: how long it is so far, and whether it ends with this frame. */
  #length = -1;
  #ends = false;
  /** Checks the message's text. */
  #text = new Utf8();

  /**
   * @param limit bytes that a message may have
   * @param come what has been read already
   */
  constructor(limit: number, come: Uint8Array = new Uint8Array(0)) {
    this.#limit = limit;
    this.#buffer = new Uint8Array(Math.max(SMALL, come.length));
    this.#buffer.set(come);
    this.#filled = come.length;
  }

  /** Room to read into, never empty: more if the last read has filled it, little again if it hardly has. */
  space(): Uint8Array {
    const kept = this.#buffer.subarray(this.#at, this.#filled), size = this.#buffer.length;
    if (this.#filled === size && size < LARGE) this.#buffer = new Uint8Array(LARGE);
    else if (this.#filled < size / 16 && size > SMALL) this.#buffer = new Uint8Array(SMALL);
    this.#buffer.set(kept);
    this.#at = 0;
    this.#filled = kept.length;
    return this.#buffer.subarray(this.#filled);
  }

  /** Says that `count` bytes were read into {@linkcode space}. */
  wrote(count: number): void {
    this.#filled += count;
  }

  /** Takes text out, as much as there is and fits, of one message at most. Returns how many bytes that were. */
  take(into: Uint8Array): number {
    let to = 0;
    this.whole = false;
    while (to < into.length && !this.whole && this.over === undefined) {
      if (this.#left > 0) {
        const count = this.#takeText(into.subarray(to));
        if (count === 0) break;
        to += count;
      } else if (this.#length >= 0 && this.#ends) {
        if (!this.#text.whole) {
          this.#notUtf8();
          break;
        }
        into[to++] = LF;
        this.#length = -1;
        this.whole = true;
      } else if (!this.#begin()) break;
    }
    return to;
  }

  /** Takes out text of the frame, as far as it is UTF-8. Returns how many bytes that were. */
  #takeText(into: Uint8Array): number {
    const count = Math.min(this.#left, into.length, this.#filled - this.#at), text = into.subarray(0, count);
    const ascii = this.#unmask(text);
    if ((ascii && this.#text.whole) || this.#text.push(text)) return count;
    this.#notUtf8();
    return 0;
  }

  /** Fills `into` with the frame's next bytes, which have come. Returns whether all are ASCII, as most text is. */
  #unmask(into: Uint8Array): boolean {
    const buffer = this.#buffer, mask = this.#mask, from = this.#at, batch = this.#batch, count = into.length;
    let all = 0;
    for (let i = 0; i < count; i++) all |= into[i] = buffer[from + i]! ^ mask[(batch + i) & 3]!;
    this.#at += count;
    this.#batch += count;
    this.#left -= count;
    return all < 0x80;
  }

  /** Reads the next head, and a control frame whole. False when more must come first. */
  #begin(): boolean {
    const buffer = this.#buffer, at = this.#at, come = this.#filled - at;
    if (come < 2) return false;
    const first = buffer[at]!, second = buffer[at + 1]!, kind = first & 0xf, short = second & 0x7f;
    const wide = short === 126 ? 2 : short === 127 ? 8 : 0, head = 2 + wide + 4;
    const control = kind >= CLOSE;
    if (first & RESERVED) return this.#fail(1002, "expected frames without an extension: the reserved bits are 0");
    if (!(second & MASKED)) return this.#fail(1002, "expected masked frames");
    if (kind === BINARY) return this.#fail(1003, "expected text frames, got a binary one");
    if (kind > PONG || (kind > BINARY && kind < CLOSE)) {
      return this.#fail(1002, `expected a kind of frame that there is, got ${kind}`);
    }
    if (control && (wide > 0 || !(first & LAST))) {
      return this.#fail(1002, "expected a control frame to be short and in one piece");
    }
    if (!control && (kind === CONTINUED) !== (this.#length >= 0)) {
      return this.#fail(1002, "expected the frames of one message behind each other");
    }
    if (come < 2 + wide) return false;
    const view = new DataView(buffer.buffer, at + 2);
    const length = wide === 0 ? short : wide === 2 ? view.getUint16(0) : Number(view.getBigUint64(0));
    if (wide === 8 && view.getUint8(0) >= 0x80) return this.#fail(1002, "expected a length below 2 to the power of 63");
    if ((wide === 2 && length < MEDIUM) || (wide === 8 && length < LONG)) {
      return this.#fail(1002, "expected a length in as few bytes as it needs");
    }
    const all = control ? 0 : Math.max(0, this.#length) + length;
    if (all > this.#limit) return this.#fail(1009, `expected a message of at most ${this.#limit} bytes, got ${all}`);
    if (come < head + (control ? length : 0)) return false;
    this.#mask.set(buffer.subarray(at + head - 4, at + head));
    this.#batch = 0;
    this.#at += head;
    this.#left = length;
    if (control || length === 0) this.idle += IDLE + length;
    if (control) this.#heed(kind, length);
    else {
      this.#length = all;
      this.#ends = (first & LAST) !== 0;
    }
    return true;
  }

  #heed(kind: number, length: number): void {
    const payload = new Uint8Array(length);
    this.#unmask(payload);
    if (kind === PING) this.pinged = payload;
    if (kind === CLOSE) this.#heedClose(payload);
  }

  /** The peer's code goes back to it. A code or a reason that no peer may send is a fault like any other. */
  #heedClose(payload: Uint8Array): void {
    const code = payload.length < 2 ? undefined : payload[0]! << 8 | payload[1]!, reason = new Utf8();
    if (payload.length === 1) this.#fail(1002, "expected a close frame with a code of two bytes, or with nothing");
    else if (code !== undefined && !isCloseCode(code)) {
      this.#fail(1002, `expected a code that a close frame may have, got ${code}`);
    } else if (!reason.push(payload.subarray(2)) || !reason.whole) this.#notUtf8();
    else {
      this.closed = true;
      this.over = code === undefined ? DONE : { code, reason: "" };
    }
  }

  #notUtf8(): void {
    this.#fail(1007, "expected text in UTF-8");
  }

  #fail(code: number, reason: string): boolean {
    this.over = { code, reason };
    return true;
  }
}
