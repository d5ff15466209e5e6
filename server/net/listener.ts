/** Where connections come from. */
import type { Socket } from "./connection.ts";

/** A source of connections: `Deno.listen` makes one, and TLS and the PROXY protocol are each a layer over one. */
export interface Listener {
  accept(): Promise<Socket>;
  close(): void;
}
