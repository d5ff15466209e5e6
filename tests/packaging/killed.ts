// A dialogue of two chats over the end of their server: ann's program says when, and bob says twenty messages around it, in two rooms.

import { connect } from "../../jim/client/mod.ts";
import { tcp } from "../../jim/client/tcp.ts";
import { startIn, startUnmeasured } from "../chat/program.ts";

/** Runs ann's program with the port of a server, which is killed when she says "kill the server", and starts again on its data. */
export async function overItsEnd(run: (port: number) => Promise<void>): Promise<void> {
  const first = await startUnmeasured(), { port, folder } = first;
  let server = first;
  const bob = await connect(tcp("127.0.0.1", port), { name: "bob", pauses: { first: 20, longest: 200 } });
  const say = (from: number) =>
    Array.from({ length: 10 }, (_, n) => bob.say(`bob ${from + n}`, { to: n % 2 === 0 ? "#all" : "#cats" }));
  const restarted = (async () => {
    for await (const { text } of bob) if (text === "kill the server") break;
    await bob.join("#cats");
    const before = say(0);
    server.kill("SIGKILL");
    await server.ended;
    server = await startIn(folder, "-p", String(port));
    await Promise.all([...before, ...say(10)]);
    await bob.say("the end");
  })();
  try {
    await Promise.all([run(port), restarted]);
  } finally {
    await bob.close();
    await server[Symbol.asyncDispose]();
  }
}
