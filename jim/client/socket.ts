/**
 * What a chat needs of a connection. `tcp` and `webSocket` make such sockets; a program may have its own.
 * @module
 */

/** A connection to a server. At most one read and one write are under way. */
export interface Socket {
  /** The next bytes, at least one; `undefined` at the end. A read that fails is the end too. */
  read(): Promise<Uint8Array | undefined>;
  /**
   * Writes whole lines, each with an object. Settles when more may be written.
   *
   * @param lines UTF-8
   */
  write(lines: Uint8Array): Promise<void>;
  /** Closes it at once; what is under way settles. */
  close(): void;
}

/**
 * Opens a connection. It rejects when there is none, with an error that says why in its message.
 *
 * @param signal aborts the attempt
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const lines: string[] = [];
 * const open: OpenSocket = () =>
 *   Promise.resolve({
 *     read: () => Promise.resolve(undefined),
 *     write: (line) => Promise.resolve(void lines.push(new TextDecoder().decode(line))),
 *     close: () => {},
 *   });
 * const socket = await open(new AbortController().signal);
 * await socket.write(new TextEncoder().encode('{"action":"quit"}\n'));
 * assert.deepEqual([await socket.read(), lines], [undefined, ['{"action":"quit"}\n']]);
 * ```
 */
export type OpenSocket = (signal: AbortSignal) => Promise<Socket>;
