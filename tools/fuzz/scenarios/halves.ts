/** Objects that are nearly as large as they may be and never end, on many connections. */
import { gather } from "../../../bench/peer.ts";
import { pause } from "../../pause.ts";
import { openRaw } from "../raw.ts";
import type { Scenario, Stage } from "../stage.ts";

const CONNECTIONS = 1_500;
const HALF = `\n{"action":"msg","time":1,"message":"${"x".repeat(60_000)}`;

/** A connection alone costs 31 KB, which is not what is looked for here. */
export const halves: Scenario = { growth: 32, run };

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
