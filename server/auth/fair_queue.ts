/**
 * A fair queue: items belong to the leaves of a tree (a range, its networks, their accounts), and at each level the branches take
 * turns. Each branch has a limit. When one is passed, the newest item of the longest branch below it is dropped, so a crowd
 * displaces itself and no other.
 */

/** A branch, or a leaf, which has items and no branches. */
interface Node<T> {
  size: number;
  readonly branches: Map<string, Node<T>>;
  readonly items: Set<T>;
}

/** The next item, or milliseconds until there is one that may be taken; `Infinity` when the queue is empty. */
export type Next<T> = { readonly item: T } | { readonly wait: number };

/**
 * A fair and bounded queue.
 *
 * @typeParam T an object: each is in the queue once
 *
 * @example One item waits for one of a crowd, not for all of it
 * ```ts
 * import assert from "node:assert/strict";
 * const queue = new FairQueue<{ n: number }>([100, 10]);
 * for (const n of [1, 2, 3]) queue.add(["crowd"], { n });
 * queue.add(["single"], { n: 4 });
 * const next = () => (queue.take(() => 0) as { item: { n: number } }).item.n;
 * assert.deepEqual([next(), next(), next(), next()], [1, 4, 2, 3]);
 * ```
 */
export class FairQueue<T extends object> {
  readonly #limits: readonly number[];
  readonly #root: Node<T> = makeNode();

  /** @param limits the items that each branch may have, by its level: the whole queue's first, a leaf's last */
  constructor(limits: readonly number[]) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#root.size;
  }

  /**
   * Adds an item at the end of its leaf.
   *
   * @param path the names of the branches that lead to the leaf, as many as there are limits but one
   * @returns the item that was dropped for it, if a limit was passed: perhaps the item itself
   */
  add(path: readonly string[], item: T): T | undefined {
    const nodes = [this.#root];
    for (const name of path) {
      const { branches } = nodes.at(-1)!;
      let node = branches.get(name);
      if (node === undefined) branches.set(name, node = makeNode());
      nodes.push(node);
    }
    for (const node of nodes) node.size++;
    nodes.at(-1)!.items.add(item);
    for (let level = nodes.length - 1; level >= 0; level--) {
      if (nodes[level]!.size > this.#limits[level]!) return this.#drop(path.slice(0, level));
    }
    return undefined;
  }

  /** Takes an item out, wherever it stands in its leaf. Returns whether it was there. */
  remove(path: readonly string[], item: T): boolean {
    const nodes = this.#walk(path);
    if (nodes === undefined || !nodes.at(-1)!.items.delete(item)) return false;
    nodes.forEach((node, level) => {
      node.size--;
      if (node.size === 0 && level > 0) nodes[level - 1]!.branches.delete(path[level - 1]!);
    });
    return true;
  }

  /**
   * Takes the first item, in fair order, that need not wait.
   *
   * @param wait milliseconds that the first item of a leaf has to wait, and with it the leaf; 0 for not at all
   */
  take(wait: (item: T) => number): Next<T> {
    return takeFrom(this.#root, wait);
  }

  /** Drops the newest item of the longest leaf below the longest branches. */
  #drop(path: string[]): T {
    let node = this.#walk(path)!.at(-1)!;
    while (node.branches.size > 0) {
      let longest = 0;
      for (const { size } of node.branches.values()) if (size > longest) longest = size;
      // Of several the last one: it is new, or the one that was served last.
      const name = [...node.branches].findLast(([_, { size }]) => size === longest)![0];
      path.push(name);
      node = node.branches.get(name)!;
    }
    const item = [...node.items].at(-1)!;
    this.remove(path, item);
    return item;
  }

  /** The nodes along a path, the root first. */
  #walk(path: readonly string[]): Node<T>[] | undefined {
    const nodes = [this.#root];
    for (const name of path) {
      const node = nodes.at(-1)!.branches.get(name);
      if (node === undefined) return undefined;
      nodes.push(node);
    }
    return nodes;
  }
}

function makeNode<T>(): Node<T> {
  return { size: 0, branches: new Map(), items: new Set() };
}

function takeFrom<T extends object>(node: Node<T>, wait: (item: T) => number): Next<T> {
  let soonest = Infinity;
  for (const item of node.items) {
    soonest = wait(item);
    if (soonest > 0) break; // in its leaf the first is the first
    node.items.delete(item);
    node.size--;
    return { item };
  }
  for (const [name, branch] of node.branches) {
    const next = takeFrom(branch, wait);
    if ("wait" in next) {
      if (next.wait < soonest) soonest = next.wait;
      continue;
    }
    node.size--;
    node.branches.delete(name); // to the end of the line
    if (branch.size > 0) node.branches.set(name, branch);
    return next;
  }
  return { wait: soonest };
}
