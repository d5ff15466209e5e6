// What the stores cost: keeping what a turn said, reading a page, searching, at 1,000,000 messages in the journal.
// `deno task bench:store`; it takes about a minute of an idle processor, and prints microseconds: half are below p50, all but one in a
// hundred below p99. Not `Deno.bench`: what matters is the worst of many calls that lead on from each other.

import { between } from "../server/chat/conversation.ts";
import { type Lines, type Query, type Store } from "../server/store/contract.ts";
import { memoryStore } from "../server/store/memory.ts";
import { openStore } from "../server/store/sqlite.ts";

const MESSAGES = 1_000_000;
const TURN = 160;
/** Every tenth message is a row of its own: a quiet chat. */
const SINGLE = 100_000;
const VOCABULARY = 50_000;
const SEED = 42;

const encoder = new TextEncoder();
const dir = Deno.makeTempDirSync({ prefix: "hanita-bench-" });
const path = `${dir}/hanita.db`;
let random = SEED;
let id = 0;

/** From 0 to 1, the same ones in each run. */
function chance(): number {
  random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
  return random / 2 ** 32;
}

function pick(n: number): number {
  return Math.floor(chance() * n);
}

/** A text of sixteen words as rare as in a language (Zipf): the commonest is in two messages of three. */
function text(): string {
  const words: string[] = [];
  for (let i = 0; i < 16; i++) words.push(`w${Math.floor(VOCABULARY ** chance())}`);
  return words.join(" ");
}

function said(conversation: string, count: number): Lines {
  const first = id + 1;
  let lines = "";
  for (let i = 0; i < count; i++) {
    const message = {
      action: "msg",
      time: 1.7e9,
      to: "#all",
      from: "Ann",
      encoding: "utf-8",
      message: text(),
      id: ++id,
    };
    lines += `${JSON.stringify(message)}\n`;
  }
  return { conversation, first, last: id, count, bytes: encoder.encode(lines) };
}

/** Calls and prints how long each call took. */
async function measure(name: string, times: number, act: (i: number) => void): Promise<void> {
  const took: number[] = [];
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    act(i);
    took.push((performance.now() - start) * 1000);
    if (i % 10 === 9) await new Promise((done) => setTimeout(done)); // as the loop would: the disk gets its say
  }
  print(name, took);
}

function print(name: string, took: number[]): void {
  took.sort((a, b) => a - b);
  const at = (share: number) => took[Math.floor(took.length * share)]!.toFixed(0).padStart(8);
  console.log(`${name.padEnd(52)}${at(0.5)}${at(0.99)}${at(0.999)}${took.at(-1)!.toFixed(0).padStart(8)}`);
}

async function commits(name: string, store: Store): Promise<void> {
  const turns = Array.from({ length: 500 }, () => said("#all", TURN));
  let ids = id;
  const renumbered = (lines: Lines) => {
    const first = ids + 1;
    ids += lines.count;
    return [{ ...lines, first, last: ids }];
  };
  await measure(`${name}: commit ${TURN} messages of ${turns[0]!.bytes.length / TURN | 0} bytes`, 4000, (i) => {
    store.commit(renumbered(turns[i % turns.length]!));
  });
  const one = said("#all", 1);
  await measure(`${name}: commit 1 message`, 5000, () => store.commit(renumbered(one)));
  id = ids;
}

console.log(`${"microseconds".padEnd(52)}${["p50", "p99", "p99.9", "max"].map((head) => head.padStart(8)).join("")}`);

await commits("memory", memoryStore());
const scratch = openStore({ path: `${dir}/scratch.db` });
await commits("journal", scratch);
await scratch.close();
const full = openStore({ path: `${dir}/full.db`, sync: "full" });
const one = said("#all", TURN);
await measure(`journal, sync full: commit ${TURN} messages`, 100, () => {
  full.commit([{ ...one, first: id + 1, last: id += TURN }]);
});
await full.close();

id = 0;
let store = openStore({ path });
const start = performance.now();
while (id < MESSAGES - SINGLE) {
  store.commit([said(pick(20) === 0 ? between("ann", "bob") : "#all", TURN)]);
  if (id % (100 * TURN) === 0) await new Promise((done) => setTimeout(done));
}
while (id < MESSAGES) store.commit([said(pick(20) === 0 ? "#room" : "#all", 1)]);
const kept = performance.now();
while (store.tend(100)) await new Promise((done) => setTimeout(done));
const seconds = (from: number, to: number) => `${((to - from) / 1000).toFixed(1)} s`;
console.log(
  `1,000,000 messages made and kept in ${seconds(start, kept)}, indexed in ${seconds(kept, performance.now())}`,
);
const closing = performance.now();
await store.close();
const opening = performance.now();
store = openStore({ path });
store.snapshot();
console.log(`closed in ${seconds(closing, opening)}, opened in ${((performance.now() - opening) | 0)} ms`);
console.log(`the file has ${(Deno.statSync(path).size / 2 ** 20).toFixed(0)} MiB`);

const page = async (query: Partial<Query>) => {
  const { conversation = "#all" } = query;
  return await store.read(conversation, await store.find({ conversation, limit: 100, ...query }));
};
await measure("page: the latest 100, rows of one message", 1000, () => page({}));
await measure("page: the latest 500, rows of one message", 1000, () => page({ limit: 500 }));
await measure("page: 100 before any id", 1000, () => page({ before: pick(MESSAGES) }));
await measure("page: 500 after any id", 1000, () => page({ after: pick(MESSAGES), limit: 500 }));
await measure("page: 100 of a private conversation", 1000, () => page({ conversation: between("ann", "bob") }));

/** While 1,000 messages a second come in, and the index gets what time is left. */
async function search(name: string, query: () => Partial<Query>): Promise<void> {
  await measure(`search: ${name}`, 200, () => page(query()));
}
const rain = setInterval(() => {
  for (let i = 0; i < 10; i++) store.commit([said("#all", 1)]);
  store.tend(2);
}, 10);
await search("the commonest word", () => ({ text: "w1" }));
await search("two common words", () => ({ text: "w2 w5" }));
await search("two common words before any id", () => ({ text: "w2 w5", before: pick(MESSAGES) }));
await search("a rare word", () => ({ text: `w${10_000 + pick(40_000)}` }));
await search("three words of one message", () => ({ text: text().split(" ").slice(0, 3).join(" ") }));
await search("five words of one message", () => ({ text: text().split(" ").slice(0, 5).join(" ") }));
await search("a common word in a small conversation", () => ({ text: "w1", conversation: "#room" }));
await search("the commonest word, 500", () => ({ text: "w1", limit: 500 }));
clearInterval(rain);
await store.close();
Deno.removeSync(dir, { recursive: true });
