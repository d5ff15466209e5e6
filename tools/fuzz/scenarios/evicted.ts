/**
 * More half-open requests than the web port keeps, so that a WebSocket is evicted in the very moment in which it enters the
 * chat; and a chat that is busy, so that several such moments fall together.
 */
import { pause } from "../../harness/pause.ts";
import { openRaw, type RawSocket, upgrade } from "../raw.ts";
import type { Scenario, ScenarioContext } from "../scenario.ts";
import { makeBusy } from "./busy.ts";

/** Requests that the web port keeps at a time. */
const KEPT = 500;

export const evicted: Scenario = { share: 4, run };

async function run(context: ScenarioContext): Promise<void> {
  const { webPort } = context;
  const busy = await makeBusy(context);
  const request = upgrade(webPort), waiting: RawSocket[] = [];
  const wait = async () => {
    const socket = await openRaw(webPort);
    await socket?.write(request.slice(0, -1));
    if (socket !== undefined) waiting.push(socket);
  };
  for (let i = 0; i < KEPT / 20; i++) await Promise.all(Array.from({ length: 20 }, wait));
  await context.begin();
  const asking = busy.ask();
  while (context.hasTime()) {
    const some = waiting.splice(0, 2 + context.random.below(7));
    for (const socket of some) void socket.write(request.slice(-1));
    const until = performance.now() + 4 * context.random.below(1000) / 1000;
    while (performance.now() < until); // shorter than a timer can be
    await Promise.all(Array.from({ length: some.length + 4 }, wait));
    await Promise.all(some.map((socket) => socket.read(500)));
    for (const socket of some) socket.end();
    while (waiting.length > KEPT) waiting.shift()!.end();
    if (waiting.length < KEPT / 2) await pause(10); // the server has died, or takes nobody in
  }
  await asking;
  for (const socket of waiting) socket.reset();
  busy.close();
}
