// The program from its command line: what it says when it is ready, and in one line why it is not.

import assert from "node:assert/strict";
import { VERSION } from "../../cli/version.ts";
import { makeFolder } from "../log/folder.ts";
import { may } from "../may.ts";
import { connect } from "./peer.ts";
import { cannotRun, run, runWithRoomFor, startProgram } from "./program.ts";

const mistakes: [args: string[], code: number, line: RegExp][] = [
  [["-p", "99999"], 2, /^-p: expected a whole number from 0 to 65535, got "99999" \(--help says more\)$/],
  [["-p", "http"], 2, /^-p: expected a whole number from 0 to 65535, got "http"/],
  [["--select", "poll"], 2, /^--select: expected one of ready, race, got "poll"/],
  [["--data", "a", "--data", "b"], 2, /^--data: expected one value, got "a" and "b" \(--help says more\)$/],
  [["--log-level", "loud"], 2, /^--log-level: expected one of .*got "loud"/],
  [["--outbox", "1"], 2, /^--outbox: expected a whole number of 4096 or more, got "1"/],
  [["--prot", "7777"], 2, /^Unknown option '--prot', did you mean --port\? \(--help says more\)$/],
  [["--rate", "-5"], 2, /^--rate: expected a whole number of 0 or more, got "-5" \(--help says more\)$/],
  [["--web-port", "8081"], 2, /^expected --web with --web-port, got only the latter/],
  [["--web-origin", "https://a.example"], 2, /^expected --web with --web-origin, got only the latter/],
  [["-p", "7804", "--web", "--web-port", "7804"], 2, /^expected two ports, -p and --web-port, got 7804 for both \(/],
  [["-p", "8080", "--web"], 2, /^expected two ports, -p and --web-port, got 8080 for both \(/],
  [["--memory", "--keep-days", "3"], 2, /^expected --memory or --keep-days, got both/],
  [["--data", "/nowhere"], 1, /^Cannot use "\/nowhere": not permitted to deno task server, so add --allow-read=\/now/],
  [
    ["-a", "2001:db8::1", "-p", "7804"],
    1,
    /^Cannot listen on \[2001:db8::1\]: not permitted, add --allow-net=\[2001:db8::1\]:7804 after -P=server$/,
  ],
  [
    ["--tls-cert", "/no/a", "--tls-key", "/no/a"],
    1,
    /: not permitted, add --allow-read=.\/data,\/no\/a after -P=server$/,
  ],
  [["--completion", "sh"], 2, /^--completion: expected one of bash, zsh, fish, got "sh"; did you mean \S+\? \(--help/],
  [["--completion"], 2, /^--completion: expected SHELL behind it, got nothing \(--help says more\)$/],
  [["--hepl"], 2, /^Unknown option '--hepl', did you mean --help\? \(--help says more\)$/],
  [["7777"], 2, /^expected no more arguments, got "7777"/],
  [
    ["-a", "nowhere.invalid", "-p", "0"],
    1,
    /^Cannot listen on nowhere.invalid: not permitted, add --allow-net=nowhere/,
  ],
];

for (const [args, status, line] of mistakes) {
  Deno.test(`server ${args.join(" ")} ends with status ${status} and one line`, { ignore: cannotRun }, async () => {
    using folder = makeFolder();
    const { code, out, err } = await run(folder.path, ...args);
    assert.deepEqual([code, out], [status, ""]);
    const [only, ...rest] = err.split("\n");
    assert.deepEqual(rest, [""]);
    assert.match(only!, /^hanita-server: /);
    assert.match(only!.slice("hanita-server: ".length), line);
  });
}

Deno.test("server --help says what there is, with status 0", { ignore: cannotRun }, async () => {
  using folder = makeFolder();
  const { code, out, err } = await run(folder.path, "--help");
  assert.deepEqual([code, err], [0, ""]);
  for (const option of ["-a, --address", "-p, --port", "--data", "--select", "--log-level", "--bare-gap", "--strict"]) {
    assert.ok(out.includes(option), option);
  }
});

Deno.test("server --version says which it is, with status 0", { ignore: cannotRun }, async () => {
  using folder = makeFolder();
  assert.deepEqual(await run(folder.path, "--version"), { code: 0, out: `hanita-server ${VERSION}\n`, err: "" });
});

Deno.test("server --completion prints the script of a shell, with status 0", { ignore: cannotRun }, async () => {
  using folder = makeFolder();
  for (
    const [args, line] of [[["bash"], "complete "], [["zsh"], "compdef "], [["fish", "--lang", "ru"], "complete "]]
  ) {
    const { code, out, err } = await run(folder.path, "--completion", ...args as string[]);
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, new RegExp(`^# Completion of options by ${args![0]}, [^]*\\n${line}`));
  }
});

Deno.test(
  "server says that the port is taken, and by which option to take another",
  { ignore: cannotRun },
  async () => {
    await using server = await startProgram();
    using folder = makeFolder();
    const { code, out, err } = await run(folder.path, "-p", String(server.port));
    assert.deepEqual([code, out], [1, ""]);
    assert.match(
      err,
      /^hanita-server: Cannot listen on \S+ port \d+: another program does \(-p chooses another port\)\n$/,
    );
  },
);

Deno.test("server says that its data folder cannot be written", { ignore: cannotRun }, async () => {
  using folder = makeFolder();
  Deno.writeTextFileSync(`${folder.path}/log`, "a file where the folder should be");
  const { code, out, err } = await run(folder.path, "-p", "0");
  assert.deepEqual([code, out], [1, ""]);
  assert.match(err, /^hanita-server: Cannot open the log in "[^"\n]+\/log": [^\n]+\n$/);
});

Deno.test(
  "server does not start on a full disk, and says in one line that it is full",
  { ignore: cannotRun },
  async () => {
    for (
      const [language, why] of [["en", "as on a disk that is full or broken"], ["ru", "как бывает, когда диск полон"]]
    ) {
      using folder = makeFolder();
      const { code, out, err } = await runWithRoomFor(0, folder.path, "--lang", language!, "-p", "0");
      assert.deepEqual([code, out], [1, ""]);
      assert.match(err, new RegExp(`^hanita-server: [^\\n]+ "[^"\\n]+hanita\\.db": [^\\n]*${why}[^\\n]*\\n$`));
    }
  },
);

Deno.test("server says which permission a data folder outside its set needs", { ignore: cannotRun }, async () => {
  using mine = makeFolder();
  using other = makeFolder();
  const { code, out, err } = await run(mine.path, "-p", "0", "--data", other.path);
  assert.deepEqual([code, out], [1, ""]);
  assert.match(err, /^hanita-server: Cannot use [^\n]+ --allow-write=\S+ server\.ts[^\n]*\n$/);
});

Deno.test("server without its set of permissions says how it is started", { ignore: cannotRun }, async () => {
  using folder = makeFolder();
  for (const [data, command] of [["./data", ""], [folder.path, String.raw` --allow-read=\S+ --allow-write=\S+`]]) {
    const { code, stderr } = await new Deno.Command("deno", {
      args: ["run", "-q", "--no-prompt", "server.ts", "--lang", "en", "--data", data!],
      cwd: new URL("../../", import.meta.url),
      stdin: "null",
    }).output();
    assert.equal(code, 1);
    const expected =
      `not permitted, expected deno task server, or deno run -P=server${command} server\\.ts, with the same options\n$`;
    assert.match(new TextDecoder().decode(stderr), new RegExp(`^hanita-server: Cannot use "[^"]+": ${expected}`));
  }
});

Deno.test("server prints one line when it listens, and people of both families join one chat", {
  ignore: cannotRun || !hasIPv6(),
}, async () => {
  await using server = await startProgram();
  assert.equal(server.ready, `listening on [::]:${server.port}`);
  using ann = await connect(server.port), bob = await connect(server.port, {}, "::1");
  await ann.enter("ann");
  await bob.enter("bob");
  await ann.sayOk({ action: "msg", time: 1, message: "hello" });
  await bob.expect({ from: "ann" });
  assert.match(server.log(), new RegExp(` onAccepted 127\\.0\\.0\\.1:${ann.port} connected`));
  assert.match(server.log(), new RegExp(` onAccepted \\[::1\\]:${bob.port} connected`));
  assert.ok(!server.log().includes("::ffff:"));
});

Deno.test("server listens where it is told to, and waits as it is told to", { ignore: cannotRun }, async () => {
  await using server = await startProgram("-a", "127.0.0.1", "--select", "race", "--log-level", "debug");
  assert.equal(server.ready, `listening on 127.0.0.1:${server.port}`);
  using ann = await connect(server.port), bob = await connect(server.port);
  await ann.enter("ann");
  await bob.enter("bob");
  await ann.sayOk({ action: "msg", time: 1, message: "hello" });
  await bob.expect({ from: "ann" });
  assert.match(server.log(), / debug server\/net\/input perform /);
});

Deno.test("server --strict takes the handout's own sizes", { ignore: cannotRun }, async () => {
  await using server = await startProgram("--strict");
  using ann = await connect(server.port);
  await ann.enter("ann");
  await ann.say({ action: "msg", time: 1, message: "x".repeat(501) });
  await ann.expect({ response: 400, error: "message: expected at most 500 characters, got 501" });
});

Deno.test("server --bare-gap sets the gap between two objects to a bare program", { ignore: cannotRun }, async () => {
  const GAP = 300;
  await using server = await startProgram("--bare-gap", String(GAP));
  using bare = await connect(server.port, { lineEnd: "" });
  await bare.say({ action: "probe", time: 1 });
  await bare.expect({ response: 401 });
  const began = performance.now(); // the first of the two was written before
  await bare.say({ action: "probe", time: 1 }, { action: "probe", time: 1 });
  await bare.hearAll(2);
  assert.ok(performance.now() - began >= GAP - 1, "the third comes at the earliest one gap after the second");
});

function hasIPv6(): boolean {
  if (!may("net")) return false;
  try {
    Deno.listen({ hostname: "::1", port: 0 }).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable || error instanceof Deno.errors.AddrNotAvailable) return false;
    throw error;
  }
}
