// A connection that breaks off with a reset. Deno's own sockets always close in good order; those of node:net need not.

import { connect } from "node:net";
import { within } from "./within.ts";

/** Says something, waits until it is answered, says something more and breaks off. */
export async function breakOff(port: number, first: string, last: string): Promise<void> {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  await within(
    "an answer",
    new Promise((resolve) => {
      socket.once("data", resolve);
      socket.write(first);
    }),
  );
  await within("room to write into", new Promise((resolve) => socket.write(last, resolve)));
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.resetAndDestroy();
  await within("the socket's end", closed);
}

/** Says so much, and breaks off: at once, or when it has got an answer or sees that there is none. */
export async function cutOff(port: number, bytes: Uint8Array, awaitsAnswer = false): Promise<void> {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  const reset = () => socket.resetAndDestroy();
  socket.once("error", () => {}); // that it is broken, which it should be
  socket.once("connect", () => socket.write(bytes, () => awaitsAnswer ? setTimeout(reset, 1) : reset()));
  if (awaitsAnswer) socket.once("data", reset);
  await within("the socket's end", closed);
}
