// A connection from an address of this machine's own choice: 127.0.0.5 is a client that 127.0.0.6 is not. `Deno.connect` has
// no such option, so it is made by node:net, and looks like one of Deno's.

import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** Connects to a port of 127.0.0.1 from another address of the loopback. */
export async function connectFrom(address: string, port: number): Promise<Deno.TcpConn> {
  const socket = connect({ host: "127.0.0.1", port, localAddress: address, allowHalfOpen: true, noDelay: true });
  await once(socket, "connect");
  socket.on("error", () => {}); // a read or a write reports it
  const localAddr = { transport: "tcp", hostname: address, port: socket.localPort! } as const;
  const conn: Pick<Deno.TcpConn, "read" | "write" | "closeWrite" | "close" | "localAddr" | "setNoDelay"> = {
    localAddr,
    read: (into) => readSome(socket, into),
    write: (bytes) =>
      new Promise((resolve, reject) => socket.write(bytes, (error) => error ? reject(error) : resolve(bytes.length))),
    closeWrite: () => new Promise((resolve) => socket.end(resolve)),
    close: () => void socket.destroy(),
    setNoDelay: () => {},
  };
  return conn as Deno.TcpConn;
}

async function readSome(socket: Socket, into: Uint8Array): Promise<number | null> {
  for (;;) {
    if (socket.errored) throw socket.errored;
    if (socket.readableEnded || socket.destroyed) return null;
    const bytes: Uint8Array | null = socket.read(Math.min(into.length, socket.readableLength || into.length)) ??
      socket.read();
    if (bytes !== null) {
      into.set(bytes);
      return bytes.length;
    }
    await new Promise<void>((resolve) => {
      const done = () => {
        for (const event of ["readable", "end", "close"]) socket.off(event, done);
        resolve();
      };
      for (const event of ["readable", "end", "close"]) socket.on(event, done);
    });
  }
}
