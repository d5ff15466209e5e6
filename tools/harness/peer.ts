// Opens the client connections of a benchmark: bare ones, or ones that have sent a presence and have read its answer. At most
// 64 are opened at a time, so that the kernel's listen backlog does not overflow.

import { writeAll } from "../../select/write_all.ts";

/** The address of a server. */
export interface ServerAddress {
  readonly hostname: string;
  readonly port: number;
}

/** Calls of {@linkcode gather} in progress, at most. */
const MAX_CONCURRENT = 64;
const READ_BYTES = 4096;

const encoder = new TextEncoder(), decoder = new TextDecoder();

/** The first object of each client. */
export function presence(name: string): Uint8Array {
  const user = { account_name: name, status: "" };
  return line({ action: "presence", time: Math.floor(Date.now() / 1000), type: "status", user });
}

export function line(object: object): Uint8Array {
  return encoder.encode(JSON.stringify(object) + "\n");
}

export async function open(address: ServerAddress): Promise<Deno.TcpConn> {
  const conn = await Deno.connect({ hostname: address.hostname, port: address.port });
  conn.setNoDelay();
  return conn;
}

/**
 * Sends a presence and reads the answer. Bytes behind the answer are dropped: no client sends messages before all have joined.
 */
export async function greet(conn: Deno.Conn, name: string): Promise<void> {
  await writeAll(conn, presence(name));
  const bytes = new Uint8Array(READ_BYTES);
  let received = "";
  for (let count; !received.includes("\n") && (count = await conn.read(bytes)) !== null;) {
    received += decoder.decode(bytes.subarray(0, count));
  }
  if (!/"response": ?2\d\d\b/.test(received)) {
    throw new Error(`Cannot join as "${name}": expected an answer 2xx, got ${JSON.stringify(received)}`);
  }
}

/** Calls `make` for 0 to `count - 1`, a few calls at a time. The results are in the order of their indexes. */
export async function gather<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  const made = new Array<T>(count);
  let next = 0;
  async function worker(): Promise<void> {
    for (let index = next++; index < count; index = next++) made[index] = await make(index);
  }
  await Promise.all(Array.from({ length: MAX_CONCURRENT }, worker));
  return made;
}
