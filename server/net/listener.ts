/** The interface of a listener: what the server needs to accept connections. */
import type { Socket } from "./connection.ts";

/** Accepts connections. `Deno.listen` returns one; TLS and the PROXY protocol wrap one. */
export interface Listener {
  accept(): Promise<Socket>;
  close(): void;
}
