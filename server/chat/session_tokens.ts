/**
 * Session tokens: a program that has logged in with a password logs in again with a token, and need not keep the
 * password. The server keeps the SHA-256 of a token. A token has 256 random bits, so its hash needs no salt and need
 * not be slow.
 */
import type { SessionRecord } from "../journal/records.ts";
import type { Account, SessionToken, State } from "./state.ts";

/** Tokens of one account, at most. A new one ends the least recently used. */
const PER_ACCOUNT = 20;
/** Characters of a hash that stand for all of it: 72 bits. */
const SHORT = 12;
const HOUR = 3_600, DAY = 24 * HOUR;

/** The rules for tokens, which an operator sets. */
export interface TokenRules {
  /** Days after its last use when a session token expires; 0: there are none. */
  readonly sessionDays: number;
}

/** The valid tokens, and the token that each session has logged in with. */
export class SessionTokens<S extends object> {
  readonly #rules: TokenRules;
  readonly #state: State;
  /** The hash of the token that a session was issued, or has logged in with. */
  readonly #held = new WeakMap<S, string>();

  constructor(rules: TokenRules, state: State) {
    this.#rules = rules;
    this.#state = state;
  }

  /** The valid token with that text. It is looked up by its hash, so the time tells nothing of other tokens. */
  find(shown: string, now: number): SessionToken | undefined {
    const token = this.#state.token(hashOf(shown));
    return token === undefined || this.#isExpired(token, now) ? undefined : token;
  }

  /** The least recently used tokens of an account, which end when one more is issued. */
  surplus(account: Account): SessionToken[] {
    return tokensOf(account).sort((a, b) => b.used - a.used || b.since - a.since).slice(PER_ACCOUNT - 1);
  }

  /** Tokens that have expired. */
  expired(now: number): SessionToken[] {
    return [...this.#state.accounts()].flatMap((account) =>
      account.tokens.size === 0 ? [] : tokensOf(account).filter((token) => this.#isExpired(token, now))
    );
  }

  /**
   * The used tokens with a noted use that is an hour or more away: in the past, or, after a wrong clock, in the future. An
   * hour is exact enough, and costs few writes.
   */
  inUse(sessions: Iterable<S>, now: number): SessionToken[] {
    const tokens = new Map<string, SessionToken>();
    for (const session of sessions) {
      const token = this.heldBy(session);
      if (token !== undefined && Math.abs(now - token.used) >= HOUR) tokens.set(token.hash, token);
    }
    return [...tokens.values()];
  }

  /** Notes the token that a session is logged in with; none after a login by password alone. */
  setHeld(session: S, hash: string | undefined): void {
    if (hash === undefined) this.#held.delete(session);
    else this.#held.set(session, hash);
  }

  /** Whether a session has logged in with that token, which may have ended since. */
  isHeld(session: S, hash: string): boolean {
    return this.#held.get(session) === hash;
  }

  /** The token that a session has logged in with. */
  heldBy(session: S): SessionToken | undefined {
    const hash = this.#held.get(session);
    return hash === undefined ? undefined : this.#state.token(hash);
  }

  /** Whether the token that a session has logged in with has ended. */
  hasEnded(session: S): boolean {
    return this.#held.has(session) && this.heldBy(session) === undefined;
  }

  /** The name of the token that a session has logged in with. */
  nameOf(session: S): string | undefined {
    const hash = this.#held.get(session);
    return hash === undefined ? undefined : shortHash(hash);
  }

  #isExpired({ account, used }: SessionToken, now: number): boolean {
    return !account.isBot && now - used >= this.#rules.sessionDays * DAY;
  }
}

/** All tokens of an account. */
export function tokensOf(account: Account): SessionToken[] {
  return [...account.tokens].map(([hash, token]) => ({ account, hash, ...token }));
}

/** The record that ends a token. */
export function endRecord({ account: { id }, hash, since, used }: SessionToken): SessionRecord {
  return { kind: "session", account: id, hash, is: false, since, used };
}

/** The record of the use of a token. */
export function useRecord({ account: { id }, ...token }: SessionToken, now: number): SessionRecord {
  return { kind: "session", account: id, is: true, ...token, used: now };
}

/** The name of a token where it may be seen: nobody can guess it, and it logs in to nothing. */
export function shortHash(hash: string): string {
  return hash.slice(0, SHORT);
}

/** `node:crypto` is loaded by the first token: it takes 8 MB of a server without a journal. */
export function hashOf(token: string): string {
  const { createHash } = process.getBuiltinModule("node:crypto");
  return createHash("sha256").update(token).digest("base64url");
}
