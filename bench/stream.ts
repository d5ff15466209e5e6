// A chat's stream at a broker with many messages, as servers would have left it: written without a server, so that it is there
// in seconds. Each entry has so many messages as a turn of a server's loop had.

import { jetstream } from "@nats-io/jetstream";
import { connect } from "../server/journal/nats/connect.ts";
import { encodeEntry } from "../server/journal/nats/entry.ts";
import { parseAddresses } from "../server/journal/nats/addresses.ts";
import { natsLog } from "../server/journal/nats/link.ts";
import { IDS } from "../server/journal/nats/position.ts";
import { namesOf } from "../server/journal/nats/names.ts";
import { seedEntries } from "../server/journal/nats/seed.ts";
import { firstId } from "../server/journal/ids.ts";

/** Entries that are on the way to the broker, and so many tries of asking for one. */
const WINDOW = 256;

export interface FillOptions {
  readonly url: string;
  readonly chat: string;
  readonly messages: number;
  /** Messages of one entry. */
  readonly batch: number;
}

/** Makes the stream of a chat and fills it. Returns how many entries it has. */
export async function fillStream({ url, chat, messages, batch }: FillOptions): Promise<number> {
  const addresses = parseAddresses(url)!, base = firstId(0, Date.now());
  const options = { addresses, chat, replicas: 1, authenticator: undefined, authorities: [], permissions: "scale" };
  const { log } = await natsLog(options)({ after: undefined, onReady: () => {} }); // makes the stream
  await log.close();
  const connection = await connect(options), client = jetstream(connection);
  const subject = namesOf(chat).entriesOf("bench"), waiting: Promise<unknown>[] = [];
  let entries = 0;
  const append = async (bytes: Uint8Array) => {
    if (waiting.length === WINDOW) await Promise.all(waiting.splice(0, WINDOW / 2));
    waiting.push(client.publish(subject, bytes, { expect: { lastSubjectSequence: entries } }));
    entries++;
  };
  for (const bytes of seedEntries({ attempt: 1, chat: 1, base, behind: 0, before: 0, of: [] }, [], [])) {
    await append(bytes);
  }
  for (let left = messages; left > 0; left -= batch) {
    const first = base + (entries + 1) * IDS, count = Math.min(batch, left);
    const run = { kind: "message", version: 1, id: first, last: first + count - 1, count, time: 0 } as const;
    const items = [{ ...run, conversation: "#all", lines: linesOf(first, count) }];
    await append(encodeEntry({ kind: "batch", base, first, ifAfter: Infinity, items }));
  }
  await Promise.all(waiting);
  await connection.close();
  return entries;
}

/** Texts of some 60 characters, each with words that others have, too. */
function linesOf(first: number, count: number): Uint8Array {
  let lines = "";
  for (let id = first; id < first + count; id++) {
    const message = `message ${id} of a chat that has gone on for years, w${id % 1009} w${id % 10_007}`;
    lines += `${JSON.stringify({ action: "msg", time: 1764000000, to: "#all", from: "ann", message, id })}\n`;
  }
  return encoder.encode(lines);
}

const encoder = new TextEncoder();
