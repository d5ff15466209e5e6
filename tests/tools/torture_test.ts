// That a loss would be seen, and that there is none: a short run. The long one is `deno task torture`.

import assert from "node:assert/strict";
import { checkHistory, messageText, type Row } from "../../tools/torture/history_check.ts";
import { checkChanged } from "../../tools/torture/editor.ts";
import { checkSequences } from "../../tools/torture/sequence_check.ts";
import { may } from "../may.ts";
import { canReplicate, hasBroker } from "../nats_server.ts";
import { task } from "./task.ts";

const said = [
  { round: 1, writer: 0, sent: 3, acknowledged: 2 },
  { round: 1, writer: 1, sent: 1, acknowledged: 1 },
  { round: 2, writer: 0, sent: 2, acknowledged: 2 },
];
const row = (id: number, round: number, writer: number, number: number): Row => ({
  id,
  message: messageText(round, writer, number),
});
const whole = [row(1, 1, 0, 0), row(3, 1, 0, 1), row(5, 2, 0, 0), row(7, 2, 0, 1)];
const other = [row(2, 1, 1, 0)];

Deno.test("checkHistory finds no fault with what is whole, nor with more than was acknowledged", () => {
  const well = { lost: 0, doubled: 0, invented: 0, disordered: 0, back: 0 };
  assert.deepEqual(checkHistory(said, [whole, other]), { ...well, kept: 5 });
  assert.deepEqual(checkHistory(said, [whole.toSpliced(2, 0, row(4, 1, 0, 2)), other]), { ...well, kept: 6 });
});

Deno.test("checkHistory finds what is lost, doubled, invented, out of order or gone back", () => {
  const faults = (...conversations: Row[][]) => {
    const found = Object.entries(checkHistory(said, conversations)).filter(([what, count]) =>
      what !== "kept" && count > 0
    );
    return Object.fromEntries(found);
  };
  assert.deepEqual(faults(whole, []), { lost: 1 });
  assert.deepEqual(faults(whole.slice(0, 3), other), { lost: 1 });
  assert.deepEqual(faults(whole.toSpliced(1, 1), other), { lost: 1 });
  assert.deepEqual(faults(whole.toSpliced(0, 1), other), { lost: 1, disordered: 1 });
  assert.deepEqual(faults([...whole, row(9, 2, 0, 1)], other), { doubled: 1 });
  assert.deepEqual(faults([...whole, row(9, 2, 0, 2)], other), { invented: 1 });
  assert.deepEqual(faults([...whole, row(9, 3, 0, 0)], other), { invented: 1 });
  assert.deepEqual(faults([whole[0]!, row(3, 1, 0, 1), row(5, 2, 0, 1), row(7, 2, 0, 0)], other), { disordered: 2 });
  assert.deepEqual(faults(whole, [row(6, 1, 1, 0)]), { back: 1 }, "a later life began below it");
  assert.deepEqual(faults(whole, [row(1, 1, 1, 0)]), { back: 1 }, "an id of another message");
});

Deno.test(
  "torture: a server that was killed has kept all that it acknowledged",
  { ignore: !may("run", "net") },
  async () => {
    const { code, out, err } = await task("torture", "--rounds", "2", "--seed", "7");
    assert.deepEqual([code, err], [0, ""]);
    const [, acknowledged, kept] = out.match(
      /\nrounds 2, said \d+, acknowledged (\d+), kept (\d+): 0 lost, 0 doubled, 0 invented, 0 out of order, 0 ids gone back\n$/,
    )!.map(Number) as [number, number, number];
    assert.ok(acknowledged > 0 && kept >= acknowledged);
    assert.match(out, /^contacts: \d+ changes acknowledged, 0 undone; faults of the journal: 0$/m);
  },
);

Deno.test("checkSequences finds what is lost, doubled, refused and kept, invented, different or gone back", () => {
  const answers = new Map([["a", "acknowledged"], ["b", "unknown"], ["c", "refused"]] as const);
  const [a, b, c, d] = ["a", "b", "c", "d"].map((text, at) => ({ id: at + 1, text }));
  const faults = (...sequences: Parameters<typeof checkSequences>[1]) => {
    const { kept: _, evidence: __, ...found } = checkSequences(answers, sequences);
    return Object.fromEntries(Object.entries(found).filter(([, count]) => count > 0));
  };
  assert.deepEqual(faults([a!], [a!]), {});
  assert.deepEqual(faults([a!, b!], [a!, b!]), {});
  assert.deepEqual(faults([b!], [b!]), { lost: 1 });
  assert.deepEqual(faults([a!, { id: 2, text: "a" }]), { doubled: 1 });
  assert.deepEqual(faults([a!, c!]), { revived: 1 });
  assert.deepEqual(faults([a!, d!]), { invented: 1 });
  assert.deepEqual(faults([a!, b!], [a!], [a!, { id: 3, text: "b" }]), { different: 2 });
  assert.deepEqual(faults([b!, a!], [b!, a!]), { back: 2 });
});

Deno.test("checkSequences tells the faults with their texts, ids and sequences, the first ones only", () => {
  const a = { id: 1, text: "a" }, b = { id: 2, text: "b" };
  const answers = new Map([["a", "acknowledged"], ["b", "refused"], ["c", "acknowledged"]] as const);
  assert.deepEqual(checkSequences(answers, [[a, b], [a], [a, b, a]]).evidence, [
    "revived: b (2)",
    "lost: c",
    "different: sequence 1 has at 1 nothing instead of b (2)",
    "back: sequence 2 has a (1) behind b (2)",
    "different: sequence 2 has at 2 a (1) instead of nothing",
  ]);
  const invented = Array.from({ length: 1000 }, (_, id) => ({ id, text: `${id}` }));
  const { invented: all, evidence } = checkSequences(new Map(), [invented]);
  assert.deepEqual([all, evidence.length], [1000, 20]);
});

Deno.test("checkChanged finds what is lost, not as it was left, or not the same on all servers", () => {
  const expected = new Map([
    [1, { text: "a", isUncertain: false }],
    [2, { text: "", isUncertain: false }],
    [3, { text: "c", isUncertain: true }],
  ]);
  const rows = [{ id: 1, message: "a" }, { id: 2, message: "", deleted: true as const }, { id: 3, message: "d" }];
  const [one, two, three] = rows as [typeof rows[0], typeof rows[1], typeof rows[2]];
  assert.deepEqual(checkChanged(expected, [rows, rows]), []);
  assert.deepEqual(checkChanged(expected, [[one, three]]), ["2 is lost"]);
  assert.equal(checkChanged(expected, [[{ ...one, message: "b" }, { id: 2, message: "b" }, three]]).length, 2);
  assert.deepEqual(checkChanged(expected, [rows, [one, two]]), [
    `server 1 has at 2 undefined instead of {"id":3,"message":"d"}`,
  ]);
});

Deno.test("torture: several servers of one chat have the same messages, whatever happens to them and to their broker", {
  ignore: !may("run", "net") || !hasBroker,
}, async () => {
  // By this seed the first thing that happens to a server, and to the broker, is that it is killed.
  const { code, out } = await task("torture", "--servers", "2", "--seconds", "6", "--seed", "483");
  assert.match(out, /^broker killed: \d.*, server killed: \d/m);
  assert.match(out, /\nchanged \d+ messages \d+ times: 0 not as they were left/);
  assert.match(out, /\nsaid \d+, acknowledged [1-9]\d*, .*: 0 lost, 0 doubled, .* 0 faults of the journals\n$/);
  assert.equal(code, 0);
});

Deno.test("torture: three brokers have to be new enough", {
  ignore: !may("run", "net") || !hasBroker || canReplicate,
}, async () => {
  const { code, err } = await task("torture", "--servers", "1", "--brokers", "3");
  assert.deepEqual([code, err], [
    1,
    "hanita-torture: --brokers 3 needs nats-server 2.10 or newer: an older one may double messages\n",
  ]);
});
