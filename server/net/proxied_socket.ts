/** The connection of a proxy, after the header of the PROXY protocol. */
import type { Socket } from "./connection.ts";

/** A connection with its first bytes read already, and with the address of its client. */
export class ProxiedSocket implements Socket {
  readonly remoteAddr: Deno.NetAddr;
  readonly #socket: Socket;
  #rest: Uint8Array;
  /** The read in flight when the time for the header ended. */
  #early: Promise<Uint8Array | null> | undefined;

  constructor(socket: Socket, remoteAddr: Deno.NetAddr, rest: Uint8Array, early?: Promise<Uint8Array | null>) {
    this.#socket = socket;
    this.remoteAddr = remoteAddr;
    this.#rest = rest;
    this.#early = early;
    early?.catch(() => {}); // the read that follows rejects too
  }

  read(into: Uint8Array): Promise<number | null> {
    return this.#rest.length === 0 && this.#early === undefined ? this.#socket.read(into) : this.#readFirst(into);
  }

  write(bytes: Uint8Array): Promise<number> {
    return this.#socket.write(bytes);
  }

  closeWrite(): Promise<void> {
    return this.#socket.closeWrite();
  }

  close(): void {
    this.#socket.close();
  }

  setNoDelay(): void {
    this.#socket.setNoDelay();
  }

  setKeepAlive(): void {
    this.#socket.setKeepAlive();
  }

  async #readFirst(into: Uint8Array): Promise<number | null> {
    if (this.#rest.length === 0) {
      const more = await this.#early!;
      this.#early = undefined;
      if (more === null) return null;
      this.#rest = more;
    }
    const taken = this.#rest.subarray(0, into.length);
    into.set(taken);
    this.#rest = this.#rest.subarray(taken.length);
    return taken.length;
  }
}
