import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { SessionTokens } from "../../../server/chat/session_tokens.ts";

const HOUR = 3_600, DAY = 24 * HOUR, DAYS = 2, MOST = 20;
const hashOf = (text: string) => createHash("sha256").update(text).digest("base64url");

/** A token as the plainest model has it. */
interface Known {
  readonly text: string;
  readonly account: number;
  used: number;
}

const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant("put" as const), account: fc.integer({ min: 1, max: 2 }) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("use" as const, "end" as const), at: fc.nat() }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant("endAll" as const), account: fc.integer({ min: 1, max: 2 }) }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant("pass" as const), seconds: fc.nat({ max: DAY }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("sweep" as const) }) },
  ),
  { maxLength: 80, size: "max" },
);

Deno.test("SessionTokens finds those tokens that were given, have not ended and were used lately, whatever happens", () => {
  fc.assert(fc.property(steps, (steps) => {
    const tokens = new SessionTokens(DAYS, []), given: string[] = [];
    let known: Known[] = [], now = 1_764_000_000;
    const isOver = ({ used }: Known) => now - used >= DAYS * DAY;
    for (const step of steps) {
      switch (step.do) {
        case "put": {
          now++; // no two are given in one second, or which of them is older would be open
          const text = `token ${given.length}`, { account } = step;
          given.push(text);
          tokens.put({ hash: hashOf(text), account, since: now, used: now });
          known.push({ text, account, used: now });
          const own = known.filter((each) => each.account === account).sort((a, b) => b.used - a.used);
          const surplus = own.slice(MOST);
          assert.deepEqual(tokens.surplus(account), surplus.map(({ text }) => hashOf(text)));
          tokens.remove(tokens.surplus(account));
          known = known.filter((each) => !surplus.includes(each));
          break;
        }
        case "use": {
          const each = known[step.at % known.length];
          if (each === undefined || isOver(each)) break;
          each.used = ++now;
          tokens.use([hashOf(each.text)], now);
          break;
        }
        case "end": {
          const [each] = known.splice(step.at % (known.length || 1), 1);
          tokens.remove([hashOf(each?.text ?? "none"), hashOf("unknown")]);
          break;
        }
        case "endAll":
          tokens.remove(tokens.of(step.account));
          known = known.filter(({ account }) => account !== step.account);
          break;
        case "pass":
          now += step.seconds;
          break;
        case "sweep":
          assert.deepEqual(
            tokens.over(now, () => true).sort(),
            known.filter(isOver).map(({ text }) => hashOf(text)).sort(),
          );
          tokens.remove(tokens.over(now, () => true));
          known = known.filter((each) => !isOver(each));
      }
      for (const text of given) {
        const each = known.find((each) => each.text === text);
        assert.equal(tokens.find(text, now)?.account, each !== undefined && !isOver(each) ? each.account : undefined);
      }
      for (const account of [1, 2]) {
        assert.deepEqual(
          tokens.of(account).sort(),
          known.filter((each) => each.account === account).map(({ text }) => hashOf(text)).sort(),
        );
      }
    }
  }));
});

Deno.test("SessionTokens takes what was kept from before, and finds none by its hash", () => {
  const kept = { hash: hashOf("secret"), account: 7, since: 0, used: 0 };
  const tokens = new SessionTokens(DAYS, [kept]);
  assert.deepEqual(tokens.find("secret", DAY), kept);
  assert.equal(tokens.find(kept.hash, DAY), undefined);
  assert.equal(new SessionTokens(0, [kept]).find("secret", 0), undefined);
  assert.deepEqual(tokens.over(DAY, (id) => id !== 7), [kept.hash]);
  assert.deepEqual(tokens.missing(new Set([kept.hash])), []);
  assert.deepEqual(tokens.missing(new Set(["another"])), [kept]);
});

Deno.test("SessionTokens notes a use to the hour, of connections that have logged in with a token", () => {
  const hash = hashOf("secret"), tokens = new SessionTokens<object>(DAYS, [{ hash, account: 7, since: 0, used: 0 }]);
  const [ann, bob, zoe] = [{}, {}, {}];
  for (const person of [ann, bob]) tokens.hold(person, hash);
  assert.deepEqual(tokens.inUse([ann, bob, zoe], HOUR - 1), []);
  assert.deepEqual(tokens.inUse([ann, bob, zoe], HOUR), [hash]);
  tokens.use([hash], HOUR);
  assert.deepEqual(tokens.inUse([ann, bob, zoe], 2 * HOUR - 1), []);
  tokens.use([hash], 9 * DAY);
  assert.deepEqual(tokens.inUse([ann], 2 * HOUR), [hash], "by a clock that was wrong");
  tokens.hold(bob, undefined);
  assert.deepEqual([ann, bob, zoe].map((each) => tokens.isHeld(each, hash)), [true, false, false]);
  tokens.remove([hash]);
  assert.deepEqual([tokens.isHeld(ann, hash), tokens.heldBy(ann)], [true, undefined]);
  assert.deepEqual(tokens.inUse([ann], 9 * HOUR), []);
});
