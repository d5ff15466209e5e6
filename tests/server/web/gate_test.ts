import assert from "node:assert/strict";
import { Gate } from "../../../server/web/gate.ts";
import { within } from "../../chat/within.ts";

Deno.test("Gate lets eight steps pass at once, and the others later, in the order in which they came", async () => {
  const gate = new Gate(8, 5, () => 0);
  const passed: number[] = [];
  const all = Array.from({ length: 20 }, (_, i) => gate.pass().then(() => passed.push(i)));
  await Promise.resolve();
  await Promise.resolve();
  assert.deepEqual(passed, [0, 1, 2, 3, 4, 5, 6, 7]);
  await within("the others", Promise.all(all));
  assert.deepEqual(passed, Array.from({ length: 20 }, (_, i) => i));
  gate.close();
});

Deno.test("Gate keeps nobody waiting after a pause", async () => {
  let now = 0;
  const gate = new Gate(8, 5, () => now);
  for (let i = 0; i < 20; i++) {
    now += 10;
    await Promise.all(Array.from({ length: 8 }, () => gate.pass())); // a timer would be left behind
  }
});

Deno.test("Gate lets nobody pass once it is closed", async () => {
  const gate = new Gate(8, 5, () => 0);
  let passed = 0;
  for (let i = 0; i < 20; i++) gate.pass().then(() => passed++);
  gate.close(); // and no timer is left behind
  await Promise.resolve();
  await Promise.resolve();
  assert.equal(passed, 8);
});

Deno.test("Gate admits nothing after it is closed, and begins no pause for it", async () => {
  const gate = new Gate(1, 5, () => 0);
  await gate.pass();
  gate.close();
  let passed = 0;
  for (let i = 0; i < 3; i++) gate.pass().then(() => passed++); // a timer would be left behind
  await Promise.resolve();
  await Promise.resolve();
  assert.equal(passed, 0);
});
