// A page of another site, in a real browser: whatever it sends to the chat's port, nobody in the chat hears of it.

import assert from "node:assert/strict";
import { connect } from "../chat/peer.ts";
import { startUnmeasured } from "../chat/program.ts";
import { until } from "../chat/within.ts";
import { bundleLibrary } from "../../tools/package/library.ts";
import { browse, cannot } from "./browser.ts";

/** What it tries, and the title that says that all of it is done. */
function script(port: number): string {
  const jim = [
    { action: "presence", time: 1, user: { account_name: "visitor", status: "" } },
    { action: "msg", time: 1, to: "#all", message: "from a browser" },
  ].map((object) => `${JSON.stringify(object)}\n`).join("");
  return `<!doctype html><title>begun</title><iframe name="frame"></iframe>
<form method="post" enctype="text/plain" action="http://127.0.0.1:${port}/" target="frame">
  <textarea name="a">x</textarea></form>
<script>
const jim = ${JSON.stringify(jim)}, chat = "http://127.0.0.1:${port}/";
const post = (path, init) => fetch(chat + path, { method: "POST", mode: "no-cors", body: jim, ...init }).catch(() => {});
const closed = (socket) => new Promise((resolve) => socket.onclose = resolve);
const sent = new Promise((resolve) => document.querySelector("iframe").onload = resolve);
const field = document.querySelector("textarea");
field.name = jim;
document.querySelector("form").submit();
Promise.all([
  sent, post(""), post("a".repeat(300)), post("a".repeat(20000)), post("?" + jim),
  post("", { body: new Blob([jim]) }), post("", { body: new FormData(document.querySelector("form")) }),
  post("", { mode: "cors", headers: { "content-type": "application/json" } }), post("", { method: "PATCH", mode: "cors" }),
  closed(new WebSocket("ws://127.0.0.1:${port}/")), navigator.sendBeacon(chat, jim),
]).then(() => document.title = "done");
</script>`;
}

Deno.test("no page of another site can make a browser chat", { ignore: cannot }, async () => {
  await using server = await startUnmeasured("-a", "127.0.0.1");
  using watcher = await connect(server.port);
  await watcher.enter("watcher");
  const headers = { "content-type": "text/html" };
  const site = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response(script(server.port), { headers }),
  );
  {
    await using browser = await browse();
    const { page } = await browser.open(`http://127.0.0.1:${site.addr.port}/`);
    await page.waitForFunction("document.title === 'done'");
  }
  await site.shutdown();
  await watcher.silence();
  const requests = server.log().split("speaks HTTP, and is told where to").length - 1;
  assert.ok(requests >= 11, `${requests} requests have come`);
});

/** A page of a site that the operator allows, with the library as it is packed. */
const LIBRARY = `<!doctype html><title>begun</title>
<script type="module">
import { connect, webSocket } from "/client/mod.js";
const port = new URLSearchParams(location.search).get("port");
const chat = await connect(webSocket("ws://127.0.0.1:" + port + "/jim"), { name: "visitor", rooms: ["#cats"] });
await chat.say("from a browser", { to: "#cats" });
for await (const { text, conversation } of chat) {
  document.title = conversation + ": " + text;
  break;
}
await chat.close();
</script>`;

Deno.test("a page of a site that the operator allows chats by the library", { ignore: cannot }, async () => {
  const folder = await Deno.makeTempDir({ prefix: "hanita-library-" });
  await bundleLibrary(folder);
  const site = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async ({ url }) => {
    const { pathname } = new URL(url), isScript = /^\/[\w/-]+\.js$/.test(pathname);
    const body = isScript ? await Deno.readTextFile(`${folder}${pathname}`) : LIBRARY;
    return new Response(body, { headers: { "content-type": isScript ? "text/javascript" : "text/html" } });
  });
  const origin = `http://127.0.0.1:${site.addr.port}`;
  try {
    await using server = await startUnmeasured("-a", "127.0.0.1", "--web", "--web-port", "0", "--web-origin", origin);
    using bob = await connect(server.port);
    await bob.enter("bob");
    await bob.say({ action: "join", time: 1, room: "#cats" });
    await bob.expect({ response: 201 });
    await using browser = await browse();
    const { page } = await browser.open(`${origin}/?port=${server.webPort}`);
    await bob.expect({ from: "visitor", message: "from a browser", to: "#cats" });
    await bob.sayOk({ action: "msg", time: 1, to: "#cats", message: "welcome" });
    await until("the message on the page", async () => await page.title() === "#cats: welcome");
  } finally {
    await site.shutdown();
    await Deno.remove(folder, { recursive: true });
  }
});
