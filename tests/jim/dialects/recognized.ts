// What a dialect makes of an object, and how it words a relay: the same questions put to each.

import assert from "node:assert/strict";
import { readDialect, type Relay } from "../../../jim/dialects/mod.ts";
import { parse } from "../../../jim/parse.ts";

/** The same words to everybody; each dialect puts them in its own way. */
export const relay: Relay = { time: 1764000000.5, to: "#all", from: "ann", message: "Привет", id: 7 };

/** The dialect that an object is taken for, from a bare peer and from a line speaker. */
export function recognized(json: string): [bare: string | undefined, line: string | undefined] {
  const fields = JSON.parse(json);
  return [readDialect(fields, true).dialect?.name, readDialect(fields, false).dialect?.name];
}

/** The message that a bare peer's object means. */
export function meant(json: string): unknown {
  const parsed = parse(new TextEncoder().encode(json), { bare: true });
  assert.ok("message" in parsed, JSON.stringify(parsed));
  return parsed.message;
}
