/** Objects that are nearly as large as they may be and never end, on many connections. */
import { gather } from "../../../bench/peer.ts";
import { pause } from "../../pause.ts";
import { openRaw } from "../raw.ts";
import type { Scenario, Stage } from "../stage.ts";

const CONNECTIONS = 3_000;
const HALF = `\n{"action":"msg","time":1,"message":"${"x".repeat(60_000)}`;

/** All of them would be 180 MB. A server that takes in as many bytes as it likes grows by 200; one that does not, by 135. */
export const halves: Scenario = { growth: 160, run };

async function run(stage: Stage): Promise<void> {
  const sockets = await gather(stage.many(CONNECTIONS), async () => {
    const socket = await openRaw(stage.port);
    await socket?.write('{"action":"presence","time":1,"user":{"account_name":"halves","status":""}}\n');
    return socket;
  });
  await stage.begin();
  for (let from = 0; from < HALF.length && stage.alive; from += 12_000) {
    await Promise.all(sockets.map((socket) => socket?.write(HALF.slice(from, from + 12_000))));
  }
  await pause(1_000);
  for (const socket of sockets) socket?.reset();
}
