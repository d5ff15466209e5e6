// Counts deliveries: each receiver must get each message once, and those of one publisher in order. Works on raw bytes,
// because the generator shares the machine with the server: a delivery costs it one look at the length that
// the line before had, twelve letters, and two counters. Knows no socket and no clock.

import { Histogram } from "../tools/harness/histogram.ts";

/** Behind this mark stand the publisher's number and the message's, a letter from `a` to `p` for each four bits. */
export const MARK = "@@";
export const PUBLISHER = 3;
export const SEQUENCE = 7;
/** A text cannot be shorter. */
export const LEAST_BODY = MARK.length + PUBLISHER + SEQUENCE;

const AT = 64, LETTER = 97, LF = 10, QUOTE = 34;
const ANSWER = new TextEncoder().encode('{"response');

/** Publishers, receivers, and how much may be on the way. */
export interface Shape {
  readonly receivers: number;
  readonly publishers: number;
  /** So many messages of one publisher may be on the way: sent, and not yet delivered to all its receivers. */
  readonly window: number;
  /** Bytes of a message's text. */
  readonly body: number;
  /** Messages of publisher p go to receiver p modulo N alone; otherwise to all. */
  readonly private: boolean;
}

export class Tally {
  /** Microseconds from handing a message to the socket until a read brought it, since {@linkcode measure}. */
  latency = new Histogram();
  delivered = 0;
  /** Lines that are no message of this run. */
  others = 0;
  /** What went wrong first, in words. One fault is enough: the run is over. */
  fault: string | undefined;
  /** Answers to each receiver. */
  readonly answers: Uint32Array;
  /** How many messages of each publisher were sent, and how many of them have arrived everywhere. */
  readonly sent: Uint32Array;
  readonly done: Uint32Array;
  readonly #shape: Shape;
  /** Receivers of a message. */
  readonly #readers: number;
  /** The message that comes next, for each receiver and publisher. */
  readonly #next: Uint32Array;
  // A ring for each publisher: how many have received a message that is on the way, and when it was sent.
  readonly #mask: number;
  readonly #deliveries: Uint16Array;
  readonly #sentAt: Float64Array;
  /** Where the last line had its end and its mark: nearly always the next one has both there too. */
  #length = 0;
  #mark = 0;

  constructor(shape: Shape) {
    const { receivers, publishers, window } = shape;
    const ring = 2 ** Math.ceil(Math.log2(window));
    this.#shape = shape;
    this.#readers = shape.private ? 1 : receivers;
    this.#mask = ring - 1;
    this.answers = new Uint32Array(receivers);
    this.sent = new Uint32Array(publishers);
    this.done = new Uint32Array(publishers);
    this.#next = new Uint32Array(receivers * publishers);
    this.#deliveries = new Uint16Array(publishers * ring);
    this.#sentAt = new Float64Array(publishers * ring);
  }

  /** What was counted so far was to warm up. */
  measure(): void {
    this.latency = new Histogram();
    this.delivered = 0;
  }

  /** How many more messages a publisher may have on the way. */
  room(publisher: number): number {
    return this.#shape.window - (this.sent[publisher]! - this.done[publisher]!);
  }

  /** A publisher sends its next message now. Returns its number. */
  send(publisher: number, now: number): number {
    const sequence = this.sent[publisher]!++;
    this.#sentAt[publisher * (this.#mask + 1) + (sequence & this.#mask)] = now;
    return sequence;
  }

  /**
   * Counts all whole lines.
   *
   * @param bytes what came; behind `filled` there may be anything
   * @param now milliseconds
   * @returns where the rest begins, which is no whole line yet
   */
  scan(receiver: number, bytes: Uint8Array, filled: number, now: number): number {
    let at = 0;
    for (;;) {
      let end = at + this.#length;
      if (end >= filled || bytes[end] !== LF) {
        end = bytes.indexOf(LF, at);
        if (end < 0 || end >= filled) return at;
        this.#length = end - at;
      }
      const mark = this.#find(bytes, at, end);
      if (mark >= 0) this.#take(receiver, bytes, mark, now);
      else if (begins(bytes, at, ANSWER)) this.answers[receiver]!++;
      else this.others++;
      at = end + 1;
    }
  }

  #find(bytes: Uint8Array, at: number, end: number): number {
    const usual = at + this.#mark;
    if (usual < end && bytes[usual] === AT && bytes[usual + 1] === AT) return usual;
    for (let mark = bytes.indexOf(AT, at); mark >= 0 && mark < end; mark = bytes.indexOf(AT, mark + 1)) {
      if (bytes[mark + 1] !== AT) continue;
      this.#mark = mark - at;
      return mark;
    }
    return -1;
  }

  #take(receiver: number, bytes: Uint8Array, mark: number, now: number): void {
    const { receivers, publishers, body } = this.#shape;
    const publisher = number(bytes, mark + MARK.length, PUBLISHER);
    const sequence = number(bytes, mark + MARK.length + PUBLISHER, SEQUENCE);
    if (publisher >= publishers || sequence >= this.sent[publisher]! || bytes[mark + body] !== QUOTE) {
      return this.fail(`receiver ${receiver} received a text that nobody sent`);
    }
    if (this.#shape.private && publisher % receivers !== receiver) {
      return this.fail(`receiver ${receiver} received what publisher ${publisher} sent to somebody else`);
    }
    const place = receiver * publishers + publisher, expected = this.#next[place]!;
    if (sequence !== expected) {
      const what = sequence < expected ? "again or too late" : `too early, before message ${expected}`;
      return this.fail(`receiver ${receiver} received message ${sequence} of publisher ${publisher} ${what}`);
    }
    this.#next[place] = expected + 1;
    this.delivered++;
    const ring = publisher * (this.#mask + 1), slot = ring + (sequence & this.#mask);
    this.latency.add(Math.max(0, (now - this.#sentAt[slot]!) * 1000) | 0);
    if (++this.#deliveries[slot]! < this.#readers) return;
    let done = this.done[publisher]!;
    const sent = this.sent[publisher]!;
    for (let first = ring + (done & this.#mask); done < sent && this.#deliveries[first] === this.#readers;) {
      this.#deliveries[first] = 0;
      first = ring + (++done & this.#mask);
    }
    this.done[publisher] = done;
  }

  fail(what: string): void {
    this.fault ??= what;
  }
}

/** Writes a number as letters. */
export function writeNumber(bytes: Uint8Array, at: number, letters: number, value: number): void {
  for (let i = at + letters - 1; i >= at; i--, value >>>= 4) bytes[i] = LETTER + (value & 15);
}

function number(bytes: Uint8Array, at: number, letters: number): number {
  let value = 0;
  for (let i = at; i < at + letters; i++) value = value << 4 | (bytes[i]! - LETTER) & 15;
  return value;
}

function begins(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false;
  return true;
}
