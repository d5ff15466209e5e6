import assert from "node:assert/strict";
import { enabled, isOpen, openGate, shutGate, timestamp } from "../../log/gate.ts";
import { levels } from "../../log/level.ts";

Deno.test("enabled is false for every level when the gate is shut", () => {
  assert.equal(isOpen(), false);
  assert.deepEqual(levels.filter(enabled), []);
});

Deno.test("enabled is true for the lowest level and for those above it when the gate is open", () => {
  try {
    for (const [index, level] of levels.entries()) {
      openGate(level, () => new Date());
      assert.deepEqual(levels.filter(enabled), levels.slice(index));
    }
  } finally {
    shutGate();
  }
  assert.deepEqual(levels.filter(enabled), []);
});

Deno.test("timestamp is what the clock of the gate tells", () => {
  openGate("info", () => new Date(1_700_000_000_123));
  shutGate();
  assert.equal(timestamp(), 1_700_000_000_123);
});
