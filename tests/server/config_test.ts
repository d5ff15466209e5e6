// What of a configuration changes while the server runs, and what waits for the next start.

import assert from "node:assert/strict";
import { read } from "../../cli/mod.ts";
import { reconfigure, serverConfig } from "../../server/config.ts";
import { program } from "../../server/options.ts";

Deno.test("reconfigure changes the object and its parts in place, and says what waits", () => {
  const before = read(program, ["--rate", "5"]), config = serverConfig(before), { rules, rateLimit, limits } = config;
  const args = ["--rate", "7", "--guests", "no", "--idle", "9", "--port", "80", "--strict", "--log-level", "debug"];
  const { options, changed, postponed } = reconfigure(config, before, read(program, args));
  assert.deepEqual(changed.toSorted(), ["guests", "idle", "logLevel", "rate"]);
  assert.deepEqual(postponed.toSorted(), ["port", "strict"]);
  assert.deepEqual([options.rate, options.guests, options.port, options.strict], [7, "no", 7777, false]);
  assert.deepEqual([config.rules, config.rateLimit], [rules, rateLimit]);
  assert.ok(config.rules === rules && config.rateLimit === rateLimit && config.limits === limits);
  assert.deepEqual([rules.guests, rateLimit, config.idle], [false, { rate: 7, burst: 70 }, 9000]);
});

Deno.test("reconfigure names what waits each time, until the server starts again", () => {
  const before = read(program, []), config = serverConfig(before), wanted = read(program, ["--port", "80"]);
  const first = reconfigure(config, before, wanted);
  assert.deepEqual(reconfigure(config, first.options, wanted), { ...first, changed: [], postponed: ["port"] });
  assert.deepEqual(reconfigure(config, first.options, before).postponed, []);
});
