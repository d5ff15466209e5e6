import assert from "node:assert/strict";
import type { Job } from "../../server/chat/jobs.ts";
import { canWait, type Event } from "../../server/events.ts";

const jobDone = (kind: Job["kind"]) => ({ kind: "jobDone", job: { job: { kind } } }) as unknown as Event;
const of = (kind: Event["kind"]) => ({ kind }) as Event;

Deno.test("requests and their results can wait for a later turn, but nothing that others depend on", () => {
  assert.deepEqual([of("received"), of("resumeInput"), jobDone("message"), jobDone("page")].map(canWait), [
    true,
    true,
    true,
    true,
  ]);
  const must = ["accepted", "written", "journal", "timer", "maintenance", "stop", "writeSlice"] as const;
  assert.deepEqual(must.map((kind) => canWait(of(kind))), must.map(() => false));
  assert.equal(canWait(jobDone("missed")), false);
});
