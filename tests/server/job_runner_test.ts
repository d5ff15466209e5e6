import assert from "node:assert/strict";
import { JobRunner } from "../../server/job_runner.ts";
import type { Job } from "../../server/chat/jobs.ts";
import type { Connection } from "../../server/net/connection.ts";

/** A runner of jobs that take so many milliseconds each, and which outcomes were to be handled later. */
function runner(cost: number): { readonly run: (kind: Job["kind"]) => boolean; readonly jobs: JobRunner } {
  const later: boolean[] = [], done = { result: () => true };
  let now = 0;
  const work = { run: () => (now += cost, done), startDelayed: () => {}, close: () => Promise.resolve() };
  const events = { onMore: () => {}, onDone: (_: unknown, __: unknown, isLater: boolean) => void later.push(isLater) };
  const jobs = new JobRunner(work, () => now, events);
  const connection = { closeState: "open", rateLimit: { spendTime: () => {} } } as unknown as Connection;
  const run = (kind: Job["kind"]) => {
    jobs.add({ connection, job: { kind } as Job, then: () => {}, before: 1, askedAt: 0 });
    jobs.handleBatch(1, 0, 0);
    jobs.start(0);
    return later.pop()!;
  };
  return { run, jobs };
}

Deno.test("JobRunner has the network polled after some milliseconds of jobs, however many connections take turns", () => {
  const { run, jobs } = runner(0.5), find = () => run("message");
  assert.deepEqual([find(), find(), find(), find(), find()], [false, false, false, true, true]);
  jobs.notePoll();
  assert.deepEqual([find(), find(), find(), find()], [false, false, false, true]);
});

Deno.test("JobRunner has what was missed handled at once, since it precedes all that is relayed live", () => {
  const { run } = runner(10);
  assert.deepEqual([run("missed"), run("message"), run("missed")], [false, true, false]);
});

Deno.test("JobRunner has the network polled before each page, of which the rows take time", () => {
  const { run } = runner(0);
  assert.deepEqual([run("page"), run("message"), run("page")], [true, false, true]);
});

Deno.test("JobRunner starts a job with the id that its batch has in the log, and behind all that was delivered", () => {
  const befores: number[] = [], done = { result: () => true };
  const work = {
    run: (_: unknown, __: unknown, before: number) => (befores.push(before), done),
    startDelayed: () => {},
    close: () => Promise.resolve(),
  };
  const jobs = new JobRunner(work, () => 0, { onMore: () => {}, onDone: () => {} });
  const add = (connection: Connection, before: number, kind: Job["kind"] = "message") =>
    jobs.add({ connection, job: { kind } as Job, then: () => {}, before, askedAt: 0 });
  const openOne = { closeState: "open", rateLimit: { spendTime: () => {} } } as unknown as Connection;
  const closing = { ...openOne, closeState: "draining" } as unknown as Connection;
  add(openOne, 5);
  add(closing, 5);
  add(openOne, 9, "missed");
  assert.deepEqual(jobs.catchingUp, new Set([openOne]));
  jobs.handleBatch(5, 2, 0);
  jobs.start(0);
  assert.deepEqual(befores, [7]); // one is closing, and one waits for its batch
  add(closing, 9);
  assert.deepEqual(jobs.catchingUp, new Set([openOne])); // the other waits for no past
  jobs.handleBatch(9, 2, 20);
  jobs.start(0);
  assert.deepEqual(befores, [7, 21]);
});
