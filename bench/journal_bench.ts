// What the journals cost: appending what a turn said, reading a page, searching, at 1,000,000 messages on the disk.
// `deno task bench:journal`; it takes about a minute of an idle processor, and prints microseconds: half are below p50, all but
// one in a hundred below p99. Not `Deno.bench`: what matters is the worst of many calls that lead on from each other.

import { between } from "../server/journal/conversation.ts";
import type { Journal, MessageRun, SearchQuery } from "../server/journal/contract.ts";
import { memoryJournal } from "../server/journal/memory.ts";
import type { StateProposal } from "../server/journal/records.ts";
import { openJournal } from "../server/journal/sqlite.ts";

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

/** A run of messages, with its ids counted from one. */
function said(first: number, conversation: string, count: number): MessageRun {
  let lines = "";
  for (let i = 0; i < count; i++) {
    const message = {
      action: "msg",
      time: 1.7e9,
      to: "#all",
      from: "Ann",
      encoding: "utf-8",
      message: text(),
      id: first + i,
    };
    lines += `${JSON.stringify(message)}\n`;
  }
  return { kind: "message", conversation, id: first, last: first + count - 1, count, lines: encoder.encode(lines) };
}

/** Appends a run, and takes it back, as a turn of the loop does. */
function append(journal: Journal, run: MessageRun): void {
  journal.append({ first: run.id, end: run.last + 1, records: [run] });
  taken(journal);
}

function taken(journal: Journal): void {
  for (const each of journal.take()) if (each.outcome === "failed") throw each.failure;
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

async function appends(name: string, journal: Journal): Promise<void> {
  const turns = Array.from({ length: 500 }, () => said(journal.next, "#all", TURN));
  const moved = (run: MessageRun) => ({ ...run, id: journal.next, last: journal.next + run.count - 1 });
  const bytes = turns[0]!.lines.length / TURN | 0;
  await measure(`${name}: append ${TURN} messages of ${bytes} bytes`, 4000, (i) => {
    append(journal, moved(turns[i % turns.length]!));
  });
  const one = said(journal.next, "#all", 1);
  await measure(`${name}: append 1 message`, 5000, () => append(journal, moved(one)));
  const record: StateProposal = { kind: "motd", text: "Lesson 7 begins at ten" };
  await measure(`${name}: append 1 record and 1 message`, 2000, () => {
    const { next } = journal, run = { ...one, id: next + 1, last: next + 1 };
    journal.append({ first: next, end: next + 2, records: [{ ...record, id: next }, run] });
    taken(journal);
  });
}

console.log(`${"microseconds".padEnd(52)}${["p50", "p99", "p99.9", "max"].map((head) => head.padStart(8)).join("")}`);

await appends("memory", memoryJournal());
const scratch = openJournal({ path: `${dir}/scratch.db` });
scratch.snapshot();
await appends("disk", scratch);
await scratch.close();
const full = openJournal({ path: `${dir}/full.db`, sync: "full" });
full.snapshot();
await measure(`disk, sync full: append ${TURN} messages`, 100, () => append(full, said(full.next, "#all", TURN)));
await full.close();

let journal = openJournal({ path });
journal.snapshot();
const { next: first } = journal, start = performance.now();
while (journal.next < first + MESSAGES - SINGLE) {
  append(journal, said(journal.next, pick(20) === 0 ? between("ann", "bob") : "#all", TURN));
  if ((journal.next - first) % (100 * TURN) === 0) await new Promise((done) => setTimeout(done));
}
while (journal.next < first + MESSAGES) append(journal, said(journal.next, pick(20) === 0 ? "#7" : "#all", 1));
const kept = performance.now();
while (journal.maintain(100)) await new Promise((done) => setTimeout(done));
const seconds = (from: number, to: number) => `${((to - from) / 1000).toFixed(1)} s`;
console.log(
  `1,000,000 messages made and appended in ${seconds(start, kept)}, indexed in ${seconds(kept, performance.now())}`,
);
const closing = performance.now();
await journal.close();
const opening = performance.now();
journal = openJournal({ path });
journal.snapshot();
console.log(`closed in ${seconds(closing, opening)}, opened in ${((performance.now() - opening) | 0)} ms`);
console.log(`the file has ${(Deno.statSync(path).size / 2 ** 20).toFixed(0)} MiB`);

/** An id of any message. */
const anyId = () => first + pick(MESSAGES);

const page = async ({ conversation = "#all", limit = 100, text, ...bounds }: Partial<SearchQuery>) => {
  const query = { conversation, limit, ...bounds };
  const ids = await (text === undefined ? journal.page(query) : journal.search({ ...query, text }));
  return await journal.read(conversation, ids);
};
await measure("page: the latest 100, rows of one message", 1000, () => page({}));
await measure("page: the latest 500, rows of one message", 1000, () => page({ limit: 500 }));
await measure("page: 100 before any id", 1000, () => page({ before: anyId() }));
await measure("page: 500 after any id", 1000, () => page({ after: anyId(), limit: 500 }));
await measure("page: 100 of a private conversation", 1000, () => page({ conversation: between("ann", "bob") }));

/** While 1,000 messages a second come in, and the index gets what time is left. */
async function search(name: string, query: () => Partial<SearchQuery>): Promise<void> {
  await measure(`search: ${name}`, 200, () => page(query()));
}
const rain = setInterval(() => {
  for (let i = 0; i < 10; i++) append(journal, said(journal.next, "#all", 1));
  journal.maintain(2);
}, 10);
await search("the commonest word", () => ({ text: "w1" }));
await search("two common words", () => ({ text: "w2 w5" }));
await search("two common words before any id", () => ({ text: "w2 w5", before: anyId() }));
await search("a rare word", () => ({ text: `w${10_000 + pick(40_000)}` }));
await search("three words of one message", () => ({ text: text().split(" ").slice(0, 3).join(" ") }));
await search("five words of one message", () => ({ text: text().split(" ").slice(0, 5).join(" ") }));
await search("a common word in a small conversation", () => ({ text: "w1", conversation: "#7" }));
await search("the commonest word, 500", () => ({ text: "w1", limit: 500 }));
clearInterval(rain);
await journal.close();
Deno.removeSync(dir, { recursive: true });
