/**
 * Delivers a sealed batch into outboxes, in the order of its operations. Relays to all lie in the slab once; an
 * outbox only points at a range of it.
 */
import {
  type Answer,
  BARE_BYTES,
  COMMON_ROOM,
  type Dialect,
  encode,
  type Language,
  plain,
  refuse,
  refused,
  type Relay,
  STATUS_TEXT,
} from "../../jim/mod.ts";
import { Features } from "../chat/features.ts";
import type { Rows } from "../chat/jobs.ts";
import { featuresIn, inForm, type TextForm } from "../chat/text_forms.ts";
import type { Connection } from "./connection.ts";
import { Meter } from "./meter.ts";
import { Outbox, type Range } from "./outbox.ts";
import { addObject, addRelay } from "./reader.ts";
import { RowStream } from "./row_stream.ts";
import { NOTHING, type Output, type OutputBatch } from "./output_batch.ts";
import type { EncodedForm, OpOf, OutputOp } from "./output_op.ts";
import { renumber } from "../journal/ids.ts";
import type { DailyQuotas } from "../limits/daily_quotas.ts";
import type { PeerServers } from "../peers/peer_servers.ts";

/** This many plain answers lie ready in one run of bytes. */
const RUN = 64;

export class Delivery {
  readonly #batch: OutputBatch;
  readonly #language: Language;
  readonly #meter: Meter;
  readonly #features: Features<Connection>;
  readonly #quotas: Pick<DailyQuotas, "refund"> | undefined;
  readonly #peers: Pick<PeerServers, "sendGuestMessage"> | undefined;
  #batchNumber = 1;
  /** Readers of plain relays, in no order: the last one takes the index of one that is removed. */
  readonly #plainReaders: Connection[] = [];
  /** Readers that get relays in another dialect or framing. */
  readonly #translatedReaders = new Set<Connection>();
  /** Connections that have output to write. */
  #dirty: Connection[] = [];
  /** Added to the ids of the batch, because other processes appended first. */
  #shift = 0;
  /** Whether senders are answered, and the refusal they get if their messages are not kept. */
  #answers = true;
  /** The last id of a message to some. */
  #lastId = 0;
  #refusal: "store" | "nospace" | "undecided" = "store";
  #okRun = new Uint8Array(0);
  #okTime = -1;

  /**
   * @param batch the one that gathers: its time, and ids for what is said while another one is delivered
   * @param quotas if there are some, each message has to be looked at before it is relayed: its sender may have come to a limit
   * @param peers the other servers of the chat, if there are any
   */
  constructor(
    batch: OutputBatch,
    language: Language,
    meter = new Meter(),
    features = new Features<Connection>(),
    quotas?: Pick<DailyQuotas, "refund">,
    peers?: Pick<PeerServers, "sendGuestMessage">,
  ) {
    this.#batch = batch;
    this.#language = language;
    this.#meter = meter;
    this.#features = features;
    this.#quotas = quotas;
    this.#peers = peers;
  }

  /**
   * Puts a sealed batch into outboxes. Returns the connections that have output to write.
   *
   * @param kept whether its messages are in the journal: if not, none is relayed, and their senders are refused
   * @param shift added to its ids by the journal
   * @param hasRoom false if the journal was full
   */
  deliver(output: Output, kept: boolean, shift = 0, hasRoom = true): Connection[] {
    this.#shift = shift;
    this.#refusal = hasRoom ? "store" : "nospace";
    return this.#deliver(output, kept);
  }

  /** Relays messages that the journal has kept after all, although their senders were refused. */
  deliverLate(output: Output, shift: number): Connection[] {
    this.#shift = shift;
    this.#answers = false;
    const toFlush = this.#deliver(output, true);
    this.#answers = true;
    return toFlush;
  }

  /** The senders of messages were told that nobody knows whether they are kept. They are not. */
  refundLate(ops: readonly OutputOp[]): void {
    for (const op of ops) {
      if (op.kind === "broadcast" || op.kind === "multicast") this.#quotas?.refund(op.by, op.charged);
    }
  }

  /** Delivers everything but messages. Their senders are told that it is not known whether they will be kept. */
  deliverWithout({ ops, toSome }: Output): Connection[] {
    this.#refusal = "undecided";
    return this.#deliver({ ops, relays: NOTHING, toSome }, false);
  }

  #deliver({ ops, relays, toSome }: Output, kept: boolean): Connection[] {
    const length = kept ? relays.end - relays.start : 0;
    for (const op of ops) this.#perform(op, relays, toSome, kept);
    const senders = this.#dirty;
    this.#dirty = [];
    if (length > 0) { for (const reader of this.#plainReaders) this.#catchUp(reader, relays, length); }
    const readers = this.#dirty;
    this.#dirty = [];
    this.#batchNumber++;
    return readers.concat(senders); // senders are last: their messages are on the way while they get their answers
  }

  /** Sends the relays that were held back: the connection reads relays. */
  release(connection: Connection): void {
    const { heldRelays: held } = connection;
    connection.holdUntil = 0;
    connection.heldRelays = undefined;
    for (let part = held?.takeWhole(); part !== undefined; part = held?.takeWhole()) this.#add(connection, part, true);
  }

  /** Adds a connection to those that have output to write, although nothing was added to its outbox. */
  touch(connection: Connection): void {
    if (connection.dirty) return;
    connection.dirty = true;
    this.#dirty.push(connection);
  }

  #perform(op: OutputOp, relays: Range, toSome: Range, kept: boolean): void {
    switch (op.kind) {
      case "broadcast":
        return this.#broadcast(op, relays, kept);
      case "multicast":
        return this.#multicast(op, relays, toSome, kept);
      case "foreignBroadcast":
        return this.#broadcastForeign(op, relays);
      case "encodedMulticast":
        return this.#multicastEncoded(op, relays, kept);
      case "announcement":
        return this.#announce(op, relays, toSome, kept);
      case "answer":
        this.#inOrder(op.to, relays, op.at, kept);
        return this.#addAnswer(op.to, op.answer);
      case "object":
        this.#inOrder(op.to, relays, op.at, kept);
        return this.#add(op.to, encode(op.object));
      case "rows":
        this.#inOrder(op.to, relays, op.at, kept);
        return this.#startRows(op.to, op.rows);
      case "subscription":
        // Without kept messages there is nothing to relay first.
        return this.#updateSubscription(op.connection, relays, kept ? op.from : 0);
    }
  }

  /** A run of messages to all by one sender. */
  #broadcast({ by, from, to, count, answer, charged }: OpOf<"broadcast">, relays: Range, kept: boolean): void {
    if (!kept) {
      if (charged > 0) this.#refund(by, charged);
      for (let i = 0; i < count; i++) this.#addFailure(by);
      return;
    }
    this.#meter.messages.common += count;
    this.#meter.deliveries += count * (this.#plainReaders.length - (by.plainReaderIndex >= 0 ? 1 : 0));
    if (by.plainReaderIndex >= 0) {
      this.#catchUp(by, relays, from);
      by.relayedUpTo = to; // a sender does not get its own message
    }
    if (this.#answers) this.#acknowledge(by, count, answer);
    if (this.#translatedReaders.size > 0) this.#relayTranslated(by, relays, from, to);
  }

  /** A message to some, and the answer to its sender. */
  #multicast(op: OpOf<"multicast">, relays: Range, toSome: Range, kept: boolean): void {
    const { by, readers, conversation, answer, spelling, at } = op;
    const relay = this.#shift === 0 ? op.relay : { ...op.relay, id: op.relay.id + this.#shift };
    // An id of a batch that is not in a shared log may be another server's, so it must not be used.
    if (!kept && (conversation !== undefined || this.#batch.isShared)) {
      if (op.charged > 0) this.#refund(by, op.charged);
      return this.#addFailure(by);
    }
    if (conversation === undefined) this.#completeUnstored(op, toSome);
    this.#noteId(relay);
    this.#countMulticast(relay);
    this.#inOrder(by, relays, at, kept);
    if (this.#answers && by.dialect.awaitsAnswers) this.#addAnswer(by, this.#shifted(answer));
    if (op.forms !== undefined) return this.#relayForms(op, op.forms, relay, relays, toSome, kept);
    for (const reader of readers) {
      if (reader === by) continue;
      this.#inOrder(reader, relays, at, kept);
      this.#addMulticast(reader, relay, spelling, toSome, op.from, op.to);
    }
  }

  /** A run of messages to all from another server, which counts them. */
  #broadcastForeign({ from, to, count }: OpOf<"foreignBroadcast">, relays: Range): void {
    this.#meter.deliveries += count * this.#plainReaders.length;
    if (this.#translatedReaders.size > 0) this.#relayTranslated(undefined, relays, from, to);
  }

  /** A message to some from another server, with its bytes as they came. */
  #multicastEncoded(op: OpOf<"encodedMulticast">, relays: Range, kept: boolean): void {
    const { readers, relay, line, spelling, at } = op, range = { bytes: line, start: 0, end: line.length };
    this.#noteId(relay);
    const forms = op.forms?.map((form) => {
      const told = inForm(relay, form), bytes = encode(plain.formatRelay(told, ""));
      return { form, told, bytes };
    });
    for (const reader of readers) {
      this.#inOrder(reader, relays, at, kept);
      const other = forms === undefined ? undefined : this.#formFor(reader, relay, forms);
      if (other === undefined) this.#addMulticast(reader, relay, spelling, range, 0, line.length);
      else {
        const { told, bytes } = other, range = { bytes, start: 0, end: 0 };
        this.#addMulticast(reader, told, spelling, range, 0, bytes.length);
      }
    }
  }

  /** One object to many, such as a notice of presence. */
  #announce(op: OpOf<"announcement">, relays: Range, toSome: Range, kept: boolean): void {
    for (const reader of op.readers) {
      if (reader === op.by || reader.bare) continue;
      this.#inOrder(reader, relays, op.at, kept);
      if (reader.framer.isLengthPrefixed) this.#add(reader, encode(op.object));
      else this.#addShared(reader, toSome, op.from, op.to);
    }
  }

  /**
   * Updates what is relayed to a connection: relays up to `at` by its old subscription, later ones by the new one.
   */
  #updateSubscription(connection: Connection, relays: Range, at: number): void {
    if (connection.plainReaderIndex >= 0) {
      this.#catchUp(connection, relays, at);
      const last = this.#plainReaders.pop()!;
      if (last !== connection) {
        last.plainReaderIndex = connection.plainReaderIndex;
        this.#plainReaders[last.plainReaderIndex] = last;
      }
      connection.plainReaderIndex = -1;
    }
    this.#translatedReaders.delete(connection);
    if (connection.closeState !== "open") {
      connection.isOutputComplete = true;
      connection.lastIdAtClose = Math.max(connection.lastIdAtClose, this.#lastId);
      this.touch(connection);
    }
    const hears = connection.name !== undefined && connection.closeState === "open" && connection.receivesRelays;
    // After a refusal the next object is parsed, since a verbatim relay would not be noted as accepted.
    connection.maySendVerbatim = hears && this.#quotas === undefined && connection.takesPlainRelays &&
      connection.mutedKey === undefined &&
      connection.lastRefusal?.isResolved !== false &&
      !this.#features.has(connection, "id"); // the answers to those messages are plain
    connection.known = undefined; // it has the name
    if (!hears) return;
    if (!connection.takesPlainRelays) this.#translatedReaders.add(connection);
    else {
      connection.plainReaderIndex = this.#plainReaders.push(connection) - 1;
      connection.relayedBatch = this.#batchNumber;
      connection.relayedUpTo = at;
    }
  }

  /** Relays that were made before this operation are delivered before it. */
  #inOrder(connection: Connection, relays: Range, at: number, kept: boolean): void {
    if (kept && connection.plainReaderIndex >= 0) this.#catchUp(connection, relays, at);
  }

  /** Adds this batch's relays to an outbox, from where it has them already up to `to`. */
  #catchUp(reader: Connection, { bytes, start }: Range, to: number): void {
    const from = reader.relayedBatch === this.#batchNumber ? reader.relayedUpTo : 0;
    reader.relayedBatch = this.#batchNumber;
    reader.relayedUpTo = to;
    if (from === to) return;
    reader.outbox.add(bytes, start + from, start + to);
    this.touch(reader);
  }

  /** Relays for readers of other dialects. They are parsed from the slab, and only when there is such a reader. */
  #relayTranslated(by: Connection | undefined, { bytes, start }: Range, from: number, to: number): void {
    const lines = decoder.decode(bytes.subarray(start + from, start + to)).split("\n");
    for (const line of lines) {
      if (line === "") continue;
      const relay: Relay = JSON.parse(line);
      for (const other of this.#translatedReaders) if (other !== by) this.#addRelay(other, relay);
    }
  }

  #noteId({ id }: Relay): void {
    this.#lastId = Math.max(this.#lastId, id!);
  }

  #countMulticast({ to }: Relay): void {
    this.#meter.messages[to.startsWith("#") ? to === COMMON_ROOM ? "common" : "room" : "private"]++;
  }

  /** Relays a message that has more than a text: as it is to readers that know that, in a form of their own to all others. */
  #relayForms(
    { by, readers, spelling, at, from, to }: OpOf<"multicast">,
    forms: readonly EncodedForm[],
    relay: Relay,
    relays: Range,
    toSome: Range,
    kept: boolean,
  ): void {
    const { bytes, start } = toSome;
    for (const { from, to } of forms) {
      if (this.#shift !== 0) renumber(bytes.subarray(start + from, start + to), this.#shift);
    }
    for (const reader of readers) {
      if (reader === by) continue;
      this.#inOrder(reader, relays, at, kept);
      const other = this.#formFor(reader, relay, forms);
      if (other === undefined) this.#addMulticast(reader, relay, spelling, toSome, from, to);
      else this.#addMulticast(reader, inForm(relay, other.form), spelling, toSome, other.from, other.to);
    }
  }

  /** The form of a message for a reader; undefined if it knows all that the message has. */
  #formFor<F extends { readonly form: TextForm }>(
    reader: Connection,
    relay: Relay,
    forms: readonly F[],
  ): F | undefined {
    const missing = featuresIn(relay).filter((feature) => !this.#features.has(reader, feature));
    return forms.find(({ form: { lacks } }) =>
      lacks.length === missing.length && lacks.every((one) => missing.includes(one))
    );
  }

  /** Adds a message to some: the bytes that several readers share, or a relay in the reader's own dialect and spelling. */
  #addMulticast(
    reader: Connection,
    relay: Relay,
    spelling: ((reader: Connection) => string) | undefined,
    shared: Range,
    from: number,
    to: number,
  ): void {
    if (reader.isOutputComplete) return; // it is closing, and gets later messages when it is back
    const spelt = spelling === undefined ? relay.to : spelling(reader);
    if (spelt !== relay.to) this.#addRelay(reader, { ...relay, to: spelt });
    else if (!reader.takesPlainRelays) this.#addRelay(reader, relay);
    else {
      this.#meter.deliveries++;
      this.#addShared(reader, shared, from, to);
    }
  }

  /** A message that is not stored: the journal has not numbered its bytes, and the broker does not carry it to other servers. */
  #completeUnstored({ from, to, elsewhere }: OpOf<"multicast">, { bytes, start }: Range): void {
    const line = bytes.subarray(start + from, start + to);
    if (this.#shift !== 0) renumber(line, this.#shift);
    for (const server of elsewhere) this.#peers?.sendGuestMessage(server, line);
  }

  #addRelay(reader: Connection, relay: Relay): void {
    if (!reader.receivesRelays) return; // since this very batch
    this.#meter.deliveries++;
    if (reader.closeState === "closed") return;
    addRelay(reader, reader.bare && reader.holdUntil > 0 ? reader.heldRelays ??= new Outbox() : reader.outbox, relay);
    this.touch(reader);
  }

  /** The present outbox is sent before the rows; a new one collects what comes after them. */
  #startRows(to: Connection, rows: Rows): void {
    if (to.closeState === "closed") return;
    to.rowStream = new RowStream(rows, to.outbox);
    to.outbox = new Outbox();
    this.touch(to);
  }

  /** Points an outbox at bytes that several readers share. Consecutive ranges become one. */
  #addShared(to: Connection, { bytes, start }: Range, from: number, end: number): void {
    if (to.closeState === "closed") return;
    to.outbox.add(bytes, start + from, start + end);
    this.touch(to);
  }

  #addAnswer(to: Connection, answer: Answer): void {
    this.#add(to, to.bare ? bareAnswer(answer, to.dialect) : encode(to.dialect.formatAnswer(answer)));
  }

  /** The answer to a message, with the id that the journal gave the message. */
  #shifted(answer: Answer): Answer {
    return answer.id === undefined || this.#shift === 0 ? answer : { ...answer, id: answer.id + this.#shift };
  }

  /** Answers a sender: with one answer, or with so many plain ones. */
  #acknowledge(to: Connection, count: number, answer: Answer | undefined): void {
    if (answer === undefined) this.#addOks(to, count);
    else if (to.dialect.awaitsAnswers) this.#addAnswer(to, this.#shifted(answer));
  }

  /** A message is not kept. Where that is not known yet, {@linkcode refundLate} follows. */
  #refund(by: Connection, charged: number): void {
    if (this.#refusal !== "undecided") this.#quotas?.refund(by, charged);
  }

  #addFailure(to: Connection): void {
    const answer = refused(refuse(this.#refusal, { code: 500 }), this.#batch.now, this.#language);
    this.#meter.refused(answer.response);
    if (to.dialect.awaitsAnswers) this.#addAnswer(to, answer);
    else this.#add(to, encode(this.#batch.notice(to, answer)));
  }

  #add(to: Connection, object: Uint8Array, relay = false): void {
    if (to.closeState === "closed") return;
    addObject(to, to.outbox, object, relay);
    this.touch(to);
  }

  /** Adds plain answers. They are equal for a whole second, so a run of them lies ready. */
  #addOks(to: Connection, count: number): void {
    if (this.#okTime !== this.#batch.now) {
      const one = encode({ response: 200, time: this.#batch.now });
      this.#okTime = this.#batch.now;
      this.#okRun = new Uint8Array(RUN * one.length);
      for (let i = 0; i < RUN; i++) this.#okRun.set(one, i * one.length);
    }
    const size = this.#okRun.length / RUN;
    for (let left = count; left > 0; left -= RUN) to.outbox.add(this.#okRun, 0, Math.min(left, RUN) * size);
    this.touch(to);
  }
}

const decoder = new TextDecoder();

/** Some bare programs read `alert` even for errors. A long error twice would not fit one `recv`. */
function bareAnswer(answer: Answer, dialect: Dialect): Uint8Array {
  const { error } = answer;
  if (error === undefined) return encode(dialect.formatAnswer(answer));
  const twice = encode(dialect.formatAnswer({ ...answer, alert: error }));
  if (twice.length <= BARE_BYTES) return twice;
  return encode(dialect.formatAnswer({ ...answer, alert: STATUS_TEXT[answer.response] ?? "error" }));
}
