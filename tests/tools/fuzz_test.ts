import assert from "node:assert/strict";
import { Framer } from "../../jim/mod.ts";
import { broken, joined } from "../../tools/fuzz/broken.ts";
import { BACK_IN_STEP, MESS, mutated } from "../../tools/fuzz/mutate.ts";
import { random } from "../../tools/fuzz/random.ts";
import { may } from "../may.ts";
import { agreeable } from "./naive.ts";
import { task } from "./task.ts";

const ignore = !may("run", "net");

Deno.test("fuzz finds no fault in Hanita in two seconds", { ignore }, async () => {
  const { code, out } = await task("fuzz", "--seconds", "2", "--seed", "1");
  assert.match(out, /\nno fault\n$/);
  assert.match(out, / 0 lost, 0 doubled, 0 out of order, 0 refused/);
  assert.equal(code, 0);
});

Deno.test(
  "fuzz names the input and how to send it again when a server takes what it must refuse",
  { ignore },
  async () => {
    await using server = agreeable();
    const { code, out } = await task("fuzz", "--seconds", "1", "--seed", "7", "--port", String(server.port));
    assert.equal(code, 1);
    assert.match(out, /^seed 7\n/);
    assert.match(
      out,
      /\nlines:\d+: expected refusals, 4xx, got \{"response":200\} to input \d+, .*\n {2}replay: --only lines:\d+\n {2}input, /,
    );
    assert.match(out, /\n {2}text ".*\n {2}hex {2}[0-9a-f]+\n/);
  },
);

Deno.test("fuzz names the kinds of stints when told to send another", { ignore }, async () => {
  const { code, err } = await task("fuzz", "--only", "manners:1");
  assert.match(err, /^fuzz: --only: expected one of lines, bare, [^\n]+ got "manners:1" \(--help says more\)\n$/);
  assert.equal(code, 2);
});

Deno.test("broken and mutated give the same bytes for the same seed, and others for another", () => {
  const drawn = (seed: number) => {
    const chance = random(seed, "lines:1");
    return Array.from({ length: 200 }, () => [broken(chance).bytes, mutated(chance)]);
  };
  assert.deepEqual(drawn(1), drawn(1));
  assert.notDeepEqual(drawn(1), drawn(2));
});

Deno.test("BACK_IN_STEP makes the next object understood after whatever mess", () => {
  const chance = random(1, "mess"), encoder = new TextEncoder(), decoder = new TextDecoder();
  for (let i = 0; i < 5000; i++) {
    const mess = Array.from({ length: MESS }, () => [mutated(chance), encoder.encode("\n")]).flat();
    const framer = new Framer();
    framer.push(joined(encoder.encode("{}\n"), ...mess, BACK_IN_STEP, encoder.encode('{"last":1}\n')));
    let last: string | undefined;
    for (let next = framer.next(); next !== undefined; next = framer.next()) {
      last = typeof next === "string" ? next : decoder.decode(next);
    }
    assert.equal(last, '{"last":1}', decoder.decode(joined(...mess)));
  }
});
