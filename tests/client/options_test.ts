import assert from "node:assert/strict";
import { help, read, systemLanguage, UsageError } from "../../cli/mod.ts";
import { optionsOf, peer, program } from "../../client/options.ts";

const options = (line: string) => optionsOf(read(program, line.split(" ").filter(Boolean)), () => 0);

Deno.test("optionsOf gives what was not said its default", () => {
  assert.deepEqual(options("chat.example"), {
    address: "chat.example",
    port: 7777,
    others: [],
    only: undefined,
    name: "guest-aaaa",
    json: false,
    send: undefined,
    tls: false,
    ca: undefined,
    data: undefined,
    logLevel: "info",
    lang: systemLanguage(),
  });
});

Deno.test("optionsOf takes every option, in any order", () => {
  const ann = {
    address: "::1",
    port: 80,
    others: [],
    only: "write",
    name: "Ann",
    json: true,
    send: undefined,
    data: "d",
    logLevel: "debug",
    tls: true,
    ca: "c",
    lang: "ru",
  };
  assert.deepEqual(options("-w --json -n Ann ::1 --log-level debug 80 --data d --tls --ca c --lang ru"), ann);
  assert.deepEqual(
    options("[::1] 80 --name=Ann --write --json --log-level=debug --data=d --ca=c --tls --lang=ru"),
    ann,
  );
  assert.equal(options("h -r").only, "read");
});

Deno.test("optionsOf takes several servers, each with a port of its own or the common one", () => {
  const servers = ({ address, port, others }: ReturnType<typeof options>) => [{ address, port }, ...others];
  const one = { address: "one.example", port: 7777 }, local = { address: "::1", port: 7799 };
  assert.deepEqual(servers(options("[::1]:7799")), [local]);
  assert.deepEqual(servers(options("one.example,[::1]:7799,::1")), [one, local, { address: "::1", port: 7777 }]);
  assert.deepEqual(servers(options("[::1],one.example:7777 7799")), [local, one]);
});

Deno.test("The launchers' command line takes the port as a word of its own, which a mistake says", () => {
  const launcher = { name: "pair", summary: { en: "", ru: "" }, options: {}, positionals: peer };
  for (const [apart, together] of [["127.0.0.1 7799", "127.0.0.1:7799"], ["[::1] 7799", "[::1]:7799"]] as const) {
    assert.equal(read(launcher, apart.split(" ")).port, 7799);
    const message = `ADDR: write the port as a word of its own: ${apart}`;
    assert.throws(() => read(launcher, [together]), new UsageError(message));
  }
});

const SERVERS =
  "The server's name or address, as in 127.0.0.1; several of one chat with commas, as in ann.example,bob.example:7778.";

for (
  const [line, message] of [
    ["", `expected ADDR[,ADDR...]: ${SERVERS}`],
    ["-r", `expected ADDR[,ADDR...]: ${SERVERS}`],
    ["one:0", 'ADDR[,ADDR...]: expected a whole number from 1 to 65535, got "0"'],
    ["one,", "ADDR[,ADDR...]: expected a name or an address such as 127.0.0.1, got nothing between two commas"],
    [
      "http://localhost:8080/",
      'ADDR[,ADDR...]: expected a name or an address such as 127.0.0.1, got "http://localhost:8080/"; open a page in a browser',
    ],
    ["h 65536", 'PORT: expected a whole number from 1 to 65535, got "65536"'],
    ["h 0", 'PORT: expected a whole number from 1 to 65535, got "0"'],
    ["h x", 'PORT: expected a whole number from 1 to 65535, got "x"'],
    ["h 1 2", 'expected no more arguments, got "2"'],
    ["h --ca c", "expected --tls with --ca, got only the latter"],
    ["h -r -w", "expected --read or --write, got both"],
    [
      "h --jsn",
      "Unknown option '--jsn', did you mean --json?",
    ],
    ["h -n", "-n: expected NAME behind it, got nothing"],
    ["h -n #x", '-n: expected a name of 1 to 25 characters that does not begin with #, got "#x"'],
    ["h --lang fr", '--lang: expected one of en, ru, got "fr"'],
    ["h --log-level loud", '--log-level: expected one of debug, info, warning, error, got "loud"'],
  ] as const
) {
  Deno.test(`The client's command line "${line}" is a mistake that is told in one line`, () => {
    assert.throws(() => options(line), new UsageError(message));
  });
}

Deno.test("The client's help shows every option, and which argument is needed", () => {
  const shown = help(program);
  assert.match(shown, /^Chats in a terminal.*\n\nUsage: deno task client ADDR\[,ADDR...\] \[PORT\] \[OPTION\.\.\.\]\n/);
  for (
    const word of ["-r, --read", "-w, --write", "-n, --name NAME", "--json", "--data DIR", "--log-level", "[7777]"]
  ) {
    assert.ok(shown.includes(word), word);
  }
  assert.ok(!shown.includes("[127.0.0.1]"));
});
