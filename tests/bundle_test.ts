// The two programs as single files. `deno bundle` finds every module of theirs without asking a network for one, and what
// comes out is run where there is nothing left to find: no configuration, no package, no other module.

import assert from "node:assert/strict";
import { connect } from "./chat/peer.ts";
import { within } from "./chat/within.ts";
import { makeFolder } from "./log/folder.ts";
import { may } from "./may.ts";

const ROOT = new URL("../", import.meta.url);
const ALONE = ["run", "-q", "--no-prompt", "--no-config", "--no-lock", "--no-remote", "--no-npm"];

/** A bundle as a child process, and its standard output line by line. */
function start(folder: string, program: string, permissions: string[], ...args: string[]) {
  const child = new Deno.Command("deno", {
    args: [...ALONE, "--allow-read=data", "--allow-write=data", ...permissions, `${program}.js`, ...args],
    cwd: folder,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  const stdin = child.stdin.getWriter();
  let rest = "";
  return {
    async line(): Promise<string> {
      while (!rest.includes("\n")) {
        const { value, done } = await within(`a line of ${program}`, lines.next());
        if (done) assert.fail(`${program} ended: ${await new Response(child.stderr).text()}`);
        rest += value;
      }
      const at = rest.indexOf("\n");
      const line = rest.slice(0, at);
      rest = rest.slice(at + 1);
      return line;
    },
    type: (text: string) => stdin.write(new TextEncoder().encode(text)),
    /** Ends its input, or its life, and returns its exit status. */
    async end(by: "input" | "signal"): Promise<number> {
      await stdin.close();
      if (by === "signal") child.kill("SIGTERM");
      return (await within(`the end of ${program}`, child.status)).code;
    },
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGKILL");
      } catch {
        // it has ended, as it should
      }
      await Promise.all([child.status, child.stderr.cancel(), lines.return?.(), stdin.close().catch(() => {})]);
    },
  };
}

Deno.test("server.ts and client.ts chat as bundles, with nothing to import", {
  ignore: !may("run", "read", "write", "net"),
}, async () => {
  using made = makeFolder();
  const folder = made.path;
  await Deno.mkdir(`${folder}/data`);
  for (const program of ["server", "client"]) {
    const args = ["bundle", "-q", "-o", `${folder}/${program}.js`, `${program}.ts`];
    const { success, stderr } = await new Deno.Command("deno", { args, cwd: ROOT }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
  }

  await using server = start(
    folder,
    "server",
    ["--allow-net=127.0.0.1"],
    "-a",
    "127.0.0.1",
    "-p",
    "0",
    "--web",
    "--web-port",
    "0",
  );
  const place = await server.line();
  const [, port] = /^listening on 127\.0\.0\.1:(\d+)$/.exec(place) ?? assert.fail(place);
  const page = await fetch((await server.line()).replace("page on ", ""));
  assert.match(await page.text(), /^<!doctype html>/i);
  using ann = await connect(Number(port));
  await ann.enter("ann");

  await using bob = start(folder, "client", ["--allow-net=127.0.0.1"], "127.0.0.1", port!, "-n", "bob");
  await bob.type("привет 👋\n");
  await ann.expect({ action: "msg", from: "bob", message: "привет 👋" });
  await ann.sayOk({ action: "msg", time: 1, message: "и тебе" });
  assert.match(await bob.line(), /^\d\d:\d\d:\d\d ann: и тебе$/);

  assert.equal(await bob.end("input"), 0);
  await ann.end();
  assert.equal(await server.end("signal"), 0);
});
