// Is checked in strict mode against the types of the package, without those of Node.js or Deno.
import { Framer } from "jim-chat";
import {
  type Chat,
  type ChatMessage,
  connect,
  ConnectionError,
  type OpenSocket,
  RefusedError,
  webSocket,
} from "jim-chat/client";
import { tcp } from "jim-chat/client/tcp";

const own: OpenSocket = () =>
  Promise.resolve({ read: () => Promise.resolve(undefined), write: () => Promise.resolve(), close() {} });

export async function talk(): Promise<number | undefined> {
  const options = { token: "a token", rooms: ["#cats"], signal: AbortSignal.timeout(1000) };
  await using chat: Chat = await connect([tcp("localhost", 7777), webSocket("wss://chat.example/jim"), own], options);
  for await (const message of chat) {
    const { id, conversation, isOwn }: ChatMessage = message;
    if (!isOwn && id !== undefined) await chat.say("hello", { to: conversation, replyTo: id });
  }
  try {
    return (await chat.say("bye")).id;
  } catch (error) {
    if (error instanceof RefusedError) return error.code;
    if (error instanceof ConnectionError && error.mayHaveArrived) return undefined;
    throw error;
  }
}

// @ts-expect-error: a login needs a name or a token
export const nobody = connect(own, { rooms: ["#cats"] });
export const framer: Framer = new Framer();
