import assert from "node:assert/strict";
import { readOptions } from "../../client/options.ts";

const read = (line: string) => readOptions(line.split(" ").filter(Boolean), () => 0);

Deno.test("readOptions gives what was not said its default", () => {
  assert.deepEqual(read("chat.example"), {
    options: {
      address: "chat.example",
      port: 7777,
      only: undefined,
      name: "guest-aaaa",
      json: false,
      data: undefined,
      logLevel: "info",
    },
  });
});

Deno.test("readOptions reads every option, in any order", () => {
  assert.deepEqual(read("-w --json -n Ann ::1 --log-level debug 80 --data d"), {
    options: { address: "::1", port: 80, only: "write", name: "Ann", json: true, data: "d", logLevel: "debug" },
  });
});

Deno.test("readOptions says in one line what is wrong and what would be right", () => {
  for (
    const [line, text] of [
      ["", 'ADDR: Expected the server\'s address, as in "127.0.0.1".'],
      ["-r", 'ADDR: Expected the server\'s address, as in "127.0.0.1".'],
      ["h 99999", 'PORT: Expected a port number less than or equal to 65,535, but got "99999".'],
      ["h 0", 'PORT: Expected a port number greater than or equal to 1, but got "0".'],
      ["h x", 'PORT: Expected a valid port number, but got "x".'],
      ["h 1 2", 'Unexpected option or argument: "2".'],
      ["h -r -w", '"-r" and "-w" cannot be used together.'],
      ["h --jsn", 'Unexpected option or argument: "--jsn". Did you mean --json?'],
      ["h -n", "-n requires NAME."],
      ["h -n #x", '-n: expected a name of 1 to 25 characters that does not begin with #, got "#x".'],
      ["h --log-level loud", '--log-level: Expected one of "debug", "info", "warning", and "error", but got "loud".'],
    ] as const
  ) assert.deepEqual(read(line), { status: 2, text: `deno task client: ${text} Try --help` });
});

Deno.test("readOptions shows every option when asked for help", () => {
  const help = read("--help");
  assert.ok("text" in help);
  assert.equal(help.status, 0);
  for (const word of ["ADDR", "[PORT]", "-r", "-w", "-n NAME", "--json", "--data DIR", "--log-level LEVEL", "7777"]) {
    assert.ok(help.text.includes(word), word);
  }
});
