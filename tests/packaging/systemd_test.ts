// The unit for systemd: its own tools take it, and find the sandbox tight.

import assert from "node:assert/strict";
import { has, may } from "../may.ts";

const UNIT = "packaging/systemd/hanita.service", ROOT = new URL("../../", import.meta.url);
/** In tenths; 10.0 is a service without any protection. */
const EXPOSURE = 20;

Deno.test("systemd takes the unit, and its exposure is at most 2.0", {
  ignore: !may("read") || !has("systemd-analyze", "--version"),
}, async () => {
  for (const args of [["verify", "--man=no", UNIT], ["security", "--offline=yes", `--threshold=${EXPOSURE}`, UNIT]]) {
    const { code, stdout, stderr } = await new Deno.Command("systemd-analyze", { args, cwd: ROOT }).output();
    const said = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
    // Where Deno is not in /usr/local/bin, verify says so and nothing else.
    const isElsewhere = said.trim().split("\n").every((line) => /deno is not executable: No such file/.test(line));
    assert.ok(code === 0 || isElsewhere, said);
  }
});
