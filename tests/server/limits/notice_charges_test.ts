import assert from "node:assert/strict";
import { NoticeCharges } from "../../../server/limits/notice_charges.ts";
import { Bucket } from "../../../server/limits/rate_limit.ts";

const KB = 1024, RATE_LIMIT = { rate: 10, burst: 100 };

/** A new connection from a network. */
function sender(network: string) {
  const rateLimit = new Bucket(RATE_LIMIT);
  rateLimit.isEmpty(0);
  return { network, rateLimit };
}

Deno.test("Notices make those wait that cause more, once their network has caused as much as four connections may", () => {
  let now = 0;
  const notices = new NoticeCharges(RATE_LIMIT, () => now), one = sender("a");
  notices.charge(one, 399 * 32 * KB);
  assert.equal(one.rateLimit.isEmpty(0), false);
  const other = sender("a"), silent = sender("a"), stranger = sender("b");
  notices.charge(other, 8 * 32 * KB);
  notices.charge(silent, 0);
  notices.charge(stranger, 32 * KB);
  assert.deepEqual([one, other, silent, stranger].map(({ rateLimit }) => rateLimit.isEmpty(0)), [
    false,
    true,
    false,
    false,
  ]);
  assert.equal(other.rateLimit.wait, 200, "8 tokens at 40 a second");
  now = 1000;
  assert.equal(other.rateLimit.isEmpty(1000), false);
});

Deno.test("Notices make nobody wait for longer than a burst, or where there is no rate limit", () => {
  const notices = new NoticeCharges(RATE_LIMIT, () => 0),
    one = sender("a"),
    free = new NoticeCharges({ rate: 0, burst: 0 }, () => 0);
  notices.charge(one, 1e12);
  assert.equal(one.rateLimit.isEmpty(0), true);
  assert.ok(one.rateLimit.wait <= 10_100);
  const other = sender("b");
  free.charge(other, 1e12);
  assert.equal(other.rateLimit.isEmpty(0), false);
});
