// What a journal does with a record or a message that is damaged on the disk, or was written by a newer Hanita: it is left out and
// counted, and the others are found.
import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import { JournalFailure } from "../../../server/journal/contract.ts";
import { encode } from "../../../server/journal/encoding.ts";
import { keyOf } from "../../../server/journal/record_kinds.ts";
import { damage, logged, makeNewer, on, tamper } from "./disk.ts";
import { type Kept, maintainAll, toAll } from "./driver.ts";

const utf8 = new TextEncoder();

/** A record's checksum, as a newer Hanita writes it too. */
const sumOf = (header: string, body: Uint8Array) => crc32(body, crc32(header));
const account = (name: string) => ({ kind: "account", name, password: "x", operator: false, seen: 0 }) as const;
const MOTD = { kind: "motd", text: "hello" } as const;

on(
  "a message that is damaged is left out and counted once with its id, and all others are found",
  async (open, path) => {
    let driver = open();
    for (const message of ["whole one", "broken", "whole two"]) await driver.keep(...toAll(message));
    const [, broken] = await driver.page();
    await driver.journal.close();
    damage(path, "runs", "lines", 1);
    driver = open();
    driver.journal.snapshot();
    const said = await logged(() => {
      maintainAll(driver.journal, 1000);
    });
    assert.match(said, new RegExp(`The record ${broken!.id} \\(message 1\\) is damaged, and is left out\n$`));
    assert.deepEqual(await driver.messages({ text: "whole" }), ["whole one", "whole two"]);
    assert.deepEqual(await driver.messages({ text: "broken" }), []);
    const ids = await driver.journal.page({ conversation: "#all", limit: 9 });
    const lines = await driver.journal.read("#all", ids);
    assert.deepEqual(lines.map((line) => line !== undefined), ids.map((id) => id !== broken!.id));
    assert.equal(driver.journal.skipped.damaged, 1);
  },
);

for (const column of ["last", "count", "time", "conversation", "sum"]) {
  on(`a message is left out when the ${column} of its run is damaged`, async (open, path) => {
    const driver = open(), { journal } = driver;
    const one = await driver.keep(...toAll("one"), { conversation: "#7", message: "in a room" });
    const two = await driver.keep(...toAll("two"));
    tamper(path, (db) => db.prepare(`UPDATE runs SET ${column} = ${column} + 1 WHERE first = ?`).run(two));
    for (const conversation of ["#all", "#7"]) assert.deepEqual(await journal.read(conversation, [two]), [undefined]);
    assert.deepEqual((await journal.read("#all", [one])).length, 1);
    assert.equal(journal.skipped.damaged, 1);
  });
}

on("a record that is damaged, or of a newer Hanita, is left out, and the others stand", async (open, path) => {
  let driver = open();
  for (const name of ["ann", "bob", "cat"]) await driver.keep(account(name));
  await driver.journal.close();
  damage(path, "records", "body", 1);
  tamper(path, (db) => {
    const put = db.prepare(
      "INSERT INTO records (id, key, time, kind, version, sum, body) VALUES (?, ?, 0, ?, ?, ?, ?)",
    );
    const record = { ...MOTD, id: 1 } as const, { body } = encode(record, 0);
    // Its sum is right: what a newer version has written is whole.
    put.run(1, keyOf(record), "motd", 2, sumOf("motd 2 1 0", body), body);
    put.run(2, "balloon", "balloon", 1, sumOf("balloon 1 2 0", body), body);
  });
  driver = open();
  const records = [
    ...driver.journal.snapshot(),
    ...(driver.journal.take() as Kept[]).flatMap(({ records }) => records),
  ];
  assert.deepEqual(records.map((record) => "name" in record && record.name), ["ann", "cat"]);
  const { damaged, unknown } = driver.journal.skipped;
  assert.deepEqual([damaged, unknown], [1, 2]);
  await driver.keep(MOTD);
});

on("a message of a newer Hanita is in no page, and ends no search", async (open, path) => {
  const driver = open();
  for (const message of ["old one", "new one", "old two"]) await driver.keep(...toAll(message));
  const [, newer] = await driver.page();
  makeNewer(path, newer!.id);
  maintainAll(driver.journal, 1000);
  assert.deepEqual(await driver.messages(), ["old one", "old two"]);
  assert.deepEqual(await driver.messages({ text: "one" }), ["old one"]);
  assert.deepEqual(await driver.journal.read("#all", [newer!.id]), [undefined]);
  assert.deepEqual([driver.journal.skipped.damaged, driver.journal.skipped.unknown], [0, 1]);
});

/** What one byte of a disk may do to a line, and what the line is then. */
const DAMAGES: Record<string, (line: string) => Uint8Array> = {
  "a control character": (line) => utf8.encode(line.replace('"action"', '"act\u0000on"')),
  "no UTF-8": (line) => utf8.encode(line).map((byte) => byte === 0x62 ? 0xff : byte), // each b
  "no bracket": (line) => utf8.encode(line.replace("}\n", "\n")),
  "no id": (line) => utf8.encode(line.replace('"id"', '"ix"')),
};

for (const [what, damaged] of Object.entries(DAMAGES)) {
  for (const hasSum of [true, false]) {
    const name = `a message ${hasSum ? "" : "without a checksum "}that is damaged (${what}) is left out`;
    on(`${name}, and all others are found`, async (open, path) => {
      let driver = open();
      for (const message of ["whole 1", "broken", "whole 2"]) await driver.keep(...toAll(message));
      await driver.keep(...toAll("whole 3"), { conversation: "#7", message: "whole" }, ...toAll("whole 4"));
      const ids = await driver.journal.page({ conversation: "#all", limit: 9 });
      await driver.journal.close();
      tamper(path, (db) => {
        const { lines } = db.prepare("SELECT lines FROM runs WHERE first = ?").get(ids[1]!)!;
        const bytes = damaged(new TextDecoder().decode(lines as Uint8Array));
        db.prepare("UPDATE runs SET lines = ? WHERE first = ?").run(bytes, ids[1]!);
        if (!hasSum) db.exec("UPDATE runs SET version = 0"); // as an older version has written it
      });
      driver = open();
      maintainAll(driver.journal, 1000);
      const whole = ["whole 1", "whole 2", "whole 3", "whole 4"];
      assert.deepEqual(await driver.messages({ text: "whole" }), whole);
      assert.deepEqual(await driver.messages({ text: "broken" }), []);
      const lines = await driver.journal.read("#all", ids);
      assert.deepEqual(lines.map((line) => line !== undefined), [true, false, true, true, true]);
      const left = await driver.journal.page({ conversation: "#all", limit: 9 });
      assert.deepEqual(left.filter((id) => id !== ids[1]), ids.toSpliced(1, 1));
      assert.equal(driver.journal.skipped.damaged, 1);
    });
  }
}

on("page fails where the file is damaged, and what is whole is still read", async (open, path) => {
  let driver = open();
  for (let i = 1; i <= 100; i++) await driver.keep(...toAll(`${i} ${"x".repeat(20_000)}`));
  await driver.keep(account("ann"));
  await driver.journal.close();
  const file = Deno.openSync(path, { write: true }), { size } = file.statSync();
  file.seekSync(size / 2, Deno.SeekMode.Start);
  file.writeSync(new Uint8Array(400_000).fill(255)); // twenty runs or so
  file.close();
  driver = open();
  const records = [...driver.journal.snapshot(), ...driver.journal.take().flatMap((each) => (each as Kept).records)];
  assert.deepEqual(records.map((record) => "name" in record && record.name), ["ann"]);
  await assert.rejects(() => driver.messages({ limit: 100 }), {
    name: JournalFailure.name,
    message: "Cannot find messages: database disk image is malformed",
  });
  const newest = (await driver.messages({ limit: 5 })).map((message) => parseInt(message));
  assert.deepEqual(newest, [96, 97, 98, 99, 100]);
  await driver.keep(...toAll("goes on"));
});

on("a page and a search give halves of surrogate pairs, kept by an older version, as U+FFFD", async (open) => {
  const driver = open();
  await driver.keep(...toAll("cut \ud83d", "whole 😀"));
  assert.deepEqual(await driver.messages(), ["cut \ufffd", "whole 😀"]);
  assert.deepEqual(await driver.messages({ text: "cut" }), ["cut \ufffd"]);
});

on("a page goes on behind messages of a newer Hanita, which are counted", async (open, path) => {
  let driver = open();
  const all = Array.from({ length: 12 }, (_, i) => `message ${i}`);
  for (const message of all) await driver.keep(...toAll(message));
  const ids = (await driver.page()).map(({ id }) => id), isNewer = (i: number) => i > 1 && i < 10;
  await driver.journal.close();
  for (const [i, id] of ids.entries()) if (isNewer(i)) makeNewer(path, id);
  driver = open();
  const known = all.filter((_, i) => !isNewer(i));
  for (let limit = 1; limit < 6; limit++) {
    assert.deepEqual(await driver.messages({ limit }), known.slice(-limit), `the latest ${limit}`);
    assert.deepEqual(await driver.messages({ limit, after: 0 }), known.slice(0, limit), `the first ${limit}`);
    assert.deepEqual(await driver.messages({ limit, after: ids[0]! }), known.slice(1, 1 + limit));
    assert.deepEqual(await driver.messages({ limit, before: ids[10]! }), known.slice(0, 2).slice(-limit));
    assert.deepEqual(await driver.messages({ limit, after: ids[4]!, before: ids[11]! }), ["message 10"]);
  }
  assert.deepEqual([driver.journal.skipped.damaged, driver.journal.skipped.unknown], [0, 8]);
});

on("openJournal warns that the end of the log is missing, and gives no id of it again", async (open, path) => {
  let driver = open();
  driver.journal.snapshot();
  await driver.keep(...toAll("kept"));
  await driver.journal.close();
  const copy = Deno.readFileSync(path);
  driver = open();
  driver.journal.snapshot();
  const lost = await driver.keep(MOTD);
  driver.journal.maintain(1);
  await driver.journal.close();
  Deno.writeFileSync(path, copy); // the database without what its WAL had
  const said = await logged(() => {
    driver = open({ wall: () => 0 }); // the clock knows nothing of it either
  });
  assert.match(
    said,
    new RegExp(
      `ends with the id \\d+, but ${lost} was there: its file ".+-wal" was removed or cut off, or the power was\n$`,
    ),
  );
  assert.deepEqual(await driver.messages(), ["kept"]);
  assert.ok(driver.journal.next > lost);
  driver.journal.maintain(1);
  await driver.journal.close();
  driver = open({ wall: () => 0 });
  assert.ok(driver.journal.next > lost, "after a run in which nothing was said, too");
});
