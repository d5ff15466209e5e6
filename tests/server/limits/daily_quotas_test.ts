import assert from "node:assert/strict";
import fc from "fast-check";
import { DailyQuotas } from "../../../server/limits/daily_quotas.ts";

const DAY = 86_400_000;
const ann = { host: "10.0.0.7", account: { id: 1 } };

Deno.test("DailyQuotas keeps a day's bytes at once, and after the wait that it says the next message", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 50 });
  fc.assert(fc.property(fc.integer({ min: 5_000, max: 50_000 }), sizes, (limit, sizes) => {
    let now = 1e6;
    const quotas = new DailyQuotas({ dailyPerAccount: limit, dailyPerAddress: 0 }, () => now);
    let kept = 0, at = 0;
    for (;; at++) {
      const size = sizes[at % sizes.length]!, found = quotas.exhausted(ann);
      if (found !== undefined) {
        assert.ok(kept >= limit - 1 && kept < limit + 5_000);
        assert.equal(found.limit, limit);
        now += 1000 * found.seconds;
        assert.equal(quotas.exhausted(ann), undefined);
        return;
      }
      quotas.spend(ann, size);
      kept += size;
    }
  }));
});

Deno.test("DailyQuotas lets nobody keep more than two days' bytes in a day", () => {
  let now = 0, kept = 0;
  const quotas = new DailyQuotas({ dailyPerAccount: 100_000, dailyPerAddress: 0 }, () => now);
  for (; now < DAY; now += 1000) {
    if (quotas.exhausted(ann) !== undefined) continue;
    quotas.spend(ann, 500);
    kept += 500;
  }
  assert.ok(kept > 190_000 && kept < 201_000, `${kept}`);
});

Deno.test("DailyQuotas counts accounts and networks apart, and guests by their network", () => {
  const quotas = new DailyQuotas({ dailyPerAccount: 1_000, dailyPerAddress: 3_000 }, () => 0);
  quotas.spend(ann, 1_000);
  assert.equal(quotas.exhausted(ann)?.scope, "account");
  assert.equal(quotas.exhausted({ ...ann, host: "10.0.0.8" })?.scope, "account", "wherever it is");
  const guest = { host: ann.host };
  assert.equal(quotas.exhausted(guest), undefined);
  quotas.spend(guest, 2_000);
  assert.deepEqual(quotas.exhausted(guest), { scope: "network", limit: 3_000, seconds: 29 });
  assert.equal(quotas.exhausted({ host: "10.0.0.8" }), undefined);
  quotas.spend({ host: "2001:db8::1" }, 3_000);
  assert.equal(quotas.exhausted({ host: "2001:db8::2" })?.scope, "network", "a /64 is one network");
});

Deno.test("DailyQuotas without limits has none", () => {
  const limits = { dailyPerAccount: 0, dailyPerAddress: 0 }, quotas = new DailyQuotas(limits, () => 0);
  quotas.spend(ann, 1e12);
  assert.equal(quotas.exhausted(ann), undefined);
  assert.ok(DailyQuotas.isOff(limits));
  assert.ok(!DailyQuotas.isOff({ ...limits, dailyPerAddress: 1 }));
});

Deno.test("DailyQuotas gives back what was charged, and never more, however large it was", () => {
  const limit = 1_000;
  fc.assert(fc.property(fc.nat({ max: 900 }), fc.nat({ max: 5_000 }), (before, bytes) => {
    const quotas = new DailyQuotas({ dailyPerAccount: limit, dailyPerAddress: 0 }, () => 0);
    quotas.spend(ann, before);
    quotas.spend(ann, bytes);
    quotas.refund(ann, bytes);
    let left = 0;
    for (; quotas.exhausted(ann) === undefined; left++) quotas.spend(ann, 1);
    assert.ok(left <= limit - before, `${left}`);
    if (bytes <= limit) assert.equal(left, limit - before);
  }));
});
