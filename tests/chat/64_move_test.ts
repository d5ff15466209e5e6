// One of several servers that stops has its clients move first: those that understand it are told, and all are served until
// they have left. A server that is alone stops at once.

import assert from "node:assert/strict";
import { hasBroker, startBroker } from "../nats_server.ts";
import { connect, type Peer } from "./peer.ts";
import { cannotRun, startProgram } from "./program.ts";
import { cannot, type Chat, start } from "./start.ts";
import { type Servers, startServers } from "./two_servers.ts";

const msg = (message: string) => ({ action: "msg", time: 1, to: "#all", message });
const MOVE = { response: 100, alert: "the server is stopping, the others go on", move: true };
const STOP = { response: 100, alert: "the server is stopping" };
/** Signals as far apart as this are two: the server takes those within 500 ms for one. */
const APART = 700;

/** Two servers, of which the first knows the second. */
async function startTwo(options: Parameters<typeof startServers>[1] = {}): Promise<Servers> {
  const chat = await startServers(2, options), [one, two] = chat.all;
  const here = await one!.join("here"), there = await two!.join("there");
  await there.sayOk(msg("hello"));
  await here.expect({ from: "there" });
  await here.end();
  await there.end();
  return chat;
}

/** One that understands that it is to move. */
async function mover(chat: Pick<Chat, "connect">, name: string): Promise<Peer> {
  const peer = await chat.connect();
  await peer.enter(name, { features: ["move"] });
  return peer;
}

/** The notice of a stop, and nothing of another server. */
async function expectStop(peer: Peer): Promise<void> {
  assert.equal("move" in await peer.expect(STOP), false);
  await peer.expectEnd();
}

Deno.test("a server that stops tells its clients to move, and serves all until they have left", {
  ignore: cannot,
}, async () => {
  await using chat = await startTwo();
  const [one, two] = chat.all;
  const ann = await mover(one!, "ann"), eve = await mover(one!, "eve"), bob = await one!.join("bob");
  const joe = await two!.join("joe");
  one!.stop();
  for (const each of [ann, eve]) await each.expect(MOVE);
  using late = await connect(one!.port).catch(() => undefined); // the system may have taken it before
  await late?.expectBreak();
  await ann.say({ action: "quit" });
  await ann.expect({ response: 200 });
  await ann.expectEnd();
  const back = await two!.join("ann");
  await eve.sayOk(msg("still served"));
  for (const each of [bob, joe, back]) await each.expect({ from: "eve", message: "still served" });
  await back.sayOk(msg("here again"));
  for (const each of [bob, eve, joe]) await each.expect({ from: "ann", message: "here again" });
  assert.deepEqual(await eve.end(), []);
  await expectStop(bob);
  for (const each of [ann, bob]) each.close();
  await one!.over;
  await joe.silence();
});

Deno.test("clients that do not move have five seconds", { ignore: cannot }, async () => {
  await using chat = await startTwo({ frozen: true });
  const [one] = chat.all, ann = await mover(one!, "ann");
  one!.stop();
  await ann.expect(MOVE);
  one!.pass(4_999);
  await ann.silence();
  one!.pass(1);
  await expectStop(ann);
  ann.close();
  await one!.over;
});

Deno.test("a server stops at once where nobody can move: alone, the last of several, or among older clients", {
  ignore: cannot,
}, async () => {
  await using alone = await start();
  await using last = await startServers(1);
  await using both = await startTwo();
  const ann = await mover(alone, "ann"), eve = await mover(last.all[0]!, "eve"), bob = await both.all[0]!.join("bob");
  const bare = await both.all[0]!.bare();
  await bare.enter("bare", { features: ["move"] }); // it would take a notice for a message
  for (const each of [alone, last.all[0]!, both.all[0]!]) each.stop();
  for (const each of [ann, eve, bob]) {
    await expectStop(each);
    each.close();
  }
  await bare.expectEnd();
  bare.close();
  await Promise.all([alone.over, last.all[0]!.over, both.all[0]!.over]);
});

Deno.test("a second signal ends a server at once, although its clients have not moved", {
  ignore: cannotRun || !hasBroker,
}, async () => {
  await using broker = await startBroker();
  const options = ["-a", "127.0.0.1", "--broker", broker.url, "--chat", "school"];
  await using one = await startProgram(...options);
  await using two = await startProgram(...options);
  using ann = await connect(one.port), bob = await connect(two.port);
  await ann.enter("ann", { features: ["move"] });
  await bob.enter("bob");
  await bob.sayOk(msg("now both know of each other"));
  await ann.expect({ from: "bob" });
  one.kill("SIGTERM");
  await ann.expect(MOVE);
  await new Promise((resolve) => setTimeout(resolve, APART));
  one.kill("SIGTERM");
  assert.equal((await one.ended).code, 130);
});
