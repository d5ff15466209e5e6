import assert from "node:assert/strict";
import { JournalRefused } from "../../../server/journal/contract.ts";
import { verify } from "../../../server/journal/verify.ts";
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
  assert.match(
    faults.join("\n"),
    /^The record \d+ \("motd"\) is damaged\nThe run of 2 messages from \d+ to \d+ is damaged$/,
  );
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
});

on("verify tells that the file is torn, and that its end is missing", async (open, path) => {
  await fill(open);
  const copy = Deno.readFileSync(path);
  const driver = open();
  await driver.keep(...toAll("x".repeat(200_000)));
  driver.journal.maintain(1);
  await driver.journal.close();
  Deno.writeFileSync(path, copy);
  assert.match(verify(path).faults.join("\n"), /ends with the id \d+, but \d+ was there/);
  const file = Deno.openSync(path, { write: true });
  file.seekSync(copy.length / 2, Deno.SeekMode.Start);
  file.writeSync(new Uint8Array(copy.length / 2).fill(255));
  file.close();
  assert.ok(verify(path).faults.length > 1);
});

on("verify refuses in one line what is no journal", (_, path) => {
  Deno.mkdirSync(path.replace(/\/[^/]+$/, ""));
  for (const make of [() => {}, () => Deno.writeTextFileSync(path, "dear diary\n".repeat(1000))]) {
    make();
    assert.throws(() => verify(path), (error: Error) => {
      assert.ok(error instanceof JournalRefused);
      assert.match(error.message, /^Cannot check ".+": [^\n]+$/);
      return true;
    });
  }
});
