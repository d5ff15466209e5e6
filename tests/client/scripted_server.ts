// A server that is not Hanita: a test scripts what it reads, as one `recv(1024)` after another, and what it writes.

import { within } from "../chat/within.ts";

/** A connection of a client. */
export interface ScriptedConnection {
  /** What one `recv(1024)` gives; "" at the end of the stream. */
  recv(): Promise<string>;
  /**
   * The messages that one `recv(1024)` gives. They are several only if this process was not run in the meantime: a client
   * waits no longer than a second for an answer.
   */
  messages(): Promise<string[]>;
  /** One `send`. */
  send(...objects: (object | string)[]): Promise<void>;
  close(): void;
  /** Waits until there is something to read, and closes without having read it all: that is a reset. */
  reset(): Promise<void>;
}

export interface ScriptedServer extends Disposable {
  readonly port: string;
  /** The next client, which has not been read from. */
  accept(): Promise<ScriptedConnection>;
  /** The next client; its presence is answered so. */
  welcome(answer?: object): Promise<ScriptedConnection>;
}

/** Listens on a port of its own. */
export function scriptedServer(): ScriptedServer {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connections: ScriptedConnection[] = [];
  async function accept(): Promise<ScriptedConnection> {
    const connection = scripted(await within("a client", listener.accept()));
    connections.push(connection);
    return connection;
  }
  return {
    port: String((listener.addr as Deno.NetAddr).port),
    accept,
    async welcome(answer = { response: 200, alert: "ok" }) {
      const connection = await accept();
      await connection.recv();
      await connection.send(answer);
      return connection;
    },
    [Symbol.dispose]() {
      connections.forEach((connection) => connection.close());
      listener.close();
    },
  };
}

function scripted(conn: Deno.TcpConn): ScriptedConnection {
  const buffer = new Uint8Array(1024);
  let closed = false;
  return {
    recv,
    messages: async () => (await recv()).split("\n").slice(0, -1).map((line) => JSON.parse(line).message),
    async send(...objects) {
      const text = objects.map((each) => typeof each === "string" ? each : JSON.stringify(each)).join("");
      let bytes = new TextEncoder().encode(text);
      while (bytes.length > 0) bytes = bytes.subarray(await conn.write(bytes)); // a write may take a part
    },
    close,
    async reset() {
      await within("something to leave unread", conn.read(buffer.subarray(0, 1)));
      close();
    },
  };

  async function recv(): Promise<string> {
    const count = await within("bytes of the client", conn.read(buffer));
    return new TextDecoder().decode(buffer.subarray(0, count ?? 0));
  }

  function close(): void {
    if (!closed) conn.close();
    closed = true;
  }
}
