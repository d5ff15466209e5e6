// A backup that is put in the place of a chat, or cannot be.

import assert from "node:assert/strict";
import { Stranded, swap } from "../../../tools/backup/swap.ts";
import { makeFolder } from "../../log/folder.ts";
import { may } from "../../may.ts";

const ignore = !may("read", "write");

/** A data folder with a chat, and a backup in a folder in it. */
function makeSwap(path: string) {
  const put = (name: string, text: string) => Deno.writeTextFileSync(`${path}/${name}`, text);
  for (const folder of ["files", "part", "part/files"]) Deno.mkdirSync(`${path}/${folder}`);
  for (const name of ["chat.db", "chat.db-wal", "files/cat"]) put(name, "former");
  for (const name of ["part/chat.db", "part/files/cat"]) put(name, "restored");
  put("lock", "");
  put("index", "");
  return {
    ...{ data: path, unpacked: `${path}/part`, aside: `${path}/aside`, restored: ["files", "chat.db"] },
    ...{ former: ["chat.db", "chat.db-wal", "chat.db-shm", "files"], derived: ["index"] },
  };
}

/** The files below a folder, each with its text, but for the index, which is made anew. */
function filesIn(path: string, below = ""): string[] {
  return [...Deno.readDirSync(path)].flatMap(({ name, isDirectory }) =>
    isDirectory
      ? filesIn(`${path}/${name}`, `${below}${name}/`)
      : name === "index"
      ? []
      : `${below}${name}: ${Deno.readTextFileSync(`${path}/${name}`)}`
  ).sort();
}

/** Moves files, but fails at those moves, counted from 0. */
function failingAt(fails: (move: number) => boolean) {
  let moves = 0;
  return (from: string, to: string) => {
    if (fails(moves++)) throw new Deno.errors.PermissionDenied("no");
    Deno.renameSync(from, to);
  };
}

Deno.test("swap puts a backup in the place of a chat, which it keeps", { ignore }, () => {
  using folder = makeFolder();
  assert.equal(swap(makeSwap(folder.path)), true);
  assert.deepEqual(filesIn(folder.path), [
    ...["aside/chat.db-wal: former", "aside/chat.db: former", "aside/files/cat: former"],
    ...["chat.db: restored", "files/cat: restored", "lock: "],
  ]);
});

Deno.test("swap that fails at any move leaves all as it was", { ignore }, () => {
  for (let at = 0; at < 5; at++) {
    using folder = makeFolder();
    const given = makeSwap(folder.path), before = filesIn(folder.path);
    assert.throws(() => swap(given, failingAt((move) => move === at)), Deno.errors.PermissionDenied);
    assert.deepEqual(filesIn(folder.path), before, `${at}`);
    assert.throws(() => Deno.statSync(given.aside), Deno.errors.NotFound);
  }
});

Deno.test("swap that can move nothing back says where the chat is", { ignore }, () => {
  using folder = makeFolder();
  const given = makeSwap(folder.path);
  assert.throws(() => swap(given, failingAt((move) => move >= 4)), (error) => {
    assert.ok(error instanceof Stranded && error.cause instanceof Deno.errors.PermissionDenied);
    assert.equal(error.aside, given.aside);
    return true;
  });
  const left = filesIn(folder.path).filter((line) => line.startsWith("aside/"));
  assert.deepEqual(left, ["aside/chat.db-wal: former", "aside/chat.db: former", "aside/files/cat: former"]);
});
