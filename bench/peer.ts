// A connection as a benchmark opens it: by itself, or with a presence said and answered. Many are opened a few at a time,
// so that no queue of the system runs over.

import { writeAll } from "../select/write_all.ts";

/** Where a server is. */
export interface Place {
  readonly hostname: string;
  readonly port: number;
}

/** Connections that are being opened at the same time. */
const AT_ONCE = 64;
const ANSWER = 4096;

const encoder = new TextEncoder(), decoder = new TextDecoder();

/** What everybody says first. */
export function presence(name: string): Uint8Array {
  const user = { account_name: name, status: "" };
  return line({ action: "presence", time: Math.floor(Date.now() / 1000), type: "status", user });
}

export function line(object: object): Uint8Array {
  return encoder.encode(JSON.stringify(object) + "\n");
}

export async function open(place: Place): Promise<Deno.TcpConn> {
  const conn = await Deno.connect({ hostname: place.hostname, port: place.port });
  conn.setNoDelay();
  return conn;
}

/** Says a presence and hears the answer. What comes in the same read is lost: everybody joins before anybody speaks. */
export async function greet(conn: Deno.Conn, name: string): Promise<void> {
  await writeAll(conn, presence(name));
  const bytes = new Uint8Array(ANSWER);
  let heard = "";
  for (let count; !heard.includes("\n") && (count = await conn.read(bytes)) !== null;) {
    heard += decoder.decode(bytes.subarray(0, count));
  }
  if (!/"response": ?2\d\d\b/.test(heard)) {
    throw new Error(`Cannot join as "${name}": expected an answer 2xx, got ${JSON.stringify(heard)}`);
  }
}

/** Makes many, a few at a time, in order. */
export async function gather<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  const made = new Array<T>(count);
  let next = 0;
  async function oneByOne(): Promise<void> {
    for (let index = next++; index < count; index = next++) made[index] = await make(index);
  }
  await Promise.all(Array.from({ length: AT_ONCE }, oneByOne));
  return made;
}
