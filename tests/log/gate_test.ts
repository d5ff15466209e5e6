import assert from "node:assert/strict";
import type { Entry } from "../../log/format.ts";
import { enabled, isOpen, openGate, pass, shutGate } from "../../log/gate.ts";
import { levels } from "../../log/level.ts";

Deno.test("enabled is false for every level when the gate is shut", () => {
  assert.equal(isOpen(), false);
  assert.deepEqual(levels.filter(enabled), []);
});

Deno.test("enabled is true for the lowest level and for those above it when the gate is open", () => {
  try {
    for (const [index, level] of levels.entries()) {
      openGate(level, () => new Date(), () => {});
      assert.deepEqual(levels.filter(enabled), levels.slice(index));
    }
  } finally {
    shutGate();
  }
  assert.deepEqual(levels.filter(enabled), []);
});

Deno.test("pass hands on what is said, with the time that the clock tells", () => {
  const heard: Entry[] = [];
  openGate("info", () => new Date(1_700_000_000_123), (entry) => heard.push(entry));
  try {
    pass("warning", "loop", "onTurn", "late");
  } finally {
    shutGate();
  }
  assert.deepEqual(heard, [
    { time: 1_700_000_000_123, level: "warning", module: "loop", fn: "onTurn", message: "late" },
  ]);
});
