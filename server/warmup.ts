/**
 * The chat before the chat: a few programs of our own talk over real sockets, for a moment and before the doors open. The
 * engine compiles what has run often, and what has just been started has run nothing: the first two seconds at full load
 * are a tenth slower then. They are the seconds after a restart, in which all come back at once.
 */
import { ready } from "../select/mod.ts";
import { Ids } from "./ids.ts";
import { Keeper } from "./keeper.ts";
import { Meter } from "./meter.ts";
import { type Conduct, type Event, serve } from "./serve.ts";
import { memoryStore } from "./store/memory.ts";

const LOOPBACK = "127.0.0.1";
const READERS = 10, WRITERS = 6;
/** Messages of one write: what a message costs is compiled in the shortest time when many come at once. */
const BURST = 16;
/** Bytes of messages that are kept of it. */
const PAST = 64 * 1024;

const encoder = new TextEncoder();

/**
 * Runs the loop for a moment, under full load. Where there is no loopback, or no permission for it, nothing happens.
 *
 * It is two chats: at the end of the first one people leave, and what the engine learns from that makes it throw away much
 * of what it has compiled. At the end of the second it has nothing more to learn.
 *
 * @param conduct the server's own; here guests may come in, as fast as they can
 * @param milliseconds how long; 0 for not at all
 * @returns how many messages were said
 */
export async function warmUp(conduct: Conduct, milliseconds: number): Promise<number> {
  if (milliseconds === 0) return 0;
  return await chat(conduct, milliseconds / 5) + await chat(conduct, milliseconds * 4 / 5);
}

async function chat(conduct: Conduct, milliseconds: number): Promise<number> {
  const listener = listen();
  if (listener === undefined) return 0;
  const { port } = listener.addr as Deno.NetAddr, select = ready<Event>(), meter = new Meter();
  const over = serve(
    { accept: () => listener.accept(), close: () => listener.close() },
    {
      ...conduct,
      pace: { rate: 0, burst: 0 },
      connections: READERS + WRITERS,
      rules: { ...conduct.rules, guests: true },
    },
    {
      select,
      keeper: new Keeper(memoryStore({ bytes: PAST })),
      ids: new Ids(0, Date.now()), // as large as the real ones, which are no small integers to the engine
      wall: Date.now,
      now: () => performance.now(),
      meter,
    },
  );
  // Settled, and not all: on a busy machine a connection may be reset before the chat is over, which is no reason to fail.
  const people = Promise.allSettled(Array.from(
    { length: READERS + WRITERS },
    (_, i) => talk(port, `p${i}`, i < READERS ? undefined : burst(`p${i}`)),
  ));
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  select.post({ kind: "stop" });
  await over;
  await people;
  return meter.messages.common;
}

function listen(): Deno.TcpListener | undefined {
  try {
    return Deno.listen({ hostname: LOOPBACK, port: 0 });
  } catch {
    return undefined;
  }
}

/** Comes in, answers whatever it reads with a burst if it has one, and goes when the server does. */
async function talk(port: number, name: string, burst: Uint8Array | undefined): Promise<void> {
  using connection = await Deno.connect({ hostname: LOOPBACK, port });
  const room = new Uint8Array(64 * 1024);
  await connection.write(
    encoder.encode(line({ action: "presence", time: 1, user: { account_name: name, status: "" } })),
  );
  while (await connection.read(room) !== null) if (burst !== undefined) await connection.write(burst);
}

function burst(name: string): Uint8Array {
  const message = "To be, or not to be, that is the question. ".repeat(3);
  return encoder.encode(
    line({ action: "msg", time: 1, to: "#all", from: name, encoding: "utf-8", message }).repeat(BURST),
  );
}

function line(object: object): string {
  return JSON.stringify(object) + "\n";
}
