/** Sockets that vanish at each step of a request and of a WebSocket, and hundreds a second that vanish at once. */
import { pause } from "../../harness/pause.ts";
import { bytesOf } from "../client.ts";
import { frame, openRaw, type RawSocket, upgrade } from "../raw.ts";
import type { Scenario, ScenarioContext } from "../scenario.ts";
import { makeBusy } from "./busy.ts";

const LANES = 8;
/** Sockets that are reset at once, ten times a second: most of them before the server has accepted them. */
const QUICK = 50;
const presence = frame(1, bytesOf({ action: "presence", user: { account_name: "gone", status: "" } }));

/** What is done before the socket vanishes. */
const STEPS: readonly ((socket: RawSocket, port: number) => unknown)[] = [
  (socket) => socket.write("GET / HT"),
  (socket, port) => socket.write(`GET / HTTP/1.1\r\nHost: localhost:${port}\r\n`),
  (socket, port) => socket.write(`GET / HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`),
  (socket, port) => socket.write(`GET /healthz HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`.repeat(20)),
  (socket, port) => socket.write(upgrade(port).slice(0, -1)),
  (socket, port) => socket.write(upgrade(port)),
  (socket, port) => opened(socket, port),
  (socket, port) => opened(socket, port, presence.subarray(0, 1)),
  (socket, port) => opened(socket, port, presence.subarray(0, 20)),
  (socket, port) => opened(socket, port, presence),
  (socket, port) => opened(socket, port, presence, frame(9, "ping"), frame(9, "ping")),
  (socket, port) => opened(socket, port, presence, frame(1, "{", false)),
  (socket, port) => opened(socket, port, presence, frame(8, "\x03\xe8")),
  async (socket, port) => {
    await socket.write(upgrade(port));
    await socket.write(presence); // before the answer has come
  },
];

export const webResets: Scenario = { share: 2, run };

async function run(context: ScenarioContext): Promise<void> {
  const busy = await makeBusy(context);
  await context.begin();
  const asking = busy.ask();
  const steps = Array.from({ length: LANES }, async () => {
    while (context.hasTime()) {
      const socket = await openRaw(context.webPort);
      if (socket !== undefined) {
        await context.random.pick(STEPS)(socket, context.webPort);
        if (context.random.once(3)) await pause(context.random.below(4));
        if (context.random.once(5)) socket.end();
        else socket.reset();
      }
      await pause(2);
    }
  });
  const quick = (async () => {
    while (context.hasTime()) {
      await Promise.all(Array.from({ length: QUICK }, async () => (await openRaw(context.webPort))?.reset()));
      await pause(100);
    }
  })();
  await Promise.all([...steps, quick, asking]);
  busy.close();
}

/** Opens a WebSocket, and sends frames. */
async function opened(socket: RawSocket, port: number, ...frames: readonly Uint8Array[]): Promise<void> {
  await socket.write(upgrade(port));
  await socket.read(500);
  for (const each of frames) await socket.write(each);
}
