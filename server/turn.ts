/**
 * What one turn of the loop has to say. Handlers only note it here, in order; at the end of the turn it is committed once
 * and then put into outboxes. A broadcast is written once, into the slab, and each reader's outbox points at it.
 */
import {
  type Answer,
  canonicalEnd,
  canonicalMiddle,
  encode,
  type Known,
  type Limits,
  type Msg,
  no,
  ok,
  plain,
  type Refusal,
  type Relay,
  split,
} from "../jim/mod.ts";
import type { Voice } from "./chat/chat.ts";
import type { Connection } from "./connection.ts";
import type { Ids } from "./ids.ts";
import { Outbox, type Range } from "./outbox.ts";
import { Slab } from "./slab.ts";

/** Something noted. `from`, `to` and `at` count the bytes of this turn's relays. */
type Note =
  /** Relays to all by one connection, and how many plain answers it gets for them. */
  | { kind: "said"; by: Connection; from: number; to: number; answers: number }
  | { kind: "answer"; to: Connection; answer: Answer; at: number }
  /** A private message; the relay is worded for each reader. */
  | { kind: "whispered"; by: Connection; readers: Connection[]; relay: Relay; at: number }
  /** Somebody came, went, or speaks otherwise than before: what it hears is worked out again. */
  | { kind: "moved"; who: Connection; from: number };

/** This many plain answers lie ready in one run of bytes. */
const RUN = 64;

export class Turn implements Voice<Connection> {
  /** Unix seconds, as the answers of this turn say it. */
  now = 0;
  readonly #ids: Ids;
  readonly #limits: Limits;
  readonly #deafNote: string;
  readonly #relays = new Slab();
  #notes: Note[] = [];
  #number = 1;
  /** Those who are sent plain relays, in no order: somebody who leaves is replaced by the last. */
  readonly #listeners: Connection[] = [];
  /** Those whose relays are worded for them alone. */
  readonly #others = new Set<Connection>();
  /** Who has something to be written. */
  #dirty: Connection[] = [];
  #okRun = new Uint8Array(0);
  #okTime = -1;

  constructor(ids: Ids, limits: Limits, deafNote: string) {
    this.#ids = ids;
    this.#limits = limits;
    this.#deafNote = deafNote;
  }

  /** Bytes of relays noted in this turn. */
  get bytes(): number {
    return this.#relays.length;
  }

  /** A message to all whose own bytes are its relay. */
  toAllAsItIs(by: Connection, object: Uint8Array): void {
    const from = this.#relays.length;
    this.#relays.writeWithId(object, this.#ids.next());
    const last = this.#notes.at(-1);
    if (last?.kind === "said" && last.by === by) {
      last.to = this.#relays.length;
      last.answers++;
    } else this.#notes.push({ kind: "said", by, from, to: this.#relays.length, answers: 1 });
  }

  toAll(by: Connection, msg: Msg, answer: Answer): void {
    const from = this.#relays.length;
    this.#relays.write(encode(plain.relay(this.#relay(by, msg), "")));
    this.#notes.push({ kind: "said", by, from, to: this.#relays.length, answers: 0 });
    this.#answerMsg(by, answer);
    if (by.bare && !by.dialect.writersListen && !by.deaf) {
      by.deaf = true;
      by.held = undefined;
      this.arrived(by);
    }
  }

  toSome(by: Connection, readers: Iterable<Connection>, msg: Msg, answer: Answer): void {
    this.#answerMsg(by, answer);
    const relay = this.#relay(by, msg);
    this.#notes.push({ kind: "whispered", by, readers: [...readers], relay, at: this.#relays.length });
  }

  answer(to: Connection, answer: Answer): void {
    this.#notes.push({ kind: "answer", to, answer, at: this.#relays.length });
  }

  refuse(to: Connection, refusal: Refusal): void {
    this.answer(to, no(refusal, this.now));
  }

  arrived(who: Connection): void {
    who.known = undefined; // its next words may be in the same turn, and in another name than was known
    this.#notes.push({ kind: "moved", who, from: this.#relays.length });
  }

  goes(who: Connection): void {
    if (who.leaving === "no") who.leaving = "draining";
    this.arrived(who);
  }

  /** Puts all that was noted into outboxes. Returns those who have something to be written. */
  deliver(): Connection[] {
    const relays = this.#relays.cut();
    for (const note of this.#notes) this.#perform(note, relays);
    this.#notes = [];
    const length = relays.end - relays.start;
    if (length > 0) { for (const listener of this.#listeners) this.#catchUp(listener, relays, length); }
    this.#number++;
    const dirty = this.#dirty;
    this.#dirty = [];
    return dirty;
  }

  /** Lets go of what was held back: it only listens, or has shown that it reads all. */
  release(connection: Connection): void {
    const { held } = connection;
    connection.holdEnds = 0;
    connection.held = undefined;
    for (let part = held?.takeWhole(); part !== undefined; part = held?.takeWhole()) this.#add(connection, part);
  }

  /** Says that a connection has something to be written although nobody said anything to it. */
  touch(connection: Connection): void {
    if (connection.dirty) return;
    connection.dirty = true;
    this.#dirty.push(connection);
  }

  #perform(note: Note, relays: Range): void {
    switch (note.kind) {
      case "said": {
        const { by, from, to, answers } = note;
        if (by.place >= 0) {
          this.#catchUp(by, relays, from);
          by.caughtUp = to; // its own text is not sent back to it
        }
        if (answers > 0) this.#addOks(by, answers);
        if (this.#others.size > 0) this.#word(by, relays, from, to);
        return;
      }
      case "answer":
        if (note.to.place >= 0) this.#catchUp(note.to, relays, note.at);
        return this.#add(note.to, encode(note.to.bare ? bareAnswer(note.answer) : note.answer));
      case "whispered":
        for (const reader of note.readers) {
          if (reader === note.by) continue;
          if (reader.place >= 0) this.#catchUp(reader, relays, note.at);
          this.#addRelay(reader, note.relay);
        }
        return;
      case "moved":
        return this.#move(note.who, relays, note.from);
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
    const hears = who.name !== undefined && who.leaving === "no" && !isDeaf(who);
    who.known = hears && who.hearsPlain ? this.#canonical(who.name!) : undefined;
    if (!hears) return;
    if (!who.hearsPlain) this.#others.add(who);
    else {
      who.place = this.#listeners.push(who) - 1;
      who.turn = this.#number;
      who.caughtUp = at;
    }
  }

  /** Gives a listener this turn's relays up to a byte, from where it has them already. */
  #catchUp(listener: Connection, { bytes, start }: Range, to: number): void {
    const from = listener.turn === this.#number ? listener.caughtUp : 0;
    listener.turn = this.#number;
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
    if (isDeaf(reader)) return; // perhaps since this very turn
    if (reader.bare) {
      const held = reader.holdEnds > 0 ? reader.held ??= new Outbox() : undefined;
      for (const part of split(relay, reader.dialect, reader.name!)) {
        if (held === undefined) this.#add(reader, part);
        else held.addWhole(part);
      }
      this.touch(reader);
    } else this.#add(reader, encode(reader.dialect.relay(relay, reader.name!)));
  }

  #add(to: Connection, object: Uint8Array): void {
    if (to.leaving === "gone") return;
    if (to.bare) to.outbox.addWhole(object);
    else to.outbox.add(object, 0, object.length);
    this.touch(to);
  }

  /** Plain answers are the same for a whole second: a run of them lies ready. */
  #addOks(to: Connection, count: number): void {
    if (this.#okTime !== this.now) {
      const one = encode(ok(this.now));
      this.#okTime = this.now;
      this.#okRun = new Uint8Array(RUN * one.length);
      for (let i = 0; i < RUN; i++) this.#okRun.set(one, i * one.length);
    }
    const size = this.#okRun.length / RUN;
    for (let left = count; left > 0; left -= RUN) to.outbox.add(this.#okRun, 0, Math.min(left, RUN) * size);
    this.touch(to);
  }

  /** The answer to a message; some families wait for none. */
  #answerMsg(by: Connection, answer: Answer): void {
    if (!by.dialect.awaits) return;
    const deaf = by.bare && !by.dialect.writersListen && !by.deaf;
    this.answer(by, deaf ? { ...answer, alert: `${answer.alert}; ${this.#deafNote}` } : answer);
  }

  #canonical(name: string): Known {
    const middle = canonicalMiddle(name), limits = this.#limits;
    return (bytes, start, filled) => canonicalEnd(bytes, start, filled, middle, limits);
  }

  #relay(by: Connection, msg: Msg): Relay {
    return {
      time: msg.time ?? this.now,
      to: msg.to,
      from: by.name!,
      message: msg.message,
      id: this.#ids.next(),
    };
  }
}

const decoder = new TextDecoder();

/** Has written, and from then on reads nothing but answers. A newline shows that it does read. */
function isDeaf(connection: Connection): boolean {
  return connection.deaf && connection.bare;
}

/** Some bare programs read `alert` even where something went wrong. */
function bareAnswer(answer: Answer): Answer {
  return answer.error === undefined ? answer : { ...answer, alert: answer.error };
}
