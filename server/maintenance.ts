/**
 * What a server does each second beside requests and answers: it lets the store do what it has put off, takes in what the
 * account tool has changed (sooner while the loop turns), stores the last ids that accounts were sent, drops the slowest
 * readers where memory is short, closes connections that are late, probes silent ones, removes empty rooms and session
 * tokens that have ended, and shows inspectors which connections are held up.
 */
import { quote, refuse } from "../jim/mod.ts";
import { logger, SteadyClock } from "../log/mod.ts";
import type { Chat } from "./chat/chat.ts";
import { displace } from "./chat/displace.ts";
import type { Scene } from "./chat/voice.ts";
import type { Connection } from "./net/connection.ts";
import type { InputHandler } from "./net/input.ts";
import type { Keeper } from "./keeper.ts";
import type { Seen } from "./seen.ts";
import type { Account } from "./store/contract.ts";
import type { Trace } from "./observe/trace.ts";
import type { ConnectionManager } from "./net/connection_manager.ts";
import type { OutputBatch } from "./net/output_batch.ts";

const { info, warning } = logger("server/maintenance");

/** What there is to be kept in order. */
export interface MaintenanceDeps {
  readonly keeper: Keeper;
  readonly connectionManager: ConnectionManager;
  readonly batch: OutputBatch;
  readonly chat: Chat<Connection>;
  readonly seen: Seen;
  readonly trace: Trace;
  /** What is kept of each account's password, by the account's id. */
  readonly passwords: Map<number, string>;
  /** Milliseconds of silence after which a line speaker is asked whether it is still there. */
  readonly probeAfter: number;
  /** Milliseconds after which a room without members is removed; 0: never. */
  readonly emptyRooms: number;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  /** Where what is decided here is said. */
  scene(): Scene<Connection>;
  /** For who must be told why it has to go. */
  readonly input: InputHandler;
  /** Makes it the loop's turn to call {@linkcode Maintenance.round} or {@linkcode Maintenance.maintain}. */
  due(what: "maintenance" | "maintain"): void;
}

/** How often there is a round. */
const ROUND = 1_000;
/** Milliseconds that the store may take for what it has put off, each time it is its turn. */
const TENDING = 5;
/** Under load its next turn is so many times as far off as this one took: the search index waits for a quiet moment. */
const LOADED = 200;
/** Turns of the loop between two of its own that show a load. */
const LOAD = 20;

/** Milliseconds for which a look at the accounts is good enough for a turn. A look takes about 5 µs. */
const FRESH = 20;

/** How often it is looked for empty rooms, at most: each look goes through all rooms. */
const SWEEP = 60_000;

/** How often session tokens are looked through, for those that have ended and those in use. */
const TOKENS = 60_000;

export class Maintenance {
  readonly #deps: MaintenanceDeps;
  #next: ReturnType<typeof setTimeout>;
  #tending: ReturnType<typeof setTimeout> | undefined;
  /** Turns of the loop since the store was last tended. */
  #turns = 0;
  #probeAt = 0;
  #refreshedAt = -Infinity;
  #sweepAt = 0;
  #tokensAt = 0;
  readonly #clock: SteadyClock;

  constructor(deps: MaintenanceDeps) {
    this.#deps = deps;
    this.#clock = new SteadyClock({ wall: () => 1_000 * deps.batch.now, now: deps.now });
    this.#next = this.#nextRound();
  }

  /**
   * Takes in what other programs have changed, before the turn's events: a look before each message to all or to a room
   * would take longer than the message.
   *
   * @param moment when it began
   */
  turned(moment: number): void {
    this.#turns++;
    if (moment - this.#refreshedAt >= FRESH) this.refresh();
  }

  /** Does all of it. @param delivered the last id that is in outboxes */
  round(delivered: number): void {
    const { keeper, connectionManager, seen, trace, now, input } = this.#deps;
    clearTimeout(this.#next);
    this.#next = this.#nextRound();
    this.maintain();
    this.refresh();
    seen.keep(connectionManager.connections, delivered);
    keeper.review();
    connectionManager.relieve();
    for (const [connection, refusal] of connectionManager.late()) input.sendAway(connection, refusal);
    if (now() >= this.#probeAt) this.#probe();
    if (now() >= this.#sweepAt) this.#sweep();
    if (now() >= this.#tokensAt) this.#reviewTokens();
    trace.survey(connectionManager.connections);
  }

  /** Lets the store do what it has put off: a little of it, and soon more when nobody else needs the loop. */
  maintain(): void {
    const { keeper, now, due } = this.#deps;
    clearTimeout(this.#tending);
    const began = now(), loaded = this.#turns > LOAD;
    this.#turns = 0;
    if (keeper.attempt("maintain", () => keeper.store.tend(loaded ? 1 : TENDING)) !== true) return;
    this.#tending = setTimeout(() => due("maintain"), (now() - began) * (loaded ? LOADED : 1));
  }

  /** There are no more rounds. */
  off(): void {
    clearTimeout(this.#next);
    clearTimeout(this.#tending);
  }

  #nextRound(): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.#deps.due("maintenance"), ROUND);
  }

  /**
   * Takes in what another program, such as the account tool, has changed since it was last looked. Accounts are told apart
   * by their ids, so one that was removed and made anew between two looks is another one.
   *
   * @param age milliseconds: after a look so long ago there is no other
   */
  refresh(age = 0): void {
    const { keeper, now } = this.#deps, moment = now();
    if (moment - this.#refreshedAt < age) return;
    this.#refreshedAt = moment;
    if (keeper.attempt("look", () => keeper.store.changed()) !== true) return;
    const snapshot = keeper.attempt("look", () => keeper.store.snapshot());
    if (snapshot === undefined || snapshot instanceof Promise) return;
    this.#removeAccounts(new Set(snapshot.accounts.map(({ id }) => id)));
    const added = snapshot.accounts.filter((account) => this.#takeIn(account));
    this.#endTokens(new Set(snapshot.tokens.map(({ hash }) => hash)));
    for (const { id } of added) this.#displace(id);
  }

  /** Ends the sessions of accounts that are no more. */
  #removeAccounts(left: ReadonlySet<number>): void {
    const { chat, passwords, seen, input } = this.#deps;
    for (const account of [...chat.accounts()]) {
      if (left.has(account.id)) continue;
      passwords.delete(account.id);
      seen.forget(account.id);
      const refusal = refuse("removed", { code: 401, got: quote(account.name) });
      for (const connection of chat.removeAccount(account)) input.sendAway(connection, refusal);
    }
  }

  /**
   * Ends the sessions of an account that has another name or password now: they logged in with the old one. Returns whether
   * the name is new.
   */
  #takeIn(kept: Account): boolean {
    const { keeper, chat, passwords, seen, input, trace } = this.#deps, { id, password } = kept;
    const before = passwords.get(id), known = chat.accountById(id), wasOperator = known?.operator;
    passwords.set(id, password);
    const isRenamed = known !== undefined && known.name !== kept.name;
    if (isRenamed) {
      const refusal = refuse("renamed", { code: 401, got: quote(known.name), like: quote(kept.name) });
      for (const connection of chat.rename(known, kept.name)) input.sendAway(connection, refusal);
    }
    const account = chat.putAccount(kept);
    if (wasOperator && !account.operator) {
      for (const connection of chat.at(account.side)) trace.remove(connection); // it has seen all that passes
    }
    if (before === undefined) seen.put(id, kept.seen);
    else if (before !== password) {
      // The tool has ended the tokens that it knew. The server may have issued another for the old password meanwhile.
      const tokens = chat.tokens.of(id), refusal = refuse("changed", { code: 401, got: quote(account.name) });
      if (tokens.length > 0) keeper.keep({ kind: "ended", tokens });
      chat.tokens.remove(tokens);
      for (const connection of chat.revoke(account)) input.sendAway(connection, refusal);
    }
    return before === undefined || isRenamed;
  }

  /** Takes in which session tokens another program has ended, and ends the sessions that began with them. */
  #endTokens(left: ReadonlySet<string>): void {
    const { chat, input } = this.#deps;
    for (const { hash, account: id } of chat.tokens.missing(left)) {
      chat.tokens.remove([hash]);
      const account = chat.accountById(id);
      if (account === undefined) continue;
      const refusal = refuse("revoked", { code: 401, got: quote(account.name) });
      for (const connection of [...chat.at(account.side)]) {
        if (chat.tokens.isHeld(connection, hash)) input.sendAway(connection, refusal);
      }
    }
  }

  /** Removes session tokens that have ended. The token of an open connection is in use. */
  #reviewTokens(): void {
    const { keeper, chat, connectionManager, batch, now } = this.#deps, at = batch.now;
    this.#tokensAt = now() + TOKENS;
    const used = chat.tokens.inUse(connectionManager.connections, at);
    if (used.length > 0 && keeper.keep({ kind: "used", tokens: used, at })) chat.tokens.use(used, at);
    if (!this.#clock.isSteady()) return; // a clock that is wrong for a moment must not end all tokens
    const over = chat.tokens.over(at, (id) => chat.accountById(id) !== undefined);
    if (over.length > 0 && keeper.keep({ kind: "ended", tokens: over })) chat.tokens.remove(over);
  }

  /** Guests make room for a new account. */
  #displace(id: number): void {
    const { chat, scene } = this.#deps, account = chat.accountById(id)!, like = chat.lookalike(account.name);
    if (like !== undefined) warning("refresh", `${quote(account.name)} looks like the account ${quote(like.name)}`);
    displace(chat, scene(), account);
  }

  /** Removes the rooms that have been empty for long. Whoever makes one anew does not read what was said in the old one. */
  #sweep(): void {
    const { keeper, chat, now, emptyRooms } = this.#deps;
    if (emptyRooms === 0) return;
    this.#sweepAt = now() + Math.min(SWEEP, emptyRooms / 4);
    const rooms = chat.emptyFor(emptyRooms, now()), names = rooms.map(({ name }) => name);
    if (names.length === 0 || !keeper.keep({ kind: "empty", rooms: names })) return;
    for (const room of rooms) chat.removeRoom(room);
    const some = names.slice(0, 10).join(", ");
    info("sweep", `removed ${names.length} rooms without members: ${some}${names.length > 10 ? " and others" : ""}`);
  }

  /** Asks those that have been silent for long, if they can be asked; one that answers such and does not now is dead. */
  #probe(): void {
    const { connectionManager, batch, now, probeAfter } = this.#deps;
    const moment = now();
    this.#probeAt = moment + probeAfter / 4;
    for (const connection of connectionManager.connections) {
      const { socket } = connection, pings = socket.ping !== undefined;
      if (connection.bare || connection.leaving !== "no" || (connection.name === undefined && !pings)) continue;
      if (!connection.isHeard) continue; // it may have answered, and the server has not looked
      if (connection.probedAt > 0) {
        if (!connection.answersProbes || moment - connection.probedAt < probeAfter) continue;
        connectionManager.close(connection, `has not answered a probe for ${probeAfter / 1000} s`);
      } else if (moment - connection.heardAt >= probeAfter) {
        connection.probedAt = moment;
        connection.answersProbes ||= pings; // which every peer of such a transport answers, whatever its program does
        if (pings) socket.ping!();
        else batch.tell(connection, { action: "probe", time: batch.now });
      }
    }
  }
}
