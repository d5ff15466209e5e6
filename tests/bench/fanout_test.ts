import assert from "node:assert/strict";
import { ownPort } from "../own_port.ts";
import { relay, type Spoil } from "./relay.ts";
import { cannotRun as ignore, columns, isFigure, type Outcome, run } from "./run.ts";

const SMALL = ["-n", "3", "-p", "2", "-w", "4", "--messages", "40", "--patience", "1"];

async function load(spoil?: Spoil): Promise<Outcome> {
  await using server = relay(spoil);
  return await run("bench:fanout", "127.0.0.1", `${server.port}`, ...SMALL);
}

Deno.test(
  "bench:fanout finds a server exact that is, and has no figures of a process it does not know",
  { ignore },
  async () => {
    const { code, out, err } = await load();
    assert.deepEqual([code, err], [0, ""]);
    const [cell, speed, p50, p99, p999, cpu, peak, generator, cores, check] = columns(out[1]);
    assert.deepEqual([out.length, cell, cpu, peak, check], [2, "3x2x4", "-", "-", "exact"]);
    assert.ok([speed, p50, p99, p999].every((figure) => isFigure(figure!)), out[1]);
    assert.match(generator!, /^\d+ %$/);
    assert.match(cores!, /^[\d,]+-[\d,]+$/);
  },
);

Deno.test("bench:fanout finds the server exact that one writes first", { ignore }, async () => {
  const literal = new URL("../../bench/literal.ts", import.meta.url).pathname;
  const args = ["run", "-q", "--allow-net=127.0.0.1", literal, "0"];
  await using server = new Deno.Command("deno", { args, stdout: "piped" }).spawn();
  const reader = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await reader.read(); // one short write is one piece
  const { code, out } = await run("bench:fanout", "127.0.0.1", /:(\d+)\n$/.exec(value)![1]!, ...SMALL);
  assert.deepEqual([code, columns(out[1]).at(-1)], [0, "exact"]);
  server.kill();
  await reader.cancel();
});

const faults: Record<string, [spoil: Spoil, found: RegExp]> = {
  "drops one relay": [
    (line, count) => count === 5 ? [] : [line],
    /NOT EXACT: receiver 1 received message .* too early/,
  ],
  "drops the last relay": [
    (line, count) => count === 79 ? [] : [line],
    /NOT EXACT: messages .* not arrived everywhere: 1;/,
  ],
  "doubles one relay": [(line, count) => count === 5 ? [line, line] : [line], /NOT EXACT: receiver 1 .* again/],
  "doubles the last relay": [(line, count) => count === 79 ? [line, line] : [line], /NOT EXACT: receiver 1 .* again/],
  "sends the last relay again, after all is done": [
    (line, count, owe) => (count === 79 && owe(line), [line]),
    /NOT EXACT: receiver 1 .* again/,
  ],
  "swaps two relays": [swapped(), /NOT EXACT: receiver 1 received message .* too early/],
  "cuts a text": [(line, count) => count === 5 ? [line.replace('xx"', '"')] : [line], /NOT EXACT: .* nobody sent/],
};

for (const [what, [spoil, found]] of Object.entries(faults)) {
  Deno.test(`bench:fanout finds that a server is not exact when it ${what}`, { ignore }, async () => {
    const { code, out } = await load(spoil);
    assert.equal(code, 1);
    assert.match(out[1]!, found);
  });
}

Deno.test("bench:fanout starts a server, for each cell, and knows its time and memory", { ignore }, async () => {
  const { code, out, err } = await run("bench:fanout", "--cells", "2x1x1,3x2x2", "--messages", "20", "--idle", "5");
  assert.deepEqual([code, err], [0, ""]);
  assert.deepEqual(out.slice(1).map((line) => columns(line)[0]), ["2x1x1", "3x2x2"]);
  for (const line of out.slice(1)) {
    const [, , , , , cpu, peak, , , check] = columns(line);
    assert.equal(check, "exact");
    if (Deno.build.os === "linux") assert.ok(isFigure(cpu!) && Number(peak) > 10, line);
  }
});

Deno.test("bench:fanout says in one line that nobody listens", { ignore }, async () => {
  const port = ownPort();
  const { code, err } = await run("bench:fanout", "127.0.0.1", `${port}`);
  assert.equal(code, 1);
  assert.match(err, /^deno task bench:fanout: Cannot connect to 127\.0\.0\.1 port \d+: nobody listens there\n$/);
});

Deno.test("bench:fanout says what a cell is when it is none", { ignore }, async () => {
  const { code, err } = await run("bench:fanout", "--cells", "10x10");
  assert.equal(code, 2);
  assert.match(err, /--cells: expected cells like 100x10x16, got "10x10"/);
});

/** Two relays of one publisher in a row: the first of the two waits. */
function swapped(): Spoil {
  let held: string | undefined;
  const of = (line: string) => /"from":"(\w+)"/.exec(line)![1];
  return (line, count) => {
    if (held !== undefined && of(held) === of(line)) {
      const both = [line, held];
      held = undefined;
      return both;
    }
    if (count !== 5) return [line];
    held = line;
    return [];
  };
}
