// One chat in a terminal, from its first connection to its end: what comes of a key, of an object, of silence, of a
// connection that is gone. It knows no socket, no clock and no terminal: the loop hands it what happens, and does what it
// asks for. Pure but for that, so a test can be the person, the server and the clock.
//
// away → joining (presence, or a password) → settling (rooms and the past are read) → here → away …
//
// What is typed while away, or settling, waits. A message that was sent and not answered when the connection broke may have
// arrived or not: the past tells, for the time of each message is its own. Only what is not there is said again.

import { COMMON, Framer, isCommon, quoteBytes, roomy } from "../../jim/mod.ts";
import { logger } from "../../log/mod.ts";
import { heard, type HeardMessage } from "../heard.ts";
import type { Options } from "../options.ts";
import { message, presence } from "../outgoing.ts";
import { safe } from "../safe.ts";
import { forms, usage } from "./commands.ts";
import type { Words } from "./complete.ts";
import {
  changeContacts,
  type Desk,
  listContacts,
  listPeople,
  listPlaces,
  listRooms,
  lookForRooms,
  showPast,
} from "./lists.ts";
import type { Paint } from "./paint.ts";
import { type Place, Places, type Said, saidIn } from "./places.ts";
import { type Reply, type Request, Requests, whose } from "./requests.ts";
import { pause } from "./retry.ts";
import { type Mine, Spoken } from "./spoken.ts";
import { Transcript } from "./transcript.ts";
import { Typing, type Wish } from "./typing.ts";
import { columnsOf } from "./width.ts";
import { Window } from "./window.ts";

/** Messages of a page when catching up; the most that Hanita gives. */
const PAGE = 500;
/** Messages shown of what was said before one came. */
const BEFORE = 15;
/** Milliseconds that a password may take: a server looks at those of one address one by one. */
const LOGIN = 60_000;
/** Milliseconds for what is still to be said when one leaves. */
const FAREWELL = 3_000;
/** Milliseconds for the server to close after that. */
const DRAIN = 1_000;
/** Milliseconds of silence after which Hanita is asked whether it is there. */
const SILENCE = 75_000;
/** Milliseconds after which a connection that breaks was a good one, and the next is tried soon. */
const GOOD = 10_000;
/** Milliseconds after one came in which others' comings are not told: after a restart of the server all come at once. */
const RUSH = 5_000;

/** The part of the options that matters here. */
type Wishes = Pick<Options, "address" | "port" | "name">;

/** Columns that a line being typed has beside the prompt, if that can be shorter. */
const LINE = 24;

/** What a handout's server does not have, and may fall over. */
const EXTENSIONS: ReadonlySet<string> = new Set(["/rooms", "/history", "/search", "/register"]);

/** What `/help` says beside the commands. */
const KEYS = [["Tab", "complete a name, a room, a command"], ["↑ ↓", "lines typed before"], [
  "//…",
  "a text with / first",
]] as const;

const { info } = logger("client/terminal/talk");
const decoder = new TextDecoder();

/**
 * The chat. `now` is milliseconds throughout; {@linkcode pass} is to be called when it is {@linkcode due}.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plain } from "./paint.ts";
 *
 * const talk = new Talk({ address: "::1", port: 7777, name: "ann" }, plain, Math.random, 0);
 * const encode = (text: string) => new TextEncoder().encode(text);
 * talk.connected(0);
 * assert.match(new TextDecoder().decode(talk.requests.take(0)), /"presence"/);
 * talk.framer.push(encode('{"response":200}{"action":"msg","from":"bob","message":"hi","time":0}'));
 * talk.hear(1);
 * assert.match(talk.window.out, /bob │ hi\r\n/);
 * talk.type(encode("hello\r"), 2);
 * assert.match(new TextDecoder().decode(talk.requests.take(2)), /"hello"/);
 * ```
 */
export class Talk {
  /** What is shown. */
  readonly window = new Window();
  /** What is to be sent on the connection that there is. */
  requests = new Requests();
  /** Bytes from the server are read into it. */
  framer = new Framer();
  /** There is a connection, and there should be. */
  open = false;
  /** When to connect; `Infinity` for not at all. */
  retryAt = Infinity;
  /** Nothing more is typed. */
  leaving = false;

  readonly #wishes: Wishes;
  readonly #paint: Paint;
  readonly #random: () => number;
  readonly #places = new Places();
  readonly #transcript: Transcript;
  readonly #typing = new Typing();
  readonly #spoken = new Spoken();
  readonly #names = new Set<string>();
  readonly #rooms = new Set<string>();
  #state: "away" | "joining" | "settling" | "here" = "away";
  #name: string;
  #password: string | undefined;
  #proved = false;
  #been = false; // in the chat, at least once
  #jim = false;
  #round = {}; // of settling
  #pending = 0; // answers without which it is not settled
  readonly #read = new Set<string>(); // places whose past was read since the connection is there
  #greatest: number | undefined; // the id of the latest message that was heard, wherever it was said
  #failed = 0;
  #lostAt: number | undefined;
  #settledAt = 0;
  #leaveBy = Infinity;
  #reason: string | undefined;
  #status: 0 | 1 = 0;

  constructor(wishes: Wishes, paint: Paint, random: () => number, now: number) {
    this.#wishes = wishes;
    this.#name = wishes.name;
    this.#paint = paint;
    this.#random = random;
    this.#transcript = new Transcript(this.window, this.#places, paint, wishes.name, now);
  }

  /** When to {@linkcode pass} if nothing happens. */
  get due(): number {
    const probe = this.#state === "here" && this.#jim ? this.requests.heardAt + SILENCE : Infinity;
    return Math.min(this.#leaveBy, this.open ? Math.min(this.requests.due, probe) : this.retryAt);
  }

  /** Whether this is the end. */
  over(now: number): boolean {
    return this.leaving && (!this.open || now >= this.#leaveBy);
  }

  /** All is said: the connection may be closed on our side. */
  get done(): boolean {
    return this.leaving && this.requests.saying + this.#spoken.waiting === 0;
  }

  /** Bytes of the keyboard; `null` when there is none any more. */
  type(bytes: Uint8Array | null, now: number): void {
    if (bytes === null) return this.leave(now);
    for (const wish of this.#typing.type(bytes, this.#words)) {
      if (!this.leaving) this.#grant(wish, now);
    }
    this.#refresh();
  }

  /** There is a connection, a new one. */
  connected(now: number): void {
    this.requests = new Requests();
    this.framer = new Framer();
    this.open = true;
    this.retryAt = Infinity;
    this.#state = "joining";
    this.#enter(now);
    this.#refresh();
  }

  /** No connection could be made. */
  unconnected(words: string, now: number): void {
    info("unconnected", words);
    this.retryAt = now + pause(this.#failed++, this.#random);
  }

  /** Bytes were read into the framer. */
  hear(now: number): void {
    for (let next = this.framer.next(); next !== undefined && this.open; next = this.framer.next()) {
      if (typeof next !== "string") {
        this.#object(decoder.decode(next), now);
        continue;
      }
      const excerpt = safe(quoteBytes(this.framer.excerpt));
      if (!this.#been) this.leave(now, `${this.#peer} does not speak JIM: it says ${excerpt}`);
      else if (next === "endless") this.lost(now, "the server sends an object that does not end");
      else this.#alarm(`Cannot read what the server sends: ${excerpt}`, now);
    }
    this.#refresh();
  }

  /** The connection is gone, or good for nothing. */
  lost(now: number, why = "the server closed it"): void {
    if (!this.open) return;
    this.open = false;
    info("lost", why);
    const { sent, unsent } = this.requests.end();
    this.#spoken.lost(sent, unsent);
    if (this.#been) this.#lostAt ??= now;
    if (this.#state === "here" && !this.leaving) {
      this.#alarm(`The connection is lost: ${why}. What you type is sent when it is back; Enter tries at once`, now);
      if (now - this.#settledAt > GOOD) this.#failed = 0;
    }
    this.#state = "away";
    if (this.#been) this.retryAt = now + pause(this.#failed++, this.#random);
    else if (!this.#typing.asks) this.leave(now, `The connection is lost: ${why}`); // else it is made for the answer
    this.#refresh();
  }

  /** Time has passed. */
  pass(now: number): void {
    if (!this.open) return;
    if (now >= this.requests.due) {
      // Hanita answers; so this is a cable that was pulled, or a machine that slept.
      if (this.requests.fast) return this.lost(now, "the server does not answer");
      this.requests.giveUp(now);
    } else if (this.#state === "here" && this.#jim && now >= this.requests.heardAt + SILENCE && this.requests.idle) {
      this.requests.ask({ object: { action: "probe", time: now / 1000 } });
    }
    this.#refresh();
  }

  /** The terminal has another size. */
  resize(columns: number): void {
    this.window.resize(columns);
    this.#refresh();
  }

  /** Says what is in wait, and then no more; with a reason, it is not the user who wants it so. */
  leave(now: number, reason?: string): void {
    if (this.leaving) return;
    info("leave", reason ?? "done");
    this.leaving = true;
    this.#leaveBy = now + FAREWELL;
    this.#reason = reason;
    if (reason !== undefined) this.#status = 1;
    this.window.end();
  }

  /** Our side is closed: waits a little for the server's. */
  closing(now: number): void {
    this.#leaveBy = Math.min(this.#leaveBy, now + DRAIN);
  }

  /** What is to be said at the end, if anything, and the exit status. */
  farewell(): { readonly words: string | undefined; readonly status: 0 | 1 } {
    const { sent, unsent } = this.requests.end();
    const count = sent.length + unsent.length + this.#spoken.waiting;
    const lost = count === 0 ? [] : [`${count} ${count === 1 ? "message was" : "messages were"} not sent`];
    const words = [...this.#reason === undefined ? [] : [this.#reason], ...lost].join(", ");
    return { words: words === "" ? undefined : words, status: count > 0 ? 1 : this.#status };
  }

  // ── Wishes ──

  get #words(): Words {
    const names = [...this.#names].filter((name) => name !== this.#name);
    return { names, rooms: new Set([COMMON, ...this.#places.rooms, ...this.#rooms]) };
  }

  #grant(wish: Wish, now: number): void {
    switch (wish.do) {
      case "nothing":
        if (!this.open && this.retryAt !== Infinity) this.retryAt = now;
        return;
      case "say":
        return this.#say(this.#places.front, wish.text, now);
      case "msg":
        return this.#say(wish.to, wish.text, now);
      case "paste":
        return wish.lines.forEach((line) => this.#say(this.#places.front, line, now));
      case "drop":
        return this.#note("Nothing was sent", now);
      case "answer":
        return wish.answer(wish.text, now);
      case "choose":
        return this.#transcript.choices(wish.choices);
      case "look":
        if (this.#jim && this.#state === "here") lookForRooms(this.#desk, now);
        return;
      case "clear":
        return this.window.clear();
      case "mistake":
        return this.#note(wish.words, now, "!");
      case "help":
        return this.#transcript.table([
          ...Object.entries(forms).map(([name, { does }]) => [usage(name), does] as const),
          ...KEYS,
        ]);
      case "quit":
        return this.leave(now);
      case "room":
        return wish.place === undefined ? listPlaces(this.#desk, now) : this.#go(wish.place, now);
      case "join":
        return this.#join(wish.room, now);
      case "leave":
        return this.#part(wish.room ?? this.#places.front, now);
      case "rooms":
        return listRooms(this.#desk, now);
      case "who":
        return listPeople(this.#desk, now);
      case "history":
        return showPast(this.#desk, "/history", { action: "history", limit: wish.count }, now);
      case "search":
        return showPast(this.#desk, "/search", { action: "search", text: wish.text, limit: BEFORE }, now);
      case "contacts":
        if (wish.change === undefined) return listContacts(this.#desk, now);
        return changeContacts(this.#desk, wish.change.name, wish.change.add, now);
      case "login":
        return this.#login(wish.name ?? this.#name);
      case "register":
        return this.#register(wish.name ?? this.#name, now);
    }
  }

  #say(to: string, text: string, now: number): void {
    if (text.length > roomy.text && [...text].length > roomy.text) {
      this.#typing.giveBack(text);
      return this.#note(`Cannot send a text of more than ${roomy.text} characters`, now, "!");
    }
    const mine = this.#spoken.add(this.#name, to, text, now);
    if (!this.#places.has(to)) this.#places.open(to, this.#greatest);
    this.#transcript.said(to, { id: undefined, from: this.#name, text, time: now });
    if (this.#state === "here") this.#send(mine);
    else this.#spoken.wait(mine);
  }

  #send(mine: Mine): void {
    const { from, to, text, time } = mine;
    this.requests.ask({
      object: message(from, text, time, to),
      said: mine,
      then: (reply, now) => {
        if (reply === undefined) return;
        const start = text.length > 40 ? `${text.slice(0, 40)}…` : text;
        if (reply.refused) this.#alarm(`The server refuses "${start}": ${reply.words}`, now);
        else if (reply.code === 202) this.#note(reply.words, now);
      },
    });
  }

  #go(name: string, now: number): void {
    if (name.startsWith("#") && !this.#places.has(name)) {
      return this.#note(`You are not in ${name}: /join ${name} comes in`, now, "!");
    }
    this.#turnTo(name, now);
  }

  #turnTo(name: string, now: number): void {
    const isNew = !this.#places.has(name);
    this.#transcript.turnTo(name, now);
    if (isNew && this.#state === "here" && this.#jim) this.#readPast(this.#places.open(name), now);
  }

  #join(room: string, now: number): void {
    if (this.#places.has(room)) return this.#go(room, now);
    this.#ask(`/join ${room}`, { object: { action: "join", time: now / 1000, room } }, now, (_, now) => {
      this.#rooms.add(room);
      this.#turnTo(room, now);
    });
  }

  #part(room: string, now: number): void {
    const part = () => {
      const front = this.#places.front;
      this.#places.close(room);
      if (front === room) this.#go(COMMON, now);
      else this.#note(`You have left ${room}`, now);
    };
    if (!this.#places.has(room) || room === COMMON) return this.#note(`You cannot leave ${room}`, now, "!");
    if (!room.startsWith("#")) return part();
    this.#ask(`/leave ${room}`, { object: { action: "leave", time: now / 1000, room } }, now, part);
  }

  // ── Who one is ──

  /** Comes in, by a password if there is one. */
  #enter(now: number): void {
    if (this.#password !== undefined) return this.#authenticate(this.#name, this.#password, now);
    const then = (reply: Reply | undefined, now: number) => this.#entered(reply, now);
    this.requests.ask({ object: presence(this.#name, now), then });
  }

  #authenticate(name: string, password: string, now: number): void {
    const object = { action: "authenticate", time: now / 1000, user: { account_name: name, password } };
    const then = (reply: Reply | undefined, now: number) => {
      if (reply !== undefined && !reply.refused) this.#is(name, password);
      if (this.#state === "joining") return this.#entered(reply, now);
      if (reply === undefined || reply.refused) return this.#refused(`/login ${name}`, reply, now);
      this.#note(`You are logged in as ${name}`, now);
      this.#settle(now);
    };
    this.requests.ask({ object, patience: LOGIN, then });
  }

  #entered(reply: Reply | undefined, now: number): void {
    if (reply?.refused) return this.#turnedAway(reply, now);
    this.#jim ||= reply?.jim ?? false;
    const more = reply === undefined ? "it does not answer" : "/help lists the commands";
    if (!this.#been) this.#note(`Joined ${this.#peer} as ${this.#name}; ${more}`, now);
    if (this.#jim) return this.#settle(now);
    for (const room of this.#places.rooms) if (room !== COMMON) this.#rejoin(room, now);
    this.#settled(now);
  }

  /** A name that is somebody's needs a password. Whatever else there is against us may be over soon, if we were here before. */
  #turnedAway({ code, words }: Reply, now: number): void {
    const reason = `${this.#peer} refuses "${this.#name}": ${safe(words)}`;
    if (code === 401 || code === 402) {
      this.#password = undefined;
      this.#note(`The server refuses "${this.#name}": ${words}`, now, "!");
      if (this.#typing.asks) return;
      return this.#typing.ask(`Password of ${this.#name}: `, (password, now) => {
        if (password === undefined) return this.leave(now, reason);
        this.#password = password;
        if (this.open) this.#enter(now);
        else this.retryAt = now;
      });
    }
    if (!this.#been || code === 403) return this.leave(now, reason);
    this.lost(now, words);
  }

  #login(name: string): void {
    this.#typing.ask(`Password of ${name}: `, (password, now) => {
      if (password === undefined) return this.#note("You are not logged in", now);
      if (this.#cannot("/login", now)) return;
      this.#authenticate(name, password, now);
    });
  }

  #register(name: string, now: number): void {
    if (this.#cannot("/register", now)) return;
    this.#typing.ask(`New password of ${name}: `, (password, now) => {
      if (password === undefined) return this.#note("Nothing was registered", now);
      this.#typing.ask("Once more: ", (again, now) => {
        if (again !== password) return this.#note("Nothing was registered: that is another password", now, "!");
        const object = { action: "register", time: now / 1000, user: { account_name: name, password } };
        this.#ask(`/register ${name}`, { object, patience: LOGIN }, now, (_, now) => {
          this.#is(name, password);
          this.#note(`${name} is yours from now on`, now);
          this.#settle(now);
        });
      });
    });
  }

  #is(name: string, password: string): void {
    this.#name = this.#transcript.name = name;
    this.#password = password;
    this.#proved = true;
  }

  // ── Coming back ──

  /** Reads what there is to know: who is here, which rooms, and what was said. */
  #settle(now: number): void {
    this.#state = "settling";
    this.#round = {};
    this.#pending = 0;
    this.#read.clear();
    const time = now / 1000;
    for (const { past } of this.#places) past.begin();
    this.#await({ object: { action: "presence", time, watch: true } });
    this.#await({ object: { action: "who_online", time }, rows: "listed" }, (reply) => {
      this.#names.clear();
      for (const { name } of reply?.listed ?? []) this.#names.add(name);
    });
    for (const room of this.#places.rooms) if (room !== COMMON) this.#rejoin(room, now);
    this.#await({ object: { action: "rooms", time }, rows: "listed" }, (reply, now) => {
      for (const { name, member } of reply?.listed ?? []) {
        this.#rooms.add(name);
        if (member && !this.#places.has(name)) this.#known(name, now);
      }
    });
    for (const place of this.#places) this.#readPast(place, now);
  }

  #rejoin(room: string, now: number): void {
    this.requests.ask({
      object: { action: "join", time: now / 1000, room },
      then: (reply, now) => {
        if (reply?.refused) this.#alarm(`You are not in ${room} any more: ${reply.words}`, now);
      },
    });
  }

  /** A place that there is, as it turns out. */
  #known(name: string, now: number): Place {
    const isNew = !this.#places.has(name);
    const place = this.#places.open(name);
    if (isNew && this.#state === "settling") {
      place.past.begin();
      this.#readPast(place, now);
    }
    return place;
  }

  #readPast(place: Place, now: number): void {
    const { name, past } = place;
    const own = !name.startsWith("#");
    // A guest has no past with anybody.
    if (own && !this.#proved) return past.end().forEach((said) => this.#show(name, said));
    past.begin();
    const page = past.next, fresh = !("after" in page);
    const limit = fresh ? { limit: BEFORE } : { after: page.after, limit: PAGE };
    const object = { action: "history", time: now / 1000, ...whose(name), ...limit };
    this.#await({ object, rows: "message" }, (reply, now) => {
      const isRead = reply !== undefined && !reply.refused;
      if (isRead) this.#read.add(name);
      const rows = isRead ? reply.messages.map((row) => this.#said(row, now)) : [];
      const whole = fresh || rows.length < PAGE;
      const show = isRead ? past.read(rows, whole) : past.end();
      for (const said of show) this.#show(name, said, !fresh);
      if (isRead && !whole) this.#readPast(place, now);
    });
  }

  /** Asks for something without which it is not settled. */
  #await(request: Request, then?: (reply: Reply | undefined, now: number) => void): void {
    const round = this.#round;
    this.#pending++;
    this.requests.ask({
      ...request,
      then: (reply, now) => {
        then?.(reply, now);
        if (round === this.#round && --this.#pending === 0 && this.#state === "settling") this.#settled(now);
      },
    });
  }

  /** Says what had to wait, and again what has not arrived. */
  #settled(now: number): void {
    this.#state = "here";
    this.#settledAt = now;
    const { send, unknown } = this.#spoken.release(this.#read);
    for (const { text } of unknown) this.#alarm(`Nobody knows whether this has arrived: "${text}"`, now);
    for (const mine of send) this.#send(mine);
    if (this.#lostAt !== undefined) {
      const { length } = send;
      const said = length === 0 ? "" : length === 1 ? ", 1 message was sent" : `, ${length} messages were sent`;
      this.#note(`The connection is back after ${Math.ceil((now - this.#lostAt) / 1000)} s${said}`, now);
      this.#lostAt = undefined;
    }
    this.#been = true;
  }

  // ── What is heard ──

  #object(json: string, now: number): void {
    const said = heard(json);
    if (said.what === "probe") return this.requests.ask({ object: this.#presence(now) }, true);
    if (said.what === "notice") return this.#note(said.words, now, "!");
    const loose = this.requests.hear(said, now);
    switch (loose?.what) {
      case "message":
        return this.#heard(loose, now);
      case "status":
        return this.#came(loose.name, loose.status, now);
      case "answer":
        if (loose.refused) this.#alarm(`The server says: ${loose.words}`, now);
    }
  }

  #presence(now: number): object {
    return { ...presence(this.#name, now), ...this.#jim ? { watch: true } : {} };
  }

  #heard(row: HeardMessage, now: number): void {
    const name = this.#placeOf(row);
    const place = this.#known(name, now);
    // What is said now is shown with the time by our clock: that of others may be wrong by years.
    const said = place.past.holds ? this.#said(row, now) : { ...this.#said(row, now), time: now };
    if (row.from !== "") this.#names.add(row.from);
    for (const each of place.past.hear(said)) this.#show(name, each);
  }

  #said(row: HeardMessage, now: number): Said {
    if (row.id !== undefined) this.#greatest = Math.max(row.id, this.#greatest ?? 0);
    return saidIn(row, now);
  }

  #placeOf({ to, from }: HeardMessage): string {
    if (to === undefined || isCommon(to)) return COMMON;
    if (to.startsWith("#")) return this.#jim || this.#places.has(to) ? to : COMMON;
    if (from === this.#name) return to;
    return to === this.#name && from !== "" ? from : COMMON;
  }

  #came(name: string, status: string, now: number): void {
    const gone = status === "offline";
    if (gone) this.#names.delete(name);
    else this.#names.add(name);
    if (now - this.#settledAt < RUSH || this.#state !== "here") return;
    const more = gone || status === "online" || status === "" ? "" : `: ${status}`;
    this.#note(`${name} ${gone ? "has left" : "is here"}${more}`, now);
  }

  // ── What is shown ──

  get #peer(): string {
    const { address, port } = this.#wishes;
    return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
  }

  /** A message; one's own that comes back from the past was shown already. */
  #show(where: string, said: Said, ring = true): void {
    if (!this.#spoken.knows(said, where)) this.#transcript.said(where, said, ring);
  }

  #note(words: string, now: number, mark: "·" | "!" = "·"): void {
    this.#transcript.note(words, now, mark);
  }

  #alarm(words: string, now: number): void {
    info("alarm", words);
    this.#note(words, now, "!");
  }

  #refresh(): void {
    if (this.leaving) return this.window.end();
    const state = this.#state === "here" || !this.#been ? "" : "offline";
    const waiting = this.#spoken.waiting === 0 ? "" : `, ${this.#spoken.waiting} in wait`;
    const long = this.#places.prompt(this.#paint, state === "" ? "" : state + waiting);
    const isLong = columnsOf(long) > this.window.columns - LINE;
    const chat = isLong ? this.#places.prompt(this.#paint, state, true) : long;
    const { prompt, text, at } = this.#typing.shown(chat, this.#places.front);
    this.window.line(prompt === chat ? chat : safe(prompt), text, at);
  }

  // ── Asking ──

  get #desk(): Desk {
    return {
      transcript: this.#transcript,
      places: this.#places,
      names: this.#names,
      rooms: this.#rooms,
      ask: this.#ask.bind(this),
    };
  }

  /** Asks for what the user wants, and says so when it cannot be had. */
  #ask(label: string, request: Request, now: number, then: (reply: Reply, now: number) => void): void {
    if (this.#cannot(label, now)) return;
    this.requests.ask({
      ...request,
      then: (reply, now) => reply === undefined || reply.refused ? this.#refused(label, reply, now) : then(reply, now),
    });
  }

  #refused(label: string, reply: Reply | undefined, now: number): void {
    const words = reply === undefined
      ? `No answer to ${label}: this server may not know it`
      : `The server refuses ${label}: ${reply.words}`;
    this.#note(words, now, "!");
  }

  /** Whether something cannot be asked for; the user is told. */
  #cannot(label: string, now: number): boolean {
    const isAway = this.#state === "away" || this.#state === "joining";
    const lacks = !this.#jim && EXTENSIONS.has(label.split(" ")[0]!);
    if (isAway) this.#note(`Cannot ${label}: not connected`, now, "!");
    else if (lacks) this.#note(`This server has no ${label}: it knows less than Hanita`, now, "!");
    return isAway || lacks;
  }
}
