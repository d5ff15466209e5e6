// The library as npm packs and installs it, in an empty project, under Node.js and Deno.

import assert from "node:assert/strict";
import { connect } from "../../jim/client/mod.ts";
import { tcp } from "../../jim/client/tcp.ts";
import jim from "../../jim/deno.json" with { type: "json" };
import { VERSION } from "../../cli/version.ts";
import { packLibrary } from "../../tools/package/library.ts";
import { cannotRun } from "../chat/program.ts";
import { start } from "../chat/start.ts";
import { within } from "../chat/within.ts";
import { has } from "../may.ts";
import { overItsEnd } from "./killed.ts";
import { terminate } from "../../tools/harness/client_process.ts";
import { unmeasured } from "../unmeasured.ts";

const ROOT = new URL("../../", import.meta.url), HERE = new URL("library/", import.meta.url);
const HOST = "127.0.0.1";
const FLAGS = ["-q", "--no-check", "--no-prompt", "--no-lock", "--allow-net", "--allow-env", "--allow-read"];
const TSC = [
  "run",
  "-q",
  "--no-prompt",
  "--no-lock",
  "--no-config",
  "--allow-read",
  "--allow-env",
  "npm:typescript@5.9.3/tsc",
];
const decoder = new TextDecoder();

const ignore = cannotRun || !has("node", "--version") || !has("npm", "--version") || !has("deno", ...TSC, "--version");

Deno.test("the library in an empty project of Node.js", { ignore }, async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "hanita-library-" });
  const command = (words: readonly string[], env: Record<string, string> = {}) => {
    const [program, ...args] = words;
    return new Deno.Command(program!, {
      args,
      cwd: folder,
      stdout: "piped",
      stderr: "piped",
      ...unmeasured({ LC_ALL: "C", NO_COLOR: "1", NODE_OPTIONS: "", ...env }),
    });
  };
  const run = async (words: readonly string[], env: Record<string, string> = {}) => {
    const child = command(words, env).spawn(), output = child.output();
    try {
      const { success, stdout, stderr } = await within(words.join(" "), output);
      assert.ok(success, `${words.join(" ")}: ${decoder.decode(stdout)}${decoder.decode(stderr)}`);
    } catch (error) {
      terminate(child);
      await output;
      throw error;
    }
  };
  try {
    const archive = await packLibrary(`${folder}/package`, folder);
    assert.deepEqual([jim.version, archive], [VERSION, `${folder}/jim-chat-${VERSION}.tgz`]);
    await Deno.writeTextFile(`${folder}/package.json`, '{ "type": "module" }\n');
    await run(["npm", "install", "--offline", "--no-audit", "--no-fund", archive]);
    for (const name of ["dialogue.mjs", "types.ts"]) await Deno.copyFile(new URL(name, HERE), `${folder}/${name}`);

    await t.step("its types are strict", async () => {
      await run(["deno", ...TSC, "--noEmit", "--strict", "--target", "esnext", "--module", "nodenext", "types.ts"]);
    });
    for (
      const [name, words] of [["Node.js", ["node", "--test", "dialogue.mjs"]], ["Deno", [
        "deno",
        "test",
        ...FLAGS,
        "dialogue.mjs",
      ]]] as const
    ) {
      await t.step(`${name}: nothing is lost or doubled when the server is killed`, async () => {
        await overItsEnd((port) => run(words, { PORT: String(port) }));
      });
    }
    const source = Deno.readTextFileSync(new URL("jim/client/README.md", ROOT));
    const bot = /```js ignore\n([^]*?)```/.exec(source)![1]!;
    assert.ok(bot.trim().split("\n").length < 8 && bot.includes('tcp("localhost", 7777)'));
    for (
      const [name, words] of [["Node.js", ["node", "bot.mjs"]], ["Deno", ["deno", "run", ...FLAGS, "bot.mjs"]]] as const
    ) {
      await t.step(`${name}: the bot of the README answers`, async () => {
        await using server = await start();
        await Deno.writeTextFile(`${folder}/bot.mjs`, bot.replace('"localhost", 7777', `"${HOST}", ${server.port}`));
        await using ann = await connect(tcp(HOST, server.port), {
          name: "ann",
          rooms: ["#lesson7"],
          features: ["watch"],
          onEvent: (event) => event.kind === "membership" && event.name === "clock" && entered(),
        });
        let entered = () => {};
        const isThere = new Promise<void>((resolve) => entered = resolve);
        const child = command(words).spawn();
        try {
          await within("the bot", isThere);
          await ann.say("!time", { to: "#lesson7" });
          for await (const { from, text, conversation } of ann) {
            assert.deepEqual([from, conversation], ["clock", "#lesson7"]);
            assert.match(text, /^\d{4}-\d\d-\d\dT/);
            break;
          }
        } finally {
          child.kill("SIGKILL");
          await Promise.all([child.status, child.stdout.cancel(), child.stderr.cancel()]);
        }
      });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
