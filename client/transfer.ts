/**
 * The bytes of files, to the server and from it: HTTP on the port of the chat, on a connection of its own. An upload that breaks
 * off goes on where it stopped. Both clients use it, and load it with the first file.
 */
import type { SharedFile } from "../jim/mod.ts";
import { writeAll } from "../select/write_all.ts";
import { connect, ConnectError, type Connection } from "./connect.ts";
import type { Peer } from "./options.ts";
import { catalogues, type Texts } from "./words.ts";

/** A transfer that has come to nothing. The message is one line: the server's, or the system's. */
export class TransferError extends Error {
  override name = "TransferError";
}

/** Bytes that are read and written at once, and those that the head of an answer may have. */
const PIECE = 64 * 1024, HEAD = 8 * 1024;
/** Times that a connection may break in a row, and milliseconds between two of them. */
const TRIES = 5, PAUSE = 1_000;

/** The answer to a request, and what has come of its body. */
interface Answer {
  readonly status: number;
  readonly offset: number;
  readonly length: number;
  readonly rest: Uint8Array;
}

/**
 * Sends the bytes of an upload.
 *
 * @param file is read from its beginning, or from where the server has stopped
 * @param onProgress how many bytes the server has
 * @throws {TransferError} If the server refuses them, or cannot be reached any more.
 */
export async function sendBytes(
  peer: Peer,
  upload: string,
  file: Pick<Deno.FsFile, "read" | "seek">,
  size: number,
  onProgress: (bytes: number) => void = () => {},
): Promise<void> {
  for (let offset = 0, left = TRIES;;) {
    const answer = await attempt(() => put(peer, upload, file, offset, size, onProgress));
    if (answer?.status === 201) return;
    const state = answer ?? await attempt(() => ask(peer, "HEAD", `/uploads/${upload}`));
    if (state !== undefined && state.status !== 200 && state.status !== 409) throw await refusal(state);
    if (state !== undefined && state.offset > offset) left = TRIES;
    else if (--left === 0) throw new TransferError(textsOf(peer).notAllSent(size - offset));
    else await new Promise((resolve) => setTimeout(resolve, PAUSE));
    offset = state?.offset ?? offset;
  }
}

/**
 * Gets a file, and writes its bytes as they come.
 *
 * @throws {TransferError} If the server does not have it any more, or the connection breaks.
 */
export async function fetchBytes(
  peer: Peer,
  { key, size }: Pick<SharedFile, "key" | "size">,
  file: Pick<Deno.FsFile, "write">,
): Promise<void> {
  using conn = await connect(peer);
  await writeAll(conn, head("GET", `/files/${key}`, peer));
  const answer = await readHead(conn), { status, length, rest } = answer;
  if (status !== 200 || length !== size) throw await refusal(answer, conn);
  await writeAll(file, rest);
  const buffer = new Uint8Array(PIECE);
  for (let left = size - rest.length; left > 0;) {
    const count = await conn.read(buffer);
    if (count === null) throw new TransferError(textsOf(peer).notAllFetched(left));
    await writeAll(file, buffer.subarray(0, count));
    left -= count;
  }
}

async function put(
  peer: Peer,
  upload: string,
  file: Pick<Deno.FsFile, "read" | "seek">,
  offset: number,
  size: number,
  onProgress: (bytes: number) => void,
): Promise<Answer> {
  using conn = await connect(peer);
  const more = { "content-length": `${size - offset}`, "upload-offset": `${offset}` };
  await writeAll(conn, head("PUT", `/uploads/${upload}`, peer, more));
  const answer = readHead(conn); // a refusal may come before all is sent
  answer.catch(() => {});
  const buffer = new Uint8Array(PIECE);
  let isAnswered = false;
  answer.finally(() => isAnswered = true).catch(() => {});
  await file.seek(offset, Deno.SeekMode.Start);
  for (let at = offset; at < size && !isAnswered;) {
    const count = await file.read(buffer.subarray(0, Math.min(PIECE, size - at)));
    if (count === null) throw new TransferError(textsOf(peer).shorterFile);
    await writeAll(conn, buffer.subarray(0, count)).catch((error) => {
      if (!isAnswered) throw error;
    });
    onProgress(at += count);
  }
  return await answer.then(async (answer) => {
    if ([200, 201, 409].includes(answer.status)) return answer;
    throw await refusal(answer, conn);
  });
}

/** A request without a body. */
async function ask(peer: Peer, method: string, path: string): Promise<Answer> {
  using conn = await connect(peer);
  await writeAll(conn, head(method, path, peer));
  return await readHead(conn);
}

function head(method: string, path: string, { address }: Peer, more: Record<string, string> = {}): Uint8Array {
  const host = address.includes(":") ? `[${address}]` : address;
  const lines = Object.entries({ host, connection: "close", ...more }).map(([name, value]) => `${name}: ${value}\r\n`);
  return new TextEncoder().encode(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
}

async function readHead(conn: Connection): Promise<Answer> {
  const buffer = new Uint8Array(HEAD);
  for (let filled = 0; filled < HEAD;) {
    const count = await conn.read(buffer.subarray(filled));
    if (count === null) throw new Deno.errors.UnexpectedEof("the connection has ended");
    filled += count;
    const text = String.fromCharCode(...buffer.subarray(0, filled)), end = text.indexOf("\r\n\r\n");
    if (end < 0) continue;
    const [, status = "0"] = /^HTTP\/1\.[01] (\d{3})/.exec(text) ?? [];
    const number = (name: string) =>
      Number(new RegExp(`\r\n${name}: *(\\d+)`, "i").exec(text.slice(0, end + 2))?.[1] ?? 0);
    const rest = buffer.slice(end + 4, filled);
    return { status: Number(status), offset: number("upload-offset"), length: number("content-length"), rest };
  }
  throw new TransferError("Expected HTTP");
}

/** What the server says, in its own words: one line of text. */
async function refusal({ status, length, rest }: Answer, conn?: Connection): Promise<TransferError> {
  const parts = [rest.slice()], buffer = new Uint8Array(HEAD);
  for (let left = Math.min(length, HEAD) - rest.length; conn !== undefined && left > 0;) {
    const count = await conn.read(buffer).catch(() => null);
    if (count === null) break;
    parts.push(buffer.slice(0, count));
    left -= count;
  }
  const text = new TextDecoder().decode(await new Blob(parts).bytes()).trim();
  return new TransferError(text === "" ? `The server answers ${status}` : text);
}

function textsOf({ lang = "en" }: Peer): Texts {
  return catalogues[lang];
}

/** Undefined if the connection has failed: then it is tried again. */
async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TransferError || !(error instanceof Error)) throw error;
    if (error instanceof ConnectError || isConnectionLost(error)) return undefined;
    throw error;
  }
}

function isConnectionLost(error: Error): boolean {
  const { BrokenPipe, ConnectionReset, ConnectionAborted, UnexpectedEof, NotConnected, Interrupted } = Deno.errors;
  return [BrokenPipe, ConnectionReset, ConnectionAborted, UnexpectedEof, NotConnected, Interrupted].some((kind) =>
    error instanceof kind
  );
}
