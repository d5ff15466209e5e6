/** Encodes one object for one reader: in its dialect, and with the end of the object marked in its framing. */
import { type Dialect, encode, type Framer, prefixLength, type Relay, splitRelay } from "../../jim/mod.ts";
import type { Outbox } from "./outbox.ts";

export const NEWLINE = new Uint8Array([10]);
const decoder = new TextDecoder();

/** The properties of a connection that decide the encoding. */
export interface Reader {
  readonly name: string | undefined;
  readonly dialect: Dialect;
  readonly framer: Pick<Framer, "isLengthPrefixed">;
  /** It gets one object per write. */
  readonly bare: boolean;
  /** It takes the bytes of plain relays unchanged. */
  readonly takesPlainRelays: boolean;
}

/** Adds an encoded object. For a peer with newlines it may hold several. */
export function addObject(to: Reader, outbox: Outbox, object: Uint8Array, relay = false): void {
  if (to.bare) outbox.addWhole(object, relay);
  else if (to.framer.isLengthPrefixed) outbox.addWhole(prefixLength(object));
  else outbox.add(object, 0, object.length);
}

/** Adds a message in the dialect of the reader. A bare peer gets a long one in several parts. */
export function addRelay(to: Reader, outbox: Outbox, relay: Relay): void {
  if (!to.bare) return addObject(to, outbox, encode(to.dialect.formatRelay(relay, to.name!)));
  for (const part of splitRelay(relay, to.dialect, to.name!)) outbox.addWhole(part, true);
}

/** Adds a message of the history, or an event: a line of plain JIM without its newline. */
export function addLine(to: Reader, outbox: Outbox, line: Uint8Array): void {
  if (!to.takesPlainRelays) {
    const object = JSON.parse(decoder.decode(line));
    return object.action === "msg" ? addRelay(to, outbox, object) : addObject(to, outbox, encode(object));
  }
  addObject(to, outbox, line);
  addObject(to, outbox, NEWLINE);
}
