/**
 * Where one JSON object ends and the next begins. JIM's handout defines no boundary, so programs end objects with a
 * newline, glue them back to back, or trust that one `recv` is one object. The only rule that serves them all is to
 * look for the object's own last bracket, wherever the network cut the bytes.
 *
 * Each byte is looked at once: the scan remembers where it stopped, and what is not yet a whole object stays in place
 * in one buffer that starts small and grows on need. The caller reads straight into that buffer.
 * @module
 */
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { beginsWithLength, LengthPrefixReader } from "./length_prefix.ts";
import { OversizedSkipper } from "./oversized.ts";
import { ReceiveBuffer } from "./receive_buffer.ts";
import { beginsWith, WIDE_SIGNS, WideSkipper, ZEROS } from "./wide.ts";

/**
 * Why bytes are no object.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const framer = new Framer();
 * framer.push(new TextEncoder().encode('hello {"action":"quit"}'));
 * const fault = framer.next() as FramingError;
 * assert.equal(fault, "garbage");
 * ```
 */
export type FramingError =
  /** Bytes outside any object: neither a bracket nor white space. */
  | "garbage"
  /** An object in UTF-16 or UTF-32, which has zero bytes beside each letter of JSON: it is skipped. */
  | "utf16"
  /** A bracket opened or a string ran on in a place where JSON has none: the object never ended. */
  | "broken"
  /** More bytes than an object may have; its rest is skipped. */
  | "big"
  /** Brackets inside brackets, deeper than the limit; its rest is skipped. */
  | "deep"
  /** The rest of a big or deep object did not end within the limit either: no way back into step, the rest is dropped. */
  | "endless"
  /** Where the length of an object had to be, there is none that an object could have: no way back into step either. */
  | "length";

/**
 * Tells where an object of one form ends, or 0; see {@linkcode Framer.takeMatching}. Bytes from `filled` on have not come yet.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const empty: EndFinder = (bytes, start, filled) => start + 2 <= filled && bytes.getUint8(start + 1) === 125 ? start + 2 : 0;
 * const framer = new Framer();
 * framer.push(new TextEncoder().encode('{"action":"quit"}\n{}\n{"action":"quit"}\n'));
 * framer.next();
 * assert.equal(framer.takeMatching(empty), true);
 * assert.deepEqual([framer.matchStart, framer.matchEnd], [18, 20]);
 * assert.equal(framer.takeMatching(empty), false);
 * ```
 */
export type EndFinder = (bytes: DataView, start: number, filled: number) => number;

const TAB = 9, LF = 10, CR = 13, SPACE = 32, QUOTE = 34, COMMA = 44, COLON = 58, OPEN = 91, ESCAPE = 92, CLOSE = 93;
const CURLY = 123, CURLED = 125;

/** A byte order mark in UTF-8, as .NET's `StreamWriter` puts it before the first object: it is white space. */
const MARK = Uint8Array.of(0xef, 0xbb, 0xbf);
/** Which bytes end a run of boring ones: the scan spends its time in two tight loops over these tables. */
const IN_STRING = table(QUOTE, ESCAPE, LF, CR), OUTSIDE = table(QUOTE, OPEN, CLOSE, CURLY, CURLED);
/** What stands before a value or a key. */
const OPENING = table(OPEN, CURLY, COMMA, COLON);

const NOTHING = new Uint8Array(0);

/** Bytes that a normal peer may have between two objects. */
const BETWEEN = 4;

/**
 * What the scan is in: no byte yet; between objects; inside one; behind an error, looking for the next; the rest of an object
 * that is too large; UTF-16 or UTF-32; nothing more is read.
 */
const enum State {
  Beginning,
  Between,
  Inside,
  Lost,
  Skipping,
  Wide,
  Over,
}

/**
 * Splits a stream of bytes into JSON objects, in linear time, wherever the network has cut it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const framer = new Framer();
 * framer.push(new TextEncoder().encode('{"action":"quit"}{"acti'));
 * assert.equal(new TextDecoder().decode(framer.next() as Uint8Array), '{"action":"quit"}');
 * assert.equal(framer.next(), undefined); // the second has not ended yet
 * framer.push(new TextEncoder().encode('on":"quit"}\n'));
 * assert.equal(new TextDecoder().decode(framer.next() as Uint8Array), '{"action":"quit"}');
 * assert.equal(framer.next(), undefined);
 * assert.equal(framer.isLineDelimited, true); // a newline came after an object
 * ```
 */
export class Framer {
  /** Whether an LF or CR has come after an object: the peer ends objects with a newline. Once true, true for good. */
  isLineDelimited = false;
  /** Whether the peer puts four bytes before each object that say its length, as some courses teach. */
  isLengthPrefixed = false;
  /**
   * Bytes that belonged to no object, but for a line end or a length between two. The caller may take them for an effort that
   * was made for nothing, and set this back to 0.
   */
  wastedBytes = 0;
  /** Where {@linkcode takeMatching} has found an object in {@linkcode chunk}. */
  matchStart = 0;
  matchEnd = 0;
  /** Where the bytes of the last fault begin: what a refusal may quote. Valid until the next {@linkcode next}. */
  excerpt: Uint8Array = NOTHING;

  readonly #limits: Limits;
  /** Its `start` is where the object now being scanned began. The scan waits on a backslash until the byte behind that has come. */
  readonly #in = new ReceiveBuffer();
  #state = State.Beginning;
  #depth = 0;
  #inString = false;
  /** An object has ended and nothing but white space came since: a newline now says how the peer frames. */
  #afterObject = false;
  /** Takes objects behind their lengths, if the peer sends such. */
  #prefixed: LengthPrefixReader | undefined;
  /** The rest of an object that is too big or too deep. */
  #oversized: OversizedSkipper | undefined;
  /** In UTF-16 or UTF-32. */
  #wide: WideSkipper | undefined;

  /** @param limits of which only `objectBytes` and `depth` are checked here; {@linkcode parse} checks the others */
  constructor(limits: Limits = DEFAULT_LIMITS) {
    this.#limits = limits;
  }

  /**
   * The free part of the buffer to read into, never empty. It invalidates the views that {@linkcode next} has returned.
   *
   * @param grows false where memory is short: then there is only as much room as an object needs that has begun, or a little
   */
  reserve(grows = true): Uint8Array {
    return this.#in.reserve(grows);
  }

  /** Appends the first `count` bytes of {@linkcode reserve}, which were read there. */
  commit(count: number): void {
    this.#in.filled += count;
  }

  /** The last bytes that have come, as many as that: a view, valid until {@linkcode reserve} or {@linkcode push}. */
  latest(count: number): Uint8Array {
    return this.#in.rest(this.#in.filled - count);
  }

  /** Copies bytes into the buffer. {@linkcode reserve} and {@linkcode commit} save the copy. */
  push(chunk: Uint8Array): void {
    this.#in.push(chunk);
  }

  /** Drops all bytes; {@linkcode next} finds nothing more. */
  close(): void {
    this.#in.clear();
    this.#state = State.Over;
  }

  /** Closes the framer and returns its buffer to the pool. Call it when no read into the buffer is under way. */
  recycle(): void {
    this.#state = State.Over;
    this.#in.recycle();
  }

  /** Bytes of an object that has not ended: they are lost if the peer closes now. */
  get pendingBytes(): number {
    return this.#state === State.Inside || this.isLengthPrefixed ? this.#in.filled - this.#in.start : 0;
  }

  /** Bytes that are received and not yet returned. */
  get unreadBytes(): number {
    return this.#in.filled - this.#in.start;
  }

  /** Whether all of {@linkcode unreadBytes} are white space. */
  get isBlank(): boolean {
    return this.#in.bytes.subarray(this.#in.start, this.#in.filled).every(isWhite);
  }

  /** The size of the buffer, in bytes. */
  get capacity(): number {
    return this.#in.bytes.length;
  }

  /** Bytes by which the buffer has grown beyond that of a silent connection. */
  get grownBytes(): number {
    return this.#in.grownBytes;
  }

  /** What is read into, with what has come: valid until {@linkcode reserve} or {@linkcode push}. */
  get view(): DataView {
    return this.#in.view;
  }

  /** A view of the object that {@linkcode takeMatching} has found. */
  get matched(): Uint8Array {
    return this.#in.bytes.subarray(this.matchStart, this.matchEnd);
  }

  /**
   * Ends a frame of the transport, such as a WebSocket message, which no object continues beyond. Returns the error if an
   * object had begun.
   */
  endFrame(): FramingError | undefined {
    if (this.#state === State.Wide) {
      this.#narrow(this.#in.filled, State.Between);
      return undefined;
    }
    if (this.#state <= State.Between && this.#in.at < this.#in.filled) { // half a mark
      const fault = this.#fail("garbage", this.#in.at, this.#in.filled);
      this.#state = State.Between;
      return fault;
    }
    const within = this.#state === State.Inside;
    if (!within && this.#state !== State.Skipping) return undefined;
    const fault = this.#fail("broken", this.#in.start, this.#in.filled);
    this.#state = State.Between;
    return within ? fault : undefined; // of one that is passed over, the fault has been said
  }

  /**
   * The next whole object, or what is wrong with the bytes there, or `undefined` when more must be read first.
   * The object is a view that stays valid until {@linkcode reserve} or {@linkcode push}.
   */
  next(): Uint8Array | FramingError | undefined {
    const input = this.#in, before = input.start, found = this.#look();
    const passed = input.start - before - (found instanceof Uint8Array ? found.length : 0);
    if (passed > BETWEEN) this.wastedBytes += passed;
    return found;
  }

  #look(): Uint8Array | FramingError | undefined {
    if (this.isLengthPrefixed) return this.#nextPrefixed();
    for (;;) {
      switch (this.#state) {
        case State.Beginning:
          if (!this.#begins()) return undefined;
          if (this.isLengthPrefixed) return this.#nextPrefixed();
          break;
        case State.Between: {
          const found = this.#findStart();
          if (found !== "again") return found;
          break;
        }
        case State.Inside: {
          const found = this.#findEnd();
          if (found !== "again") return found;
          break;
        }
        case State.Lost:
          if (!this.#findNext()) return undefined;
          break;
        case State.Skipping: {
          const over = this.#skip();
          if (over !== "ended") return over;
          break;
        }
        case State.Wide: {
          const over = this.#passWide();
          if (over !== "ended") return over;
          break;
        }
        case State.Over:
          return this.#nothingMore();
      }
    }
  }

  /**
   * Takes the next object if it has a form that can be told from its bytes, in less time than the walk to its last bracket
   * takes. It lies from {@linkcode matchStart} to {@linkcode matchEnd}: no view is made of it, which would cost as much again. Only
   * for a sender that ends its objects with a newline.
   *
   * @param known says where it ends, or 0 when {@linkcode next} is to look
   */
  takeMatching(known: EndFinder): boolean {
    if (this.#state !== State.Between || !this.isLineDelimited) return false; // until the white space here has nothing more to tell
    const { bytes: buffer, filled, at, view } = this.#in;
    let from = at;
    while (from < filled && isWhite(buffer[from]!)) from++;
    const to = known(view, from, filled);
    if (to === 0) return false; // and nothing is changed: what there is to be said of these bytes, `next` says
    this.matchStart = from;
    this.matchEnd = to;
    this.#ends(to);
    return true;
  }

  /** Finds out by the first bytes whether there are lengths. False as long as it is not clear. */
  #begins(): boolean {
    const isPrefixed = beginsWithLength(this.#in, this.#limits.objectBytes);
    if (isPrefixed === undefined) return false;
    this.isLengthPrefixed = isPrefixed;
    this.#state = State.Between;
    return true;
  }

  #nextPrefixed(): Uint8Array | FramingError | undefined {
    if (this.#state === State.Over) return this.#nothingMore();
    const reader = this.#prefixed ??= new LengthPrefixReader(), found = reader.next(this.#in, this.#limits.objectBytes);
    if (typeof found === "string") this.excerpt = this.#in.rest(reader.excerptAt);
    if (found === "length") this.#state = State.Over;
    return found;
  }

  #nothingMore(): undefined {
    this.#in.skipTo(this.#in.filled);
  }

  /** White space, and the newline that tells how a peer frames, up to the first byte of an object. */
  #findStart(): "again" | FramingError | undefined {
    const input = this.#in, { bytes: buffer, filled } = input;
    for (let at = input.at; at < filled; at++) {
      const byte = buffer[at]!;
      if (byte === CURLY || byte === OPEN) {
        this.#begin(at);
        return "again";
      }
      if (byte === LF || byte === CR) {
        if (this.#afterObject) this.isLineDelimited = true;
      } else if (byte !== SPACE && byte !== TAB) {
        const wide = WIDE_SIGNS.find(({ sign }) => beginsWith(buffer, filled, sign, at) !== false);
        const begins = beginsWith(buffer, filled, wide?.sign ?? MARK, at);
        if (begins === false) return this.#fail("garbage", at, at + 1);
        if (begins === undefined) {
          this.#in.skipTo(at);
          return undefined;
        }
        if (wide !== undefined) return this.#widen(at + wide.skip, wide.width, wide.isBigEndian);
        at += MARK.length - 1;
      }
    }
    this.#in.skipTo(filled);
    return undefined;
  }

  #begin(at: number): void {
    this.#in.skipTo(at);
    this.#state = State.Inside;
    this.#depth = 0;
    this.#inString = false;
  }

  /** Walks to the last bracket. A bracket or a string in a place where JSON has none shows that the object broke off. */
  #findEnd(): Uint8Array | "again" | FramingError | undefined {
    const input = this.#in, { bytes: buffer, start, filled } = input;
    const stop = Math.min(filled, start + this.#limits.objectBytes);
    let at = input.at, depth = this.#depth, inString = this.#inString;
    if (at - start <= 1 && start + 1 < filled && buffer[start + 1] === 0) {
      const isWider = beginsWith(buffer, filled, ZEROS, start + 1);
      return isWider === undefined ? undefined : this.#widen(start, isWider ? 4 : 2, false);
    }
    while (at < stop) {
      const mattering = inString ? IN_STRING : OUTSIDE;
      while (at < stop && mattering[buffer[at]!] === 0) at++;
      if (at === stop) break;
      const byte = buffer[at]!;
      if (inString) {
        // JSON has no raw newline in a string: the sender stopped in the middle and began anew.
        if (byte === LF || byte === CR) return this.#fail("broken", start, at);
        if (byte === QUOTE) inString = false;
        else { // a backslash takes the next byte with it, but never the end of a line
          if (at + 1 === filled) break;
          const next = buffer[at + 1]!;
          if (next === LF || next === CR) return this.#fail("broken", start, at + 1);
          at++;
        }
      } else if (byte === CURLED || byte === CLOSE) {
        if (--depth === 0) return this.#handOut(at + 1);
      } else {
        // Back to where the object broke off: a newline there is what a line speaker's next object stands behind.
        const before = inkBefore(buffer, at);
        if (at > start && OPENING[buffer[before]!] === 0) return this.#fail("broken", start, before + 1);
        if (byte === QUOTE) inString = true;
        else if (++depth > this.#limits.depth) return this.#pass("deep", at + 1, depth, false);
      }
      at++;
    }
    input.at = at;
    this.#depth = depth;
    this.#inString = inString;
    return at - start >= this.#limits.objectBytes ? this.#pass("big", at, depth, inString) : undefined;
  }

  #handOut(end: number): Uint8Array {
    const object = this.#in.bytes.subarray(this.#in.start, end);
    this.#ends(end);
    return object;
  }

  #ends(end: number): void {
    this.#in.skipTo(end);
    this.#state = State.Between;
    this.#afterObject = true;
    if (!this.isLineDelimited) this.#peekNewline();
  }

  /** A newline right behind an object counts before that object is answered: the answer is already framed by it. */
  #peekNewline(): void {
    const { bytes: buffer, filled } = this.#in;
    let { at } = this.#in;
    while (at < filled && (buffer[at] === SPACE || buffer[at] === TAB)) at++;
    if (at < filled && (buffer[at] === LF || buffer[at] === CR)) this.isLineDelimited = true;
  }

  /** A fault: what is there is passed over up to a newline or, while the peer has not shown that it ends lines, a `{`. */
  #fail(fault: FramingError, from: number, at: number): FramingError {
    this.excerpt = this.#in.rest(from);
    this.#state = State.Lost;
    this.#afterObject = false;
    this.#in.skipTo(at);
    return fault;
  }

  #findNext(): boolean {
    const buffer = this.#in.bytes, filled = this.#in.filled;
    for (let at = this.#in.at; at < filled; at++) {
      const byte = buffer[at]!;
      if (byte === LF || byte === CR || (byte === CURLY && !this.isLineDelimited)) {
        this.#state = State.Between;
        this.#in.skipTo(at);
        return true;
      }
    }
    this.#in.skipTo(filled);
    return false;
  }

  /** What stands here is UTF-16, or UTF-32. */
  #widen(at: number, width: 2 | 4, isBigEndian: boolean): "again" {
    this.#in.skipTo(at);
    this.#state = State.Wide;
    this.#wide = new WideSkipper(width, isBigEndian);
    this.#afterObject = false;
    return "again";
  }

  /** Reports each object that is UTF-16 or UTF-32, and skips it, up to bytes that cannot be. */
  #passWide(): "ended" | FramingError | undefined {
    const wide = this.#wide!, stop = wide.skip(this.#in.view, this.#in.at, this.#in.filled), { at } = wide;
    if (stop === "end") return this.#narrow(at, State.Between);
    if (stop === "broken") return this.#narrow(at, State.Lost);
    this.#in.skipTo(at);
    if (stop === undefined) return undefined;
    this.excerpt = this.#in.rest(wide.objectAt);
    return "utf16";
  }

  #narrow(at: number, state: State): "ended" {
    this.#wide = undefined;
    this.#in.skipTo(at);
    this.#state = state;
    return "ended";
  }

  /** Too big or too deep: said once, then its rest is counted and not kept. */
  #pass(fault: FramingError, at: number, depth: number, inString: boolean): FramingError {
    this.excerpt = this.#in.bytes.subarray(this.#in.start, Math.min(at, this.#in.filled));
    this.#state = State.Skipping;
    this.#oversized = new OversizedSkipper(depth, inString, this.#limits.objectBytes);
    this.#in.at = at;
    this.#in.start = Math.min(at, this.#in.filled);
    return fault;
  }

  #skip(): "ended" | FramingError | undefined {
    const input = this.#in, over = this.#oversized!, end = over.skip(input.bytes, input.at, input.filled);
    if (end === "broken") return this.#breakOff(over.at);
    input.at = over.at;
    input.start = Math.min(over.at, input.filled);
    if (end === undefined) return undefined;
    this.#oversized = undefined;
    this.#state = end === "ended" ? State.Between : State.Over;
    if (end === "ended") this.#afterObject = true;
    return end;
  }

  /** The rest of a big object ends with its line: no string goes on behind that. Its fault has been said already. */
  #breakOff(at: number): "ended" {
    this.#fail("broken", at, at);
    return "ended";
  }
}

function isWhite(byte: number): boolean {
  return byte === LF || byte === CR || byte === SPACE || byte === TAB;
}

/** Where the last byte before `at` is that is no white space. An object's first bracket ends the search. */
function inkBefore(buffer: Uint8Array, at: number): number {
  let before = at - 1;
  while (buffer[before]! <= SPACE) before--;
  return before;
}

function table(...bytes: number[]): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of bytes) table[byte] = 1;
  return table;
}
