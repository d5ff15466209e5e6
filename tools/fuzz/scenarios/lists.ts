/** Short requests for long lists, hundreds of them in one write. */
import { gather, greet, open } from "../../../bench/peer.ts";
import { pause } from "../../pause.ts";
import { joined } from "../broken.ts";
import { bytesOf, Client } from "../client.ts";
import { frame, openWebSocket } from "../raw.ts";
import type { Scenario, Stage } from "../stage.ts";

/** People in the chat, requests in one write, rooms. */
const PEOPLE = 1_500, REQUESTS = 950, ROOMS = 300, ROOMS_EACH = 50;
/** Newlines before them make a server's read buffer as large as it gets, so that one read takes all the requests. */
const PADDING = new TextEncoder().encode("\n".repeat(300_000));

export const lists: Scenario = { share: 2, run };

async function run(stage: Stage): Promise<void> {
  const { port } = stage;
  const people = await gather(stage.many(PEOPLE), async (i) => {
    const conn = await open({ hostname: "127.0.0.1", port });
    await greet(conn, `person ${i}`);
    return conn;
  });
  try {
    await makeRooms(stage);
    await stage.begin();
    for (const action of ["who_online", "rooms"]) {
      await overLines(stage, action);
      await overWebSocket(stage, action);
      await whole(stage, action);
    }
  } finally {
    for (const conn of people) conn.close();
  }
}

async function overLines(stage: Stage, action: string): Promise<void> {
  const attacker = await Client.join(stage.port, `asks ${action}`);
  const requests = Array.from({ length: stage.many(REQUESTS) }, () => bytesOf({ action }));
  void attacker.say(PADDING).then(() => attacker.say(joined(...requests)));
  for (let i = 0; i < stage.many(30) && stage.alive; i++) await pause(100);
  if (attacker.ended !== "" && stage.alive) {
    stage.find(`a reader closed that asked for ${action} often: ${attacker.ended}`, "a reader that is slowed down");
  }
  attacker.close();
}

async function overWebSocket(stage: Stage, action: string): Promise<void> {
  const attacker = await openWebSocket(stage.webPort);
  if (attacker === undefined) return stage.find("no WebSocket", "one that is opened");
  await attacker.write(frame(1, bytesOf({ action: "presence", user: { account_name: `page ${action}`, status: "" } })));
  const request = frame(1, bytesOf({ action }));
  void attacker.write(joined(...Array.from({ length: stage.many(REQUESTS) }, () => request)));
  for (let i = 0; i < stage.many(30) && stage.alive; i++) await pause(100);
  if (attacker.over && stage.alive) {
    stage.find(`a page closed that asked for ${action} often`, "a page that is slowed down");
  }
  attacker.reset();
}

/** One who asks once gets all of it. */
async function whole(stage: Stage, action: string): Promise<void> {
  const reader = await Client.join(stage.port, "reader");
  const { answer, rows } = await reader.list({ action });
  if (stage.alive && (answer?.response !== 202 || rows.length !== answer.quantity)) {
    const got = answer === undefined ? reader.ended || "no answer" : `${rows.length} rows of ${answer.quantity}`;
    stage.find(`${got} to ${action}`, "a whole list");
  }
  reader.close();
}

/** As many as the server lets one address make. */
async function makeRooms(stage: Stage): Promise<void> {
  for (let made = 0, i = 0; made < stage.many(ROOMS); i++) {
    const guest = await Client.join(stage.port, `founder ${i}`);
    for (let j = 0; j < ROOMS_EACH; j++, made++) {
      const answer = await guest.ask({ action: "join", room: `#room ${i} ${j}` });
      if (answer === undefined || answer.response! >= 400) return guest.close();
    }
    guest.close();
  }
}
