// The benchmarks that start a server of their own, in short: what they print, and not how much of it.

import assert from "node:assert/strict";
import { hasBroker } from "../nats_server.ts";
import { cannotRun, columns, isFigure, run } from "./run.ts";

const ignore = cannotRun || Deno.build.os !== "linux"; // their figures of memory come from /proc

Deno.test("bench:idle prints bytes per connection and a ratio for each round", { ignore }, async () => {
  const { code, out, err } = await run("bench:idle", "--connections", "50", "--rounds", "2", "--messages", "50");
  assert.deepEqual([code, err], [0, ""]);
  assert.match(out[0]!, /^50 idle connections, bytes of memory each:$/);
  assert.deepEqual(columns(out[1]), ["connected", "with presence"]);
  assert.match(out[2]!, /^\s*-?[\d,]+\s+-?[\d,]+\s*$/);
  assert.deepEqual(columns(out[5]), ["alone", "beside", "ratio"]);
  assert.ok(out.slice(6, 8).every((line) => columns(line).every(isFigure)), out.join("\n"));
  assert.match(out[8]!, /^median ratio \d+\.\d{3}$/);
});

Deno.test(
  "bench:soak prints the memory after each tenth, and a verdict that its status repeats",
  { ignore },
  async () => {
    const { code, out, err } = await run("bench:soak", "--messages", "1000", "--idle", "20");
    assert.equal(err, "");
    assert.deepEqual(columns(out[0]), ["messages", "deliveries/s", "RSS MiB", "peak MiB", "20 idle beside"]);
    const rows = out.slice(1, -1).map(columns);
    assert.deepEqual(rows.map(([messages]) => messages), [
      "100",
      "200",
      "300",
      "400",
      "500",
      "600",
      "700",
      "800",
      "900",
      "1,000",
    ]);
    assert.ok(rows.every(([, speed, rss, peak, check]) => [speed!, rss!, peak!].every(isFigure) && check === "exact"));
    assert.match(out.at(-1)!, /^(flat|growing): a median of [\d.]+ MiB, and then of [\d.]+ MiB$/);
    assert.equal(code, out.at(-1)!.startsWith("flat") ? 0 : 1);
  },
);

Deno.test("bench:fair prints three measurements and what the flood is over the load", { ignore }, async () => {
  // The server's pace is that of the polite: a faster flood is waited for until it slows down, ten seconds.
  const few = ["-n", "3", "--rounds", "1", "--seconds", "1", "--rate", "20", "--server=--rate 20"];
  const { code, out, err } = await run("bench:fair", ...few);
  assert.deepEqual([code, err], [0, ""]);
  assert.deepEqual(columns(out[0]), ["messages/s", "p50 µs", "p99 µs", "to 3 receivers"]);
  const rows = out.slice(1, 4).map(columns);
  assert.deepEqual(rows.map(([kind]) => kind), ["alone", "flooded", "matched"]);
  assert.ok(rows.every(([, ...figures]) => figures.length === 3 && figures.every(isFigure)), out.join("\n"));
  assert.match(out[4]!, /^median p99 µs: alone [\d,]+, flooded [\d,]+, as many from the polite [\d,]+$/);
  assert.match(out[5]!, /^flooded over as many from the polite: \d+\.\d\d$/);
});

Deno.test("bench:files prints the chat's latency without files and with them, their speed and the memory", {
  ignore,
}, async () => {
  const few = ["-n", "3", "--seconds", "1", "--rate", "20", "--files", "6", "--size", "70000", "--clients", "2"];
  const { code, out, err } = await run("bench:files", ...few);
  assert.deepEqual([code, err], [0, ""], out.join("\n"));
  assert.deepEqual(columns(out[0]), ["messages", "p50 µs", "p99 µs", "to 3 people"]);
  const rows = out.slice(1, 4).map(columns);
  assert.deepEqual(rows.map(([kind]) => kind), ["quiet", "with files", "quiet again"]);
  assert.ok(rows.every(([, ...figures]) => figures.length === 3 && figures.every(isFigure)), out.join("\n"));
  assert.match(out[4]!, /^p99 with files over the mean of the quiet ones: \d+\.\d\d$/);
  assert.match(out[5]!, /^6 files of 0\.1 MiB, up and down in [\d.]+ s: [\d.]+ MiB\/s; the median [\d,]+ ms up, /);
  assert.match(out[6]!, /^memory of the server, MiB: [\d.]+ before, [\d.]+ at most, [\d.]+ after$/);
});

Deno.test("bench:scale prints what one to three servers take, and how soon a new one is ready", {
  ignore: ignore || !hasBroker,
}, async () => {
  const few = ["-n", "3", "--rounds", "1", "--time", "100", "--messages", "100", "--batches", "1,50"];
  const { code, out, err } = await run("bench:scale", ...few);
  assert.deepEqual([code, err], [0, ""]);
  const names = (from: number, to: number) => out.slice(from, to).map((line) => columns(line)[0]);
  assert.deepEqual(names(0, 4), ["servers", "1, no broker", "1", "2"]);
  for (const table of [5, 11]) {
    assert.deepEqual(names(table, table + 5), ["servers", "1, no broker", "1", "2", "3"]);
    for (const line of out.slice(table + 1, table + 5)) {
      const [, speed, busiest] = columns(line);
      assert.ok(isFigure(speed!) && isFigure(busiest!), line);
    }
  }
  assert.match(
    out[17]!,
    /^100 messages in 102 entries, of 1 each: ready after \d+\.\d s, [\d,]+ messages\/s; processor/,
  );
  assert.match(out[19]!, /^100 messages in 4 entries, of 50 each: /);
});
