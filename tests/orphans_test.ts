import assert from "node:assert/strict";
import { until, within } from "./chat/within.ts";
import { makeFolder } from "./log/folder.ts";
import { may } from "./may.ts";
import { unmeasured } from "./unmeasured.ts";

const ignore = !may("run", "env", "read", "write", "net") || Deno.build.os !== "linux";
const PROGRAM = new URL("./endless_children.ts", import.meta.url).pathname;
const ROOT = new URL("../", import.meta.url).pathname;

/** Of these processes, those that are there. */
function alive(pids: readonly string[]): string[] {
  const { stdout } = new Deno.Command("sh", {
    args: ["-c", 'for each; do kill -0 "$each" 2>/dev/null && echo "$each"; done', "sh", ...pids],
  }).outputSync();
  return new TextDecoder().decode(stdout).split("\n").slice(0, -1);
}

Deno.test("tests that are ended by a signal leave no child running, and no child of a child", { ignore }, async () => {
  await Promise.all((["SIGINT", "SIGTERM", "SIGKILL"] as const).map(leavesNone));
});

async function leavesNone(signal: Deno.Signal): Promise<void> {
  using folder = makeFolder();
  const file = `${folder.path}/pids`;
  Deno.writeTextFileSync(file, "");
  const run = new Deno.Command("deno", {
    args: ["test", "-q", "--no-check", "--no-prompt", "-P=test", PROGRAM],
    cwd: ROOT,
    ...unmeasured({ PIDS_FILE: file }),
    stdout: "null",
    stderr: "null",
  }).spawn();
  await until("the children's pids", () => Deno.readTextFileSync(file).endsWith("\n"));
  const pids = Deno.readTextFileSync(file).trim().split(" ");
  assert.ok(pids.length >= 2);
  assert.deepEqual(alive(pids), pids);
  run.kill(signal);
  await within("the end of the run", run.status);
  await until(`the end of the children after ${signal}`, async () => {
    await new Promise((resolve) => setTimeout(resolve, 50)); // each look is a process
    return alive(pids).length === 0;
  });
}
