// The accounts of a class as a teacher makes them: beside a running server, from lists that are right and wrong.

import assert from "node:assert/strict";
import { authenticate } from "../chat/accounts.ts";
import { connect } from "../chat/peer.ts";
import { cannotRun, type Outcome, startUnmeasured } from "../chat/program.ts";
import { within } from "../chat/within.ts";
import { hasBroker, startBroker } from "../nats_server.ts";
import { measuredOnce } from "../unmeasured.ts";

const OWN = "battery staple", LINK = ["--link", "http://chat.example.org/"];

/** Runs the tool, with the permissions of its task and a folder. */
async function makeClass(folder: string, args: readonly string[], list = ""): Promise<Outcome> {
  const may = [`--allow-read=${folder}`, `--allow-write=${folder}`];
  const child = new Deno.Command("deno", {
    args: ["run", "-q", "--no-prompt", "-P=class", ...may, "tools/class.ts", ...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    ...measuredOnce("class", args, { LC_ALL: "C" }),
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(list)).catch(() => {}); // it may end before it reads
  await writer.close().catch(() => {});
  const { code, stdout, stderr } = await within("the end of class", child.output(), 60_000);
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

/** The passwords of a sheet in plain text, by their names. */
function passwordsIn(sheet: string): Map<string, string> {
  const cards = sheet.matchAll(/^Name: +(.+)\nPassword for the first login: +(\S+)$/gm);
  return new Map([...cards].map(([, name, password]) => [name!, password!]));
}

/** Adds an account to the data of a running server. */
async function addTeacher(at: readonly string[], folder: string): Promise<void> {
  const { code } = await makeClass(folder, ["-", "--sheet", "-", "--text", ...LINK, ...at], "teacher");
  assert.equal(code, 0);
}

Deno.test("a class comes in by its cards, with passwords of its own, and is in the rooms of its groups", {
  ignore: cannotRun,
}, async () => {
  await using server = await startUnmeasured("-a", "127.0.0.1");
  const { folder, port } = server, at = ["--data", folder], list = `${folder}/7b.csv`, sheet = `${folder}/7b.txt`;
  await addTeacher(at, folder);
  Deno.writeTextFileSync(list, "\ufeffname;group\r\nAnn;7b\r\nBoris;7B\r\nЮля;7c\r\n");
  const args = [list, "--owner", "Teacher", "--text", ...LINK, ...at];
  const { code, out, err } = await makeClass(folder, args);
  assert.deepEqual([code, err, out], [0, "", `created accounts: 3, rooms: 2; the cards are in "${sheet}"\n`]);
  if (Deno.build.os !== "windows") assert.equal(Deno.statSync(sheet).mode! & 0o777, 0o600);
  const text = Deno.readTextFileSync(sheet), passwords = passwordsIn(text);
  assert.deepEqual([...passwords.keys()], ["Ann", "Boris", "Юля"]);
  assert.match(text, /^Address: +http:\/\/chat\.example\.org\/$/m);

  using ann = await connect(port);
  await ann.say(authenticate("Ann", passwords.get("Ann")));
  assert.equal((await ann.hear()).new_password, true);
  await ann.sayOk({ ...authenticate("Ann", passwords.get("Ann")), new_password: OWN });
  const members = await ann.ask({ action: "members", time: 1, room: "#7b" });
  assert.deepEqual(members.map(({ user_id, rank }) => [user_id, rank]).sort(), [
    ["Ann", undefined],
    ["Boris", undefined],
    ["teacher", "owner"],
  ]);
  await ann.say({ action: "join", time: 1, room: "#7c", create: false });
  assert.equal((await ann.hear()).response, 404);

  // Somebody comes later. The sheet that is there stays.
  Deno.writeTextFileSync(list, "Dora,7b\n");
  const refused = await makeClass(folder, args);
  assert.deepEqual([refused.code, refused.out], [1, ""]);
  assert.match(
    refused.err,
    /^hanita-class: Cannot write ".*": it is there already; take another --sheet, or --force\n$/,
  );
  assert.equal(Deno.readTextFileSync(sheet), text);
  const later = await makeClass(folder, [...args, "--force"]);
  assert.deepEqual([later.code, later.err], [0, ""]);
  assert.deepEqual([...passwordsIn(Deno.readTextFileSync(sheet)).keys()], ["Dora"]);
  const all = await ann.ask({ action: "members", time: 1, room: "#7b" });
  assert.deepEqual(all.map(({ user_id }) => user_id).sort(), ["Ann", "Boris", "Dora", "teacher"]);
});

Deno.test("the cards show where the server has its page, and the tool says so where that is not known", {
  ignore: cannotRun,
}, async () => {
  await using server = await startUnmeasured("-a", "127.0.0.1", "--web", "--web-port", "0");
  const { folder } = server, args = ["-", "--sheet", "-", "--text", "--data", folder];
  const page = Deno.readTextFileSync(`${folder}/page`).trim();
  assert.match(page, /^http:\/\/127\.0\.0\.1:\d+\/$/);
  const known = await makeClass(folder, args, "Ann");
  assert.ok(known.err.startsWith(`The cards show ${page}, the server's page; --link URL gives another address\n`));
  assert.match(known.out, new RegExp(`^Address: +${RegExp.escape(page)}$`, "m"));
  for (const damage of ["javascript:alert(1)", `http://${"x".repeat(400)}/`]) {
    Deno.writeTextFileSync(`${folder}/page`, damage);
    const { code, err } = await makeClass(folder, args, `pupil ${damage.length}`);
    assert.equal(code, 0);
    assert.match(err, /^The cards show http:.*:8080\/: no server with a page has run here, so check that address/);
  }
});

Deno.test("a list with a wrong line creates nothing, unless its wrong lines are to be left out", {
  ignore: cannotRun,
}, async () => {
  await using server = await startUnmeasured("-a", "127.0.0.1");
  const { folder } = server, at = ["--data", folder], sheet = `${folder}/cards.html`;
  await addTeacher(at, folder);
  const run = (list: string, ...args: string[]) =>
    makeClass(folder, ["-", "--sheet", sheet, ...LINK, ...at, ...args], list);
  const bad = "Ann\nTeacher\nAnn\nt\u0435acher\nBoris\n";
  const { code, out, err } = await run(bad);
  assert.deepEqual([code, out, err.trimEnd().split("\n")], [1, "", [
    'line 2: "teacher" has an account already',
    'line 3: "Ann" is the same name as "Ann" in line 1',
    'line 4: "tеacher" looks like "Teacher" in line 2',
    "hanita-class: nothing was created, lines that are wrong: 3; mend them, or leave them out by --skip",
  ]]);
  assert.throws(() => Deno.statSync(sheet), Deno.errors.NotFound);
  const skipped = await run(bad, "--skip");
  assert.deepEqual([skipped.code, skipped.out], [0, `created accounts: 2, rooms: 0; the cards are in "${sheet}"\n`]);
  assert.match(skipped.err, /^lines that are left out: 3$/m);
  assert.match(Deno.readTextFileSync(sheet), /<bdi>Boris<\/bdi>/);
  const mistakes: [list: string, args: string[], code: number, error: RegExp][] = [
    ["", [], 1, /expected a list with a name a line, got an empty one/],
    ["Ann\n", ["--skip"], 1, /nothing was created: all lines are wrong/],
    ["Zoe\n", ["--owner", "nobody"], 1, /--owner: nobody has no account; make one by deno task account add/],
    [Array.from({ length: 1001 }, (_, i) => `pupil ${i}`).join("\n"), [], 1, /expected at most 1000 names, got 1001/],
  ];
  for (const [list, args, status, error] of mistakes) {
    const { code, out, err } = await run(list, ...args);
    assert.deepEqual([code, out], [status, ""], err);
    assert.match(err.trimEnd().split("\n").at(-1)!, error);
  }
  const missing = await makeClass(folder, [`${folder}/none.csv`, ...at]);
  assert.match(missing.err, /^hanita-class: Cannot read ".*none\.csv": No such file or directory\n$/);
  const link = await makeClass(folder, ["-", "--link", "chat", ...at], "Zoe");
  assert.deepEqual([link.code, link.out], [2, ""]);
  assert.match(link.err, /--link: expected an address such as http:\/\/192\.168\.1\.5:8080\/, got "chat"/);
  const full = await makeClass(folder, ["-", "--sheet", "/dev/full", "--force", ...LINK, ...at], "Zoe");
  assert.match(full.err, /^hanita-class: Not permitted to use "\/dev\/full"/); // and nothing is removed there
});

Deno.test("a class of a chat of several servers comes in on each of them", {
  ignore: cannotRun || !hasBroker,
}, async () => {
  await using broker = await startBroker();
  const at = ["--broker", broker.url, "--chat", "school"];
  await using one = await startUnmeasured("-a", "127.0.0.1", ...at);
  await using two = await startUnmeasured("-a", "127.0.0.1", ...at);
  await addTeacher(at, one.folder);
  const args = ["-", "--sheet", "-", "--text", "--owner", "teacher", ...LINK, ...at];
  const { code, out, err } = await makeClass(one.folder, args, "Ann,7b\nBoris,7b\n");
  assert.deepEqual([code, err], [0, "created accounts: 2, rooms: 1\n"]);
  const passwords = passwordsIn(out);
  using ann = await connect(one.port), boris = await connect(two.port);
  for (const [peer, name] of [[ann, "Ann"], [boris, "Boris"]] as const) {
    await peer.sayOk({ ...authenticate(name, passwords.get(name)), new_password: OWN });
  }
  await ann.sayOk({ action: "msg", time: 1, to: "#7b", message: "hello" });
  for (;;) if ((await boris.hear()).message === "hello") break;
});
