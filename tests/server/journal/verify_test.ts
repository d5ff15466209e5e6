import assert from "node:assert/strict";
import { JournalRefused } from "../../../server/journal/contract.ts";
import { type Fault, verify } from "../../../server/journal/verify.ts";
import { migrate as migrateStore } from "../../../server/journal/store_schema.ts";
import { damage, makeNewer, on, type Open, tamper } from "./disk.ts";
import { toAll } from "./driver.ts";

/** Three runs with five messages, and two records; closed, so that all is in one file. */
async function fill(open: Open): Promise<void> {
  const driver = open();
  driver.journal.snapshot();
  await driver.keep(...toAll("one", "two"));
  await driver.keep({ kind: "room", name: "#cats" }, ...toAll("three"), { kind: "motd", text: "hello" });
  await driver.keep(...toAll("four", "five"));
  driver.journal.maintain(1);
  await driver.journal.close();
}

on("verify counts what is whole, beside a server too", async (open, path) => {
  await fill(open);
  const whole = { messages: 5, records: 2, unknown: 0, faults: [] };
  const { messages, records, unknown, faults } = verify(path);
  assert.deepEqual({ messages, records, unknown, faults }, whole);
  const driver = open();
  await driver.keep(...toAll("six"));
  assert.equal(verify(path).messages, 6);
});

on("verify names each record and run that is damaged, and goes on behind them", async (open, path) => {
  await fill(open);
  damage(path, "runs", "lines", 0);
  damage(path, "records", "body", 1);
  const { messages, records, faults } = verify(path);
  assert.deepEqual([messages, records], [3, 1]);
  const [record, run, ...rest] = faults;
  assert.deepEqual(record, { kind: "record", id: (record as { id: number }).id, recordKind: "motd" });
  const { first } = run as { first: number };
  assert.deepEqual(run, { kind: "run", first, last: first + 1, count: 2 });
  assert.deepEqual(rest, []);
});

on("verify counts what only a newer Hanita knows, and does not take it for damage", async (open, path) => {
  await fill(open);
  let last = 0;
  tamper(path, (db) => last = db.prepare("SELECT max(first) AS last FROM runs").get()!.last as number);
  makeNewer(path, last);
  const { messages, unknown, faults } = verify(path);
  assert.deepEqual({ messages, unknown, faults }, { messages: 3, unknown: 1, faults: [] });
});

on("verify checks each message of a run from before there were checksums", async (open, path) => {
  await fill(open);
  tamper(path, (db) => db.exec("UPDATE runs SET version = 0"));
  assert.deepEqual(verify(path).faults, []);
  tamper(path, (db) => {
    const { first, lines } = db.prepare("SELECT first, lines FROM runs ORDER BY first LIMIT 1").get()!;
    const second = (lines as Uint8Array).indexOf(10) + 1;
    (lines as Uint8Array)[second] = 0;
    db.prepare("UPDATE runs SET lines = ? WHERE first = ?").run(lines as Uint8Array, first as number);
  });
  const { messages, faults } = verify(path);
  const after = (faults[0] as { after: number }).after;
  assert.deepEqual([messages, faults], [4, [{ kind: "message", after }]]);
  tamper(path, (db) => db.exec("UPDATE runs SET count = 9 WHERE first = (SELECT max(first) FROM runs)"));
  const [, run] = verify(path).faults;
  assert.ok(run?.kind === "run" && run.count === 9);
});

on("verify finds that the end is missing, and that the file is torn, and goes on where it can", async (open, path) => {
  await fill(open);
  const copy = Deno.readFileSync(path);
  const driver = open();
  await driver.keep(...toAll("x".repeat(200_000)));
  driver.journal.maintain(1);
  await driver.journal.close();
  Deno.writeFileSync(path, copy);
  const [end, ...rest] = verify(path).faults as [Extract<Fault, { kind: "end" }>];
  assert.ok(end.kind === "end" && end.last < end.noted);
  assert.deepEqual(rest, []);
  const file = Deno.openSync(path, { write: true });
  file.seekSync(copy.length / 2, Deno.SeekMode.Start);
  file.writeSync(new Uint8Array(copy.length / 2).fill(255));
  file.close();
  assert.ok(verify(path).faults.some(({ kind }) => kind === "file"));
});

on("verify finds that the log of a killed server is gone, or was cut off", async (open, path) => {
  let wall = Date.now();
  const driver = open({ wall: () => wall += 50 });
  driver.journal.snapshot();
  await driver.keep(...toAll("one"));
  const { size } = Deno.statSync(`${path}-wal`);
  await driver.keep(...toAll("two")); // and no maintenance, which puts the log into the database
  const files = ["", "-wal", "-lock"].map((ending) => [ending, Deno.readFileSync(`${path}${ending}`)] as const);
  const killed = `${path.replace(/[^/]+$/, "")}killed.db`;
  const copy = (change: (ending: string, bytes: Uint8Array) => Uint8Array | undefined) => {
    for (const ending of ["", "-wal", "-shm", "-lock"]) rm(`${killed}${ending}`);
    for (const [ending, bytes] of files) {
      const changed = change(ending, bytes);
      if (changed !== undefined) Deno.writeFileSync(`${killed}${ending}`, changed);
    }
    return verify(killed);
  };
  const whole = copy((_, bytes) => bytes);
  assert.deepEqual([whole.messages, whole.faults], [2, []]);
  const cut = copy((ending, bytes) => ending === "-wal" ? bytes.subarray(0, size + 100) : bytes);
  assert.deepEqual([cut.messages, cut.faults.map(({ kind }) => kind)], [1, ["end"]]);
  const gone = copy((ending, bytes) => ending === "-wal" ? undefined : bytes);
  assert.deepEqual([gone.messages, gone.faults.map(({ kind }) => kind)], [0, ["end"]]);
  await driver.journal.close();
});

on("verify refuses in one line what is no journal of this version, and makes nothing", (_, path) => {
  const folder = path.replace(/\/[^/]+$/, "");
  const refuses = (says: RegExp) =>
    assert.throws(() => verify(path), (error: Error) => {
      assert.ok(error instanceof JournalRefused, `${error}`);
      assert.match(error.message, says);
      return true;
    });
  refuses(/: there is no such file, expected the data folder of a server$/);
  assert.throws(() => Deno.statSync(folder), Deno.errors.NotFound);
  Deno.mkdirSync(folder);
  refuses(/: there is no such file, expected the data folder of a server$/);
  assert.deepEqual([...Deno.readDirSync(folder)], []);
  tamper(path, (db) => db.exec("CREATE TABLE cookies (name)"));
  refuses(/: it is a database of another program$/);
  tamper(path, (db) => {
    db.exec("DROP TABLE cookies");
    migrateStore(db, path);
  });
  refuses(/: it was written by an older Hanita \(schema 7, this one has \d+\); start the server on it once, /);
  tamper(path, (db) => db.exec("PRAGMA user_version = 199"));
  refuses(/: it was written by a newer Hanita \(schema 199, /);
});

on("verify takes a file without the header of a database for a damaged one", (_, path) => {
  Deno.mkdirSync(path.replace(/\/[^/]+$/, ""));
  Deno.writeTextFileSync(path, "dear diary\n".repeat(1000));
  assert.deepEqual(verify(path).faults, [{ kind: "file", detail: "file is not a database" }]);
});

function rm(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
