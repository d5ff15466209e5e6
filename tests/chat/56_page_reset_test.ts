// A connection of the web port that breaks off, at every place where one can: nobody else notices, and nothing is left.

import { Buffer } from "node:buffer";
import assert from "node:assert/strict";
import { bystanders } from "./bystanders.ts";
import { only } from "./only.ts";
import { frame, openPage, UPGRADE } from "./page.ts";
import { cannot, start } from "./start.ts";
import { cutOff } from "./break_off.ts";

const TEXT = 1, CLOSE = 8, PING = 9;
/** Connections at a time. */
const AT_ONCE = 16;

const presence = JSON.stringify({ action: "presence", time: 1, user: { account_name: "eve", status: "" } });

/** All that a page says in its life: a request, a handshake, a dialogue, its close frame. */
const life = Buffer.concat([
  text("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"),
  text(["GET /jim HTTP/1.1", "Host: localhost", ...UPGRADE, "\r\n"].join("\r\n")),
  frame(TEXT, presence),
  frame(PING, "p"),
  frame(TEXT, '{"action":"msg","time":1,', { last: false }),
  frame(0, '"to":"eve","message":"я"}'),
  frame(CLOSE, Uint8Array.of(3, 0xe8)),
]);

for (const answered of [false, true]) {
  const when = answered ? "once something was answered" : "at once";
  Deno.test(
    `a page that breaks off behind any byte of its life, ${when}, disturbs nobody`,
    { ignore: cannot },
    async () => {
      await using chat = await start({ logged: true });
      const port = await chat.web();
      {
        await using _ = await bystanders(chat);
        for (let cut = 1; cut <= life.length; cut += AT_ONCE) {
          const cuts = Array.from({ length: Math.min(AT_ONCE, life.length + 1 - cut) }, (_, i) => cut + i);
          await Promise.all(cuts.map((end) => cutOff(port, life.subarray(0, end), answered)));
        }
        await using page = await openPage(port);
        await page.enter("page");
      }
      await only(chat, 2);
    },
  );
}

Deno.test("a page enters the chat, although others fill the web port and break off all the while", {
  ignore: cannot,
}, async () => {
  await using chat = await start();
  const port = await chat.web();
  const idle = await Promise.all(Array.from({ length: 500 }, () => Deno.connect({ hostname: "127.0.0.1", port })));
  let going = true;
  const flood = (async () => {
    while (going) await Promise.all(Array.from({ length: AT_ONCE }, () => cutOff(port, life.subarray(0, 10), false)));
  })();
  try {
    for (let i = 0; i < 10; i++) {
      await using page = await openPage(port);
      await page.enter(`page ${i}`);
      const response = await fetch(`http://127.0.0.1:${port}/`);
      assert.match(await response.text(), /^<!doctype html>/i);
    }
  } finally {
    going = false;
    await flood;
  }
  for (const conn of idle) conn.close();
});

function text(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
