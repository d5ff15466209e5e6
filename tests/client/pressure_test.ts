// What the client does when somebody is slower than somebody else: it stops reading instead of keeping all in memory. That
// nothing happens cannot be waited for, so each test keeps another stream busy meanwhile, and counts its turns.

import assert from "node:assert/strict";
import { cannot, client } from "./run.ts";
import { scriptedServer } from "./scripted_server.ts";

Deno.test("client reads no further from the keyboard while 1,000 texts are in wait", { ignore: cannot }, async () => {
  using server = scriptedServer();
  await using writing = client("127.0.0.1", server.port, "-w");
  const connection = await server.welcome();
  const typed = writing.type("x\n".repeat(1_000_000)).catch(() => {}); // more than pipes and the client together take
  for (let turn = 0; turn < 100; turn++) {
    const messages = await connection.messages();
    assert.deepEqual(new Set(messages), new Set(["x"]));
    await connection.send(...messages.map(() => ({ response: 200 })));
  }
  writing.kill("SIGTERM");
  while (await connection.recv() !== "");
  connection.close();
  const { complained } = await writing.end();
  await typed;
  const unsent = Number(/^Stopped, (\d+) messages were not sent/.exec(complained)?.[1]);
  assert.ok(unsent > 1_000 && unsent < 1_000 + 65_536 / 2, complained); // the last read may fill it by so many
});

Deno.test("client reads no further from the server while the screen is slow, and shows all in the end", {
  ignore: cannot,
}, async () => {
  const most = 20_000, atOnce = 20; // messages of 4 KB: far more than a connection and a pipe hold
  using server = scriptedServer();
  await using running = client("127.0.0.1", server.port, "-n", "ann");
  const connection = await server.welcome({ response: 200, jim: 1 });
  let sent = 0, enough = false;
  async function flood(): Promise<void> {
    while (!enough && sent < most) {
      const messages = Array.from({ length: atOnce }, (_, which) => `${sent + which} ${"x".repeat(4_000)}`);
      await connection.send(...messages.map((message) => ({ action: "msg", from: "bob", message })), { response: 200 });
      sent += atOnce;
    }
  }
  const flooded = flood();
  for (let still = 0; still < 50;) { // turns of the client in which the server got rid of nothing
    const before = sent;
    await running.type("still here\n");
    assert.equal(JSON.parse(await connection.recv()).message, "still here");
    still = sent === before ? still + 1 : 0;
    assert.ok(sent < most, `The client took ${sent} messages that nobody read`);
  }
  enough = true;
  const ending = running.end();
  await flooded;
  connection.close();
  const { printed } = await ending;
  assert.deepEqual(
    printed.split("\n").slice(0, -1).map((line) => line.slice("HH:MM:SS bob: ".length, -" ".length - 4_000)),
    Array.from({ length: sent }, (_, which) => `${which}`),
  );
});
