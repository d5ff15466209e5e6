import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../../server/journal/database.ts";
import { transact } from "../../../server/journal/transact.ts";
import { makeFolder } from "../../log/folder.ts";
import { may } from "../../may.ts";

const tables = (db: DatabaseSync) => db.prepare("SELECT name FROM sqlite_schema").all().map(({ name }) => name);

Deno.test("changes are made together or not at all, also within those that are under way", () => {
  const db = new DatabaseSync(":memory:");
  const fail = () => {
    db.exec("CREATE TABLE one (a)");
    throw new Error("no");
  };
  assert.throws(() => transact(db, fail), /no/);
  assert.deepEqual([tables(db), db.isTransaction], [[], false]);
  transact(db, () => transact(db, () => db.exec("CREATE TABLE two (a)")));
  assert.deepEqual([tables(db), db.isTransaction], [["two"], false]);
  assert.throws(() =>
    transact(db, () => {
      transact(db, () => db.exec("CREATE TABLE three (a)"));
      fail();
    })
  );
  assert.deepEqual([tables(db), db.isTransaction], [["two"], false]);
  db.close();
});

const ignore = !may("read", "write");

Deno.test("a new database is brought to its shape in one transaction", { ignore }, () => {
  using folder = makeFolder();
  const path = `${folder.path}/hanita.db`, shapes: boolean[] = [];
  const open = (bring: (db: DatabaseSync) => void) =>
    openDatabase({ path }, ({ db, checkpoint, lock }) => {
      const found = tables(db);
      checkpoint.close(() => db.close());
      lock?.close();
      return found;
    }, (db) => {
      shapes.push(db.isTransaction);
      bring(db);
    });
  const make = (db: DatabaseSync) => transact(db, () => db.exec("CREATE TABLE marks (name)"));
  assert.throws(() =>
    open((db) => {
      make(db);
      throw new Error("killed");
    }), /killed/);
  assert.equal(Deno.statSync(path).size, 0);
  assert.deepEqual(open(make), ["marks"]);
  assert.deepEqual(open(() => {}), ["marks"]);
  assert.deepEqual(shapes, [true, true, false]);
});
