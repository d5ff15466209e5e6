/** A guest that takes another name hundreds of times, before many others that are told of each. */
import { gather } from "../../harness/peer.ts";
import { pause } from "../../harness/pause.ts";
import { bytesOf, Client } from "../client.ts";
import { concat } from "../malformed_input.ts";
import { openRaw } from "../raw.ts";
import type { Scenario, ScenarioContext } from "../scenario.ts";

const WATCHERS = 400, RENAMES = 900;
const presence = (name: string, more: object = {}) =>
  bytesOf({ action: "presence", user: { account_name: name, status: "x".repeat(20) }, ...more });

export const renames: Scenario = { growth: 100, run };

async function run(context: ScenarioContext): Promise<void> {
  const watchers = await gather(context.scaled(WATCHERS), async (i) => {
    const socket = await openRaw(context.port);
    await socket?.write(presence(`watcher ${i}`, { watch: true }));
    await socket?.read();
    return socket;
  });
  await context.begin();
  const guest = await Client.join(context.port, "nobody");
  await guest.send(concat(...Array.from({ length: context.scaled(RENAMES) }, (_, i) => presence(`name ${i}`))));
  for (let i = 0; i < context.scaled(50) && context.isAlive; i++) await pause(100);
  if (guest.ended !== "" && context.isAlive) {
    context.report(`a guest closed that renamed itself often: ${guest.ended}`, "a guest that is slowed down");
  }
  guest.close();
  for (const watcher of watchers) watcher?.end();
}
