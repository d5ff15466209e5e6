import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { endRecord, SessionTokens, tokensOf, useRecord } from "../../../server/chat/session_tokens.ts";
import type { SessionToken } from "../../../server/chat/state.ts";
import type { StateProposal } from "../../../server/journal/records.ts";
import { accountOf, stateOf } from "./session.ts";

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

/** The tokens of two accounts, which have the ids 1 and 2, and a way to change them. */
function makeTokens(days = DAYS) {
  const state = stateOf(accountOf("ann"), accountOf("bob"));
  let id = 2;
  const apply = (...proposals: StateProposal[]) => proposals.forEach((each) => state.apply({ ...each, id: ++id }));
  const put = (text: string, account: number, now: number) =>
    apply({ kind: "session", account, hash: hashOf(text), is: true, since: now, used: now });
  const tokens = new SessionTokens<object>({ sessionDays: days }, state);
  return { state, tokens, apply, put, of: (account: number) => tokensOf(state.accountById(account)!) };
}

const hashesOf = (tokens: readonly SessionToken[]) => tokens.map(({ hash }) => hash).sort();

Deno.test("SessionTokens finds those tokens that were given, have not ended and were used lately, whatever happens", () => {
  fc.assert(fc.property(steps, (steps) => {
    const { state, tokens, apply, put, of } = makeTokens(), given: string[] = [];
    let known: Known[] = [], now = 1_764_000_000;
    const isOver = ({ used }: Known) => now - used >= DAYS * DAY;
    for (const step of steps) {
      switch (step.do) {
        case "put": {
          now++; // no two are given in one second, or which of them is older would be open
          const text = `token ${given.length}`, { account } = step;
          const own = known.filter((each) => each.account === account).sort((a, b) => b.used - a.used);
          const surplus = own.slice(MOST - 1), ended = tokens.surplus(state.accountById(account)!);
          assert.deepEqual(ended.map(({ hash }) => hash), surplus.map(({ text }) => hashOf(text)));
          given.push(text);
          put(text, account, now);
          apply(...ended.map(endRecord));
          known.push({ text, account, used: now });
          known = known.filter((each) => !surplus.includes(each));
          break;
        }
        case "use": {
          now++; // before it is looked whether the token has expired, as the server does
          const each = known[step.at % known.length];
          if (each === undefined || isOver(each)) break;
          each.used = now;
          apply(useRecord(tokens.find(each.text, now)!, now));
          break;
        }
        case "end": {
          const [each] = known.splice(step.at % (known.length || 1), 1);
          if (each !== undefined) apply(endRecord(state.token(hashOf(each.text))!));
          break;
        }
        case "endAll":
          apply(...of(step.account).map(endRecord));
          known = known.filter(({ account }) => account !== step.account);
          break;
        case "pass":
          now += step.seconds;
          break;
        case "sweep":
          assert.deepEqual(hashesOf(tokens.expired(now)), known.filter(isOver).map(({ text }) => hashOf(text)).sort());
          apply(...tokens.expired(now).map(endRecord));
          known = known.filter((each) => !isOver(each));
      }
      for (const text of given) {
        const each = known.find((each) => each.text === text), expected = each !== undefined && !isOver(each);
        assert.equal(tokens.find(text, now)?.account.id, expected ? each.account : undefined);
      }
      for (const account of [1, 2]) {
        const own = known.filter((each) => each.account === account);
        assert.deepEqual(hashesOf(of(account)), own.map(({ text }) => hashOf(text)).sort());
      }
    }
  }));
});

Deno.test("SessionTokens finds no token by its hash, none where there are none, and none of an account that is no more", () => {
  const { tokens, put, apply } = makeTokens(), none = makeTokens(0);
  for (const each of [put, none.put]) each("secret", 1, 0);
  assert.equal(tokens.find("secret", DAY)?.account.name, "ann");
  assert.equal(tokens.find(hashOf("secret"), DAY), undefined);
  assert.equal(none.tokens.find("secret", 0), undefined);
  apply({ kind: "removal", of: 1 });
  assert.equal(tokens.find("secret", DAY), undefined);
});

Deno.test("SessionTokens ends with another password", () => {
  const { tokens, put, apply } = makeTokens();
  put("secret", 1, 0);
  put("other", 2, 0);
  apply({ kind: "password", account: 1, password: "x" });
  assert.deepEqual(["secret", "other"].map((text) => tokens.find(text, 0)?.account.name), [undefined, "bob"]);
});

Deno.test("SessionTokens notes a use to the hour, of connections that have logged in with a token", () => {
  const { state, tokens, put, apply } = makeTokens(), hash = hashOf("secret");
  put("secret", 1, 0);
  const use = (now: number) => apply(useRecord(state.token(hash)!, now));
  const [ann, bob, zoe] = [{}, {}, {}];
  for (const session of [ann, bob]) tokens.setHeld(session, hash);
  assert.deepEqual(tokens.inUse([ann, bob, zoe], HOUR - 1), []);
  assert.deepEqual(hashesOf(tokens.inUse([ann, bob, zoe], HOUR)), [hash]);
  use(HOUR);
  assert.deepEqual(tokens.inUse([ann, bob, zoe], 2 * HOUR - 1), []);
  use(9 * DAY);
  assert.deepEqual(hashesOf(tokens.inUse([ann], 2 * HOUR)), [hash], "by a clock that was wrong");
  tokens.setHeld(bob, undefined);
  assert.deepEqual([ann, bob, zoe].map((each) => tokens.isHeld(each, hash)), [true, false, false]);
  apply(endRecord(state.token(hash)!));
  assert.deepEqual([tokens.isHeld(ann, hash), tokens.heldBy(ann)], [true, undefined]);
  assert.deepEqual(tokens.inUse([ann], 9 * HOUR), []);
});
