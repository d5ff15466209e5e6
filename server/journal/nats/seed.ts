/**
 * What a log begins with: the records and messages that a chat has already. The same entries without messages are the state
 * behind an entry of the log, from which a server can begin when those before are purged.
 */
import { type BeginEntry, encodeEntry, type Entry, isRunItem, type Item } from "./entry.ts";
import type { LogEntry } from "./log.ts";

/** Bytes of an entry, about: the broker takes some hundred of them a second. */
const CHUNK = 256 * 1024;

/** A number that no other try, or chat, has. */
export function randomNumber(): number {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  return (high! & 0xfffff) * 2 ** 32 + low! + 1;
}

/**
 * The entries in their bytes, one after the other: what they are made of is read as they are asked for.
 *
 * @param past the last entries of the log before, for servers that have not had all of them
 */
export function* seedEntries(
  begin: Omit<BeginEntry, "kind">,
  items: Iterable<Item>,
  past: readonly LogEntry[],
): Generator<Uint8Array, void> {
  const { attempt } = begin;
  yield encodeEntry({ kind: "begin", ...begin });
  for (const entry of past) {
    const kept: Entry = { kind: "past", attempt, ...entry };
    yield encodeEntry(kept);
  }
  for (const some of inChunks(items)) yield encodeEntry({ kind: "chunk", attempt, items: some });
  yield encodeEntry({ kind: "end", attempt });
}

function* inChunks(items: Iterable<Item>): Generator<Item[], void> {
  let chunk: Item[] = [], size = 0;
  for (const item of items) {
    chunk.push(item);
    size += isRunItem(item) ? item.lines.length : item.body.length;
    if (size < CHUNK) continue;
    yield chunk;
    chunk = [];
    size = 0;
  }
  if (chunk.length > 0) yield chunk;
}
