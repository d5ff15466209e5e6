// The account tool as an operator runs it: the account that a name means, and a password through a pipe of any shell.

import assert from "node:assert/strict";
import { VERSION } from "../../cli/version.ts";
import { checkPassword } from "../../server/auth/passwords.ts";
import type { Account } from "../../server/chat/state.ts";
import type { StateProposal } from "../../server/journal/records.ts";
import { openJournal } from "../../server/journal/sqlite.ts";
import { Accounts } from "../../tools/account/accounts.ts";
import { makeFolder } from "../log/folder.ts";
import { may } from "../may.ts";
import { measuredOnce } from "../unmeasured.ts";

const ignore = !may("read", "write", "run");
const ROOT = new URL("../../", import.meta.url);
const utf8 = new TextEncoder(), PASSWORD = "верная лошадь";

async function account(data: string, args: string[], input: Uint8Array): Promise<{ code: number; said: string }> {
  const flags = [`--allow-read=${data}`, `--allow-write=${data}`];
  const child = new Deno.Command("deno", {
    args: ["run", "-q", "--no-prompt", ...flags, "tools/account.ts", ...args, "--data", data],
    cwd: ROOT,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    ...measuredOnce(`account ${args[0]}`, [], { NO_COLOR: "1", LC_ALL: "C" }),
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(input);
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  return { code, said: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

/** Appends records to the journal of a folder, as a server does. */
async function fill(data: string, ...proposals: StateProposal[]): Promise<void> {
  const journal = openJournal({ path: `${data}/hanita.db` });
  new Accounts(journal).change(() => proposals);
  await journal.close();
}

/** The accounts that the journal of a folder has. */
async function accountsIn(data: string): Promise<Account[]> {
  const journal = openJournal({ path: `${data}/hanita.db` });
  const accounts = [...new Accounts(journal).state.accounts()];
  await journal.close();
  return accounts;
}

/** An account with a password that does not matter. */
const plain = (name: string): StateProposal => ({ kind: "account", name, password: "x", operator: false });

function utf16(text: string): Uint8Array {
  return new Uint8Array(Uint16Array.from([...text].map((letter) => letter.charCodeAt(0))).buffer);
}

Deno.test("account takes a password from a pipe in UTF-8 and UTF-16, and names another encoding", {
  ignore: !may("read", "write", "run"),
}, async () => {
  const data = await Deno.makeTempDir({ prefix: "hanita-account-" });
  try {
    const pipes: [name: string, input: Uint8Array][] = [
      ["plain", utf8.encode(`${PASSWORD}\n`)],
      ["marked", utf8.encode(`\ufeff${PASSWORD}\r\nanother line`)],
      ["wide", utf16(`\ufeff${PASSWORD}\r\n`)],
      ["unended", utf8.encode(PASSWORD)],
    ];
    for (const [name, input] of pipes) {
      assert.deepEqual(await account(data, ["add", name], input), { code: 0, said: `added ${name}\n` });
    }
    const cp1251 = Uint8Array.of(0xe2, 0xe5, 0xf0, 0xed, 0xe0, 0xff, 0xff, 0xff, 0xff, 10);
    const { code, said } = await account(data, ["add", "other"], cp1251);
    assert.equal(code, 1);
    assert.match(said, /expected a password in UTF-8, got what looks like Windows-1251/);
    const long = await account(data, ["add", "other"], utf8.encode(`${"x".repeat(4001)}\n`));
    assert.match(long.said, /expected a password of at most 4000 characters, got 4001/);
    const accounts = await accountsIn(data);
    assert.deepEqual(accounts.map(({ name }) => name).sort(), pipes.map(([name]) => name).sort());
    for (const { name, password } of accounts) assert.equal(await checkPassword(PASSWORD, password), true, name);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});

Deno.test("account finds an account by any spelling, and says what looks like another", { ignore }, async () => {
  using folder = makeFolder();
  const { path } = folder, piped = utf8.encode(`${PASSWORD}\n`);
  assert.deepEqual(await account(path, ["add", "Ann", "--operator"], piped), { code: 0, said: "added Ann\n" });
  const again = await account(path, ["add", "ANN"], piped);
  assert.equal(again.code, 1);
  assert.match(again.said, /Ann has an account already/);
  const like = await account(path, ["add", "\u0410nn"], piped);
  assert.deepEqual(like, { code: 0, said: "added Аnn\nWarning: Аnn looks like the account Ann\n" });
  assert.equal((await account(path, ["add", "bob (operator)"], piped)).code, 0);
  const list = await account(path, ["list"], piped);
  assert.equal(list.said, "operator  Ann\naccount   bob (operator)\naccount   Аnn\n");
  assert.equal((await account(path, ["passwd", "ann"], piped)).said, "Ann has a new password\n");
  const operators = (await accountsIn(path)).map(({ name, operator }) => [name, operator]);
  assert.deepEqual(operators, [["Ann", true], ["Аnn", false], ["bob (operator)", false]]);
  assert.equal((await account(path, ["remove", "aNN", "--force"], piped)).said, "removed Ann\n");
  assert.match((await account(path, ["remove", "aNN"], piped)).said, /aNN has no account/);
});

Deno.test(
  "account gives an account another name, also one that nobody can log in by any more",
  { ignore },
  async () => {
    await using folder = await makeFolder();
    const { path } = folder, none = new Uint8Array();
    await fill(path, plain("an\u200bn"), plain("bob"));
    const rename = (...args: string[]) => account(path, ["rename", ...args], none);
    assert.match((await rename("ann")).said, /expected a new name of 1 to 25 characters after the old one/);
    assert.match((await rename("ann", "#ann")).said, /expected a new name of 1 to 25 characters after the old one/);
    assert.match((await rename("ann", "x".repeat(30))).said, /, got "x{30}", which has 30/);
    assert.match((await rename("ann", "Bob")).said, /another account has that name/);
    assert.match((await account(path, ["remove", "ann", "bob"], none)).said, /expected one name, got "bob"/);
    assert.match((await rename("ann", "Anna")).said, /is Anna now$/m);
    assert.equal((await account(path, ["list"], none)).said, "account   Anna\naccount   bob\n");
  },
);

Deno.test("account makes operators and takes that back, but not from the last one", { ignore }, async () => {
  await using folder = await makeFolder();
  const { path } = folder, none = new Uint8Array(), piped = utf8.encode(`${PASSWORD}\n`);
  assert.equal((await account(path, ["add", "op", "--operator"], piped)).code, 0);
  assert.equal((await account(path, ["add", "Ann"], piped)).code, 0);
  assert.deepEqual(await account(path, ["demote", "OP"], none), {
    code: 1,
    said: "hanita-account: op is the last operator, so promote another account first, or add --force\n",
  });
  assert.match((await account(path, ["remove", "op"], none)).said, /op is the last operator, so promote another/);
  assert.deepEqual(await account(path, ["promote", "ann"], none), { code: 0, said: "Ann is an operator\n" });
  assert.match((await account(path, ["promote", "ann"], none)).said, /Ann is an operator already/);
  assert.deepEqual(await account(path, ["demote", "op"], none), { code: 0, said: "op is no operator any more\n" });
  assert.match((await account(path, ["demote", "op"], none)).said, /op is no operator$/m);
  assert.match((await account(path, ["promote", "bob"], none)).said, /bob has no account/);
  assert.equal((await account(path, ["list"], none)).said, "operator  Ann\naccount   op\n");
  assert.match((await account(path, ["promote", "op", "--force"], none)).said, /--force with demote or remove only/);
  assert.deepEqual(await account(path, ["remove", "Ann", "--force"], none), { code: 0, said: "removed Ann\n" });
  for (const { password } of await accountsIn(path)) assert.equal(await checkPassword(PASSWORD, password), true);
});

Deno.test("account shows the session tokens of an account, and ends them", { ignore }, async () => {
  using folder = makeFolder();
  const { path } = folder, none = new Uint8Array();
  await fill(path, plain("Ann"), plain("bob"));
  const [ann, bob] = (await accountsIn(path)).map(({ id }) => id);
  const session = (account: number, hash: string, since: number, used: number): StateProposal => ({
    kind: "session",
    account,
    hash,
    is: true,
    since,
    used,
  });
  await fill(
    path,
    session(ann!, "one", 1_764_000_000, 1_764_000_000),
    session(ann!, "two", 1_764_000_000, 1_764_000_000),
    session(ann!, "two", 1_764_000_000, 1_764_086_400),
    session(bob!, "three", 0, 0),
  );
  assert.deepEqual(await account(path, ["sessions", "ANN"], none), {
    code: 0,
    said: "logged in 2025-11-24T16:00:00.000Z  last used 2025-11-25T16:00:00.000Z\n" +
      "logged in 2025-11-24T16:00:00.000Z  last used 2025-11-24T16:00:00.000Z\n",
  });
  assert.deepEqual(await account(path, ["logout", "ann"], none), {
    code: 0,
    said: "Ann is logged out; ended session tokens: 2\n",
  });
  assert.equal((await account(path, ["sessions", "ann"], none)).said, "Ann has no session tokens\n");
  assert.match((await account(path, ["logout", "eve"], none)).said, /eve has no account/);
  const left = (await accountsIn(path)).flatMap(({ tokens: sessions }) => [...sessions.keys()]);
  assert.deepEqual(left, ["three"]);
});

Deno.test("account makes no folder for what it only looks for", { ignore }, async () => {
  const data = await Deno.makeTempDir({ prefix: "hanita-account-" }), missing = `${data}/typo`;
  try {
    for (const args of [["list"], ["passwd", "ann"], ["remove", "ann"]]) {
      assert.deepEqual(await account(missing, args, new Uint8Array()), {
        code: 1,
        said: `hanita-account: Cannot open "${missing}/hanita.db": there is no such file, ` +
          "expected the data folder of a server\n",
      });
    }
    assert.deepEqual([...Deno.readDirSync(data)], []);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});

Deno.test("account refuses what means nothing to a command, and names the flags that a folder needs", {
  ignore,
}, async () => {
  const run = async (...args: string[]) => {
    const { code, stderr, stdout } = await new Deno.Command("deno", {
      args: ["run", "-q", "--no-prompt", "-P=account", "tools/account.ts", ...args],
      cwd: ROOT,
      env: { NO_COLOR: "1", LC_ALL: "C" },
    }).output();
    return [code, new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr)];
  };
  assert.deepEqual(await run("list", "ann"), [2, 'hanita-account: expected no name after list, got "ann"\n']);
  for (const [word, meant] of [["lsit", "list"], ["delete", "remove"], ["password", "passwd"]]) {
    const [code, said] = await run(word!, "ann");
    assert.equal(code, 2);
    assert.match(
      String(said),
      new RegExp(`^hanita-account: COMMAND: expected one of add, .*; did you mean ${meant}\\? `),
    );
  }
  assert.deepEqual(await run("list", "--operator"), [
    2,
    "hanita-account: expected --operator with add or passwd only, got it with list\n",
  ]);
  assert.deepEqual(await run("--version"), [0, `hanita-account ${VERSION}\n`]);
  const flags = "--allow-read=/nowhere --allow-write=/nowhere";
  assert.deepEqual(await run("list", "--data", "/nowhere"), [
    1,
    `hanita-account: Cannot use "/nowhere": not permitted to deno task account, so add ${flags}: ` +
    `deno run -P=account ${flags} tools/account.ts, with the same options\n`,
  ]);
});

/** On a terminal of its own: each answer is typed at the next prompt. */
const ON_TERMINAL = `
import os, pty, sys
answers, said = sys.argv[2].split(","), b""
child, terminal = pty.fork()
if child == 0: os.execvp("deno", ["deno"] + sys.argv[3:])
while True:
    try: more = os.read(terminal, 1024)
    except OSError: break
    if more == b"": break
    said += more
    if said.endswith(b": ") and answers: os.write(terminal, answers.pop(0).encode() + b"\\n")
sys.stdout.write(said.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
`;

Deno.test("account asks again on a terminal for a password that may be none, and says what one is like", {
  ignore: ignore || Deno.build.os === "windows",
}, async () => {
  using folder = makeFolder();
  const flags = [`--allow-read=${folder.path}`, `--allow-write=${folder.path}`];
  const { code, stdout } = await new Deno.Command("python3", {
    args: [
      ...["-c", ON_TERMINAL, "-", ["short", PASSWORD, "something else", PASSWORD, PASSWORD].join()],
      ...["run", "-q", "--no-prompt", "-P=account", ...flags, "tools/account.ts", "add", "ann", "--data", folder.path],
    ],
    cwd: ROOT,
    env: { NO_COLOR: "1", LC_ALL: "C" },
  }).output();
  assert.deepEqual([code, new TextDecoder().decode(stdout).split("\r\n")], [0, [
    "Password (at least 8 characters): ",
    "expected a password of at least 8 characters: type another one, or Ctrl-C to give up",
    "Password (at least 8 characters): ",
    "Once more: ",
    "the two passwords differ: type another one, or Ctrl-C to give up",
    "Password (at least 8 characters): ",
    "Once more: ",
    "added ann",
    "",
  ]]);
});

Deno.test("account speaks Russian with --lang ru", { ignore }, async () => {
  using folder = makeFolder();
  const { path } = folder, piped = utf8.encode(`${PASSWORD}\n`);
  const say = async (...args: string[]) => (await account(path, [...args, "--lang", "ru"], piped)).said;
  assert.equal(await say("add", "Анна", "--operator"), "учётная запись Анна создана\n");
  assert.equal(await say("add", "анна"), "hanita-account: у Анна уже есть учётная запись\n");
  assert.match(await say("demote", "Анна"), /^hanita-account: Анна — последний оператор: /);
  assert.equal(await say("list"), "оператор        Анна\n");
  assert.match(await say("lsit"), /COMMAND: нужно одно из add, .*, а не "lsit"; может быть, list\? /);
});
