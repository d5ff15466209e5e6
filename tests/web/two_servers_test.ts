// Two servers and a broker as people start them, with a page on each: when one is killed, and when the other one is stopped,
// its pages go on where the chat goes on.

import assert from "node:assert/strict";
import { connect } from "../chat/peer.ts";
import { type Program, startIn } from "../chat/program.ts";
import { hasBroker, startBroker } from "../nats_server.ts";
import { ownPorts } from "../own_port.ts";
import { browse, cannot } from "./browser.ts";

Deno.test("pages go on at the other server when theirs is killed or stopped, and show the same messages, each once", {
  ignore: cannot || !hasBroker,
}, async () => {
  await using broker = await startBroker();
  const ports = ownPorts(2), origins = ports.map((port) => `http://127.0.0.1:${port}`);
  const options = ["--broker", broker.url, "--chat", "school", "--servers", origins.join(",")];
  const start = (port: number, folder = Deno.makeTempDirSync({ prefix: "hanita-program-" })): Promise<Program> =>
    startIn(folder, "-a", "127.0.0.1", "--web", "--web-port", String(port), ...options);
  await using one = await start(ports[0]!);
  await using two = await start(ports[1]!);
  await using browser = await browse();
  const ann = await browser.open(`${origins[0]}/`), bob = await browser.open(`${origins[1]}/`);
  await ann.join("ann");
  await bob.join("bob");
  await ann.say("hello");
  await bob.hears("hello");

  one.kill("SIGKILL");
  await one.ended;
  await bob.say("meanwhile");
  await ann.hears("meanwhile");
  await ann.say("here again");
  await bob.hears("here again");

  await using back = await start(ports[0]!, one.folder);
  using eve = await connect(back.port);
  await eve.enter("eve");
  await eve.sayOk({ action: "msg", time: 1, message: "it is back" });
  await bob.hears("it is back"); // so its server knows that it is not alone
  two.kill("SIGTERM");
  assert.equal((await two.ended).code, 0);
  await ann.say("both are here");
  await bob.hears("both are here");
  await bob.say("so we are");
  await ann.hears("so we are");
  const all = ["hello", "meanwhile", "here again", "it is back", "both are here", "so we are"];
  for (const each of [ann, bob]) assert.deepEqual(await each.said(), all);
});
