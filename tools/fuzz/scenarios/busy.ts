/**
 * A chat with much to do in each turn of its loop, so that events at a port gather: several come in one turn, and connections
 * are reset before they are accepted.
 */
import { gather, greet, open } from "../../harness/peer.ts";
import { pause } from "../../harness/pause.ts";
import { bytesOf } from "../client.ts";
import type { ScenarioContext } from "../scenario.ts";

const PEOPLE = 290, ASKING = 6;
const ASKS = new TextEncoder().encode(new TextDecoder().decode(bytesOf({ action: "who_online" })).repeat(9));

/** Clients in the chat, and those of them that ask for the list of all. */
export interface Busy {
  /** Asks as long as the scenario goes on. */
  ask(): Promise<void>;
  close(): void;
}

/** So many clients in the chat, or fewer in a short run. They read nothing after their presence. */
export function fillChat(context: ScenarioContext, count: number): Promise<Deno.Conn[]> {
  return gather(context.scaled(count), async (i) => {
    const conn = await open({ hostname: "127.0.0.1", port: context.port });
    await greet(conn, `person ${i}`);
    return conn;
  });
}

/** Fills the chat with clients that can ask for the list of all. */
export async function makeBusy(context: ScenarioContext): Promise<Busy> {
  const people = await fillChat(context, PEOPLE);
  return {
    async ask() {
      await Promise.all(Array.from({ length: ASKING }, () => askOften(context)));
    },
    close() {
      for (const conn of people) conn.close();
    },
  };
}

/** Asks for the list of people again and again, and reads it. */
async function askOften(context: ScenarioContext): Promise<void> {
  const conn = await open({ hostname: "127.0.0.1", port: context.port });
  await greet(conn, "asks often");
  const buffer = new Uint8Array(256 * 1024);
  const reading = (async () => {
    while (await conn.read(buffer) !== null);
  })().catch(() => {});
  while (context.hasTime()) {
    await conn.write(ASKS).catch(() => {});
    await pause(100);
  }
  conn.close();
  await reading;
}
