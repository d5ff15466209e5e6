// A damaged byte on the disk, and records of a newer server: each costs itself, and nothing else. What is left out is counted
// and logged with its id.

import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import { damage, makeNewer, on, tamper } from "../server/journal/disk.ts";
import { toAll } from "../server/journal/driver.ts";
import { samples } from "../server/samples.ts";
import { metrics } from "../../server/observe/metrics.ts";
import { cheaply, PASSWORD } from "./accounts.ts";
import { type Chat, start } from "./start.ts";
import { openStore, type Store } from "./store.ts";

const LOST = "(this message is not kept any more)";

/** What the server has left out, as `/metrics` says it. */
function skipped({ meter }: Chat): { damaged: number; unknown: number } {
  const process = { began: 0, memory: () => ({ rss: 0, heapUsed: 0 }), cpu: () => 0 };
  const found = samples(metrics(meter, process));
  const [damaged, unknown] = ["damaged", "unknown"].map((reason) =>
    found.get(`hanita_skipped_records_total{reason="${reason}"}`)
  ) as [number, number];
  return { damaged, unknown };
}

/** Puts a record that only a newer version knows; its checksum is right. */
function putUnknown(path: string, id: number): void {
  const body = new TextEncoder().encode('{"colour":"red"}'), sum = crc32(body, crc32(`balloon 1 ${id} 0`));
  tamper(path, (db) => {
    const put = db.prepare(
      "INSERT INTO records (id, key, time, kind, version, sum, body) VALUES (?, ?, 0, ?, 1, ?, ?)",
    );
    put.run(id, "balloon", "balloon", sum, body);
  });
}

on(
  "a server on a damaged journal starts, and misses what is damaged or of a newer version, and nothing else",
  async (open, path) => {
    const driver = open();
    driver.journal.snapshot();
    const password = await cheaply(PASSWORD);
    const ann = await driver.keep({ kind: "account", name: "ann", password, operator: false });
    for (let i = 0; i < 5; i++) await driver.keep(...toAll(`message ${i}`)); // none of them indexed
    await driver.keep({ kind: "account", name: "bob", password, operator: false });
    await driver.keep({ kind: "motd", text: "hello" });
    await driver.keep({ kind: "room", name: "#cats", by: ann });
    const { next } = driver.journal, ids = await driver.journal.page({ conversation: "#all", limit: 5 });
    await driver.journal.close();
    damage(path, "runs", "lines", 2);
    makeNewer(path, ids[3]!);
    damage(path, "records", "body", 2); // the greeting
    putUnknown(path, next);

    for (const _ of [1, 2]) { // what was left out once does no harm at the next start either
      const store = openStore({ path });
      try {
        await check(store);
      } finally {
        await store.close();
      }
    }

    async function check(store: Store): Promise<void> {
      await using chat = await start({ store, logged: true });
      const zoe = await chat.join("zoe");
      await zoe.silence(); // no greeting
      const page = await zoe.ask({ action: "history", time: 1 });
      assert.deepEqual(page.map(({ id, message }) => [id, message]), [
        [ids[0], "message 0"],
        [ids[1], "message 1"],
        [ids[2], LOST],
        [ids[4], "message 4"],
      ]);
      const found = await zoe.ask({ action: "search", time: 1, text: "message" });
      assert.deepEqual(found.map(({ message }) => message), ["message 0", "message 1", "message 4"]);
      const rooms = await zoe.ask({ action: "rooms", time: 1 });
      assert.deepEqual(rooms.map(({ room }) => room), ["#all", "#cats"]);
      const login = await chat.login("bob");
      await login.say({ action: "msg", time: 1, to: "ann", message: "hello" });
      await login.expect({ response: 202 });
      assert.deepEqual(skipped(chat), { damaged: 2, unknown: 2 });
      const left = chat.log().filter((line) => line.includes("is damaged"));
      assert.deepEqual(left, [
        `warning server/journal note The record ${ids[2]} (message 1) is damaged, and is left out`,
      ]);
    }
  },
  ["net"],
);
