/**
 * `POST /hooks/TOKEN`: a message of another program to a room, as JSON of its own or as Slack's incoming hooks take it. It
 * becomes one request in JIM on a connection within the server, so that limits, bans and a late journal need no code here.
 * Loaded with the first such request.
 */
import { writeAll } from "../../select/write_all.ts";
import { networkOf } from "../../jim/mod.ts";
import { Slots } from "../limits/slots.ts";
import { closeSocket, type Socket } from "../net/connection.ts";
import type { Texts } from "../words/mod.ts";
import type { Asked } from "./head.ts";
import { CONTINUE, writeResponse } from "./http.ts";
import { type Payload, textIn } from "./hook_payload.ts";
import { RequestSocket } from "./request_socket.ts";

/** Bytes of a body, at most. */
const BODY = 64 * 1024;
/** Requests at a time, from their bodies to their answers. */
const AT_ONCE = 64;
/** Milliseconds for the body, and for the answer: wrong tokens wait as wrong passwords do. */
const BODY_TIMEOUT = 15_000, ANSWER_TIMEOUT = 60_000;
/** Seconds after which a program that was too fast should try again. */
const RETRY_AFTER = "60";
const PATH = /^\/hooks\/([\w-]{1,200})$/;

/** What a request is answered through. */
export interface HookConnection {
  readonly socket: Socket;
  /** The address of the client. */
  readonly host: string;
  /** Gives it so many milliseconds. */
  extend(milliseconds: number): void;
  /** Takes a connection into the chat. */
  connect(socket: Socket): void;
}

const slots = new Slots(AT_ONCE);

/** Answers one request. Rejects when the peer is gone. */
export async function answerHook(connection: HookConnection, asked: Asked, texts: Texts): Promise<void> {
  const response = await responseTo(connection, asked, texts);
  await writeResponse(connection.socket, response, { method: asked.request.method });
}

async function responseTo(connection: HookConnection, asked: Asked, texts: Texts): Promise<Response> {
  const { hooks } = texts, { request: { method, headers }, length, path } = asked, [, token] = PATH.exec(path) ?? [];
  if (method !== "POST") return failure(405, hooks.method, { allow: "POST" });
  if (token === undefined) return failure(404, hooks.unknown);
  if (length === undefined) return failure(411, hooks.length);
  if (length > BODY) return failure(413, hooks.large(BODY));
  const giveBack = slots.take(networkOf(connection.host), () => closeSocket(connection.socket));
  if (giveBack === undefined) return failure(503, hooks.busy, { "retry-after": "5" });
  try {
    if (headers.get("expect") !== null) await writeAll(connection.socket, CONTINUE);
    connection.extend(BODY_TIMEOUT);
    const body = await readBody(connection.socket, asked.rest, length);
    const payload = textIn(body, headers.get("content-type"), hooks);
    if ("problem" in payload) return failure(payload.status, payload.problem);
    connection.extend(ANSWER_TIMEOUT);
    return await said(connection, token, payload, texts);
  } finally {
    giveBack();
  }
}

/** Says the text in the chat. */
async function said(
  { socket, host, connect }: HookConnection,
  token: string,
  { text }: Payload,
  { hooks }: Texts,
): Promise<Response> {
  const request = { action: "hook", time: Math.floor(Date.now() / 1000), token, message: text };
  const inner = new RequestSocket(request, { ...socket.remoteAddr, hostname: host });
  connect(inner);
  const answer = await inner.answer;
  if (answer === undefined) return failure(503, hooks.busy, { "retry-after": "5" });
  const { response, error = "" } = answer;
  if (response < 300) return new Response("ok", { headers: { "content-type": "text/plain; charset=utf-8" } });
  if (response === 401) return failure(404, hooks.unknown);
  if (response === 429 || response === 409) return failure(429, error, { "retry-after": RETRY_AFTER });
  return failure(response >= 500 ? 503 : response === 403 ? 403 : 400, error);
}

/** An error as JSON. */
function failure(status: number, error: string, headers: Record<string, string> = {}): Response {
  return new Response(`${JSON.stringify({ error })}\n`, {
    status,
    headers: { "content-type": "application/json", "x-content-type-options": "nosniff", ...headers },
  });
}

/** The body of a request, of which some has come with the head. */
async function readBody(socket: Socket, come: Uint8Array, length: number): Promise<Uint8Array> {
  const body = new Uint8Array(length);
  body.set(come.subarray(0, length));
  for (let filled = Math.min(come.length, length); filled < length;) {
    const count = await socket.read(body.subarray(filled));
    if (count === null) throw new Deno.errors.UnexpectedEof("The stream has ended within a body");
    filled += count;
  }
  return body;
}
