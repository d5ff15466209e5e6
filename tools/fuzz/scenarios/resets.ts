/** Sockets that vanish at each step of a connection to the chat's port. */
import { pause } from "../../harness/pause.ts";
import { bytesOf, Client } from "../client.ts";
import { openRaw, type RawSocket } from "../raw.ts";
import type { Scenario, ScenarioContext } from "../scenario.ts";

const LANES = 12;
const presence = (name: string) => bytesOf({ action: "presence", user: { account_name: name, status: "" } });

/** What is done before the socket vanishes. */
const STEPS: readonly ((socket: RawSocket, name: string) => unknown)[] = [
  () => {},
  (socket) => socket.write("{"),
  (socket, name) => socket.write(presence(name).subarray(0, 30)),
  (socket, name) => socket.write(presence(name)),
  (socket, name) => entered(socket, name),
  async (socket, name) => {
    await entered(socket, name);
    await socket.write(bytesOf({ action: "msg", to: "#all", message: "gone" }).subarray(0, 40));
  },
  async (socket, name) => {
    await entered(socket, name);
    await socket.write(bytesOf({ action: "join", room: "#gone" }));
    await socket.write(bytesOf({ action: "msg", to: "#gone", message: "gone" }));
  },
  async (socket, name) => {
    await entered(socket, name);
    for (let i = 0; i < 5; i++) await socket.write(bytesOf({ action: "history", limit: 500 }));
  },
  async (socket, name) => {
    await entered(socket, name);
    await socket.write(bytesOf({ action: "quit" }));
  },
  (socket) => socket.write("\x16\x03\x01\x02\x00\x01\x00"), // a TLS client
  (socket) => socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n"),
  (socket) => socket.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}"),
  (socket) => socket.write("PROXY TCP4 192.0.2.1 192.0.2.2 "),
];

export const resets: Scenario = { run };

async function run(context: ScenarioContext): Promise<void> {
  await context.begin();
  await Promise.all(Array.from({ length: LANES }, async (_, lane) => {
    for (let i = 0; context.hasTime(); i++) {
      const socket = await openRaw(context.port);
      if (socket === undefined) {
        await pause(10);
        continue;
      }
      await context.random.pick(STEPS)(socket, `gone ${lane} ${i}`);
      if (context.random.once(3)) await pause(context.random.below(5));
      if (context.random.once(4)) socket.end();
      else socket.reset();
    }
  }));
  const client = await Client.join(context.port, "here");
  let left: string[] = [];
  for (let i = 0; i < 15; i++) { // those that ended in good order have five seconds to read
    const { rows } = await client.requestList({ action: "who_online" });
    left = rows.map(({ user_id = "" }) => user_id).filter((name) => name.startsWith("gone "));
    if (left.length === 0) break;
    await pause(500);
  }
  if (left.length > 0) {
    context.report(`${left.length} still listed online after their end, such as ${left[0]}`, "only open connections");
  }
  client.close();
}

async function entered(socket: RawSocket, name: string): Promise<void> {
  await socket.write(presence(name));
  await socket.read(500);
}
