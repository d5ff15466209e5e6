// What a program does to send a file: it announces it, sends the bytes by HTTP, and then the message.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Chat, Peer } from "./start.ts";

/** A picture of 1 by 1 pixel. */
export const PNG = Uint8Array.fromBase64(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
);

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

export const announce = (name: string, size: number, more: object = {}) => ({
  action: "upload",
  time: 1,
  to: "#all",
  name,
  size,
  ...more,
});

/** Announces a file and returns the token of its upload. */
export async function announced(peer: Peer, name: string, size: number, more: object = {}): Promise<string> {
  await peer.say(announce(name, size, more));
  const { response, upload } = await peer.hear();
  assert.deepEqual([response, typeof upload], [201, "string"]);
  return upload;
}

/** One request; its answer is read whole. */
export async function ask(
  port: number,
  path: string,
  method = "GET",
  body?: Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Headers; bytes: Uint8Array; text: string }> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body ?? null, headers });
  const bytes = await response.bytes();
  return { status: response.status, headers: response.headers, bytes, text: new TextDecoder().decode(bytes) };
}

/** Sends the bytes of an upload, at once. */
export function put(port: number, upload: string, bytes: Uint8Array<ArrayBuffer>, offset?: number) {
  const headers: Record<string, string> = offset === undefined ? {} : { "upload-offset": `${offset}` };
  return ask(port, `/uploads/${upload}`, "PUT", bytes, headers);
}

/** Sends a file, whole, and returns its upload. */
export async function uploaded(
  chat: Pick<Chat, "port">,
  peer: Peer,
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  more: object = {},
): Promise<string> {
  const upload = await announced(peer, name, bytes.length, more);
  assert.equal((await put(chat.port, upload, bytes)).status, 201);
  return upload;
}

/** Sends the beginning of an upload, and is gone. */
export async function putPart(port: number, upload: string, bytes: Uint8Array, length: number): Promise<void> {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const head = `PUT /uploads/${upload} HTTP/1.1\r\nHost: here\r\nContent-Length: ${length}\r\nUpload-Offset: 0\r\n\r\n`;
  const text = new TextEncoder().encode(head), all = new Uint8Array(text.length + bytes.length);
  all.set(text);
  all.set(bytes, text.length);
  for (let rest = all; rest.length > 0;) rest = rest.subarray(await conn.write(rest));
}

/** The path of a file. */
export function pathOf({ key, name }: { key: string; name: string }): string {
  return `/files/${key}/${encodeURIComponent(name)}`;
}
