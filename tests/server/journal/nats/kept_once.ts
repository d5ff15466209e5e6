// What a log keeps though its brokers are killed: each entry that was acknowledged, once and in order, and nothing else.

import assert from "node:assert/strict";
import { until } from "../../../chat/within.ts";
import type { Member } from "./member.ts";

/**
 * One server appends entry after entry while something happens to the brokers. Then its log has what was acknowledged, and
 * the other server's log is the same.
 *
 * @param disturb what happens; `more` waits until 20 more entries have an outcome
 */
export async function keptOnce(
  one: Member,
  two: Member,
  disturb: (more: (what: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  const outcomes: ("kept" | "refused")[] = [];
  let isOver = false;
  const writing = (async () => {
    for (let at = 0; !isOver; at++) {
      await one.up();
      outcomes[at] = await one.appended(`${at}`);
    }
  })();
  writing.catch(() => {}); // it is awaited below, if nothing else has failed before
  try {
    await disturb(async (what) => {
      const before = outcomes.length;
      await until(what, () => outcomes.length > before + 20);
    });
    await until("the links work", () => one.log.isUp && two.log.isUp);
  } finally {
    isOver = true;
  }
  await writing;
  const kept = outcomes.flatMap((outcome, at) => outcome === "kept" ? [`${at}`] : []);
  assert.deepEqual(one.texts, kept);
  await until("the same at the other one", () => two.entries.length >= kept.length);
  assert.deepEqual(two.entries, one.entries);
}
