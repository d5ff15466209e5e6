/** Short requests for long lists, hundreds of them in one write. */
import { pause } from "../../harness/pause.ts";
import { concat } from "../malformed_input.ts";
import { bytesOf, Client } from "../client.ts";
import { frame, openWebSocket } from "../raw.ts";
import type { Scenario, ScenarioContext } from "../scenario.ts";
import { fillChat } from "./busy.ts";

/** People in the chat, requests in one write, rooms. */
const PEOPLE = 1_500, REQUESTS = 950, ROOMS = 300, ROOMS_EACH = 50;
/** Newlines before them make a server's read buffer as large as it gets, so that one read takes all the requests. */
const PADDING = new TextEncoder().encode("\n".repeat(300_000));

export const lists: Scenario = { share: 2, run };

async function run(context: ScenarioContext): Promise<void> {
  const people = await fillChat(context, PEOPLE);
  try {
    await makeRooms(context);
    await context.begin();
    for (const action of ["who_online", "rooms"]) {
      await overLines(context, action);
      await overWebSocket(context, action);
      await whole(context, action);
    }
  } finally {
    for (const conn of people) conn.close();
  }
}

async function overLines(context: ScenarioContext, action: string): Promise<void> {
  const attacker = await Client.join(context.port, `asks ${action}`);
  const requests = Array.from({ length: context.scaled(REQUESTS) }, () => bytesOf({ action }));
  void attacker.send(PADDING).then(() => attacker.send(concat(...requests)));
  for (let i = 0; i < context.scaled(30) && context.isAlive; i++) await pause(100);
  if (attacker.ended !== "" && context.isAlive) {
    context.report(`a reader closed that asked for ${action} often: ${attacker.ended}`, "a reader that is slowed down");
  }
  attacker.close();
}

async function overWebSocket(context: ScenarioContext, action: string): Promise<void> {
  const attacker = await openWebSocket(context.webPort);
  if (attacker === undefined) return context.report("no WebSocket", "one that is opened");
  await attacker.write(frame(1, bytesOf({ action: "presence", user: { account_name: `page ${action}`, status: "" } })));
  const request = frame(1, bytesOf({ action }));
  void attacker.write(concat(...Array.from({ length: context.scaled(REQUESTS) }, () => request)));
  for (let i = 0; i < context.scaled(30) && context.isAlive; i++) await pause(100);
  if (attacker.over && context.isAlive) {
    context.report(`a page closed that asked for ${action} often`, "a page that is slowed down");
  }
  attacker.reset();
}

/** A client that asks once gets the whole list. */
async function whole(context: ScenarioContext, action: string): Promise<void> {
  const reader = await Client.join(context.port, "reader");
  const { answer, rows } = await reader.requestList({ action });
  if (context.isAlive && (answer?.response !== 202 || rows.length !== answer.quantity)) {
    const got = answer === undefined ? reader.ended || "no answer" : `${rows.length} rows of ${answer.quantity}`;
    context.report(`${got} to ${action}`, "a whole list");
  }
  reader.close();
}

/** As many as the server lets one address make. */
async function makeRooms(context: ScenarioContext): Promise<void> {
  for (let made = 0, i = 0; made < context.scaled(ROOMS); i++) {
    const guest = await Client.join(context.port, `founder ${i}`);
    for (let j = 0; j < ROOMS_EACH; j++, made++) {
      const answer = await guest.request({ action: "join", room: `#room ${i} ${j}` });
      if (answer === undefined || answer.response! >= 400) return guest.close();
    }
    guest.close();
  }
}
