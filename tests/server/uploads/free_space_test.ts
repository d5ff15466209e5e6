// The space that files may take: they leave a part of the disk to all else that is kept there.
import assert from "node:assert/strict";
import { FreeSpace, spaceOf } from "../../../server/uploads/free_space.ts";
import { makeFolder } from "../../log/folder.ts";
import { may } from "../../may.ts";

const MIB = 1 << 20, PIECE = 64 << 10;

/** A disk on which every piece that is taken is written at once, and how often it was asked. */
function disk(size: number, free: number) {
  const asked = { times: 0, free, now: 0 };
  const ask = () => {
    asked.times++;
    return Promise.resolve({ free: asked.free, size });
  };
  return { asked, space: new FreeSpace(ask, () => asked.now) };
}

async function fill({ asked, space }: ReturnType<typeof disk>): Promise<number> {
  let taken = 0;
  for (; await space.take(PIECE); taken += PIECE) asked.free -= PIECE;
  return taken;
}

Deno.test("files leave 64 MiB of a disk, and a quarter of a small one", async () => {
  for (const [size, free, taken] of [[1000, 100, 36], [1000, 64, 0], [24, 20, 14], [24, 5, 0]] as const) {
    const each = disk(size * MIB, free * MIB);
    assert.equal(await fill(each), taken * MIB, `${free} of ${size} MiB`);
    assert.ok(each.asked.times <= taken + 2, `asked ${each.asked.times} times`);
  }
});

Deno.test("a hundred that fill a disk at once leave as much, but for what they write when the disk is asked", async () => {
  const each = disk(24 * MIB, 20 * MIB), taken = await Promise.all(Array.from({ length: 100 }, () => fill(each)));
  const all = taken.reduce((sum, one) => sum + one);
  assert.ok(all >= 14 * MIB && all <= 15 * MIB, `${all / MIB} MiB`);
});

Deno.test("a file as a whole fits or not, and takes nothing yet", async () => {
  const { space } = disk(1000 * MIB, 80 * MIB);
  for (let i = 0; i < 3; i++) {
    assert.deepEqual([await space.has(16 * MIB), await space.has(16 * MIB + 1)], [true, false]);
  }
});

Deno.test("what others write is seen within a second, and so is room that is made", async () => {
  const { asked, space } = disk(1000 * MIB, 80 * MIB);
  assert.equal(await space.take(PIECE), true);
  asked.free = 10 * MIB;
  assert.equal(await space.take(PIECE), true);
  asked.now += 1001;
  assert.equal(await space.take(PIECE), false);
  asked.free = 80 * MIB;
  assert.equal(await space.take(PIECE), true);
});

Deno.test("where the system does not say what is free, files take what they need", async () => {
  const space = new FreeSpace(() => Promise.resolve(undefined));
  assert.deepEqual([await space.has(1e15), await space.take(2 * MIB), await space.take(PIECE)], [true, true, true]);
});

Deno.test(
  "a folder's disk has a size; one that is not there has none",
  { ignore: !may("read", "write", "sys") },
  async () => {
    using dir = makeFolder();
    const found = await spaceOf(dir.path);
    assert.ok(found !== undefined && found.free <= found.size && found.size > MIB);
    assert.equal(await spaceOf(`${dir.path}/files`), undefined);
  },
);
