// A value as a log may show it: short, and without its secrets. It may be anything: a socket, a proxy, a getter that
// throws, an object that contains itself, ten megabytes of somebody's text. So it runs none of the value's own code (no getter, no
// toString, no toJSON; a proxy's traps it cannot avoid), it stops early, and it never throws. Only debug lines pay for it.

// The one file of jim/ that a log needs: what is secret, and how it looks when it is broken, is told in one place.
import { truncate } from "../jim/length.ts";
import { hideSecrets, isSecretName } from "../jim/secret.ts";

/** What a secret is called in code. A field `tokens` is hidden too: hiding too much is the cheaper mistake. */
export const SECRET_NAME = /password|token|secret/i;

const HIDDEN = "***";
const UNREADABLE = "<unreadable>";

const MAX_TEXT = 200; // characters of one string
const MAX_DEPTH = 4; // of things within things
const MAX_ENTRIES = 16; // of one object, array, map or set
const MAX_VALUES = 64; // in one call, whatever the shape

/**
 * Hides the secrets in a text that has JSON somewhere in it, also in a broken object, or quoted inside another.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.equal(mask('got {"password": "hunter2", "time": 1}'), 'got {"password": ***, "time": 1}');
 * ```
 */
export function mask(text: string): string {
  return hideSecrets(text, () => HIDDEN);
}

/** Cuts a text that is too long and says how much is missing. */
export function shorten(text: string, limit: number): string {
  return text.length <= limit ? text : `${truncate(text, limit)}\u2026 (${text.length - limit} more)`;
}

/**
 * Shows a value in one short line: a string of at most 200 characters, 16 entries to a thing, 4 things deep, 64 values in
 * all; bytes as their number; whatever is called `password`, `token` or `secret` as `***`. Never throws.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const user = { account_name: "Ann", password: "hunter2" };
 * assert.equal(show({ action: "authenticate", user }), '{action: "authenticate", user: {account_name: "Ann", password: ***}}');
 * assert.equal(show(new Uint8Array(640)), "<640 bytes>");
 * ```
 */
export function show(value: unknown): string {
  return mask(new ValuePrinter().show(value));
}

/** Shows one value, with all that is in it. */
class ValuePrinter {
  /** Values that may still be shown. */
  #left = MAX_VALUES;
  /** The things around the value, to notice a circle. */
  readonly #path: object[] = [];

  show(value: unknown): string {
    if (this.#left-- <= 0) return "\u2026";
    try {
      switch (typeof value) {
        case "string":
          return quote(shorten(value, MAX_TEXT));
        case "function":
          return "<function>";
        case "bigint":
          return `${value}n`;
        case "object":
          return value === null ? "null" : this.#thing(value);
        default:
          return String(value);
      }
    } catch {
      return UNREADABLE; // a revoked proxy, a trap that throws
    }
  }

  #thing(value: object): string {
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `<${value.byteLength} bytes>`;
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? "<invalid date>" : value.toISOString();
    if (value instanceof Error) return `${nameOf(value)}: ${this.show(field(value, "message"))}`;
    if (this.#path.includes(value)) return "<circle>";
    if (this.#path.length === MAX_DEPTH) return "\u2026";
    this.#path.push(value);
    try {
      return this.#contents(value);
    } finally {
      this.#path.pop();
    }
  }

  #contents(value: object): string {
    const one = (item: unknown) => this.show(item), entry = (entry: [unknown, unknown]) => this.#entry(entry);
    if (Array.isArray(value)) return `[${this.#some(Array.prototype.values.call(value), value.length, one)}]`;
    if (value instanceof Set) return `Set {${this.#some(Set.prototype.values.call(value), value.size, one)}}`;
    if (value instanceof Map) return `Map {${this.#some(Map.prototype.entries.call(value), value.size, entry)}}`;
    const keys = Object.keys(value), name = nameOf(value);
    const fields = this.#some(keys, keys.length, (key) => this.#entry([key, field(value, key)]));
    return name === "Object" || name === "" ? `{${fields}}` : `${name} {${fields}}`;
  }

  #entry([key, item]: [unknown, unknown]): string {
    if (typeof key !== "string") return `${this.show(key)}: ${this.show(item)}`;
    const name = /^[\w$]{1,40}$/.test(key) ? key : quote(shorten(key, MAX_TEXT));
    return `${name}: ${SECRET_NAME.test(key) || isSecretName(key) ? HIDDEN : this.show(item)}`;
  }

  #some<Item>(items: Iterable<Item>, count: number, one: (item: Item) => string): string {
    const shown: string[] = [];
    for (const item of items) {
      if (shown.length === MAX_ENTRIES || this.#left <= 0) {
        shown.push(`\u2026 ${count - shown.length} more`);
        break;
      }
      shown.push(one(item));
    }
    return shown.join(", ");
  }
}

/** A quotation mark that the text itself does not use, so that JSON in a log can be read. */
function quote(text: string): string {
  const mark = ['"', "'", "`"].find((mark) => !text.includes(mark)) ?? '"';
  return `${mark}${text}${mark}`;
}

/** The value of an own field; of a getter the getter itself, which is not run. */
function field(value: object, key: string): unknown {
  const descriptor = Object.getOwnPropertyDescriptor(value, key);
  return descriptor?.get ?? descriptor?.value;
}

/** The name of the value's class; "" when there is none to be had. */
function nameOf(value: object): string {
  const prototype = Object.getPrototypeOf(value);
  const maker = prototype === null ? undefined : field(prototype, "constructor");
  const name = typeof maker === "function" ? field(maker, "name") : undefined;
  return typeof name === "string" ? shorten(name, MAX_TEXT) : "";
}
