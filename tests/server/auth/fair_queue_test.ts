import assert from "node:assert/strict";
import fc from "fast-check";
import { FairQueue } from "../../../server/auth/fair_queue.ts";

interface Item {
  readonly path: string[];
}

const path = fc.tuple(fc.constantFrom("a", "b", "c"), fc.constantFrom("x", "y"));

function next(queue: FairQueue<Item>): Item {
  const taken = queue.take(() => 0);
  assert.ok("item" in taken);
  return taken.item;
}

Deno.test("FairQueue gives each branch that has items as many turns as any other", () => {
  fc.assert(fc.property(fc.array(path, { minLength: 1, maxLength: 60 }), (paths) => {
    const queue = new FairQueue<Item>([1000, 1000, 1000]);
    for (const path of paths) queue.add(path, { path });
    const left = (name: string, taken: string[]) =>
      paths.filter(([first]) => first === name).length - taken.filter((each) => each === name).length;
    const taken: string[] = [];
    while (queue.size > 0) taken.push(next(queue).path[0]!);
    assert.equal(taken.length, paths.length);
    for (const one of "abc") {
      for (const other of "abc") {
        for (let end = 1; end <= taken.length; end++) {
          const before = taken.slice(0, end);
          if (left(one, before) === 0 || left(other, before) === 0) break;
          const turns = (name: string) => before.filter((each) => each === name).length;
          assert.ok(Math.abs(turns(one) - turns(other)) <= 1, `${one} and ${other} in ${before}`);
        }
      }
    }
  }));
});

Deno.test("FairQueue keeps the order of a leaf, holds its limits at each level, and loses nothing", () => {
  const limits = [20, 10, 4];
  fc.assert(fc.property(fc.array(path, { maxLength: 80 }), (paths) => {
    const queue = new FairQueue<Item>(limits), kept: Item[] = [], dropped: Item[] = [];
    for (const path of paths) {
      const item = { path };
      kept.push(item);
      const out = queue.add(path, item);
      if (out !== undefined) dropped.push(out);
    }
    const stays = kept.filter((item) => !dropped.includes(item));
    assert.equal(queue.size, stays.length);
    assert.ok(queue.size <= 20);
    for (const name of "abc") assert.ok(stays.filter(({ path }) => path[0] === name).length <= 10);
    const taken: Item[] = [];
    while (queue.size > 0) taken.push(next(queue));
    for (const leaf of new Set(paths.map(String))) {
      const of = (items: Item[]) => items.filter(({ path }) => String(path) === leaf);
      assert.ok(of(taken).length <= 4);
      assert.deepEqual(of(taken), of(stays));
      of(taken).forEach((item, i) => assert.equal(item, of(stays)[i]));
    }
  }));
});

Deno.test("FairQueue takes nothing that has to wait, says how long, and lets the others by", () => {
  const queue = new FairQueue<Item>([9, 9, 9]);
  const wait = ({ path }: Item) => path[1] === "x" ? 700 : path[0] === "b" ? 500 : 0;
  assert.deepEqual(queue.take(wait), { wait: Infinity });
  const items = [["a", "x"], ["b", "y"], ["a", "y"]].map((path) => ({ path }));
  for (const item of items) queue.add(item.path, item);
  assert.deepEqual(queue.take(wait), { item: items[2] });
  assert.deepEqual(queue.take(wait), { wait: 500 });
  assert.equal(queue.size, 2);
});

Deno.test("FairQueue takes an item out once, from wherever it stands", () => {
  const queue = new FairQueue<Item>([9, 9, 9]), [one, two] = [{ path: ["a", "x"] }, { path: ["a", "x"] }];
  queue.add(one.path, one);
  queue.add(two.path, two);
  assert.equal(queue.remove(two.path, two), true);
  assert.equal(queue.remove(two.path, two), false);
  assert.equal(queue.remove(["z", "x"], two), false);
  assert.equal(next(queue), one);
  assert.equal(queue.size, 0);
});
