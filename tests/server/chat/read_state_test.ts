// The state that the records of a data folder make when a server is started, and what the folder has afterwards.
import assert from "node:assert/strict";
import { readState } from "../../../server/chat/read_state.ts";
import { damage, on, type Open, tamper } from "../journal/disk.ts";
import { dump } from "./dump.ts";

/** Records that nothing is left of: a session, a ban and an account, each made and ended. Ann stays, and so do her rooms. */
async function fill(open: Open): Promise<void> {
  const driver = open();
  driver.journal.snapshot();
  const ann = await driver.keep({ kind: "account", name: "ann", password: "x", operator: false });
  const bob = await driver.keep({ kind: "account", name: "bob", password: "x", operator: false });
  const room = await driver.keep({ kind: "room", name: "#cats", by: ann });
  const session = { kind: "session", account: ann, hash: "h", since: 1, used: 1 } as const;
  const ban = { kind: "ban", what: "name", who: "eve" } as const;
  for (const is of [true, false]) await driver.keep({ ...session, is }, { ...ban, is });
  await driver.keep({ kind: "member", account: bob, room, is: true });
  await driver.keep({ kind: "removal", of: bob });
  await driver.keep({ kind: "member", account: ann, room, is: false }); // what it ends is in the record of the room
  await driver.keep({ kind: "motd", text: "hello" });
  await driver.keep({ kind: "motd", text: "hello again" });
  driver.journal.maintain(1);
  await driver.journal.close();
}

/** The kinds of the records in the database. */
function kindsIn(path: string): string[] {
  let kinds: string[] = [];
  tamper(
    path,
    (db) => kinds = db.prepare("SELECT kind FROM records ORDER BY id").all().map(({ kind }) => kind as string),
  );
  return kinds;
}

const ENDED = ["session", "ban", "removal"];

on("a start deletes records that end what is gone, and the state stays as it is", async (open, path) => {
  await fill(open);
  assert.deepEqual(kindsIn(path), ["account", "room", ...ENDED, "member", "motd"]);
  const states: object[] = [];
  for (const _ of [1, 2]) {
    const { journal } = open();
    states.push(dump(readState(journal)));
    journal.maintain(1);
    await journal.close();
    assert.deepEqual(kindsIn(path), ["account", "room", "member", "motd"]);
  }
  assert.deepEqual(states[0], states[1]);
});

on("a start deletes nothing that may be about a record that cannot be read", async (open, path) => {
  await fill(open);
  damage(path, "records", "body", 0);
  const { journal } = open(), state = readState(journal);
  assert.equal(state.account("ann"), undefined);
  journal.maintain(1);
  await journal.close();
  assert.deepEqual(kindsIn(path), ["account", "room", ...ENDED, "member", "motd"]);
});

on(
  "a start keeps the names of rooms that an owner has removed, until a room of that name is made",
  async (open, path) => {
    const driver = open();
    driver.journal.snapshot();
    const op = await driver.keep({ kind: "account", name: "op", password: "x", operator: true });
    for (const name of ["#cats", "#dogs"]) {
      const of = await driver.keep({ kind: "room", name, by: op });
      await driver.keep({ kind: "removal", of, by: "op", names: [name], time: 1000 });
    }
    await driver.keep({ kind: "room", name: "#Dogs", by: op });
    driver.journal.maintain(1);
    await driver.journal.close();
    for (const _ of [1, 2]) {
      const { journal } = open(), { removedRooms } = readState(journal);
      assert.notEqual(removedRooms.find("#Cats", undefined, 1000), undefined);
      journal.maintain(1);
      await journal.close();
      assert.equal(removedRooms.find("#dogs", undefined, 1000), undefined);
      assert.deepEqual(kindsIn(path), ["account", "removal", "room"]);
    }
  },
);
