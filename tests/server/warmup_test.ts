import assert from "node:assert/strict";
import { roomy } from "../../jim/mod.ts";
import type { Conduct } from "../../server/serve.ts";
import { warmUp } from "../../server/warmup.ts";
import { cannotRun, startProgram } from "../chat/program.ts";
import { may } from "../may.ts";

const conduct: Conduct = {
  limits: roomy,
  pace: { rate: 1, burst: 1 },
  outbox: 1 << 20,
  outboxes: 1 << 28,
  unfinished: 1 << 23,
  bareGap: 50,
  connections: 1,
  perAddress: 0,
  presenceWithin: 30_000,
  idle: 0,
  newRooms: 0,
  newAccounts: 0,
  emptyRooms: 0,
  probeAfter: 60_000,
  language: "en",
  rules: { registration: false, guests: false, devices: 1, rooms: 1, replay: 1, sessionDays: 30 },
};

Deno.test("warmUp lets its own people chat, whatever the rules are for others, and leaves nothing behind", {
  ignore: !may("net"),
}, async () => {
  let said = 0;
  for (let ms = 100; said === 0 && ms < 60_000; ms *= 2) said = await warmUp(conduct, ms); // a busy machine takes longer
  assert.ok(said > 0);
});

Deno.test("warmUp ends in peace when it is over before its people are accepted", { ignore: !may("net") }, async () => {
  for (let i = 0; i < 5; i++) await warmUp(conduct, 1);
});

Deno.test("warmUp does nothing in no time", async () => {
  assert.equal(await warmUp(conduct, 0), 0);
});

Deno.test(
  "warmUp is not needed: without permission for the loopback nothing happens",
  { permissions: "none" },
  async () => {
    assert.equal(await warmUp(conduct, 100), 0);
  },
);

Deno.test("the server says nothing of its warm-up", { ignore: cannotRun }, async () => {
  await using server = await startProgram("--warm-up", "50", "--address", "127.0.0.1");
  assert.equal(server.ready, `listening on 127.0.0.1:${server.port}`);
  server.kill("SIGTERM");
  assert.equal((await server.ended).code, 0);
  assert.match(server.log(), /listening on/);
  assert.doesNotMatch(server.log(), /connected|presence|stopping, [^0]/);
});
