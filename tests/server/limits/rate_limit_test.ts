import assert from "node:assert/strict";
import { Bucket } from "../../../server/limits/rate_limit.ts";

Deno.test("Bucket lets a burst through and then one at a time, at its rate", () => {
  const bucket = new Bucket({ rate: 10, burst: 3 });
  for (let i = 0; i < 3; i++) {
    assert.equal(bucket.isEmpty(1000), false);
    bucket.spend();
  }
  assert.equal(bucket.isEmpty(1000), true);
  assert.equal(bucket.wait, 100);
  assert.equal(bucket.isEmpty(1075), true);
  assert.equal(bucket.wait, 25);
  assert.equal(bucket.isEmpty(1100), false);
  bucket.spend();
  assert.equal(bucket.isEmpty(1100), true);
});

Deno.test("Bucket never holds more than a burst, however long nothing was said", () => {
  const bucket = new Bucket({ rate: 10, burst: 3 });
  let spent = 0;
  for (; !bucket.isEmpty(1e9); spent++) bucket.spend();
  assert.equal(spent, 3);
});

Deno.test("Bucket of rate 0 is never empty", () => {
  const bucket = new Bucket({ rate: 0, burst: 0 });
  for (let i = 0; i < 1000; i++) {
    assert.equal(bucket.isEmpty(0), false);
    bucket.spend();
  }
});

Deno.test("Bucket charges what a request has caused afterwards, and no debt is larger than a burst", () => {
  const bucket = new Bucket({ rate: 10, burst: 20 });
  assert.equal(bucket.isEmpty(0), false);
  bucket.spendSent(32 * 1024);
  bucket.spendTime(1.5);
  bucket.spendIdle(256);
  assert.equal(bucket.isEmpty(0), false); // 17 are left
  bucket.spend(18 * 512);
  assert.equal(bucket.isEmpty(0), true);
  assert.equal(bucket.wait, 200);
  bucket.spendSent(1 << 30);
  assert.equal(bucket.isEmpty(0), true);
  assert.equal(bucket.wait, 2_100);
  assert.equal(bucket.isEmpty(2_100), false);
});
