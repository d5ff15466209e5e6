import assert from "node:assert/strict";
import fc from "fast-check";
import { Growth } from "../../../server/limits/growth.ts";

const HOUR = 3_600_000;

Deno.test("Growth lets a network make so many, and after the wait that it says the next one", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(HOUR), (limit, later) => {
    const clock = { now: 1e6 };
    const growth = new Growth({ newRooms: limit, newAccounts: 0, emptyRooms: 0 }, () => clock.now);
    for (let i = 0; i < limit; i++) {
      assert.equal(growth.refusal("room", "2001:db8::1"), undefined);
      growth.made("room", `2001:db8::${i.toString(16)}`);
    }
    const refusal = growth.refusal("room", "2001:db8::ffff");
    assert.deepEqual(refusal, { limit, seconds: Math.ceil(3600 / limit) });
    assert.equal(growth.refusal("room", "2001:db8:0:1::1"), undefined);
    clock.now += refusal!.seconds * 1000;
    assert.equal(growth.refusal("room", "2001:db8::1"), undefined);
    clock.now += later;
    let more = 0;
    for (; growth.refusal("room", "2001:db8::1") === undefined; more++) growth.made("room", "2001:db8::1");
    assert.ok(more <= limit);
  }));
});

Deno.test("Growth without a limit lets a network make any number", () => {
  const growth = new Growth({ newRooms: 0, newAccounts: 0, emptyRooms: 0 }, () => 0);
  for (let i = 0; i < 1000; i++) {
    growth.made("account", "10.0.0.7");
    assert.equal(growth.refusal("account", "10.0.0.7"), undefined);
  }
});
