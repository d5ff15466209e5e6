/**
 * What one turn of the loop has to say. Handlers only note it here, in order; at the end of the turn it is committed once
 * and then put into outboxes. A broadcast is written once, into the slab, and each reader's outbox points at it.
 */
import {
  type Answer,
  BARE_BYTES,
  canonicalEnd,
  canonicalMiddle,
  codes,
  COMMON,
  type Dialect,
  encode,
  type Known,
  type Language,
  type Limits,
  type Msg,
  no,
  plain,
  refuse,
  type Relay,
  remark,
} from "../../jim/mod.ts";
import { Features } from "../chat/features.ts";
import type { Mark, Rows } from "../chat/voice.ts";
import type { Connection } from "./connection.ts";
import type { Ids } from "../ids.ts";
import { Meter } from "./meter.ts";
import { Outbox, type Range } from "./outbox.ts";
import { addObject, addWorded } from "./reader.ts";
import { Slab } from "./slab.ts";
import type { Lines } from "../store/contract.ts";
import { RowStream } from "./row_stream.ts";

/** Something noted. `from`, `to` and `at` count the bytes of this turn's relays. */
type Note =
  /** Relays to all by one connection, and its answers: one of its own, or so many plain ones. */
  | { kind: "said"; by: Connection; from: number; to: number; count: number; answer: Answer | undefined }
  /** A message for some; the relay is worded for each reader. */
  | {
    kind: "whispered";
    by: Connection;
    readers: Connection[];
    relay: Relay;
    /** The relay lies there among what was said to some. */
    from: number;
    to: number;
    conversation: string | undefined;
    answer: Answer;
    spelling: ((reader: Connection) => string) | undefined;
    at: number;
  }
  | { kind: "answer"; to: Connection; answer: Answer; at: number }
  | { kind: "told"; to: Connection; object: object; at: number }
  /** The same object for several. */
  | {
    kind: "noticed";
    by: Connection;
    readers: readonly Connection[];
    object: object;
    from: number;
    to: number;
    at: number;
  }
  | { kind: "supplied"; to: Connection; rows: Rows; at: number }
  /** Somebody came, went, or speaks otherwise than before: what it hears is worked out again. */
  | { kind: "moved"; who: Connection; from: number };

/** A turn that is over, and what it wants kept. */
export interface SealedBatch {
  readonly notes: readonly Note[];
  readonly relays: Range;
  /** What was said to some, once for all of them. */
  readonly toSome: Range;
  readonly lines: readonly Lines[];
  /** The last id that was given out in it, or before. */
  readonly last: number;
}

/** Who a message of the server itself is from. Nobody else can be: no name begins so. */
const SERVER = "#server";

/** Relays and notices that are noted in one turn before it is full, and what a millisecond of other work counts. */
const TURN_BYTES = 256 * 1024, MILLISECOND = 16 * 1024;

/** Milliseconds that one reader of a notice takes. */
const PER_READER = 0.0002;

/** This many plain answers lie ready in one run of bytes. */
const RUN = 64;

export class OutputBatch {
  /** Unix seconds, as the answers of this turn say it. */
  now = 0;
  /** When it began, in milliseconds that never go back. */
  moment = 0;
  readonly #ids: Ids;
  readonly #limits: Limits;
  readonly #language: Language;
  readonly #meter: Meter;
  readonly #features: Features<Connection>;
  readonly #relays = new Slab();
  readonly #toSome = new Slab();
  /** Milliseconds of work done in it for single requests. */
  #work = 0;
  #notes: Note[] = [];
  /** The messages to all among this turn's notes: the first's id, the last's, how many. */
  #first = 0;
  #last = 0;
  #count = 0;
  #number = 1;
  /** Those who are sent plain relays, in no order: somebody who leaves is replaced by the last. */
  readonly #listeners: Connection[] = [];
  /** Those whose relays are worded for them alone. */
  readonly #others = new Set<Connection>();
  /** Who has something to be written. */
  #dirty: Connection[] = [];
  #okRun = new Uint8Array(0);
  #okTime = -1;

  constructor(
    ids: Ids,
    limits: Limits,
    language: Language,
    meter = new Meter(),
    features = new Features<Connection>(),
  ) {
    this.#ids = ids;
    this.#limits = limits;
    this.#language = language;
    this.#meter = meter;
    this.#features = features;
  }

  /** Nobody more is to be heard in it: readers must get a chance to read. */
  get isFull(): boolean {
    return this.#relays.length + this.#toSome.length + this.#work * MILLISECOND >= TURN_BYTES;
  }

  /** Milliseconds of work done in it so far. */
  get work(): number {
    return this.#work;
  }

  /** Counts time that was taken for one request. */
  worked(milliseconds: number): void {
    this.#work += milliseconds;
  }

  /** A message to all whose own bytes, from `start` to `end`, are its relay. */
  toAllAsItIs(by: Connection, bytes: DataView, start: number, end: number): void {
    const from = this.#relays.length;
    const id = this.#nextToAll();
    if (by.mark === undefined) this.#relays.writeWithId(bytes, start, end, id);
    else this.#relays.writeWithId(bytes, start, end, id, tailOf(by.mark));
    const last = this.#notes.at(-1);
    if (last?.kind === "said" && last.by === by && last.answer === undefined) {
      last.to = this.#relays.length;
      last.count++;
    } else this.#notes.push({ kind: "said", by, from, to: this.#relays.length, count: 1, answer: undefined });
  }

  toAll(by: Connection, msg: Msg, answer: Answer): void {
    const from = this.#relays.length, relay = this.#relay(by, msg, this.#nextToAll());
    this.#relays.write(encode(plain.relay(relay, "")));
    answer = this.#withId(by, answer, relay.id);
    const note = by.bare && !by.dialect.writersListen && !by.deaf ? remark("deaf", this.#language) : undefined;
    this.#notes.push({
      kind: "said",
      by,
      from,
      to: this.#relays.length,
      count: 1,
      answer: note === undefined ? answer : { ...answer, alert: `${answer.alert}; ${note}` },
    });
    if (note === undefined) return;
    by.deaf = true;
    by.held = undefined;
    by.outbox.dropRelays();
    this.arrived(by);
  }

  toSome(
    by: Connection,
    readers: Iterable<Connection>,
    msg: Msg,
    conversation: string | undefined,
    answer: Answer,
    spelling?: (reader: Connection) => string,
  ): void {
    const relay = this.#relay(by, msg, this.#ids.next()), at = this.#relays.length;
    const [from, to] = this.#writeToSome(plain.relay(relay, ""));
    this.#notes.push({
      kind: "whispered",
      by,
      readers: [...readers],
      relay,
      from,
      to,
      conversation,
      answer: this.#withId(by, answer, relay.id),
      spelling,
      at,
    });
  }

  tell(to: Connection, object: object): void {
    this.#notes.push({ kind: "told", to, object, at: this.#relays.length });
  }

  /** Tells several the same, but not the one that has caused it. It pays for what is sent: so many bytes are returned. */
  announce(by: Connection, readers: readonly Connection[], object: object): number {
    const [from, to] = this.#writeToSome(object);
    const bytes = (to - from) * readers.length;
    by.rateLimit.spendSent(bytes);
    this.worked(readers.length * PER_READER);
    this.#notes.push({ kind: "noticed", by, readers, object, from, to, at: this.#relays.length });
    return bytes;
  }

  /** Rows that are made as `to` takes them. It has no others under way: its next request waits until these are out. */
  supply(to: Connection, rows: Rows): void {
    this.#notes.push({ kind: "supplied", to, rows, at: this.#relays.length });
  }

  answer(to: Connection, answer: Answer, about?: "msg"): void {
    if (about === "msg" && !to.dialect.awaits) return this.tell(to, this.#notice(to, answer));
    this.#notes.push({ kind: "answer", to, answer, at: this.#relays.length });
  }

  /**
   * Tells what nobody asked for. A program that shows no answers is told in a message; a bare one that awaits answers would
   * take it for one, and is told nothing.
   */
  notify(to: Connection, notice: Answer): void {
    if (!to.dialect.awaits) {
      if (to.listens) this.tell(to, this.#notice(to, { ...notice, error: notice.alert ?? "" }));
    } else if (!to.bare) this.answer(to, notice);
  }

  arrived(who: Connection): void {
    who.known = undefined; // until it is clear again who speaks, and how
    this.#notes.push({ kind: "moved", who, from: this.#relays.length });
  }

  /** Ends the turn: what was noted, and the messages of it that must be kept. */
  seal(): SealedBatch {
    const relays = this.#relays.cut(), toSome = this.#toSome.cut();
    const sealed = { notes: this.#notes, relays, toSome, lines: [] as Lines[], last: this.#ids.last };
    const { bytes, start, end } = relays;
    if (this.#count > 0) {
      const toAll = bytes.subarray(start, end);
      sealed.lines.push({
        conversation: COMMON,
        first: this.#first,
        last: this.#last,
        count: this.#count,
        bytes: toAll,
      });
    }
    for (const note of this.#notes) {
      if (note.kind !== "whispered" || note.conversation === undefined) continue;
      const { conversation, relay, from, to } = note;
      sealed.lines.push({
        conversation,
        first: relay.id,
        last: relay.id,
        count: 1,
        bytes: toSome.bytes.subarray(toSome.start + from, toSome.start + to),
      });
    }
    this.#notes = [];
    this.#count = 0;
    this.#work = 0;
    return sealed;
  }

  /**
   * Puts all of a sealed turn into outboxes. Returns those who have something to be written.
   *
   * @param kept whether its messages are on disk: if not, nobody hears them, and their senders are told
   */
  deliver({ notes, relays, toSome }: SealedBatch, kept: boolean): Connection[] {
    const length = kept ? relays.end - relays.start : 0;
    for (const note of notes) this.#perform(note, relays, toSome, kept);
    const spoke = this.#dirty;
    this.#dirty = [];
    if (length > 0) { for (const listener of this.#listeners) this.#catchUp(listener, relays, length); }
    const heard = this.#dirty;
    this.#dirty = [];
    this.#number++;
    return heard.concat(spoke); // whoever spoke has time: its text is on the way to the others while it gets its answer
  }

  /** Lets go of what was held back: it only listens, or has shown that it reads all. */
  release(connection: Connection): void {
    const { held } = connection;
    connection.holdEnds = 0;
    connection.held = undefined;
    for (let part = held?.takeWhole(); part !== undefined; part = held?.takeWhole()) this.#add(connection, part, true);
  }

  /** Says that a connection has something to be written although nobody said anything to it. */
  touch(connection: Connection): void {
    if (connection.dirty) return;
    connection.dirty = true;
    this.#dirty.push(connection);
  }

  #perform(note: Note, relays: Range, toSome: Range, kept: boolean): void {
    switch (note.kind) {
      case "said": {
        const { by, from, to, count, answer } = note;
        if (!kept) {
          for (let i = 0; i < count; i++) this.#addFailure(by);
          return;
        }
        this.#meter.messages.common += count;
        this.#meter.deliveries += count * (this.#listeners.length - (by.place >= 0 ? 1 : 0));
        if (by.place >= 0) {
          this.#catchUp(by, relays, from);
          by.caughtUp = to; // its own text is not sent back to it
        }
        if (answer === undefined) this.#addOks(by, count);
        else if (by.dialect.awaits) this.#addAnswer(by, answer);
        if (this.#others.size > 0) this.#word(by, relays, from, to);
        return;
      }
      case "whispered": {
        const { by, readers, relay, conversation, answer, spelling, at } = note;
        if (!kept && conversation !== undefined) return this.#addFailure(by);
        this.#meter.messages[relay.to.startsWith("#") ? "room" : "private"]++;
        this.#inOrder(by, relays, at, kept);
        if (by.dialect.awaits) this.#addAnswer(by, answer);
        for (const reader of readers) {
          if (reader === by) continue;
          this.#inOrder(reader, relays, at, kept);
          const spelt = spelling === undefined ? relay.to : spelling(reader);
          if (spelt !== relay.to) this.#addRelay(reader, { ...relay, to: spelt });
          else if (!reader.hearsPlain) this.#addRelay(reader, relay);
          else {
            this.#meter.deliveries++;
            this.#addShared(reader, toSome, note.from, note.to);
          }
        }
        return;
      }
      case "noticed":
        for (const reader of note.readers) {
          if (reader === note.by || reader.bare) continue;
          this.#inOrder(reader, relays, note.at, kept);
          if (reader.framer.prefixed) this.#add(reader, encode(note.object));
          else this.#addShared(reader, toSome, note.from, note.to);
        }
        return;
      case "answer":
        this.#inOrder(note.to, relays, note.at, kept);
        return this.#addAnswer(note.to, note.answer);
      case "told":
        this.#inOrder(note.to, relays, note.at, kept);
        return this.#add(note.to, encode(note.object));
      case "supplied":
        this.#inOrder(note.to, relays, note.at, kept);
        return this.#supply(note.to, note.rows);
      case "moved":
        // Where nothing was kept there is nothing to catch up with either.
        return this.#move(note.who, relays, kept ? note.from : 0);
    }
  }

  /** Works out who hears what: what was said before counts by the old place, what comes by the new one. */
  #move(who: Connection, relays: Range, at: number): void {
    if (who.place >= 0) {
      this.#catchUp(who, relays, at);
      const last = this.#listeners.pop()!;
      if (last !== who) {
        last.place = who.place;
        this.#listeners[last.place] = last;
      }
      who.place = -1;
    }
    this.#others.delete(who);
    if (who.leaving !== "no") {
      who.complete = true;
      this.touch(who);
    }
    const hears = who.name !== undefined && who.leaving === "no" && who.listens;
    // Behind a refusal the next object is looked at: a relay that goes out as it came would not be noted as understood.
    const isKnown = hears && who.hearsPlain && who.muted === undefined && who.lastRefusal?.past !== false &&
      !this.#features.has(who, "id"); // the answers to those messages are plain
    who.known = isKnown ? this.#canonical(who.name!) : undefined;
    if (!hears) return;
    if (!who.hearsPlain) this.#others.add(who);
    else {
      who.place = this.#listeners.push(who) - 1;
      who.batch = this.#number;
      who.caughtUp = at;
    }
  }

  /** What was said to all before this comes before this. */
  #inOrder(who: Connection, relays: Range, at: number, kept: boolean): void {
    if (kept && who.place >= 0) this.#catchUp(who, relays, at);
  }

  /** Gives a listener this turn's relays up to a byte, from where it has them already. */
  #catchUp(listener: Connection, { bytes, start }: Range, to: number): void {
    const from = listener.batch === this.#number ? listener.caughtUp : 0;
    listener.batch = this.#number;
    listener.caughtUp = to;
    if (from === to) return;
    listener.outbox.add(bytes, start + from, start + to);
    this.touch(listener);
  }

  /** Relays for those who do not take them as they are: read back from the slab, and only when there is such a reader. */
  #word(by: Connection, { bytes, start }: Range, from: number, to: number): void {
    const lines = decoder.decode(bytes.subarray(start + from, start + to)).split("\n");
    for (const line of lines) {
      if (line === "") continue;
      const relay: Relay = JSON.parse(line);
      for (const other of this.#others) if (other !== by) this.#addRelay(other, relay);
    }
  }

  #addRelay(reader: Connection, relay: Relay): void {
    if (!reader.listens) return; // perhaps since this very turn
    this.#meter.deliveries++;
    if (reader.leaving === "gone") return;
    addWorded(reader, reader.bare && reader.holdEnds > 0 ? reader.held ??= new Outbox() : reader.outbox, relay);
    this.touch(reader);
  }

  /** What the reader has to be sent already goes first. From here on there is a new outbox behind the rows. */
  #supply(to: Connection, rows: Rows): void {
    if (to.leaving === "gone") return;
    to.rowStream = new RowStream(rows, to.outbox);
    to.outbox = new Outbox();
    this.touch(to);
  }

  /** What several get alike lies there once, and consecutive pieces of it make one. */
  #addShared(to: Connection, { bytes, start }: Range, from: number, end: number): void {
    if (to.leaving === "gone") return;
    to.outbox.add(bytes, start + from, start + end);
    this.touch(to);
  }

  #addAnswer(to: Connection, answer: Answer): void {
    this.#add(to, to.bare ? bareAnswer(answer, to.dialect) : encode(to.dialect.answer(answer)));
  }

  #addFailure(to: Connection): void {
    const answer = no(refuse("store", { code: 500 }), this.now, this.#language);
    this.#meter.refused(answer.response);
    if (to.dialect.awaits) this.#addAnswer(to, answer);
    else this.#add(to, encode(this.#notice(to, answer)));
  }

  /** A refusal or a notice as a message, for a program that awaits no answer to its own and would not show one. */
  #notice({ dialect, name }: Connection, { error = "" }: Answer): object {
    return dialect.relay({ time: this.now, to: name!, from: SERVER, message: error, id: this.#ids.next() }, name!);
  }

  #add(to: Connection, object: Uint8Array, relay = false): void {
    if (to.leaving === "gone") return;
    addObject(to, to.outbox, object, relay);
    this.touch(to);
  }

  /** Plain answers are the same for a whole second: a run of them lies ready. */
  #addOks(to: Connection, count: number): void {
    if (this.#okTime !== this.now) {
      const one = encode({ response: 200, time: this.now });
      this.#okTime = this.now;
      this.#okRun = new Uint8Array(RUN * one.length);
      for (let i = 0; i < RUN; i++) this.#okRun.set(one, i * one.length);
    }
    const size = this.#okRun.length / RUN;
    for (let left = count; left > 0; left -= RUN) to.outbox.add(this.#okRun, 0, Math.min(left, RUN) * size);
    this.touch(to);
  }

  /** The answer to a message. It has the id for a connection that understands it; for all others it stays as it is. */
  #withId(to: Connection, answer: Answer, id: number): Answer {
    return this.#features.has(to, "id") ? { ...answer, id } : answer;
  }

  #canonical(name: string): Known {
    const middle = canonicalMiddle(name), limits = this.#limits;
    return (bytes, start, filled) => canonicalEnd(bytes, start, filled, middle, limits);
  }

  #relay(by: Connection, { time, to, message }: Msg, id: number): Relay {
    return { time: time ?? this.now, to, from: by.name!, message, id, ...by.mark };
  }

  /** Returns where it lies. */
  #writeToSome(object: object): [from: number, to: number] {
    const from = this.#toSome.length;
    this.#toSome.write(encode(object));
    return [from, this.#toSome.length];
  }

  #nextToAll(): number {
    const id = this.#ids.next();
    if (this.#count++ === 0) this.#first = id;
    return this.#last = id;
  }
}

/** What each kind of sender's relay ends with behind the id, made once. */
const tails = new WeakMap<Mark, DataView>();

function tailOf(mark: Mark): DataView {
  let tail = tails.get(mark);
  if (tail === undefined) {
    const bytes = encode(mark);
    bytes[0] = COMMA;
    tails.set(mark, tail = new DataView(bytes.buffer));
  }
  return tail;
}

const COMMA = 44;
const decoder = new TextDecoder();

/** Some bare programs read `alert` even where something went wrong. Said twice, a long error would not fit one `recv`. */
function bareAnswer(answer: Answer, dialect: Dialect): Uint8Array {
  const { error } = answer;
  if (error === undefined) return encode(dialect.answer(answer));
  const twice = encode(dialect.answer({ ...answer, alert: error }));
  if (twice.length <= BARE_BYTES) return twice;
  return encode(dialect.answer({ ...answer, alert: codes[answer.response] ?? "error" }));
}
