/** A guest that takes another name hundreds of times, before many who are told of each. */
import { gather } from "../../../bench/peer.ts";
import { pause } from "../../pause.ts";
import { bytesOf, Client } from "../client.ts";
import { joined } from "../broken.ts";
import { openRaw } from "../raw.ts";
import type { Scenario, Stage } from "../stage.ts";

const WATCHERS = 400, RENAMES = 900;
const presence = (name: string, more: object = {}) =>
  bytesOf({ action: "presence", user: { account_name: name, status: "x".repeat(20) }, ...more });

export const renames: Scenario = { growth: 100, run };

async function run(stage: Stage): Promise<void> {
  const watchers = await gather(stage.many(WATCHERS), async (i) => {
    const socket = await openRaw(stage.port);
    await socket?.write(presence(`watcher ${i}`, { watch: true }));
    await socket?.read();
    return socket;
  });
  await stage.begin();
  const guest = await Client.join(stage.port, "nobody");
  await guest.say(joined(...Array.from({ length: stage.many(RENAMES) }, (_, i) => presence(`name ${i}`))));
  for (let i = 0; i < stage.many(50) && stage.alive; i++) await pause(100);
  if (guest.ended !== "" && stage.alive) {
    stage.find(`a guest closed that renamed itself often: ${guest.ended}`, "a guest that is slowed down");
  }
  guest.close();
  for (const watcher of watchers) watcher?.end();
}
