// A stream that three brokers keep: one of them may be gone at any time. It needs nats-server 2.10 or newer.

import assert from "node:assert/strict";
import { until } from "../../../chat/within.ts";
import { canReplicate, startCluster } from "../../../nats_server.ts";
import { Member } from "./member.ts";

Deno.test(
  "an entry is kept once by three brokers, though one after the other is killed",
  { ignore: !canReplicate },
  async () => {
    await using cluster = await startCluster();
    const { brokers, url } = cluster;
    let first: Member | undefined;
    // JetStream works when the brokers have chosen one of them.
    await until("the cluster works", async () => {
      first = await Member.open(url, { replicas: 3 }).catch(() => undefined);
      return first !== undefined;
    });
    await using one = await first!.up(), two = await (await Member.open(url, { replicas: 3 })).up();
    const outcomes: ("kept" | "refused")[] = [];
    let isOver = false;
    const writing = (async () => {
      for (let at = 0; !isOver; at++) {
        await one.up();
        outcomes[at] = await one.appended(`${at}`);
      }
    })();
    for (const broker of brokers) {
      const before = outcomes.length;
      await until("some entries", () => outcomes.length > before + 20);
      await broker.kill();
      const then = outcomes.length;
      await until("some entries without it", () => outcomes.length > then + 20);
      await broker.start();
      await until("the links work", () => one.log.isUp && two.log.isUp);
    }
    isOver = true;
    await writing;
    const kept = outcomes.flatMap((outcome, at) => outcome === "kept" ? [`${at}`] : []);
    assert.deepEqual(one.texts, kept);
    await until("the same at the other one", () => two.entries.length >= kept.length);
    assert.deepEqual(two.entries, one.entries);
  },
);
