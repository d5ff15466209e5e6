// The alerts for Prometheus: its own tool takes them, and a server has each metric that they use.

import assert from "node:assert/strict";
import { start } from "../chat/start.ts";
import { has, may } from "../may.ts";
import { samples } from "../server/samples.ts";
import { TOKEN } from "../token.ts";

const FOLDER = new URL("../../packaging/prometheus/", import.meta.url);
const RULES = "hanita.rules.yaml", TEST = "hanita.test.yaml";

Deno.test("promtool takes the alerts, which pass their own tests", {
  ignore: !may("read") || !has("promtool", "--version"),
}, async () => {
  for (const args of [["check", "rules", RULES], ["test", "rules", TEST]]) {
    const { code, stdout, stderr } = await new Deno.Command("promtool", { args, cwd: FOLDER }).output();
    assert.equal(code, 0, new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr));
  }
});

Deno.test("a server has each metric of the alerts", { ignore: !may("net", "read", "write") }, async () => {
  const rules = Deno.readTextFileSync(new URL(RULES, FOLDER));
  const used = new Set(rules.match(/\b(?:hanita|process)_\w+(?=[{[)])/g)!);
  assert.ok(used.size > 8, `${[...used]}`);
  await using chat = await start();
  const url = `http://127.0.0.1:${await chat.web()}/metrics`;
  const text = await (await fetch(url, { headers: { authorization: `Bearer ${TOKEN}` } })).text();
  if (has("promtool", "--version")) {
    const child = new Deno.Command("promtool", { args: ["check", "metrics"], stdin: "piped", stderr: "piped" }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
    const { code, stderr } = await child.output();
    assert.ok(code === 0 || code === 3, new TextDecoder().decode(stderr)); // 3: it reads all, and has advice on names
  }
  const names = new Set([...samples(text).keys()].map((key) => key.replace(/\{.*/, "")));
  // Those of several servers are held by tests/server/observe/metrics_test.ts.
  const missing = [...used].filter((name) => !names.has(name) && !name.startsWith("hanita_journal_"));
  assert.deepEqual(missing, []);
});
