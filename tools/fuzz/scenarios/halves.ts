/** Objects that are nearly as large as they may be and never end, on many connections. */
import { gather } from "../../harness/peer.ts";
import { pause } from "../../harness/pause.ts";
import { openRaw } from "../raw.ts";
import type { Scenario, ScenarioContext } from "../scenario.ts";

const CONNECTIONS = 3_000, AT_ONCE = 100, PIECE = 12_000;
const HALF = `\n{"action":"msg","time":1,"message":"${"x".repeat(60_000)}`;

/**
 * All of them would be 180 MB. A server that takes in as many bytes as it likes grows by 200; one that does not, by 135.
 * So many connections that all have something to say are a load of their own.
 */
export const halves: Scenario = { growth: 160, answer: 5_000, run };

async function run(context: ScenarioContext): Promise<void> {
  const sockets = await gather(context.scaled(CONNECTIONS), async () => {
    const socket = await openRaw(context.port);
    await socket?.write('{"action":"presence","time":1,"user":{"account_name":"halves","status":""}}\n');
    return socket;
  });
  await context.begin();
  for (let from = 0; from < HALF.length && context.isAlive; from += PIECE) {
    for (let first = 0; first < sockets.length; first += AT_ONCE) {
      const some = sockets.slice(first, first + AT_ONCE);
      await Promise.all(some.map((socket) => socket?.write(HALF.slice(from, from + PIECE))));
      await pause(20); // it is their memory that is looked at, and not how many bytes a second can be read
    }
  }
  await pause(1_000);
  for (const socket of sockets) socket?.reset();
}
