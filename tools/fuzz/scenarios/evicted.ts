/**
 * More half-open requests than the web port keeps, so that a WebSocket is evicted in the very moment in which it enters the
 * chat; and a chat that is busy, so that several such moments fall together.
 */
import { gather, greet, open } from "../../../bench/peer.ts";
import { pause } from "../../pause.ts";
import { bytesOf } from "../client.ts";
import { openRaw, type RawSocket, upgrade } from "../raw.ts";
import type { Scenario, Stage } from "../stage.ts";

/** Requests that the web port keeps at a time. */
const KEPT = 500;
const PEOPLE = 290, HOGS = 6;
const ASKS = new TextEncoder().encode(new TextDecoder().decode(bytesOf({ action: "who_online" })).repeat(9));

export const evicted: Scenario = { share: 4, run };

async function run(stage: Stage): Promise<void> {
  const { port, webPort } = stage;
  const people = await gather(stage.many(PEOPLE), async (i) => {
    const conn = await open({ hostname: "127.0.0.1", port });
    await greet(conn, `person ${i}`);
    return conn;
  });
  const request = upgrade(webPort), waiting: RawSocket[] = [];
  const wait = async () => {
    const socket = await openRaw(webPort);
    await socket?.write(request.slice(0, -1));
    if (socket !== undefined) waiting.push(socket);
  };
  for (let i = 0; i < KEPT / 20; i++) await Promise.all(Array.from({ length: 20 }, wait));
  await stage.begin();
  const hogs = Array.from({ length: HOGS }, () => hog(stage));
  while (stage.goesOn()) {
    const some = waiting.splice(0, 2 + stage.random.below(7));
    for (const socket of some) void socket.write(request.slice(-1));
    const until = performance.now() + 4 * stage.random.below(1000) / 1000;
    while (performance.now() < until); // shorter than a timer can be
    await Promise.all(Array.from({ length: some.length + 4 }, wait));
    await Promise.all(some.map((socket) => socket.read(500)));
    for (const socket of some) socket.end();
    while (waiting.length > KEPT) waiting.shift()!.end();
    if (waiting.length < KEPT / 2) await pause(10); // the server has died, or takes nobody in
  }
  await Promise.all(hogs);
  for (const socket of waiting) socket.reset();
  for (const conn of people) conn.close();
}

/** Asks who is there, again and again, and reads it. */
async function hog(stage: Stage): Promise<void> {
  const conn = await open({ hostname: "127.0.0.1", port: stage.port });
  await greet(conn, "hog");
  const buffer = new Uint8Array(256 * 1024);
  const reading = (async () => {
    while (await conn.read(buffer) !== null);
  })().catch(() => {});
  while (stage.goesOn()) {
    await conn.write(ASKS).catch(() => {});
    await pause(100);
  }
  conn.close();
  await reading;
}
