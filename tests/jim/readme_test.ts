// The protocol as it is written down against the protocol as it is built: every sample line of jim/README.md is held to
// what jim/ makes of it.

import assert from "node:assert/strict";
import { type Answer, ok, refused } from "../../jim/answer.ts";
import { plain } from "../../jim/dialects/mod.ts";
import { DEFAULT_LIMITS, STRICT_LIMITS } from "../../jim/limits.ts";
import { parse } from "../../jim/parse.ts";
import { refuse } from "../../jim/refusal.ts";
import { explain } from "../../jim/explain.ts";
import { may } from "../may.ts";

const file = new URL("../../jim/README.md", import.meta.url);
const ignore = !may("read");

Deno.test("the README's answers are those of jim to the requests above them", { ignore }, async () => {
  const actions = new Set<string>();
  let asked: Answer | undefined, samples = 0;
  for (const line of (await Deno.readTextFile(file)).split("\n")) {
    const [arrow, json] = [line.slice(0, 2), line.slice(2)];
    if (arrow !== "→ " && arrow !== "← ") continue;
    samples++;
    const object = JSON.parse(json);
    assert.equal(JSON.stringify(object), json, "a sample is written as jim writes it");
    if (arrow === "→ ") {
      actions.add(object.action);
      const parsed = parse(new TextEncoder().encode(json));
      asked = "refusal" in parsed ? refused(parsed.refusal, 0) : ok(0);
    } else if ("response" in object) {
      assert.deepEqual([object.response >= 400, object.error], [asked!.response >= 400, asked!.error]);
      if (object.error !== undefined) assert.equal(object.response, asked!.response);
    } else if (object.action === "msg") {
      assert.equal(json, JSON.stringify(plain.formatRelay(object, "ann")));
    }
  }
  assert.ok(samples > 10, `${samples} samples`);
  const all = explain(refuse("unknown", { got: "" })).replace(/^.* one of |, got .*$/g, "").split(", ");
  assert.deepEqual(all.filter((action) => !actions.has(action)), [], "each action has a sample");
});

Deno.test("the README's limits are those of jim", { ignore }, async () => {
  const text = await Deno.readTextFile(file);
  const figures = [...text.matchAll(/^\| [a-z ]+\| +([\d,]+) \| +([\d,]+) \|$/gm)]
    .map(([, ...cells]) => cells.map((cell) => Number(cell.replace(",", ""))));
  assert.deepEqual(figures.map(([first]) => first), Object.values(DEFAULT_LIMITS));
  assert.deepEqual(figures.map(([, second]) => second), Object.values(STRICT_LIMITS));
});

Deno.test("the README has a row of each dialect", { ignore }, async () => {
  const text = await Deno.readTextFile(file);
  const told = [...text.matchAll(/^\| `([a-z-]+)` +\|(?=.*\|.*\|)/gm)].map(([, name]) => name);
  const folder = [...Deno.readDirSync(new URL("../../jim/dialects/", import.meta.url))].map(({ name }) => name);
  const there = folder.map((name) => name.replace(/\.ts$/, "").replace("_", "-"))
    .filter((name) => !["mod", "dialect", "rename", "plain"].includes(name));
  assert.deepEqual(there.filter((name) => !told.includes(name)), []);
});
