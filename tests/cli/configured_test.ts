// Which value counts where a file, the environment and the command line give one, and what a mistake in each costs.

import assert from "node:assert/strict";
import { parseConfig } from "../../cli/config_file.ts";
import { environmentLayer } from "../../cli/environment.ts";
import { effective, type Layer, valuesOf } from "../../cli/layers.ts";
import { ConfigUnreadable, readConfiguration, text, untranslated, UsageError } from "../../cli/mod.ts";
import { may } from "../may.ts";
import { program } from "./program.ts";

const options = { ...program.options, config: text(untranslated("File."), undefined) };
const file = (toml: string) => parseConfig(new TextEncoder().encode(toml), "f.toml", options, "en");

function values(...layers: Layer[]) {
  return valuesOf(options, effective(options, layers), "en");
}

for (
  const [toml, expected] of [
    ["", {}],
    ["# only a comment\n", {}],
    ["times = 9", { times: 9 }],
    ['times = "9"', { times: 9 }],
    ["times = 0x9", { times: 9 }],
    ["quick = true\ntake-time = false", { quick: true }],
    ["\ufefftimes = 2\r\nquick = true\r\n", { times: 2, quick: true }],
    ['"log-level" = "high"', { logLevel: "high" }],
    ["name = '''\nann'''", { name: "ann" }],
    ['data = ["a", "b"]', { data: "a,b" }],
    ['lock = "l"\nkey = "k"', { lock: "l", key: "k" }],
  ] as [string, object][]
) {
  Deno.test(`parseConfig takes ${JSON.stringify(toml)}`, () => {
    assert.deepEqual(values(file(toml)), { ...values(), ...expected });
  });
}

for (
  const [toml, message] of [
    ["tims = 2", "f.toml:1: tims: no such option, did you mean times?"],
    ["\n\nlogLevel = 'low'", "f.toml:3: logLevel: no such option, did you mean log-level?"],
    [
      "zzz = 1",
      "f.toml:1: zzz: no such option, expected one of name, data, times, log-level, quick, take-time, lock, key, config",
    ],
    ["# a\n[server]\nport = 1", /^f\.toml:2: server: no such option, expected one of /],
    ["a.b = 1", /^f\.toml:1: a: no such option, /],
    ["times = 0", 'f.toml:1: times: expected a whole number from 1 to 9, got "0"'],
    ["quick = true\ntimes = 1.5", 'f.toml:2: times: expected a whole number from 1 to 9, got "1.5"'],
    ["quick = 1", "f.toml:1: quick: expected true or false, got 1"],
    ["times = true", "f.toml:1: times: expected N: a number, or a text in quotes, got true"],
    ["data = 2026-11-29", 'f.toml:1: data: expected TEXT: a number, or a text in quotes, got "2026-11-29"'],
    ["data = [[1]]", "f.toml:1: data: expected TEXT: a number, or a text in quotes, got [[1]]"],
    ["times = 1\ntimes = 2", /^f\.toml:2: expected TOML such as port = 7777, got something else: .*redefine/],
    ["times = ", /^f\.toml:1: expected TOML such as /],
    ["times = 1\nname = 'x", /^f\.toml:2: expected TOML such as /],
    ["times = 99999999999999999999", /^f\.toml:1: expected TOML such as /],
    ["\nkey = 'k'", "expected --lock with f.toml:2: key, got only the latter"],
    ["quick = true\ntake-time = true", "expected f.toml:1: quick or f.toml:2: take-time, got both"],
  ] as [string, string | RegExp][]
) {
  Deno.test(`parseConfig refuses ${JSON.stringify(toml)} in one line`, () => {
    assert.throws(() => values(file(toml)), (error) => {
      assert.ok(error instanceof UsageError);
      assert.doesNotMatch(error.message, /\n/);
      if (typeof message === "string") assert.equal(error.message, message);
      else assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("parseConfig refuses a file that is no UTF-8", () => {
  const bytes = Uint8Array.of(0x6e, 0xff, 0x6e);
  assert.throws(() => parseConfig(bytes, "f.toml", options, "en"), { message: "f.toml: expected a text in UTF-8" });
});

Deno.test("environmentLayer takes a flag in several words, and nothing from an empty variable", () => {
  const environment = (variables: Record<string, string>) => environmentLayer(options, "en", (name) => variables[name]);
  for (const word of ["1", "true", "YES"]) assert.equal(values(environment({ HANITA_QUICK: word })).quick, true);
  for (const word of ["0", "False", "no", ""]) assert.equal(values(environment({ HANITA_QUICK: word })).quick, false);
  assert.equal(values(environment({ HANITA_TAKE_TIME: "1", HANITA_TIMES: "" })).takeTime, true);
  assert.throws(() => environment({ HANITA_QUICK: "on" }), {
    message: 'HANITA_QUICK: expected true or false, got "on"',
  });
  assert.throws(() => values(environment({ HANITA_TIMES: "0" })), {
    message: 'HANITA_TIMES: expected a whole number from 1 to 9, got "0"',
  });
});

Deno.test("effective prefers the last layer, which can turn a flag off as well", () => {
  const below = file('times = 2\nquick = true\nname = "file"');
  const environment = environmentLayer(options, "en", (name) => {
    return ({ HANITA_TIMES: "3", HANITA_QUICK: "no" } as Record<string, string>)[name];
  });
  const typed = { times: { text: "4", label: "-t" }, takeTime: { text: "true", label: "--take-time" } };
  const { times, quick, takeTime, name } = values(below, environment, typed);
  assert.deepEqual([times, quick, takeTime, name], [4, false, true, "file"]);
});

Deno.test("readConfiguration reads the file that --config names", { ignore: !may("read", "write") }, async () => {
  const folder = Deno.makeTempDirSync(), path = `${folder}/f.toml`, args = ["h", "--config", path];
  try {
    await assert.rejects(readConfiguration({ ...program, options }, args, "en"), (error) => {
      assert.ok(error instanceof ConfigUnreadable);
      assert.equal(error.message, `Cannot read --config "${path}": No such file or directory`);
      return true;
    });
    Deno.writeTextFileSync(path, 'times = 7\nname = "file"\n');
    const { values, given } = await readConfiguration({ ...program, options }, [...args, "-t", "8"], "en");
    assert.deepEqual([values.times, values.name, values.host], [8, "file", "h"]);
    assert.deepEqual(given.times, { text: "8", label: "-t" });
    assert.deepEqual(given.name, { text: "file", label: `${path}:2: name` });
    Deno.writeTextFileSync(path, 'config = "other"\n');
    await assert.rejects(readConfiguration({ ...program, options }, args, "en"), {
      message:
        `${path}:1: config: no such option, expected one of name, data, times, log-level, quick, take-time, lock, key`,
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
