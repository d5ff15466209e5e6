// What a broker loses, the servers have: nothing that was acknowledged is gone, and ids stay.

import assert from "node:assert/strict";
import { type Broker, hasBroker, startBroker } from "../nats_server.ts";
import { connect, type Heard, type Peer } from "./peer.ts";
import { cannotRun, type Program, startProgram } from "./program.ts";
import { until } from "./within.ts";

const ignore = cannotRun || !hasBroker;
const msg = (message: string) => ({ action: "msg", time: 1, to: "#all", message });

/** Somebody enters as soon as a server takes new connections. */
async function entered({ port }: Program, name: string): Promise<Peer> {
  let peer!: Peer;
  await until("a server takes new connections", async () => {
    peer = await connect(port);
    await peer.say({ action: "presence", time: 1, user: { account_name: name, status: "" }, features: ["id"] });
    const { response } = await peer.hear();
    if (response !== 503) return true;
    peer[Symbol.dispose]();
    return false;
  });
  return peer;
}

/** Ids and texts of all that was said. */
async function historyOf(server: Program, name: string): Promise<[number, string][]> {
  using peer = await entered(server, name);
  const said: [number, string][] = [];
  for (;;) {
    const after = said.at(-1)?.[0] ?? 0;
    const rows: Heard[] = await peer.ask({ action: "history", time: 1, room: "#all", after, limit: 500 });
    if (rows.length === 0) return said;
    said.push(...rows.map(({ id, message }): [number, string] => [id, message]));
  }
}

/** Says something until it is acknowledged, which it is when there is a link again. What was refused may be kept, too. */
async function sayUntilKept(peer: Peer, text: string): Promise<void> {
  await until(`${text} is kept`, async () => {
    await peer.say(msg(text));
    for (;;) {
      const { response } = await peer.hear();
      if (response !== undefined) return response === 200;
    }
  });
}

async function sayAll(peer: Peer, from: number, to: number): Promise<void> {
  for (const text of range(from, to)) await peer.sayOk(msg(text));
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => `${from + at}`);

const faults: Record<string, (broker: Broker) => void> = {
  "set back": (broker) => broker.putStoreBack(),
  "deleted": (broker) => Deno.removeSync(broker.store, { recursive: true }),
};

for (const [name, fault] of Object.entries(faults)) {
  Deno.test(`a broker with a store that was ${name} gets back what it has lost`, { ignore }, async () => {
    await using broker = await startBroker();
    const options = ["-a", "127.0.0.1", "--rate", "0", "--broker", broker.url, "--chat", "school"];
    await using one = await startProgram(...options), two = await startProgram(...options);
    using ann = await connect(one.port);
    await ann.enter("ann");
    await sayAll(ann, 1, 20);
    await broker.stop();
    broker.copyStore();
    await broker.start();
    await sayUntilKept(ann, "between");
    await sayAll(ann, 21, 520); // the copy lacks these
    const before = await historyOf(one, "bob");
    const said = [...range(1, 20), "between", ...range(21, 520)];
    assert.deepEqual([...new Set(before.map(([, text]) => text))], said);

    await broker.kill();
    fault(broker);
    await broker.start();
    await sayUntilKept(ann, "again");
    await using three = await startProgram(...options);
    for (const server of [one, two, three]) {
      let after: [number, string][] = [];
      await until("all is there", async () => (after = await historyOf(server, "eve")).length > before.length);
      assert.deepEqual(after.slice(0, before.length), before);
      assert.deepEqual([...new Set(after.slice(before.length).map(([, text]) => text))], ["again"]);
    }
  });
}
