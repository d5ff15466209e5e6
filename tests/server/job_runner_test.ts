import assert from "node:assert/strict";
import { JobRunner } from "../../server/job_runner.ts";
import type { Job } from "../../server/chat/jobs.ts";
import type { Connection } from "../../server/net/connection.ts";

Deno.test("JobRunner starts jobs for some milliseconds of a turn, and the rest in later ones", () => {
  const ran: number[] = [], done = { result: () => true };
  let now = 0, more = 0;
  const work = { run: () => (now += 2, done), startDelayed: () => {}, close: () => Promise.resolve() };
  const jobs = new JobRunner(work, () => now, { onMore: () => more++, onDone: () => ran.push(now) });
  const connection = { closeState: "open", rateLimit: { spendTime: () => {} } } as unknown as Connection;
  for (let i = 0; i < 5; i++) {
    jobs.add({ connection, job: { kind: "message" } as Job, then: () => {}, before: 1, askedAt: 0 });
  }
  jobs.handleBatch(1, 0, 0);
  jobs.start(0);
  assert.deepEqual([ran, more], [[2, 4, 6], 1]);
  jobs.start(0); // another turn before that one: it asks for no second one
  assert.deepEqual([ran, more], [[2, 4, 6], 1]);
  jobs.startMore(0);
  assert.deepEqual([ran, more], [[2, 4, 6, 8, 10], 1]);
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
  assert.deepEqual([...jobs.catchingUp.keys()], [openOne]);
  jobs.handleBatch(5, 2, 0);
  jobs.start(0);
  assert.deepEqual(befores, [7]); // one is closing, and one waits for its batch
  add(closing, 9);
  assert.deepEqual([...jobs.catchingUp.keys()], [openOne]); // the other waits for no past
  jobs.handleBatch(9, 2, 20);
  jobs.start(0);
  assert.deepEqual(befores, [7, 21]);
});
