// Accounts for tests: one password for all, kept at a cost that takes no time.

import type { Store } from "./store.ts";

export const PASSWORD = "correct horse";

const hashes = new Map<string, Promise<string>>();

/** What a store keeps of a password, at the least cost that Argon2 has, or at another. */
export function cheaply(password: string, memory = 8, passes = 1): Promise<string> {
  const key = `${password} ${memory} ${passes}`;
  const hash = hashes.get(key) ?? argon2(password, memory, passes);
  hashes.set(key, hash);
  return hash;
}

/** Puts accounts into a store, each with {@linkcode PASSWORD}, `op` as operator; returns the store. */
export async function withAccounts(store: Store, ...names: string[]): Promise<Store> {
  for (const name of names) {
    store.putAccount({ name, password: await cheaply(PASSWORD), operator: name === "op", seen: 0 });
  }
  return store;
}

export function authenticate(account_name: string, password: string = PASSWORD) {
  return { action: "authenticate", time: 1, user: { account_name, password } };
}

export function register(account_name: string, password: string = PASSWORD) {
  return { action: "register", time: 1, user: { account_name, password } };
}

async function argon2(password: string, memory: number, passes: number): Promise<string> {
  const salt = new Uint8Array(16), cost = { name: "Argon2id", nonce: salt, memory, passes, parallelism: 1 };
  const bytes = new TextEncoder().encode(password);
  const key = await crypto.subtle.importKey("raw-secret", bytes, "Argon2id", false, ["deriveBits"]);
  const hash = new Uint8Array(await crypto.subtle.deriveBits(cost, key, 256));
  const text = (bytes: Uint8Array) => bytes.toBase64({ omitPadding: true });
  return `$argon2id$v=19$m=${memory},t=${passes},p=1$${text(salt)}$${text(hash)}`;
}
