import assert from "node:assert/strict";
import { Meter } from "../../server/meter.ts";
import { metrics } from "../../server/metrics.ts";
import { may } from "../may.ts";

Deno.test("docs/running.md names each metric that there is", { ignore: !may("read") }, () => {
  const meter = new Meter(), process = { began: 0, memory: () => ({ rss: 0, heapUsed: 0 }), cpu: () => 0 };
  const text = Deno.readTextFileSync(new URL("../../docs/running.md", import.meta.url));
  const told = [...text.matchAll(/^\| `((?:hanita|process)_\w+)/gm)].map(([, name]) => name);
  const there = [...metrics(meter, process).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
  assert.deepEqual(told.sort(), there.sort());
});
