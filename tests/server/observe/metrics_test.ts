// The text that a monitoring system reads, held against its format: every name is told of once, before its values.

import assert from "node:assert/strict";
import { plain } from "../../../jim/mod.ts";
import { Meter } from "../../../server/net/meter.ts";
import { metrics, type Process } from "../../../server/observe/metrics.ts";
import { VERSION } from "../../../cli/version.ts";
import { may } from "../../may.ts";
import { makeConnection } from "../fake.ts";
import { samples } from "../samples.ts";

const process: Process = { began: 1_764_000_000, memory: () => ({ rss: 5, heapUsed: 3 }), cpu: () => 0.25 };

Deno.test("metrics tells of each name once, before its values", () => {
  const kinds = new Map<string, string>();
  let current = "";
  for (const line of metrics(new Meter(), process).trimEnd().split("\n")) {
    const [, what, name, rest] = /^# (HELP|TYPE) ([a-z_]+) (.+)$/.exec(line) ?? [];
    if (what === "HELP") {
      assert.ok(!kinds.has(name!), `${name} is told of twice`);
      current = name!;
    } else if (what === "TYPE") {
      assert.equal(name, current);
      kinds.set(name!, rest!);
    } else {
      assert.match(line, /^[a-z_]+(\{([a-z_]+="[^"\\\n]*"(,(?!\}))?)*\})? \S+$/);
      const [of] = line.split(/[{ ]/);
      assert.ok(of === current || (kinds.get(current) === "histogram" && of!.startsWith(`${current}_`)), line);
      assert.ok(kinds.get(current) !== "counter" || /_total$/.test(of!), `${of} counts, so its name ends with _total`);
    }
  }
  assert.ok(kinds.size > 10);
});

Deno.test("metrics of one of several servers tells of the log and of the others; a server alone has none of these", () => {
  const meter = new Meter(), alone = metrics(meter, process);
  assert.doesNotMatch(alone, /hanita_journal_|hanita_peers/);
  const counts = { own: 5, others: 7, behind: 3, retries: 2, refused: 1, putBack: 500, losses: 4 };
  let isUp = true;
  meter.log = { isUp: () => isUp, peers: () => 2, counts };
  const found = () => samples(metrics(meter, process));
  const names = [...found().keys()].filter((name) => /^hanita_(journal|peers)/.test(name));
  assert.deepEqual(Object.fromEntries(names.map((name) => [name, found().get(name)])), {
    hanita_journal_up: 1,
    hanita_journal_lag_entries: 3,
    'hanita_journal_entries_total{from="own"}': 5,
    'hanita_journal_entries_total{from="others"}': 7,
    hanita_journal_retries_total: 2,
    hanita_journal_refused_total: 1,
    hanita_journal_put_back_total: 500,
    hanita_journal_links_lost_total: 4,
    hanita_peers: 2,
  });
  isUp = false;
  assert.equal(found().get("hanita_journal_up"), 0);
});

Deno.test("metrics shows what was counted, and what the process says of itself", () => {
  const meter = new Meter();
  Object.assign(meter.messages, { common: 3, room: 2, private: 1 });
  meter.deliveries = 12_345_678_901;
  meter.skipped = { damaged: 2, unknown: 1 };
  meter.refused(404);
  meter.refused(400);
  meter.turns.add(0.0002);
  meter.turns.add(7);
  const text = metrics(meter, process), found = samples(text);
  assert.equal(found.get('hanita_messages_total{to="common"}'), 3);
  assert.equal(found.get('hanita_messages_total{to="private"}'), 1);
  assert.equal(found.get("hanita_deliveries_total"), 12_345_678_901);
  assert.equal(found.get('hanita_refusals_total{code="400"}'), 1);
  assert.equal(found.get('hanita_refusals_total{code="500"}'), 0);
  assert.equal(found.get('hanita_skipped_records_total{reason="damaged"}'), 2);
  assert.equal(found.get('hanita_skipped_records_total{reason="unknown"}'), 1);
  assert.equal(found.get('hanita_turn_seconds_bucket{le="0.0001"}'), 0);
  assert.equal(found.get('hanita_turn_seconds_bucket{le="0.00025"}'), 1);
  assert.equal(found.get('hanita_turn_seconds_bucket{le="2.5"}'), 1);
  assert.equal(found.get('hanita_turn_seconds_bucket{le="+Inf"}'), 2);
  assert.equal(found.get("hanita_turn_seconds_count"), 2);
  assert.equal(found.get("hanita_turn_seconds_sum"), 7.0002);
  assert.equal(found.get("process_start_time_seconds"), 1_764_000_000);
  assert.equal(found.get("process_resident_memory_bytes"), 5);
  assert.equal(found.get("process_cpu_seconds_total"), 0.25);
});

Deno.test("metrics counts connections and their pending output when it is asked", () => {
  const meter = new Meter(), ann = makeConnection("ann", true), bob = makeConnection("bob");
  const one = 'o"n\\e', two = "t\nwo";
  ann.dialect = { ...plain, name: one };
  bob.dialect = { ...plain, name: two };
  meter.connections = [ann, bob, makeConnection("eve")];
  const ticket = { cancel() {}, defer() {}, isDeferred: false }, gone = makeConnection("gone");
  ann.login = ticket;
  gone.login = { ...ticket, isDeferred: true }; // perhaps it has hung up: it is not counted as connected
  meter.connections = [...meter.connections, gone];
  ann.outbox.add(new Uint8Array(10), 0, 10);
  bob.outbox.add(new Uint8Array(7), 0, 7);
  const found = samples(metrics(meter, process));
  assert.equal(found.get(String.raw`hanita_connections{dialect="o\"n\\e",framing="lines"}`), 1);
  assert.equal(found.get(String.raw`hanita_connections{dialect="t\nwo",framing="bare"}`), 1);
  assert.equal(found.get('hanita_connections{dialect="plain",framing="bare"}'), 1);
  assert.equal(found.get("hanita_logins_waiting"), 2);
  assert.equal(found.get("hanita_outbox_bytes"), 17);
  assert.equal(found.get("hanita_outbox_largest_bytes"), 10);
});

Deno.test("VERSION is the one that CHANGELOG.md names first", { ignore: !may("read") }, () => {
  const changelog = Deno.readTextFileSync(new URL("../../../CHANGELOG.md", import.meta.url));
  assert.equal(/^## (\S+?),? /m.exec(changelog)![1], VERSION);
});
