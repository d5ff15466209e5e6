/**
 * Passwords, kept as Argon2id hashes (RFC 9106): with a stolen database each guess at each account costs 46 MiB and
 * about 50 ms, as each login costs the server. The runtime hashes on another thread; the caller limits how many run at once.
 */

/**
 * The first choice for Argon2id in OWASP's Password Storage Cheat Sheet. The second one (19 MiB, 2 passes) fragments the heap
 * of glibc, which keeps buffers of up to 32 MiB there and puts small ones into the gaps: 200 hashes left 1 GB behind. A larger
 * buffer is mapped, and goes back to the system when it is freed.
 */
const MEMORY_KIB = 47_104;
const PASSES = 1;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** The common text form of Argon2 hashes. It contains the cost, so that a later version may raise it. */
const STORED = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

interface Cost {
  readonly memory: number;
  readonly passes: number;
}

const COST: Cost = { memory: MEMORY_KIB, passes: PASSES };
const NOBODY = { ...COST, salt: new Uint8Array(SALT_BYTES), hash: new Uint8Array(HASH_BYTES) };

const encoder = new TextEncoder();

/** What is kept for an account is no hash, or one that this version cannot check: a later version may have written it. */
export class UnknownHash extends Error {
  override readonly name = "UnknownHash";
}

/**
 * Hashes a new password.
 *
 * @param options.salt 16 random bytes; a test may give its own
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const stored = await hashPassword("correct horse");
 * assert.match(stored, /^\$argon2id\$v=19\$m=47104,t=1,p=1\$/);
 * assert.equal(await checkPassword("correct horse", stored), true);
 * assert.equal(await checkPassword("battery staple", stored), false);
 * ```
 */
export async function hashPassword(password: string, options: { salt?: Uint8Array } = {}): Promise<string> {
  const salt = options.salt ?? crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const hash = await derive(password, salt, COST, HASH_BYTES);
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=1$${toBase64(salt)}$${toBase64(hash)}`;
}

/**
 * What is kept for an account that no password opens. It is checked like any other, and as long.
 *
 * @param random 32 random bytes
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const stored = noPassword(crypto.getRandomValues(new Uint8Array(32)));
 * assert.equal(await checkPassword("", stored), false);
 * ```
 */
export function noPassword(random: Uint8Array): string {
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=1$${toBase64(new Uint8Array(SALT_BYTES))}$${toBase64(random)}`;
}

/**
 * Checks a password.
 *
 * @param stored the result of {@linkcode hashPassword}; undefined for a name without an account. The result is then
 * false, after the same time, so that the time does not tell which accounts exist
 * @throws {UnknownHash} if `stored` is no such result
 */
export async function checkPassword(password: string, stored: string | undefined): Promise<boolean> {
  const { salt, hash, ...cost } = stored === undefined ? NOBODY : parse(stored);
  let found;
  try {
    found = await derive(password, salt, cost, hash.length);
  } catch (cause) { // a cost, a salt or a length that the runtime does not take
    if (stored === undefined) throw cause;
    throw new UnknownHash("Cannot check the password: the runtime does not take this hash", { cause });
  }
  return isEqual(found, hash) && stored !== undefined;
}

/** NFC: the same letter may be typed as one character or as two. */
async function derive(
  password: string,
  salt: Uint8Array,
  { memory, passes }: Cost,
  bytes: number,
): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey(
    "raw-secret",
    encoder.encode(password.normalize("NFC")),
    "Argon2id",
    false,
    ["deriveBits"],
  );
  const algorithm = { name: "Argon2id", nonce: salt, memory, passes, parallelism: 1 };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, bytes * 8));
}

function parse(stored: string): Cost & { salt: Uint8Array; hash: Uint8Array } {
  const [, memory, passes, salt, hash] = STORED.exec(stored) ?? [];
  if (salt !== undefined && hash !== undefined && isBase64(salt) && isBase64(hash)) {
    return { memory: Number(memory), passes: Number(passes), salt: fromBase64(salt), hash: fromBase64(hash) };
  }
  throw new UnknownHash("Cannot check the password: what is kept is no hash of a known form");
}

/** Compares all bytes: the time does not tell how many are equal. */
export function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  let difference = one.length ^ other.length;
  for (let i = 0; i < one.length; i++) difference |= one[i]! ^ other[i]!;
  return difference === 0;
}

function toBase64(bytes: Uint8Array): string {
  return bytes.toBase64({ omitPadding: true });
}

/** Of a text of its letters: whether its length can be one. */
function isBase64(text: string): boolean {
  return text.length % 4 !== 1;
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.fromBase64(text);
}
