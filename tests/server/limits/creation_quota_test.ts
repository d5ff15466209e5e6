import assert from "node:assert/strict";
import fc from "fast-check";
import { CreationQuota } from "../../../server/limits/creation_quota.ts";

const HOUR = 3_600_000;

Deno.test("Growth lets a network make so many, and after the wait that it says the next one", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(HOUR), (limit, later) => {
    const clock = { now: 1e6 };
    const growth = new CreationQuota({ newRooms: limit, newAccounts: 0, emptyRooms: 0 }, () => clock.now);
    for (let i = 0; i < limit; i++) {
      assert.equal(growth.exceeded("room", "2001:db8::1"), undefined);
      growth.count("room", `2001:db8::${i.toString(16)}`);
    }
    const refusal = growth.exceeded("room", "2001:db8::ffff");
    assert.deepEqual(refusal, { limit, seconds: Math.ceil(3600 / limit) });
    assert.equal(growth.exceeded("room", "2001:db8:0:1::1"), undefined);
    clock.now += refusal!.seconds * 1000;
    assert.equal(growth.exceeded("room", "2001:db8::1"), undefined);
    clock.now += later;
    let more = 0;
    for (; growth.exceeded("room", "2001:db8::1") === undefined; more++) growth.count("room", "2001:db8::1");
    assert.ok(more <= limit);
  }));
});

Deno.test("Growth without a limit lets a network make any number", () => {
  const growth = new CreationQuota({ newRooms: 0, newAccounts: 0, emptyRooms: 0 }, () => 0);
  for (let i = 0; i < 1000; i++) {
    growth.count("account", "10.0.0.7");
    assert.equal(growth.exceeded("account", "10.0.0.7"), undefined);
  }
});
