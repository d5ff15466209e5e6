// What each form of an option takes, and the one line that a mistake costs.

import assert from "node:assert/strict";
import { type Program, read, untranslated, UsageError, whole } from "../../cli/mod.ts";
import { bilingual, program } from "./program.ts";

const bare = {
  host: "h",
  port: 7777,
  name: "it",
  data: undefined,
  times: 1,
  logLevel: "low",
  quick: false,
  takeTime: false,
  lock: undefined,
  key: undefined,
};

for (
  const [args, more] of [
    [["h"], {}],
    [["h", "8000"], { port: 8000 }],
    [["-n", "x", "h"], { name: "x" }],
    [["-nx", "h"], { name: "x" }],
    [["-qnx", "h"], { quick: true, name: "x" }],
    [["-qn", "x", "h"], { quick: true, name: "x" }],
    [["--name=a=b", "h"], { name: "a=b" }],
    [["-"], { host: "-" }],
    [["--name=x", "h"], { name: "x" }],
    [["--name=", "h"], { name: "" }],
    [["-n", "", "h"], { name: "" }],
    [["-n", "=x", "h"], { name: "=x" }],
    [["h", "--data", "./d", "-t", "9", "-q"], { data: "./d", times: 9, quick: true }],
    [["--log-level", "high", "h"], { logLevel: "high" }],
    [["--", "-h-"], { host: "-h-" }],
    [["-q", "--quick", "h"], { quick: true }],
    [["--data", "", "--", "h"], { data: "" }],
    [["h", "--take-time"], { takeTime: true }],
    [["h", "--key", "k", "--lock", "l"], { lock: "l", key: "k" }],
  ] as [string[], object][]
) {
  Deno.test(`read takes ${args.join(" ")}`, () => assert.deepEqual({ ...read(program, args) }, { ...bare, ...more }));
}

for (
  const [args, message] of [
    [[], "expected ADDR: Where."],
    [["h", "8000", "x"], 'expected no more arguments, got "x"'],
    [["h", "99999"], 'PORT: expected a whole number from 0 to 65535, got "99999"'],
    [["h", "-t", "0"], '-t: expected a whole number from 1 to 9, got "0"'],
    [["h", "-t", "1.5"], '-t: expected a whole number from 1 to 9, got "1.5"'],
    [["h", "-t", "0x5"], '-t: expected a whole number from 1 to 9, got "0x5"'],
    [["h", "-t", ""], '--times: expected a whole number from 1 to 9, got ""'],
    [["h", "--log-level", "LOW"], '--log-level: expected one of low, high, got "LOW"; did you mean low?'],
    [["h", "--log-level", "loud"], '--log-level: expected one of low, high, got "loud"'],
    [
      ["h", "--fast"],
      "Unknown option '--fast', expected one of --name, --data, --times, --log-level, --quick, --take-time, --lock, --key",
    ],
    [["h", "-qx"], /^Unknown option '-x', /],
    [["h", "--constructor"], /^Unknown option '--constructor', /],
    [["h", "--name", "--"], "--name: expected NAME behind it, got --"],
    [["h", "--logLevel", "low"], "Unknown option '--logLevel', did you mean --log-level?"],
    [["h", "--tims", "2"], "Unknown option '--tims', did you mean --times?"],
    [["h", "--take"], "Unknown option '--take', did you mean --take-time?"],
    [["h", "--key", "k"], "expected --lock with --key, got only the latter"],
    [["h", "--lock", "l"], "expected --key with --lock, got only the latter"],
    [["h", "--take-time", "-q"], "expected --quick or --take-time, got both"],
    [["h", "--quick=yes"], /^Option '-q, --quick' does not take an argument/],
    [["h", "--name"], "--name: expected NAME behind it, got nothing"],
    [["h", "-n", "--quick"], "-n: expected NAME behind it, got --quick"],
    [["h", "-t", "1", "-t", "2"], '-t: expected one value, got "1" and "2"'],
    [["h", "-t", "1", "--times=1"], '--times: expected one value, got "1" and "1"'],
    [["--data", "", "h", "--data", "x"], '--data: expected one value, got "" and "x"'],
    [["h", "-t", "-5"], '-t: expected a whole number from 1 to 9, got "-5"'],
    [["h", "--times", "-5"], '--times: expected a whole number from 1 to 9, got "-5"'],
    [["h", "-5"], 'PORT: expected a whole number from 0 to 65535, got "-5"'],
    [["h", "7", "-5"], 'expected no more arguments, got "-5"'],
  ] as [string[], string | RegExp][]
) {
  Deno.test(`read refuses ${args.join(" ") || "nothing"} in one line`, () => {
    assert.throws(() => read(program, args), (error) => {
      assert.ok(error instanceof UsageError);
      assert.ok(!error.message.includes("\n"));
      if (typeof message === "string") assert.equal(error.message, message);
      else assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("whole without a bound above says so", () => {
  const open: Program<{ n: ReturnType<typeof whole> }, Record<never, never>> = {
    name: "try",
    summary: untranslated("Tries."),
    options: { n: whole(untranslated("How many."), 5) },
  };
  assert.equal(read(open, ["--n", "4294967296"]).n, 4_294_967_296);
  assert.throws(() => read(open, ["--n=-1"]), { message: '--n: expected a whole number of 0 or more, got "-1"' });
  assert.throws(() => read(open, ["--n", "9007199254740993"]), UsageError);
});

for (
  const [args, message] of [
    [[], "не хватает ADDR: Где."],
    [["h", "x"], 'лишнее слово "x"'],
    [["h", "--prot", "1"], "Ключа --prot нет, может быть, --port?"],
    [["h", "--x"], "Ключа --x нет, есть --port, --key, --lock, --quick, --level"],
    [["h", "-p", "x"], '-p: нужно целое число не меньше 0, а не "x"'],
    [["h", "-p"], "-p: за ключом нужно N, а там ничего нет"],
    [["h", "--quick=1"], "У ключа --quick не бывает значения"],
    [["h", "--level", "hihg"], '--level: нужно одно из low, high, а не "hihg"; может быть, high?'],
    [["h", "--key", "k"], "вместе с --key нужен и --lock"],
    [["h", "--key", "k", "--key=l"], '--key: нужно одно значение, а их два: "k" и "l"'],
    [["h", "--lock", "l", "--quick"], "нужно что-то одно: --quick или --lock"],
  ] as [string[], string][]
) {
  Deno.test(`read refuses ${args.join(" ") || "nothing"} in Russian too`, () => {
    assert.throws(() => read(bilingual, args, "ru"), { name: "UsageError", message });
  });
}
