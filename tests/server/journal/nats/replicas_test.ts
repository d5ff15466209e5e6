// A stream that three brokers keep: one of them may be gone at any time. It needs nats-server 2.10 or newer.

import { until } from "../../../chat/within.ts";
import { canReplicate, startCluster } from "../../../nats_server.ts";
import { keptOnce } from "./kept_once.ts";
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
    await keptOnce(one, two, async (more) => {
      for (const broker of brokers) {
        await more("some entries");
        await broker.kill();
        await more("some entries without it");
        await broker.start();
        await until("the links work", () => one.log.isUp && two.log.isUp);
      }
    });
  },
);
