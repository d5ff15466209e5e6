// The npm package as npx starts it, but with this Deno in the place of npm's.

import assert from "node:assert/strict";
import { connect } from "../chat/peer.ts";
import { cannotRun } from "../chat/program.ts";
import { until, within } from "../chat/within.ts";
import { has } from "../may.ts";
import { build } from "../../tools/package.ts";
import { unmeasured } from "../unmeasured.ts";

const ignore = cannotRun || !has("node", "--version");
const decoder = new TextDecoder();

/** A folder with the package in its node_modules, and a Deno that the package finds there. */
async function installed(): Promise<{ folder: string; bin: string }> {
  const folder = await Deno.makeTempDir({ prefix: "hanita-npm-" }), modules = `${folder}/node_modules`;
  await build(`${modules}/hanita`);
  await Deno.mkdir(`${modules}/deno`);
  const api = `module.exports = { runInstall: () => ${JSON.stringify(Deno.execPath())} };\n`;
  await Deno.writeTextFile(`${modules}/deno/install_api.cjs`, api);
  return { folder, bin: `${modules}/hanita/bin/hanita.cjs` };
}

Deno.test("hanita starts the server with its page, passes signals on, and has the other programs as commands", {
  ignore,
}, async () => {
  const { folder, bin } = await installed();
  const command = (args: string[], more: Deno.CommandOptions = {}) =>
    new Deno.Command("node", {
      args: [bin, ...args],
      cwd: folder,
      ...unmeasured({ LC_ALL: "C", NO_COLOR: "1" }),
      ...more,
    });
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await within(`hanita ${args[0]}`, command(args).output(), 30_000);
    return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
  };
  try {
    const help = await run("--help");
    assert.match(help.out, /^Usage: hanita /m);
    for (const name of ["server", "chat", "account", "backup", "restore", "check"]) {
      assert.match(help.out, new RegExp(`^  ${name} `, "m"));
    }
    assert.match((await run("--version")).out, /^hanita \d+\.\d+\.\d+\n$/);
    assert.match((await run("client", "--help")).out, /^Usage: hanita chat ADDR/m);
    const unknown = await run("sevrer");
    assert.deepEqual([unknown.code, unknown.err.split("\n").length], [2, 2]);
    const script = await run("--completion", "bash");
    assert.match(script.out, /^ +choices='server chat account class /m);
    assert.match(script.out, /^ +chat \| client\) choices='--[^']*--completion --help --version' ;;$/m);
    const noShell = await run("--completion", "tcsh");
    assert.deepEqual([noShell.code, noShell.err], [
      2,
      'hanita: --completion: expected bash, zsh or fish, got "tcsh"\n',
    ]);
    const mistake = await run("server", "--prot", "1");
    assert.equal(mistake.code, 2);
    assert.match(mistake.err, /^hanita-server: Unknown option '--prot', did you mean --port\?[^\n]*\n$/);

    // Another folder than ./data is permitted because the command line names it.
    const other = await Deno.makeTempDir({ prefix: "hanita-npm-data-" });
    const child = command(["-p", "0", "--web-port", "0", "--data", other], { stdout: "piped", stderr: "piped" })
      .spawn();
    let out = "";
    const read = child.stdout.pipeThrough(new TextDecoderStream()).pipeTo(
      new WritableStream({
        write(text) {
          out += text;
        },
      }),
    );
    const wrong = new Response(child.stderr).text();
    try {
      await until("the server", () => /^class on /m.test(out), 30_000);
      const port = Number(/^listening on .*:(\d+)$/m.exec(out)![1]), page = /^page on (\S+)$/m.exec(out)![1]!;
      using ann = await connect(port);
      await ann.enter("ann");
      const response = await fetch(page.replace("localhost", "127.0.0.1"));
      assert.match(await response.text(), /<div id="page"/);
    } finally {
      child.kill("SIGTERM");
    }
    const { code } = await within("the end of the server", child.status, 30_000);
    await read;
    assert.deepEqual([code, await wrong], [0, ""]);
    assert.match((await run("check", "--data", other)).out, /hanita\.db is whole/);

    // The shell between npx and the command ends at a signal, and passes none on.
    const held = new Deno.Command("sh", {
      args: ["-c", `node "$0" server -p 0 --data "$1" & wait`, bin, other],
      cwd: folder,
      ...unmeasured({ LC_ALL: "C", NO_COLOR: "1", npm_command: "exec" }),
      stdout: "piped",
      stderr: "null",
    }).spawn();
    let said = "";
    const ended = held.stdout.pipeThrough(new TextDecoderStream()).pipeTo(
      new WritableStream({
        write(text) {
          said += text;
        },
      }),
    );
    await until("the server behind a shell", () => /^listening on /m.test(said), 30_000);
    held.kill("SIGTERM");
    await held.status;
    await within("the end of all that writes there", ended, 30_000);
    await Deno.remove(other, { recursive: true });

    await Deno.remove(`${folder}/node_modules/deno`, { recursive: true });
    const lost = await run("check");
    assert.equal(lost.code, 1);
    assert.match(lost.err, /^hanita: Cannot start Deno, which comes with this package[^\n]*\n$/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("hanita says to an old Node.js which one it needs, in words that it understands", { ignore }, () => {
  const guard = Deno.readTextFileSync(new URL("../../packaging/npm/bin/hanita.cjs", import.meta.url));
  const version = 'Object.defineProperty(process.versions, "node", { value: "12.22.12" });';
  const { code, stdout, stderr } = new Deno.Command("node", {
    args: ["-e", `${version}${guard.replace(/^#!.*/, "")}`],
    ...unmeasured(),
  }).outputSync();
  assert.deepEqual([code, decoder.decode(stdout), decoder.decode(stderr)], [
    1,
    "",
    "hanita: expected Node.js 20 or newer, got 12.22.12; nodejs.org has it\n",
  ]);
  assert.doesNotMatch(guard, /\?\.|\?\?|=>|\.replaceAll|node:|^import /m);
});
