// The defaults that the server's documents promise. How a command line is read is cli's own matter.

import assert from "node:assert/strict";
import { read } from "../../cli/mod.ts";
import { program } from "../../server/options.ts";
import { catalogues } from "../../server/words/mod.ts";

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
      /^UsageError: --web-origin: expected an origin such as /,
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
      new RegExp(`^UsageError: ${option}: expected a whole number from `),
    );
  }
});

Deno.test("program takes a size with a unit or without, and refuses what is none", () => {
  for (
    const [text, bytes] of Object.entries({ "0": 0, "1": 1, "64KB": 64_000, "500MB": 5e8, "1.5gb": 15e8, "2 TB": 2e12 })
  ) {
    assert.equal(read(program, ["--log-size", text]).logSize, bytes);
  }
  for (const wrong of ["", "MB", "5M", "5 XB", "1e9", "-1", "0x10", "9007199254740993"]) {
    assert.throws(
      () => read(program, [`--log-size=${wrong}`]),
      new RegExp(`^UsageError: --log-size: expected a size such as 500MB or 2GB, or 0, got ${JSON.stringify(wrong)}$`),
    );
  }
});

Deno.test("each option has its help in each language, and no help is of an option that is not there", () => {
  const options = Object.keys(program.options).sort();
  for (const { options: help } of Object.values(catalogues)) assert.deepEqual(Object.keys(help).sort(), options);
  for (const [option, { help }] of Object.entries(program.options)) assert.notEqual(help.en, help.ru, option);
  assert.equal(program.options.webPort.help.ru, "Порт страницы; 0 — пусть выберет система.");
});
