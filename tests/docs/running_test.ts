import assert from "node:assert/strict";
import { Meter } from "../../server/net/meter.ts";
import { metrics } from "../../server/observe/metrics.ts";
import { program } from "../../server/options.ts";
import { may } from "../may.ts";

const text = may("read") ? Deno.readTextFileSync(new URL("../../docs/running.md", import.meta.url)) : "";

Deno.test("docs/running.md lists each option of the server, with its default", { ignore: !may("read") }, () => {
  const [table] = /^\| option .*?\n\n/ms.exec(text)!;
  const rows = table.trimEnd().split("\n").slice(2).map((line) => line.split(/(?<!\\)\|/));
  const told = new Map(
    rows.map((
      [, cell, defaultValue],
    ) => [/--([a-z-]+)/.exec(cell!)![1]!, defaultValue!.trim().replace(/^`(.*)`$/, "$1")]),
  );
  for (const [key, { default: defaultValue }] of Object.entries(program.options)) {
    const option = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    assert.ok(told.has(option), `--${option} is not there`);
    if (typeof defaultValue === "boolean") assert.equal(told.get(option), defaultValue ? "on" : "off");
    else if (defaultValue !== undefined) assert.equal(told.get(option), String(defaultValue), option);
    told.delete(option);
  }
  assert.deepEqual([...told.keys()], [], "the server has no such option");
});

Deno.test("docs/running.md names each metric that there is", { ignore: !may("read") }, () => {
  const meter = new Meter(), process = { began: 0, memory: () => ({ rss: 0, heapUsed: 0 }), cpu: () => 0 };
  const counts = { own: 0, others: 0, behind: 0, retries: 0, refused: 0, putBack: 0, losses: 0 };
  meter.log = { isUp: () => true, peers: () => 0, counts };
  const told = [...text.matchAll(/^\| `((?:hanita|process)_\w+)/gm)].map(([, name]) => name);
  const there = [...metrics(meter, process).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
  assert.deepEqual(told.sort(), there.sort());
});
