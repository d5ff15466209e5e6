import assert from "node:assert/strict";
import { flags } from "../../tools/compile.ts";
import { may } from "../may.ts";

const run = may("run");

/** As on a closed network: nothing answers behind this proxy. */
const CLOSED = Object.fromEntries(
  ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"]
    .map((name) => [name, "http://127.0.0.1:9"]),
);
/** Not this machine's, so that its base binary is not in the cache either. */
const ELSEWHERE = Deno.build.os === "windows" ? "aarch64-apple-darwin" : "aarch64-pc-windows-msvc";

async function compile(...args: string[]): Promise<{ code: number; said: string }> {
  const command = new Deno.Command("deno", { args: ["task", "-q", "compile", ...args], env: CLOSED, stdin: "null" });
  const { code, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return { code, said: decoder.decode(stdout) + decoder.decode(stderr) };
}

Deno.test("flags writes a set of permissions out as flags", () => {
  assert.deepEqual(flags({ net: ["127.0.0.1", "[::1]"], read: ["./data"], sys: true, env: false }), [
    "--allow-net=127.0.0.1,[::1]",
    "--allow-read=./data",
    "--allow-sys",
  ]);
});

Deno.test("compile says in one line that its base binary cannot be fetched when the network is closed", {
  ignore: !run,
}, async () => {
  const { code, said } = await compile("--target", ELSEWHERE);
  assert.match(
    said,
    /^compile: Cannot build dist\/[^ ]+\/hanita-server: the base binary of Deno [^ ]+ could not be fetched; [^\n]+\n$/,
  );
  assert.equal(code, 1);
});

Deno.test("compile names the targets that there are when asked for another", { ignore: !run }, async () => {
  const { code, said } = await compile("--target", "pdp11-unknown-unix");
  assert.match(said, /^compile: Cannot build [^\n]+ possible values: x86_64-unknown-linux-gnu, [^\n]+\n$/);
  assert.equal(code, 1);
});

Deno.test("compile shows how it is called when an option is unknown", { ignore: !run }, async () => {
  const { code, said } = await compile("--tarmac");
  assert.match(said, /^compile: Unknown option '--tarmac'; expected deno task compile [^\n]+\n$/);
  assert.equal(code, 2);
});
