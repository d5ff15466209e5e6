// A transcript that the page makes of the history: its pages, its bounds, and what is said of other messages.

import assert from "node:assert/strict";
import type { Answer } from "../../jim/client/event.ts";
import { readEvent } from "../../jim/client/read_event.ts";
import { MAX_PAGE } from "../../jim/limits.ts";
import { type Ask, UNANSWERED } from "../../client/protocol/query.ts";
import { readTranscript, type TranscriptOptions } from "../../web/transcript.ts";

const MICROSECONDS = 1e6, START = 1_764_000_000;
const words = { language: "en", title: "Saved", name: "#cats", edited: "edited", deleted: "(deleted)" };

/** A server with these rows, by seconds behind the start; and what it was asked. */
function serverOf(rows: readonly (readonly [second: number, fields: Record<string, unknown>])[]) {
  const asked: Record<string, unknown>[] = [];
  const all = rows.map(([second, fields]) => (
    { action: "msg", from: "ann", id: (START + second) * MICROSECONDS, time: START + second, ...fields }
  ));
  const ask: Ask = (object) => {
    asked.push(object);
    const { after = -Infinity, before = Infinity, limit } = object as Record<string, number>;
    const found = all.filter(({ id }) => id > after && id < before);
    const page = "after" in object ? found.slice(0, limit) : found.slice(-limit!);
    return Promise.resolve({ isDone: true, answer: readEvent({ response: 202 }, true) as Answer, rows: page });
  };
  return { ask, asked };
}

const options = (more: Partial<TranscriptOptions> = {}): TranscriptOptions => ({
  key: "#cats",
  format: "markdown",
  words,
  ...more,
});

Deno.test("transcript reads all pages in turn, and tells how far it is", async () => {
  const COUNT = 2 * MAX_PAGE,
    { ask, asked } = serverOf(
      Array.from({ length: COUNT }, (_, at) => [at, { message: `line ${at}` }]),
    );
  const told: number[] = [];
  const made = await readTranscript(ask, options(), (count) => told.push(count));
  assert.ok("text" in made);
  assert.equal(made.count, COUNT);
  assert.deepEqual([...made.text.matchAll(/^> line (\d+)$/gm)].map(([, at]) => Number(at)), [...Array(COUNT).keys()]);
  assert.deepEqual(told, [MAX_PAGE, COUNT, COUNT]);
  assert.equal(asked.length, 3);
});

Deno.test("transcript has what was said between two times, without deleted texts, and the words of what was answered", async () => {
  const id = (second: number) => (START + second) * MICROSECONDS;
  const { ask } = serverOf([
    [0, { message: "too early" }],
    [10, { message: "", deleted: true }],
    [11, { message: "yes", reply_to: id(0), reactions: [{ emoji: "🎉", count: 12, names: ["bob"] }] }],
    [12, { message: "no", reply_to: id(10), edited: START + 13, role: "operator" }],
    [13, { message: "perhaps", reply_to: id(7) }],
    [20, { message: "too late" }],
  ]);
  const made = await readTranscript(ask, options({ since: (START + 10) * 1000, until: (START + 20) * 1000 }));
  assert.ok("text" in made);
  assert.equal(made.count, 4);
  const said = made.text.replace(/ \d\d:\d\d/g, "").split("\n\n").slice(3);
  assert.deepEqual(said.map((each) => each.replaceAll("\\", "")), [
    "**ann**",
    "> _(deleted)_",
    "**ann**",
    "> > ann: too early\n>\n> yes",
    "🎉 bob, +11",
    "***ann**, edited",
    "> > (deleted)\n>\n> no",
    "**ann**",
    "> > (deleted)\n>\n> perhaps",
    "",
  ]);
});

Deno.test("transcript says why there is none, and ends when it is cancelled", async () => {
  assert.deepEqual(await readTranscript(() => Promise.resolve(UNANSWERED), options()), { why: "offline" });
  const cancelled = new AbortController(),
    { ask, asked } = serverOf(
      Array.from({ length: 3 * MAX_PAGE }, (_, at) => [at, { message: "" }]),
    );
  await readTranscript(ask, options(), () => cancelled.abort(), cancelled.signal);
  assert.equal(asked.length, 1);
});
