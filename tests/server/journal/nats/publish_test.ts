// What an answer to a publish means: an entry is called refused only if it is certainly not in the log, and never will be.
import assert from "node:assert/strict";
import { errors, RequestError, TimeoutError } from "@nats-io/nats-core";
import { JetStreamApiError } from "@nats-io/jetstream";
import { verdict } from "../../../../server/journal/nats/publish.ts";

const said = (err_code: number, description: string) => new JetStreamApiError({ code: 400, err_code, description });
const noStream = new RequestError("no responders", { cause: new errors.NoRespondersError("entries") });
const full = said(10077, "maximum bytes exceeded");

const verdicts: readonly [what: string, error: Error, first: string, later: string][] = [
  ["an entry that is in the log", said(10071, "wrong last sequence: 7"), "present", "present"],
  ["no answer", new TimeoutError(), "unknown", "unknown"],
  ["a connection that was given up", new RequestError("given up"), "unknown", "unknown"],
  [
    "a try that is under way",
    said(10164, "expected last sequence per subject temporarily unavailable"),
    "unknown",
    "unknown",
  ],
  ["a full stream", full, "refused", "unknown"],
  ["a full broker", said(10023, "insufficient resources"), "refused", "unknown"],
  ["an entry that is too large", said(10054, "message size exceeds maximum allowed"), "refused", "unknown"],
  ["no stream that takes it", noStream, "refused", "unknown"],
];

for (const [what, error, first, later] of verdicts) {
  Deno.test(`${what}: the first try is ${first}, a later one is ${later}`, () => {
    assert.deepEqual([verdict(error, true).kind, verdict(error, false).kind], [first, later]);
  });
}

Deno.test("a refusal says whether the log is gone, and whether it is full as a disk is", () => {
  const gone = verdict(noStream, true), tooMuch = verdict(full, true);
  assert.ok(gone.kind === "refused" && gone.isGone);
  assert.ok(tooMuch.kind === "refused" && !tooMuch.isGone);
  assert.equal((tooMuch.failure.cause as { errcode?: number }).errcode, 13);
  assert.deepEqual(verdict(said(10071, "wrong last sequence: 7"), true), { kind: "present", last: 7 });
});

Deno.test("a defect is no verdict", () => {
  assert.throws(() => verdict("a word", true), (thrown) => thrown === "a word");
});
