/**
 * Session tokens: a program that has logged in with a password logs in again with a token, and need not keep the password.
 * The server keeps only the SHA-256 of a token. A token has 256 random bits, so its hash needs no salt and need not be slow.
 */
import { createHash } from "node:crypto";
import { no, quote, refuse } from "../../jim/mod.ts";
import type { Account, Chat } from "./chat.ts";
import type { Person, Scene, SessionToken } from "./voice.ts";

/** Tokens of one account, at most. A further one ends the least recently used. */
const PER_ACCOUNT = 20;
const HOUR = 3_600, DAY = 24 * HOUR;

/** The tokens of all accounts, and which connection has logged in with which. */
export class SessionTokens<P extends object> {
  /** Seconds after its last use when a token ends. */
  readonly #lifetime: number;
  readonly #all = new Map<string, SessionToken>();
  /** The hashes of each account's tokens. */
  readonly #of = new Map<number, Set<string>>();
  /** The hash of the token that a connection was given, or has logged in with. */
  readonly #held = new WeakMap<P, string>();

  /** @param days after its last use when a token ends; 0: there are none */
  constructor(days: number, kept: readonly SessionToken[]) {
    this.#lifetime = days * DAY;
    for (const token of kept) this.put(token);
  }

  /** The token with that text, unless it has ended. The lookup is by its hash, so its time tells nothing of other tokens. */
  find(shown: string, now: number): SessionToken | undefined {
    const token = this.#all.get(hashOf(shown));
    return token === undefined || this.#isOver(token, now) ? undefined : token;
  }

  put(token: SessionToken): void {
    this.#all.set(token.hash, token);
    const hashes = this.#of.get(token.account);
    if (hashes === undefined) this.#of.set(token.account, new Set([token.hash]));
    else hashes.add(token.hash);
  }

  remove(hashes: readonly string[]): void {
    for (const hash of hashes) {
      const account = this.#all.get(hash)?.account;
      if (account === undefined) continue;
      this.#all.delete(hash);
      const others = this.#of.get(account)!;
      others.delete(hash);
      if (others.size === 0) this.#of.delete(account);
    }
  }

  /** Notes that tokens are in use. */
  use(hashes: readonly string[], now: number): void {
    for (const hash of hashes) {
      const token = this.#all.get(hash);
      if (token !== undefined) this.#all.set(hash, { ...token, used: now });
    }
  }

  /** The hashes of an account's tokens. */
  of(account: number): string[] {
    return [...this.#of.get(account) ?? []];
  }

  /** Those of an account's tokens that are too many, by their hashes: the least recently used. */
  surplus(account: number): string[] {
    const tokens = this.of(account).map((hash) => this.#all.get(hash)!);
    return tokens.sort((a, b) => b.used - a.used || b.since - a.since).slice(PER_ACCOUNT).map(({ hash }) => hash);
  }

  /** Hashes of tokens that have expired, or whose account has been removed. */
  over(now: number, isAccount: (id: number) => boolean): string[] {
    const tokens = [...this.#all.values()].filter((token) => this.#isOver(token, now) || !isAccount(token.account));
    return tokens.map(({ hash }) => hash);
  }

  /** Tokens that are not among the given hashes: another program, such as the account tool, has ended them. */
  missing(hashes: ReadonlySet<string>): SessionToken[] {
    return [...this.#all.values()].filter(({ hash }) => !hashes.has(hash));
  }

  /**
   * Hashes of tokens that connections use and whose last noted use is an hour or more away: in the past, or in the future
   * where a wrong clock noted it. An hour is exact enough, and costs few writes.
   */
  inUse(people: Iterable<P>, now: number): string[] {
    if (this.#all.size === 0) return [];
    const hashes = new Set<string>();
    for (const person of people) {
      const token = this.heldBy(person);
      if (token !== undefined && Math.abs(now - token.used) >= HOUR) hashes.add(token.hash);
    }
    return [...hashes];
  }

  /** Notes with which token a connection is logged in; with none, after a login by password alone. */
  hold(person: P, hash: string | undefined): void {
    if (hash === undefined) this.#held.delete(person);
    else this.#held.set(person, hash);
  }

  /** Whether a connection has logged in with that token, which may have ended since. */
  isHeld(person: P, hash: string): boolean {
    return this.#held.get(person) === hash;
  }

  /** The token that a connection has logged in with. */
  heldBy(person: P): SessionToken | undefined {
    return this.#all.get(this.#held.get(person) ?? "");
  }

  #isOver({ used }: SessionToken, now: number): boolean {
    return now - used >= this.#lifetime;
  }
}

/** Gives an account a new token. Returns none where the rules allow none, or the store fails. */
export function issue<P extends Person>(
  chat: Chat<P>,
  { voice, now }: Scene<P>,
  who: P,
  { id }: Account,
): string | undefined {
  chat.tokens.hold(who, undefined);
  if (chat.rules.sessionDays === 0) return undefined;
  const text = voice.newToken(), token = { hash: hashOf(text), account: id, since: now, used: now };
  if (!voice.keep({ kind: "token", token })) return undefined;
  chat.tokens.put(token);
  chat.tokens.hold(who, token.hash);
  const surplus = chat.tokens.surplus(id);
  if (surplus.length > 0 && voice.keep({ kind: "ended", tokens: surplus })) chat.tokens.remove(surplus);
  return text;
}

/** Notes that a token is in use. A store that fails is no reason to refuse the login. */
export function use<P extends Person>(chat: Chat<P>, { voice, now }: Scene<P>, who: P, { hash }: SessionToken): void {
  chat.tokens.hold(who, hash);
  const tokens = chat.tokens.inUse([who], now);
  if (tokens.length > 0 && voice.keep({ kind: "used", tokens, at: now })) chat.tokens.use(tokens, now);
}

/** Ends tokens. Returns false when the store fails: then they are as they were. */
export function end<P extends Person>(chat: Chat<P>, { voice }: Scene<P>, tokens: readonly string[]): boolean {
  if (tokens.length > 0 && !voice.keep({ kind: "ended", tokens })) return false;
  chat.tokens.remove(tokens);
  return true;
}

/** Closes the connections that have logged in with a token that has ended, except the one that has ended it. */
export function putOutHolders<P extends Person>(
  chat: Chat<P>,
  { voice, now, language }: Scene<P>,
  { hash, account: id }: SessionToken,
  by: P,
): void {
  const account = chat.accountById(id);
  if (account === undefined) return;
  for (const person of [...chat.at(account.side)]) {
    if (person === by || !chat.tokens.isHeld(person, hash)) continue;
    voice.answer(person, no(refuse("revoked", { code: 401, got: quote(account.name) }), now, language));
    voice.goes(person, "is put out");
  }
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}
