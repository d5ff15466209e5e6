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
import { type Command, command, forms, usage } from "./commands.ts";
import { complete } from "./complete.ts";
import { type Key, Keys } from "./keys.ts";
import { Line } from "./line.ts";
import type { Paint } from "./paint.ts";
import { type Place, Places, type Said } from "./places.ts";
import { type Reply, type Request, Requests, type Saying } from "./requests.ts";
import { pause } from "./retry.ts";
import { day, type Look, mentions, messageRows, noteRows, rule, tableRows } from "./rows.ts";
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

/** What the line is for, while it is not for the chat. */
type Question =
  | { readonly about: "paste"; readonly lines: readonly string[]; readonly before: string }
  | {
    readonly about: "password";
    readonly prompt: string;
    readonly line: Line;
    answer(text: string | undefined, now: number): void;
  };

/** A message of one's own, and what is known of it. */
interface Mine extends Saying {
  /** It was sent, and the connection broke before its answer. */
  doubted: boolean;
  /** It is in the past. */
  kept: boolean;
}

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
  readonly #keys = new Keys();
  readonly #line = new Line();
  readonly #names = new Set<string>();
  readonly #rooms = new Set<string>();
  readonly #mine = new Map<string, Mine>();
  #question: Question | undefined;
  #waiting: Mine[] = [];
  #state: "away" | "joining" | "settling" | "here" = "away";
  #name: string;
  #password: string | undefined;
  #proved = false;
  #been = false; // in the chat, at least once
  #jim = false;
  #pending = 0; // answers without which it is not settled
  readonly #read = new Set<string>(); // places whose past was read since the connection is there
  #greatest: number | undefined; // the id of the latest message that was heard, wherever it was said
  #failed = 0;
  #lostAt: number | undefined;
  #settledAt = 0;
  #lastTime = 0;
  #day = "";
  #leaveBy = Infinity;
  #reason: string | undefined;
  #status: 0 | 1 = 0;

  constructor(wishes: Wishes, paint: Paint, random: () => number, now: number) {
    this.#wishes = wishes;
    this.#name = wishes.name;
    this.#paint = paint;
    this.#random = random;
    this.#day = day(now);
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
    return this.leaving && this.requests.saying + this.#waiting.length === 0;
  }

  /** Bytes of the keyboard; `null` when there is none any more. */
  type(bytes: Uint8Array | null, now: number): void {
    if (bytes === null) return this.leave(now);
    for (const key of this.#keys.push(bytes)) this.#press(key, now);
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
      else this.#complain(`Cannot read what the server sends: ${excerpt}`, now);
    }
    this.#refresh();
  }

  /** The connection is gone, or good for nothing. */
  lost(now: number, why = "the server closed it"): void {
    if (!this.open) return;
    this.open = false;
    info("lost", why);
    const { sent, unsent } = this.requests.end();
    const mine = (said: Saying, doubted: boolean): Mine => {
      const known = this.#mine.get(keyOf(said)) ?? { ...said, doubted, kept: false }; // a part of a long one is new
      known.doubted ||= doubted;
      return known;
    };
    this.#waiting.unshift(...sent.map((said) => mine(said, true)), ...unsent.map((said) => mine(said, false)));
    for (const { past } of this.#places) past.begin();
    if (this.#been) this.#lostAt ??= now;
    if (this.#state === "here") {
      this.#note(
        `The connection is lost: ${why}. What you type is sent when it is back; Enter tries at once`,
        now,
        "!",
      );
      if (now - this.#settledAt > GOOD) this.#failed = 0;
    }
    this.#state = "away";
    if (this.#been) this.retryAt = now + pause(this.#failed++, this.#random);
    else if (this.#question === undefined) this.leave(now, `The connection is lost: ${why}`); // else it is there for the answer
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
    this.#question = undefined;
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
    const count = sent.length + unsent.length + this.#waiting.length;
    const lost = count === 0 ? [] : [`${count} ${count === 1 ? "message was" : "messages were"} not sent`];
    const words = [...this.#reason === undefined ? [] : [this.#reason], ...lost].join(", ");
    return { words: words === "" ? undefined : words, status: count > 0 ? 1 : this.#status };
  }

  // ── Keys ──

  #press(key: Key, now: number): void {
    if (this.leaving) return;
    const asked = this.#question;
    if (asked?.about === "paste") return this.#confirm(asked, key, now);
    if (asked?.about === "password") return this.#secret(asked, key, now);
    switch (key.key) {
      case "text":
        return this.#line.insert(key.text);
      case "paste":
        return this.#paste(key.text);
      case "enter":
        return this.#typed(now);
      case "tab":
        return this.#complete();
      case "clear":
        return this.window.clear();
      case "interrupt":
        return this.#line.text === "" ? this.leave(now) : this.#line.set("");
      case "end-of-input":
        return this.#line.text === "" ? this.leave(now) : void this.#line.press("delete");
      default:
        this.#line.press(key.key);
    }
  }

  #paste(text: string): void {
    const lines = text.replace(/[\r\n]+$/, "").split(/\r\n|\r|\n/);
    if (lines.length === 1) return this.#line.insert(lines[0]!);
    const { text: before, at } = this.#line;
    lines[0] = before.slice(0, at) + lines[0];
    lines[lines.length - 1] += before.slice(at);
    this.#question = { about: "paste", lines: lines.filter((line) => line.trim() !== ""), before };
  }

  /** Only a yes is a yes. Pasted lines are texts, whatever they begin with. */
  #confirm({ lines }: Question & { about: "paste" }, key: Key, now: number): void {
    this.#question = undefined;
    if (key.key !== "text" || !/^[yYдД]/.test(key.text)) return this.#note("Nothing was sent", now);
    this.#line.set("");
    for (const line of lines) this.#say(this.#places.front, line.replaceAll("\t", "    "), now);
  }

  #secret({ line, answer }: Question & { about: "password" }, key: Key, now: number): void {
    if (key.key === "text" || key.key === "paste") return line.insert(key.text.replace(/[\r\n]+$/, ""));
    if (key.key !== "enter" && key.key !== "interrupt" && key.key !== "end-of-input") return void line.press(key.key);
    this.#question = undefined;
    answer(key.key === "enter" && line.text !== "" ? line.text : undefined, now);
  }

  #complete(): void {
    const names = new Set(this.#names);
    names.delete(this.#name);
    const rooms = new Set([COMMON, ...this.#places.rooms, ...this.#rooms]);
    const { text, at, choices } = complete(this.#line.text, this.#line.at, { names, rooms });
    this.#line.set(text, at);
    if (choices.length > 0) this.window.print(this.#paint.quiet(safe(choices.join("  "))));
  }

  #typed(now: number): void {
    const { text } = this.#line;
    // A password that was typed where it does not belong is not kept.
    if (/^\/(login|register)\s+\S+\s+\S/.test(text)) this.#line.set("");
    this.#line.take();
    this.#do(command(text), now);
  }

  // ── Commands ──

  #do(wish: Command, now: number): void {
    switch (wish.do) {
      case "nothing":
        if (!this.open && this.retryAt !== Infinity) this.retryAt = now;
        return;
      case "say":
        return this.#say(this.#places.front, wish.text, now);
      case "msg":
        return this.#say(wish.to, wish.text, now);
      case "mistake":
        return this.#note(wish.words, now, "!");
      case "help":
        return this.#help();
      case "quit":
        return this.leave(now);
      case "room":
        return wish.place === undefined ? this.#listPlaces(now) : this.#go(wish.place, now);
      case "join":
        return this.#join(wish.room, now);
      case "leave":
        return this.#part(wish.room ?? this.#places.front, now);
      case "rooms":
        return this.#listRooms(now);
      case "who":
        return this.#listPeople(now);
      case "history":
        return this.#page("/history", { action: "history", limit: wish.count }, now);
      case "search":
        return this.#page("/search", { action: "search", text: wish.text, limit: BEFORE }, now);
      case "contacts":
        return this.#contacts(wish.change, now);
      case "login":
        return this.#login(wish.name ?? this.#name, now);
      case "register":
        return this.#register(wish.name ?? this.#name, now);
    }
  }

  #say(to: string, text: string, now: number): void {
    if (text.length > roomy.text && [...text].length > roomy.text) {
      this.#line.set(text);
      return this.#note(`Cannot send a text of more than ${roomy.text} characters`, now, "!");
    }
    this.#lastTime = Math.max(now, this.#lastTime + 1);
    const mine: Mine = { from: this.#name, to, text, time: this.#lastTime, doubted: false, kept: false };
    this.#mine.set(keyOf(mine), mine);
    if (!this.#places.has(to)) this.#places.open(to, this.#greatest);
    this.#show(to, { id: undefined, from: this.#name, text, time: now }, true);
    if (this.#state === "here") this.#send(mine);
    else this.#waiting.push(mine);
  }

  #send(mine: Mine): void {
    const { from, to, text, time } = mine;
    this.requests.ask({
      object: message(from, text, time, to),
      said: mine,
      then: (reply, now) => {
        if (reply === undefined) return;
        const start = text.length > 40 ? `${text.slice(0, 40)}…` : text;
        if (reply.refused) this.#complain(`The server refuses "${start}": ${reply.words}`, now);
        else if (reply.code === 202) this.#note(reply.words, now);
      },
    });
  }

  #help(): void {
    const commands = Object.entries(forms).map(([name, { does }]) => [usage(name), does] as const);
    const keys = [["Tab", "complete a name, a room, a command"], ["↑ ↓", "lines typed before"], [
      "//…",
      "a text that begins with /",
    ]] as const;
    this.window.print(tableRows([...commands, ...keys], this.#look));
  }

  #listPlaces(now: number): void {
    const places = [...this.#places].map(({ name, unread, dropped }) => {
      const count = unread.length + dropped;
      return name === this.#places.front ? `${name}, and write there` : count > 0 ? `${name}, ${count} new` : name;
    });
    this.#note(["Your conversations", ...places], now);
  }

  #go(name: string, now: number): void {
    if (name.startsWith("#") && !this.#places.has(name)) {
      return this.#note(`You are not in ${name}: /join ${name} comes in`, now, "!");
    }
    this.#turnTo(name, now);
  }

  #turnTo(name: string, now: number): void {
    const isNew = !this.#places.has(name);
    const { waiting, dropped } = this.#places.enter(name);
    this.window.print(rule(name.startsWith("#") ? name : `@${name}`, this.#look));
    this.#day = day(now);
    if (dropped > 0) this.#note(`${dropped} more before; /history has them`, now);
    for (const said of waiting) this.#show(name, said);
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

  #listRooms(now: number): void {
    if (this.#lacks("/rooms", now)) return;
    const request: Request = { object: { action: "rooms", time: now / 1000 }, rows: "listed" };
    this.#ask("/rooms", request, now, ({ listed }, now) => {
      for (const { name } of listed) this.#rooms.add(name);
      this.#note(["The rooms", ...listed.map(({ name, member }) => member ? `${name}, you are in` : name)], now);
    });
  }

  #listPeople(now: number): void {
    const { front } = this.#places;
    const room = front.startsWith("#") && front !== COMMON ? { room: front } : {};
    const request: Request = { object: { action: "who_online", time: now / 1000, ...room }, rows: "listed" };
    this.#ask("/who", request, now, ({ listed }, now) => {
      const names = listed.map(({ name }) => name);
      for (const name of names) this.#names.add(name);
      this.#note(`${names.length} here: ${names.join(", ")}`, now);
    });
  }

  #contacts(change: { readonly add: boolean; readonly name: string } | undefined, now: number): void {
    if (change === undefined) {
      const request: Request = { object: { action: "get_contacts", time: now / 1000 }, rows: "listed" };
      return this.#ask("/contacts", request, now, ({ listed }, now) => {
        const names = listed.map(({ name }) => name);
        this.#note(names.length === 0 ? "You have no contacts" : `Your contacts: ${names.join(", ")}`, now);
      });
    }
    const { add, name } = change;
    const object = { action: add ? "add_contact" : "del_contact", time: now / 1000, user_id: name };
    this.#ask(`/contacts ${add ? "add" : "del"} ${name}`, { object }, now, (_, now) => {
      this.#note(`${name} is ${add ? "among your contacts" : "no contact of yours any more"}`, now);
    });
  }

  /** A page of the past of where one is, shown once more. */
  #page(label: string, asked: object, now: number): void {
    if (this.#lacks(label, now)) return;
    const { front } = this.#places;
    const request: Request = { object: { ...asked, time: now / 1000, ...whose(front) }, rows: "message" };
    this.#ask(label, request, now, ({ messages }, now) => {
      this.window.print(rule(`${label.slice(1)} of ${front}: ${messages.length}`, this.#look));
      this.#day = "";
      for (const row of messages) this.#print(front, saidIn(row, now));
      this.window.print(rule("now", this.#look));
      this.#day = day(now);
    });
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
    for (const { past } of this.#places) past.end();
    this.#settled(now);
  }

  /** A name that is somebody's needs a password. Whatever else there is against us may be over soon, if we were here before. */
  #turnedAway({ code, words }: Reply, now: number): void {
    const reason = `${this.#peer} refuses "${this.#name}": ${safe(words)}`;
    if (code === 401 || code === 402) {
      this.#password = undefined;
      this.#note(`The server refuses "${this.#name}": ${words}`, now, "!");
      if (this.#question !== undefined) return;
      return this.#askPassword(`Password of ${this.#name}: `, (password, now) => {
        if (password === undefined) return this.leave(now, reason);
        this.#password = password;
        if (this.open) this.#enter(now);
        else this.retryAt = now;
      });
    }
    if (!this.#been || code === 403) return this.leave(now, reason);
    this.lost(now, words);
  }

  #login(name: string, now: number): void {
    this.#askPassword(`Password of ${name}: `, (password, now) => {
      if (password === undefined) return this.#note("You are not logged in", now);
      if (this.#away("/login", now)) return;
      this.#authenticate(name, password, now);
    });
  }

  #register(name: string, now: number): void {
    if (this.#lacks("/register", now)) return;
    this.#askPassword(`New password of ${name}: `, (password, now) => {
      if (password === undefined) return this.#note("Nothing was registered", now);
      this.#askPassword("Once more: ", (again, now) => {
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
    this.#name = name;
    this.#password = password;
    this.#proved = true;
  }

  #askPassword(prompt: string, answer: (text: string | undefined, now: number) => void): void {
    this.#question = { about: "password", prompt, line: new Line(), answer };
  }

  // ── Coming back ──

  /** Reads what there is to know: who is here, which rooms, and what was said. */
  #settle(now: number): void {
    this.#state = "settling";
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
        if (reply?.refused) this.#complain(`You are not in ${room} any more: ${reply.words}`, now);
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
      const rows = isRead ? reply.messages.map((row) => saidIn(row, now)) : [];
      const whole = fresh || rows.length < PAGE;
      const show = isRead ? past.read(rows, whole) : past.end();
      for (const said of show) this.#show(name, said, false, !fresh);
      if (isRead && !whole) this.#readPast(place, now);
    });
  }

  /** Asks for something without which it is not settled. */
  #await(request: Request, then?: (reply: Reply | undefined, now: number) => void): void {
    this.#pending++;
    this.requests.ask({
      ...request,
      then: (reply, now) => {
        then?.(reply, now);
        if (--this.#pending === 0 && this.#state === "settling") this.#settled(now);
      },
    });
  }

  /** Says what had to wait, and again what has not arrived. */
  #settled(now: number): void {
    this.#state = "here";
    this.#settledAt = now;
    const waiting = this.#waiting.splice(0);
    let sent = 0;
    for (const mine of waiting) {
      if (mine.kept) continue;
      if (mine.doubted && !this.#read.has(mine.to)) {
        this.#complain(`Nobody knows whether this has arrived: "${mine.text}"`, now);
        continue;
      }
      mine.doubted = false;
      this.#send(mine);
      sent++;
    }
    if (this.#lostAt !== undefined) {
      const said = sent === 0 ? "" : sent === 1 ? ", 1 message was sent" : `, ${sent} messages were sent`;
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
        if (loose.refused) this.#complain(`The server says: ${loose.words}`, now);
    }
  }

  #presence(now: number): object {
    return { ...presence(this.#name, now), ...this.#jim ? { watch: true } : {} };
  }

  #heard(row: HeardMessage, now: number): void {
    const name = this.#placeOf(row);
    const place = this.#known(name, now);
    this.#greatest = Math.max(row.id ?? 0, this.#greatest ?? 0);
    // What is said now is shown with the time by our clock: that of others may be wrong by years.
    const said = place.past.holds ? saidIn(row, now) : { ...saidIn(row, now), time: now };
    if (row.from !== "") this.#names.add(row.from);
    for (const each of place.past.hear(said)) this.#show(name, each);
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

  get #look(): Look {
    return { paint: this.#paint, columns: this.window.columns };
  }

  get #peer(): string {
    const { address, port } = this.#wishes;
    return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
  }

  /** A message, where it belongs; one's own that comes back from the past only if it was not shown already. */
  #show(name: string, said: Said, typed = false, ring = true): void {
    const mine = typed ? undefined : this.#mine.get(keyOf({ ...said, to: name }));
    if (mine !== undefined) {
      mine.kept = true;
      return;
    }
    const own = said.from === this.#name;
    const alone = !name.startsWith("#");
    const called = !own && (alone || mentions(said.text, this.#name));
    if (called && ring && !this.window.out.includes("\x07")) this.window.bell();
    if (alone || name === this.#places.front) this.#print(name, said);
    else this.#places.wait(name, said, called);
  }

  #print(name: string, { from, text, time }: Said): void {
    const today = day(time);
    if (today !== this.#day) this.window.print(rule(today, this.#look));
    this.#day = today;
    const to = name.startsWith("#") || name === this.#places.front ? {} : { to: name };
    const own = from === this.#name;
    this.window.print(messageRows({ from, ...to, text, time, own }, this.#name, this.#look));
  }

  #note(words: string | readonly string[], now: number, mark: "·" | "!" = "·"): void {
    this.window.print(noteRows(words, mark, now, this.#look));
  }

  #complain(words: string, now: number): void {
    info("complain", words);
    this.#note(words, now, "!");
  }

  #refresh(): void {
    if (this.leaving) return this.window.end();
    const asked = this.#question;
    if (asked?.about === "paste") {
      return this.window.line(`Send ${asked.lines.length} lines to ${safe(this.#places.front)}? y/N `, "", 0);
    }
    if (asked?.about === "password") return this.window.line(safe(asked.prompt), "", 0);
    const state = this.#state === "here" || !this.#been ? "" : "offline";
    const waiting = this.#waiting.length === 0 ? "" : `, ${this.#waiting.length} in wait`;
    let prompt = this.#places.prompt(this.#paint, state === "" ? "" : state + waiting);
    if (columnsOf(prompt) > this.window.columns / 2) prompt = this.#places.prompt(this.#paint, state, true);
    this.window.line(prompt, this.#line.text, this.#line.at);
  }

  // ── Asking ──

  /** Asks for what the user wants, and says so when it cannot be had. */
  #ask(label: string, request: Request, now: number, then: (reply: Reply, now: number) => void): void {
    if (this.#away(label, now)) return;
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

  #away(label: string, now: number): boolean {
    if (this.#state === "away" || this.#state === "joining") {
      this.#note(`Cannot ${label}: not connected`, now, "!");
      return true;
    }
    return false;
  }

  /** What the handout does not have is asked only of who is known to have it: a home-made server might fall over it. */
  #lacks(label: string, now: number): boolean {
    if (this.#jim) return false;
    this.#note(`This server has no ${label}: it knows less than Hanita`, now, "!");
    return true;
  }
}

/** What tells a message from all others. */
function keyOf({ from, to, time, text }: Saying): string {
  return JSON.stringify([from, to, time, text]);
}

function saidIn({ id, from, text, time }: HeardMessage, now: number): Said {
  return { id, from, text, time: time ?? now };
}

/** Whose past: a room's, or one with a person. */
function whose(place: string): object {
  return place.startsWith("#") ? { room: place } : { with: place };
}
