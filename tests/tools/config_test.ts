// The check of a configuration as an operator runs it, before a start or a SIGHUP.

import assert from "node:assert/strict";
import { cannotRun } from "../chat/program.ts";
import { tool } from "./task.ts";

Deno.test("config check and show say what is right, what is wrong, and where each value is from", {
  ignore: cannotRun,
}, async () => {
  const folder = Deno.makeTempDirSync({ prefix: "hanita-config-" }), path = `${folder}/hanita.toml`;
  const config = (...args: string[]) => tool("config", folder, ...args);
  try {
    const missing = await config("check", path);
    assert.equal(missing.code, 1);
    assert.equal(missing.err, `hanita-config: Cannot read --config "${path}": No such file or directory\n`);

    Deno.writeTextFileSync(path, 'port = 7000\nweb = true\ntrust-proxy = "10.0.0.0/8"\n');
    assert.deepEqual(await config("check", path), { code: 0, out: `${path} is right\n`, err: "" });
    const { code, out } = await config("show", path, "--rooms", "7");
    assert.equal(code, 0);
    const lines = out.split("\n").map((line) => line.replace(/ +# /, " # "));
    for (
      const line of [
        `port = 7000 # ${path}:1`,
        `web = true # ${path}:2`,
        'data = "./data" # default',
        "rooms = 7 # --rooms",
        "# tls-cert # default",
      ]
    ) assert.ok(lines.includes(line), `${line} in ${out}`);

    for (
      const [toml, message] of [
        ["prot = 1", `${path}:1: prot: no such option, did you mean port?`],
        ['trust-proxy = "nowhere"', /^--trust-proxy: expected /],
        ["web = true\nport = 8080", "expected two ports, -p and --web-port, got 8080 for both"],
        ['broker = "http://a"\nchat = "c"', /^--broker: expected an address such as nats:/],
      ] as const
    ) {
      Deno.writeTextFileSync(path, toml);
      const { code, err } = await config("check", path),
        said = err.replace("hanita-config: ", "").split(" (--help")[0]!;
      assert.equal(code, 2);
      assert.match(err, /^[^\n]+\n$/);
      if (typeof message === "string") assert.equal(said, message);
      else assert.match(said, message);
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
