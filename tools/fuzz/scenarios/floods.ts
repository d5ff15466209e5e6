/** Bytes that are cheap to send and say nothing: white space, what follows a fault, pings, empty frames. */
import { frame, openRaw, openWebSocket } from "../raw.ts";
import { concat } from "../malformed_input.ts";
import { bytesOf } from "../client.ts";
import type { Scenario, ScenarioContext } from "../scenario.ts";

const PIECE = 64 * 1024, CONNECTIONS = 3;
const presence = bytesOf({ action: "presence", user: { account_name: "flood", status: "" } });
const times = (count: number, bytes: Uint8Array) => concat(...Array.from({ length: count }, () => bytes));

/** What is sent again and again, over a line and over a WebSocket. */
const LINES = [
  " ".repeat(PIECE),
  "\n".repeat(PIECE),
  "\r\n".repeat(PIECE / 2),
  "x".repeat(PIECE),
  "\x00".repeat(PIECE),
];
const FRAMES = [
  times(5_000, frame(9)),
  times(500, frame(9, "x".repeat(125))),
  times(5_000, frame(1)),
  concat(frame(1, "", false), times(5_000, frame(0, "", false)), frame(0, "")),
  times(50, frame(1, " ".repeat(1_000))),
];

export const floods: Scenario = { share: 2, run };

async function run(context: ScenarioContext): Promise<void> {
  await context.begin();
  const kinds = [
    ...LINES.map((text) => ({ web: false, bytes: new TextEncoder().encode(text) })),
    ...FRAMES.map((bytes) => ({ web: true, bytes })),
  ];
  for (const [i, { web, bytes }] of kinds.entries()) {
    const until = performance.now() + context.remaining() / (kinds.length - i);
    await Promise.all(Array.from({ length: CONNECTIONS }, async () => {
      const socket = await (web ? openWebSocket(context.webPort) : openRaw(context.port));
      if (socket === undefined) return;
      await socket.write(web ? frame(1, presence) : presence);
      while (!socket.over && performance.now() < until && context.hasTime()) {
        await Promise.race([
          socket.write(bytes),
          new Promise((resolve) => setTimeout(resolve, Math.max(0, until - performance.now()))),
        ]);
      }
      socket.reset();
    }));
  }
}
