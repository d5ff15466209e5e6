// The defaults that the server's documents promise. How a command line is read is cli's own matter.

import assert from "node:assert/strict";
import { read } from "../../cli/mod.ts";
import { program } from "../../server/options.ts";

Deno.test("program has the defaults that are promised", () => {
  const { address, port, data, rate, outbox, bareGap, strict, select, logLevel, logDays } = read(program, []);
  assert.deepEqual(
    { address, port, data, rate, outbox, bareGap, strict, select, logLevel, logDays },
    {
      address: undefined,
      port: 7777,
      data: "./data",
      rate: 100,
      outbox: 1_048_576,
      bareGap: 50,
      strict: false,
      select: "ready",
      logLevel: "info",
      logDays: 30,
    },
  );
});

Deno.test("program takes its options by their letters and by their words", () => {
  const args = [
    "-a",
    "127.0.0.1",
    "-p",
    "0",
    "--select",
    "race",
    "--bare-gap",
    "5",
    "--strict",
    "--log-level",
    "debug",
  ];
  const { address, port, select, bareGap, strict, logLevel } = read(program, args);
  assert.deepEqual([address, port, select, bareGap, strict, logLevel], ["127.0.0.1", 0, "race", 5, true, "debug"]);
});

Deno.test("program's page is off, at port 8080, for its own origin, unless told otherwise", () => {
  const { web, webPort, webOrigin } = read(program, []);
  assert.deepEqual([web, webPort, webOrigin], [false, 8080, undefined]);
  const origins = ["https://a.example", "http://b.example:8000"];
  assert.deepEqual(read(program, ["--web", "--web-origin", origins.join(",")]).webOrigin, origins);
  for (const wrong of ["", "a.example", "https://a.example/", "https://a.example,", "https://A.example"]) {
    assert.throws(
      () => read(program, ["--web", "--web-origin", wrong]),
      /^Mistake: --web-origin: expected an origin such as /,
    );
  }
});

Deno.test("program refuses times that no timer and no calendar can hold", () => {
  const far = {
    "--idle": "31622401",
    "--probe-after": "9007199254740991",
    "--presence-within": "31622401",
    "--log-days": "36501",
    "--keep-days": "36501",
    "--bare-gap": "60001",
  };
  for (const [option, value] of Object.entries(far)) {
    assert.throws(
      () => read(program, [option, value]),
      new RegExp(`^Mistake: ${option}: expected a whole number from `),
    );
  }
});
