/**
 * The status codes of WebSocket's close frames: those that a peer may send. RFC 6455, section 7.4, defines 1000 to 1011 and
 * leaves 3000 to 4999 to libraries and programs. It forbids 1005 and 1006 in a frame and reserves 1004; 1012 to 2999 have
 * no meaning without an extension, and we agree to none. 1015 stands for a failed TLS handshake and is never sent.
 */
const FORBIDDEN: ReadonlySet<number> = new Set([1004, 1005, 1006]);

/**
 * Whether a close frame may carry a code.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual([1000, 1005, 1011, 1015, 4000].map(isCloseCode), [true, false, true, false, true]);
 * ```
 */
export function isCloseCode(code: number): boolean {
  return (code >= 1000 && code <= 1011 && !FORBIDDEN.has(code)) || (code >= 3000 && code <= 4999);
}
