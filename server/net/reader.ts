/** How one object is put into an outbox, as the program behind it reads: in its dialect, and so that it sees where it ends. */
import { type Dialect, encode, type Framer, prefixLength, type Relay, splitRelay } from "../../jim/mod.ts";
import type { Outbox } from "./outbox.ts";

const NEWLINE = new Uint8Array([10]);
const decoder = new TextDecoder();

/** What has to be known of a connection for that. */
export interface Reader {
  readonly name: string | undefined;
  readonly dialect: Dialect;
  readonly framer: Pick<Framer, "isLengthPrefixed">;
  /** It takes one object for each read. */
  readonly bare: boolean;
  /** It takes plain relays as they lie there. */
  readonly takesPlainRelays: boolean;
}

/** An encoded object; to a peer that ends its own with a newline, several. */
export function addObject(to: Reader, outbox: Outbox, object: Uint8Array, relay = false): void {
  if (to.bare) outbox.addWhole(object, relay);
  else if (to.framer.isLengthPrefixed) outbox.addWhole(prefixLength(object));
  else outbox.add(object, 0, object.length);
}

/** A message, in the reader's words. To a bare peer a long one goes in several. */
export function addRelay(to: Reader, outbox: Outbox, relay: Relay): void {
  if (!to.bare) return addObject(to, outbox, encode(to.dialect.formatRelay(relay, to.name!)));
  for (const part of splitRelay(relay, to.dialect, to.name!)) outbox.addWhole(part, true);
}

/** A message of the past: a line of plain JIM without its newline. */
export function addLine(to: Reader, outbox: Outbox, line: Uint8Array): void {
  if (!to.takesPlainRelays) return addRelay(to, outbox, JSON.parse(decoder.decode(line)));
  addObject(to, outbox, line);
  addObject(to, outbox, NEWLINE);
}
