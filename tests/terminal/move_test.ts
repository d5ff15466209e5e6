// A terminal client that is given several servers of one chat moves when its own is gone.

import assert from "node:assert/strict";
import { startServers } from "../chat/two_servers.ts";
import { ownPort } from "../own_port.ts";
import { cannot, terminal } from "./terminal.ts";

Deno.test(
  "client on a terminal moves to another server of the chat when its own stops, and loses and doubles nothing",
  { ignore: cannot },
  async () => {
    await using chat = await startServers(2);
    const [one, two] = chat.all, ports = chat.all.map(({ port }) => `127.0.0.1:${port}`);
    const bob = await two!.join("bob");
    await using ann = terminal([ports.join(","), "-n", "ann"], 120);
    await ann.shows(new RegExp(`Joined .*${ports[0]}`));
    await bob.sayOk({ action: "msg", time: 1, to: "#all", message: "before" });
    await ann.shows(/bob │ before/);
    await ann.type("hello\r");
    await bob.expect({ from: "ann", message: "hello" });
    one!.stop();
    await ann.shows(new RegExp(`The connection is lost: the server is stopping. Trying ${ports[1]}; what you type`));
    await bob.sayOk({ action: "msg", time: 1, to: "#all", message: "meanwhile" });
    await ann.shows(new RegExp(`The connection is back after \\d+ s, to ${ports[1]}`));
    await ann.type("here again\r");
    await bob.expect({ action: "msg", from: "ann", message: "here again" });
    await bob.sayOk({ action: "msg", time: 1, to: "#all", message: "after" });
    await ann.shows(/bob │ after/);
    const said = ann.screen.rows.flatMap((row) => /bob │ (\w+)/.exec(row)?.[1] ?? []);
    assert.deepEqual(said, ["before", "meanwhile", "after"]);
  },
);

Deno.test("client on a terminal begins with the first server that can be reached", { ignore: cannot }, async () => {
  await using chat = await startServers(1);
  await using ann = terminal([`127.0.0.1:${ownPort()},127.0.0.1:${chat.all[0]!.port}`, "-n", "ann"]);
  await ann.shows(new RegExp(`Joined .*:${chat.all[0]!.port}`));
});
