import assert from "node:assert/strict";
import type { Entry } from "../../log/format.ts";
import { configure, emit, enabled, isOpen, silence } from "../../log/config.ts";
import { levels } from "../../log/level.ts";

Deno.test("enabled is false for every level before the log is open", () => {
  assert.equal(isOpen(), false);
  assert.deepEqual(levels.filter(enabled), []);
});

Deno.test("enabled is true for the lowest level and for those above it once the log is open", () => {
  try {
    for (const [index, level] of levels.entries()) {
      configure(level, () => new Date(), () => {});
      assert.deepEqual(levels.filter(enabled), levels.slice(index));
    }
  } finally {
    silence();
  }
  assert.deepEqual(levels.filter(enabled), []);
});

Deno.test("pass hands on what is said, with the time that the clock tells", () => {
  const heard: Entry[] = [];
  configure("info", () => new Date(1_700_000_000_123), (entry) => heard.push(entry));
  try {
    emit("warning", "loop", "onTurn", "late");
  } finally {
    silence();
  }
  assert.deepEqual(heard, [
    { time: 1_700_000_000_123, level: "warning", module: "loop", fn: "onTurn", message: "late" },
  ]);
});
