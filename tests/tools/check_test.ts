// The check of a data folder as an operator runs it.
import assert from "node:assert/strict";
import { damage, makeNewer, on, type Open, tamper } from "../server/journal/disk.ts";
import { sha256 } from "../chat/uploading.ts";
import { toAll } from "../server/journal/driver.ts";
import { task, tool } from "./task.ts";

/** Two runs with three messages, and a record; returns the first id of each run. */
async function fill(open: Open): Promise<[number, number]> {
  const driver = open();
  driver.journal.snapshot();
  const one = await driver.keep(...toAll("one", "two")), other = await driver.keep(...toAll("three"));
  await driver.keep({ kind: "motd", text: "hello" });
  driver.journal.maintain(1);
  await driver.journal.close();
  return [one, other];
}

const check = (path: string, ...args: string[]) => {
  const folder = path.replace(/\/[^/]+$/, "");
  return tool("check", folder, "--data", folder, ...args);
};

on("check says that all is whole, also beside a server", async (open, path) => {
  await fill(open);
  const whole = { code: 0, out: `${path} is whole: messages 3, other records 1\n`, err: "" };
  assert.deepEqual(await check(path), whole);
  const driver = open();
  driver.journal.snapshot();
  assert.deepEqual(await check(path), whole);
  await driver.keep(...toAll("four"));
  assert.match((await check(path)).out, /whole: messages 4,/);
}, ["run"]);

on("check tells each fault with its id, and how much is whole", async (open, path) => {
  const [one, other] = await fill(open);
  damage(path, "runs", "lines", 0);
  makeNewer(path, other);
  damage(path, "records", "body", 0);
  const { code, out } = await check(path);
  assert.equal(code, 1);
  assert.deepEqual(out.split("\n"), [
    `the record ${other + 1} ("motd") is damaged`,
    `2 messages from ${one} to ${one + 1} are damaged`,
    "of a newer Hanita, which this one leaves out: 1",
    `${path} has faults: 2; whole: messages 0, other records 0`,
    "",
  ]);
  const russian = await check(path, "--lang", "ru");
  assert.equal(russian.code, 1);
  assert.match(russian.out, new RegExp(`^запись ${other + 1} \\("motd"\\) повреждена\n`));
  assert.match(russian.out, /: повреждений 2; цело: сообщений 0, других записей 0\n$/);
}, ["run"]);

on("check knows the files of messages: whole, damaged and missing ones", async (open, path) => {
  const driver = open(), folder = path.replace(/hanita\.db$/, "files"), bytes = new TextEncoder().encode("hello");
  const hash = sha256(bytes), other = "0".repeat(64), file = { name: "a", size: 5, type: "text/plain" };
  const withFile = (sha256: string) => ({
    conversation: "#all",
    message: "look",
    file: { ...file, sha256, key: sha256 },
  });
  const one = await driver.keep(withFile(hash));
  await driver.journal.close();
  Deno.mkdirSync(`${folder}/${hash.slice(0, 2)}`, { recursive: true });
  Deno.writeFileSync(`${folder}/${hash.slice(0, 2)}/${hash.slice(2)}`, bytes);
  assert.equal((await check(path)).out, `${path} is whole: messages 1, other records 0, files 1\n`);
  Deno.writeTextFileSync(`${folder}/${hash.slice(0, 2)}/${hash.slice(2)}`, "hullo");
  const again = open();
  again.journal.snapshot();
  const two = await again.keep(withFile(other));
  const { code, out } = await check(path);
  assert.equal(code, 1);
  assert.deepEqual(out.split("\n"), [
    `the file ${hash} of the message ${one} is damaged`,
    `the file ${other} of the message ${two} is not there`,
    `${path} has faults: 2; whole: messages 2, other records 0`,
    "",
  ]);
}, ["run"]);

on("check tells that the end of what was kept is missing", async (open, path) => {
  await fill(open);
  tamper(path, (db) => db.exec("DELETE FROM records; UPDATE marks SET value = 1 WHERE name = 'last'"));
  const { code, out } = await check(path);
  assert.equal(code, 1);
  assert.match(
    out,
    /^the end is missing: the last id is \d+, but \d+ was there, so .*hanita\.db-wal was removed or cut off/,
  );
}, ["run"]);

on("check ends with status 2 where there is nothing to check, and makes nothing", async (_, path) => {
  const folder = path.replace(/\/data\/.*/, "");
  assert.deepEqual(await tool("check", folder, "--data", `${folder}/typo`), {
    code: 2,
    out: "",
    err: `hanita-check: Cannot open "${folder}/typo/hanita.db": there is no such file, ` +
      "expected the data folder of a server\n",
  });
  assert.deepEqual([...Deno.readDirSync(folder)], []);
  const flag = `--allow-read=${folder}`;
  assert.deepEqual(await task("check", "--data", folder), {
    code: 2,
    out: "",
    err: `hanita-check: Cannot use "${folder}": not permitted to deno task check, so add ${flag}: ` +
      `deno run -P=check ${flag} tools/check.ts, with the same options\n`,
  });
  assert.equal((await task("check", "--date", folder)).code, 2);
}, ["run"]);
