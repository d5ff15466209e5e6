// A connection that breaks off, at every place where one can: nobody else notices, and nothing of it is left.

import { Buffer } from "node:buffer";
import { bystanders } from "./bystanders.ts";
import { only } from "./only.ts";
import { cannot, start } from "./start.ts";
import { cutOff } from "./break_off.ts";

/** Connections at a time. */
const AT_ONCE = 32;

const dialogue = [
  { action: "presence", time: 1, user: { account_name: "eve", status: "" } },
  { action: "join", time: 2, room: "#eve" },
  { action: "msg", time: 3, to: "#eve", message: "Ж\u{1f600}" },
  { action: "who_online", time: 4 },
  { action: "quit", time: 5 },
].map((object) => new TextEncoder().encode(JSON.stringify(object)));

/** The dialogue's bytes, framed in each of the ways. */
const framed: Record<string, Uint8Array> = {
  lines: Buffer.concat(dialogue.flatMap((object) => [object, Uint8Array.of(10)])),
  bare: Buffer.concat(dialogue),
  prefixed: Buffer.concat(
    dialogue.flatMap((object) => [Uint8Array.of(0, 0, object.length >> 8, object.length), object]),
  ),
};

for (const [framing, bytes] of Object.entries(framed)) {
  Deno.test(`a reset behind any byte of a dialogue (${framing}) disturbs nobody`, { ignore: cannot }, async () => {
    await using chat = await start({ logged: true });
    {
      await using _bystanders = await bystanders(chat);
      for (let cut = 0; cut <= bytes.length; cut += AT_ONCE) {
        const cuts = Array.from({ length: Math.min(AT_ONCE, bytes.length + 1 - cut) }, (_, i) => cut + i);
        await Promise.all(cuts.map((end) => cutOff(chat.port, bytes.subarray(0, end))));
      }
    }
    await only(chat, 2);
  });
}
