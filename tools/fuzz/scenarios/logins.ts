/** Logins that hang up before they are answered, right ones and wrong ones; and then a login that waits for its answer. */
import { gather } from "../../harness/peer.ts";
import { pause } from "../../harness/pause.ts";
import { bytesOf, Client, login, PASSWORD } from "../client.ts";
import { openRaw } from "../raw.ts";
import { type Scenario, type ScenarioContext, VICTIM, WITNESS } from "../scenario.ts";

const LOGINS = 300;
/** Milliseconds in which a login is answered once the clients that wanted one before are gone. */
const SOON = 5_000;

export const logins: Scenario = { growth: 200, run };

async function run(context: ScenarioContext): Promise<void> {
  await context.begin();
  await gather(context.scaled(LOGINS), async (i) => {
    const socket = await openRaw(context.port);
    const password = i % 30 === 0 ? PASSWORD : "wrong password";
    await socket?.write(bytesOf({ action: "presence", user: { account_name: `guest ${i}`, status: "" } }));
    await socket?.read();
    await socket?.write(bytesOf(login(VICTIM, password)));
    if (context.random.once(2)) socket?.reset();
    else socket?.end();
    if (i % 3 === 0) { // and one that registers
      const other = await openRaw(context.port);
      await other?.write(bytesOf({ ...login(`new ${i}`), action: "register" }));
      other?.reset();
    }
  });
  const client = await Client.connect(context.port), began = performance.now();
  const answer = await client.request(login(WITNESS), 20_000), took = performance.now() - began;
  if (answer?.response !== 200 || took > SOON) {
    const got = answer === undefined ? client.ended || "no answer" : `${answer.response} ${answer.error ?? ""}`;
    context.report(`${got} to a login after ${(took / 1000).toFixed(0)} s`, `200 within ${SOON / 1000} s`);
  }
  // Those that hung up are here no more, whenever their password was found to be right. Of one that has only ended its
  // stream that is known when it has been answered.
  let ghosts: string[] = [];
  for (let i = 0; i < 60; i++) {
    const { rows } = await client.requestList({ action: "who_online" });
    ghosts = rows.map(({ user_id = "" }) => user_id).filter((name) => name === VICTIM || /^(new|guest) \d/.test(name));
    if (ghosts.length === 0) break;
    await pause(500);
  }
  if (ghosts.length > 0 && context.isAlive) {
    context.report(
      `${ghosts.length} still listed online after they hung up, such as ${ghosts[0]}`,
      "only open connections",
    );
  }
  client.close();
}
