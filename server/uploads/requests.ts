/**
 * HTTP for files, on any port of the server: the bytes of an upload come, and those of a file go. Bytes are handled in pieces,
 * which the chat has the time between; a peer that is slow delays nobody.
 */
import { writeAll } from "../../select/write_all.ts";
import type { SharedFile } from "../../jim/mod.ts";
import { networkOf } from "../../jim/mod.ts";
import { Slots } from "../limits/slots.ts";
import { closeSocket, type Socket } from "../net/connection.ts";
import type { Asked } from "../web/head.ts";
import { CONTINUE, encodeHead, writeResponse } from "../web/http.ts";
import { textResponse } from "../web/text_response.ts";
import type { Texts } from "../words/mod.ts";
import type { PartFile } from "./disk.ts";
import type { Files, Taken } from "./files.ts";
import type { Upload } from "./upload.ts";

/** A connection with a request for a file. */
export interface Transfer {
  readonly socket: Socket;
  /** The address of the client. */
  readonly host: string;
  /** Gives it so many milliseconds for its next piece. */
  extend(milliseconds: number): void;
}

/** What has become of a connection: "stays" for another request; "ends" when all was read; "lingers" when not. */
export type Answered = "stays" | "ends" | "lingers";

/** Bytes that are handled at once. */
const PIECE = 64 * 1024;
/** Milliseconds for a whole piece: 1 KB a second is enough, and a byte now and then is not. */
const PIECE_TIMEOUT = 60_000;
/**
 * Milliseconds for what happens at the broker before the answer: a file is brought from it, or the transfer before puts its own
 * there. If the broker is silent, that fails much earlier.
 */
const BROKER_TIMEOUT = 600_000;
/** Transfers at a time, each with a piece in memory. */
const TRANSFERS = 128;
/** Seconds after which a program that was refused for their number should try again. */
const RETRY_AFTER = 5;
const UPLOAD = /^\/uploads\/([\w-]{43})$/, FILE = /^\/files\/([\w-]{43})(?:\/[^/]*)?$/;
/** Nothing that a file brings runs, loads or is framed. */
const POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'";

export class FileRequests {
  readonly #files: Files;
  readonly #texts: Texts;
  readonly #transfers = new Slots(TRANSFERS);

  constructor(files: Files, texts: Texts) {
    this.#files = files;
    this.#texts = texts;
  }

  /** Answers one request. Rejects when the peer is gone. */
  async answer(transfer: Transfer, asked: Asked): Promise<Answered> {
    const [, token] = UPLOAD.exec(asked.path) ?? [], [, key] = FILE.exec(asked.path) ?? [];
    transfer.extend(BROKER_TIMEOUT);
    if (key !== undefined) return await this.#send(transfer, asked, key);
    const upload = token === undefined ? undefined : this.#files.find(token);
    if (upload === undefined) {
      const { files, nothingAt } = this.#texts;
      const isUpload = asked.path.startsWith("/uploads/");
      return await this.#reply(transfer, asked, textResponse(404, isUpload ? files.noUpload : nothingAt(asked.path)));
    }
    switch (asked.request.method) {
      case "PUT":
        return await this.#take(transfer, asked, upload);
      case "DELETE":
        await this.#files.cancel(upload);
        return await this.#reply(transfer, asked, textResponse(200, this.#texts.files.cancelled));
      default:
        return await this.#reply(transfer, asked, this.#stateOf(upload));
    }
  }

  /** Takes the bytes of an upload, from the offset that the request names. */
  async #take(transfer: Transfer, asked: Asked, upload: Upload): Promise<Answered> {
    const { files } = this.#texts, { length, request: { headers } } = asked, header = headers.get("upload-offset");
    const refuse = (status: number, text: string) =>
      this.#reply(transfer, asked, textResponse(status, text, { "upload-offset": `${upload.offset}` }));
    if (header === null && length !== undefined) await this.#files.restart(upload); // which waits until it is kept, if all had come
    if (upload.whole !== undefined) return await this.#reply(transfer, asked, this.#stateOf(upload, 201));
    if (length === undefined) return await refuse(411, files.length);
    if (header !== null && (!/^\d+$/.test(header) || Number(header) !== upload.offset)) {
      return await refuse(409, files.offset(upload.offset));
    }
    const from = upload.offset;
    if (length > upload.size - from) return await refuse(413, files.tooMany(upload.size - from));
    const stop = () => closeSocket(transfer.socket), end = this.#transfers.take(networkOf(transfer.host), stop);
    if (end === undefined) return await this.#busy(transfer, asked);
    let received: Taken;
    try {
      if (headers.get("expect") !== null) await writeAll(transfer.socket, CONTINUE);
      received = await this.#files.receive(upload, from, bodyOf(transfer, asked.rest, length), stop);
    } finally {
      end();
    }
    return await this.#reply(transfer, asked, this.#resultOf(received, upload));
  }

  #resultOf(received: Taken, upload: Upload): Response {
    const { files } = this.#texts;
    switch (received) {
      case "whole":
        return this.#stateOf(upload, 201);
      case "part":
        return this.#stateOf(upload);
      case "differs":
        return textResponse(422, files.differs, { "upload-offset": "0" });
      case "full":
        return textResponse(507, files.noSpace);
      case "failed":
        return textResponse(500, files.failed);
      case "ended":
        return textResponse(404, files.noUpload);
    }
  }

  /** How far an upload is. */
  #stateOf({ whole, offset, size }: Upload, status = 200): Response {
    const { files } = this.#texts;
    return textResponse(status, whole === undefined ? files.part(offset, size) : files.whole, {
      "upload-offset": `${whole === undefined ? offset : size}`,
      "upload-length": `${size}`,
      "cache-control": "no-store",
    });
  }

  /** Sends a file, or a part of it. */
  async #send(transfer: Transfer, asked: Asked, key: string): Promise<Answered> {
    const { files } = this.#texts, { request: { method, headers } } = asked;
    const found = await this.#files.open(key);
    if (found === undefined) return await this.#reply(transfer, asked, textResponse(404, files.noFile));
    if (found === "failed") return await this.#reply(transfer, asked, textResponse(503, files.failed));
    const { file, bytes } = found;
    transfer.extend(PIECE_TIMEOUT);
    try {
      const about = headersOf(file), { size } = file;
      if (isKnown(headers.get("if-none-match"), about.get("etag")!)) {
        return await this.#reply(transfer, asked, new Response(null, { status: 304, headers: about }));
      }
      const isSame = method === "GET" && (headers.get("if-range") ?? about.get("etag")) === about.get("etag");
      const range = isSame ? rangeIn(headers.get("range"), size) : undefined;
      if (range === null) {
        return await this.#reply(
          transfer,
          asked,
          textResponse(416, files.range(size), { "content-range": `bytes */${size}` }),
        );
      }
      const end = this.#transfers.take(networkOf(transfer.host), () => closeSocket(transfer.socket));
      if (end === undefined) return await this.#busy(transfer, asked);
      const [from, to] = range ?? [0, size];
      if (range !== undefined) about.set("content-range", `bytes ${from}-${to - 1}/${size}`);
      const head = { status: range === undefined ? 200 : 206, headers: about };
      try {
        await writeAll(transfer.socket, encodeHead(head, to - from, { stays: asked.stays }));
        if (method !== "HEAD") await this.#write(transfer, bytes, from, to);
      } finally {
        end();
      }
      return asked.stays ? "stays" : "ends";
    } finally {
      bytes.close();
    }
  }

  async #write(transfer: Transfer, bytes: PartFile, from: number, to: number): Promise<void> {
    const buffer = new Uint8Array(Math.min(PIECE, to - from));
    await bytes.seek(from, Deno.SeekMode.Start);
    for (let left = to - from; left > 0;) {
      await this.#files.pass();
      const count = await bytes.read(buffer.subarray(0, Math.min(left, PIECE)));
      // Less is there than was promised. Only the end of the connection can say so.
      if (count === null) return closeSocket(transfer.socket);
      transfer.extend(PIECE_TIMEOUT);
      await writeAll(transfer.socket, buffer.subarray(0, count));
      left -= count;
    }
  }

  #busy(transfer: Transfer, asked: Asked): Promise<Answered> {
    const answer = textResponse(503, this.#texts.files.busy, { "retry-after": `${RETRY_AFTER}` });
    return this.#reply(transfer, asked, answer);
  }

  /** After the answer to a body that was not read, the rest of it has to be read away. */
  async #reply(
    { socket, extend }: Transfer,
    { request: { method }, stays }: Asked,
    answer: Response,
  ): Promise<Answered> {
    extend(PIECE_TIMEOUT);
    await writeResponse(socket, answer, { method, stays });
    return stays ? "stays" : "lingers";
  }
}

/** The bytes of a body, a whole piece at a time. They end early if the peer is gone, or too slow. */
async function* bodyOf(transfer: Transfer, come: Uint8Array, length: number): AsyncIterable<Uint8Array> {
  const buffer = new Uint8Array(Math.min(PIECE, length));
  let filled = Math.min(come.length, length), isOver = false;
  buffer.set(come.subarray(0, filled));
  for (let left = length; left > 0 && !isOver; filled = 0) {
    const piece = buffer.subarray(0, Math.min(left, PIECE));
    transfer.extend(PIECE_TIMEOUT);
    while (filled < piece.length && !isOver) {
      const count = await read(transfer.socket, piece.subarray(filled));
      isOver = count === null;
      filled += count ?? 0;
    }
    if (filled > 0) yield piece.subarray(0, filled);
    left -= filled;
  }
}

async function read(socket: Socket, into: Uint8Array): Promise<number | null> {
  try {
    return await socket.read(into);
  } catch { // whatever has become of the connection, no more comes
    return null;
  }
}

/**
 * The headers of a file. A picture is shown by its own type; all else is a download of no type, whatever its name says. A browser
 * asks again each time, so that a deleted one is gone.
 */
function headersOf({ name, type, sha256 }: SharedFile): Headers {
  const isPicture = type.startsWith("image/");
  return new Headers({
    "content-type": isPicture ? type : "application/octet-stream",
    "content-disposition": `${isPicture ? "inline" : "attachment"}; filename*=UTF-8''${encodeName(name)}`,
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "private, no-cache",
    "accept-ranges": "bytes",
    "etag": `"${sha256}"`,
  });
}

/** A name as RFC 8187 has it in a header. */
function encodeName(name: string): string {
  return encodeURIComponent(name).replace(/['()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
}

function isKnown(tags: string | null, etag: string): boolean {
  return tags?.split(",").some((tag) => tag.trim() === "*" || tag.trim().replace(/^W\//, "") === etag) ?? false;
}

/**
 * The range of bytes that is asked for, its end exclusive: undefined for the whole file, null if there is no such range. Of several
 * ranges none is given, as a server may (RFC 9110, section 14.2).
 */
function rangeIn(header: string | null, size: number): [from: number, to: number] | undefined | null {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return undefined;
  const from = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  return from < to ? [from, to] : null;
}
