// The page's port: JIM over WebSocket beside JIM over TCP, and what ends a WebSocket.

import assert from "node:assert/strict";
import { openPage } from "./page.ts";
import { cannot, start } from "./start.ts";

Deno.test("a page, a line speaker and a bare one chat with each other", { ignore: cannot }, async () => {
  await using chat = await start();
  await using page = await openPage(await chat.web());
  await page.enter("page");
  const ann = await chat.join("ann"), bare = await chat.bare();
  await bare.enter("bare");
  await page.sayOk({ action: "msg", time: 1, to: "#all", message: "привет 👋" });
  await ann.expect({ from: "page", message: "привет 👋" });
  await bare.expect({ from: "page", message: "привет 👋" });
  await ann.sayOk({ action: "msg", time: 2, to: "page", message: "to you" });
  await page.expect({ from: "ann", to: "page", message: "to you" });
  await bare.sayOk({ action: "msg", time: 3, to: "#all", message: "to all" });
  await page.expect({ from: "bare", message: "to all" });
  await ann.expect({ from: "bare", message: "to all" });
});

Deno.test("a page hears from its first moment on: nothing is held back, whatever it has shown", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ frozen: true });
  await using page = await openPage(await chat.web());
  await page.enter("page");
  const ann = await chat.join("ann");
  for (const message of ["one", "two"]) await ann.sayOk({ action: "msg", time: 1, message });
  for (const message of ["one", "two"]) await page.expect({ message }); // no gap between them either
});

Deno.test("a frame is an object: several in one, or newlines inside, are understood; each answer is a frame", {
  ignore: cannot,
}, async () => {
  await using chat = await start();
  await using page = await openPage(await chat.web());
  page.say(
    JSON.stringify({ action: "presence", time: 1, user: { account_name: "eve" } }, null, 2) +
      '{"action":"probe","time":1}\n[7] {"action":"probe",\r\n"time":1}',
  );
  for (const response of [200, 200, 400, 200]) await page.expect({ response });
});

Deno.test("a page is told exactly what it said wrong, and chats on", { ignore: cannot }, async () => {
  await using chat = await start();
  await using page = await openPage(await chat.web());
  for (const words of ["hello", "\0\0\0\x02{}", '{"action":"fly","time":1}', '{"action":"msg","time":1']) {
    page.say(words);
    const { response, error } = await page.hear();
    assert.equal(response, 400, words);
    assert.match(error, /xpected/);
  }
  await page.enter("page");
});
