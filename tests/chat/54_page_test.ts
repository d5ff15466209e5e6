// The page as people start it: the program with --web, a browser's requests, and both ports with and without encryption.

import assert from "node:assert/strict";
import { openPage } from "./page.ts";
import { connect } from "./peer.ts";
import { cannotRun, run, startProgram } from "./program.ts";
import { startTls } from "./tls.ts";

/** A request. No redirection in its answer is followed. */
function ask(url: string, init: RequestInit & { client?: Deno.HttpClient } = {}): Promise<Response> {
  return fetch(url, { redirect: "manual", ...init });
}

Deno.test("the server serves its page and its health, and says what there is not", { ignore: cannotRun }, async () => {
  await using server = await startProgram("--web", "--web-port", "0");
  assert.match(server.ready, /^listening on /);
  const home = `http://127.0.0.1:${server.webPort}`;
  const answers: [path: string, init: RequestInit, status: number, type: string, body: RegExp][] = [
    ["/", {}, 200, "text/html", /^<!doctype html>/i],
    ["/?from=chat", {}, 200, "text/html", /^<!doctype html>/i],
    ["/", { method: "HEAD" }, 200, "text/html", /^$/],
    ["/app.js", {}, 200, "text/javascript", /./],
    ["/style.css", {}, 200, "text/css", /./],
    ["/class", {}, 200, "text/html", /^<!doctype html>/i],
    ["/class.js", {}, 200, "text/javascript", /./],
    ["/healthz", {}, 200, "text/plain", /^ok\n$/],
    ["/deno.json", {}, 404, "text/plain", /^There is nothing at \/deno\.json\n$/],
    ["/../deno.json", {}, 404, "text/plain", /^There is nothing/],
    ["/", { method: "POST", body: "x".repeat(100_000) }, 405, "text/plain", /^Expected GET or HEAD/],
    ["/jim", {}, 426, "text/plain", /^This is JIM over WebSocket: /],
  ];
  for (const [path, init, status, type, body] of answers) {
    const response = await ask(home + path, init);
    assert.equal(response.status, status, path);
    assert.ok(response.headers.get("content-type")!.startsWith(type), path);
    assert.equal(response.headers.get("x-content-type-options"), "nosniff", path);
    assert.match(await response.text(), body, path);
  }
  server.kill("SIGTERM");
  assert.equal((await server.ended).code, 0);
});

Deno.test("a browser that comes to the chat's port is sent to the page", { ignore: cannotRun }, async () => {
  await using server = await startProgram("--web", "--web-port", "0");
  const { port, webPort } = server;
  for (const init of [{}, { method: "POST", body: "to=all&message=hello" }]) {
    const response = await ask(`http://localhost:${port}/any/where?x=1`, init);
    assert.deepEqual([response.status, response.headers.get("location")], [303, `http://localhost:${webPort}/`]);
    await response.body?.cancel();
  }
  const followed = await fetch(`http://127.0.0.1:${port}/`);
  assert.equal(followed.url, `http://127.0.0.1:${webPort}/`);
  assert.match(await followed.text(), /^<!doctype html>/i);
  using ann = await connect(port);
  await ann.enter("ann");
});

Deno.test("a browser that comes to the chat's port is told what that is when there is no page", {
  ignore: cannotRun,
}, async () => {
  await using server = await startProgram();
  const response = await ask(`http://127.0.0.1:${server.port}/`);
  assert.equal(response.status, 400);
  assert.match(await response.text(), /^This port speaks JIM, a chat in JSON, and not HTTP\. The server's page is off/);
  await assert.rejects(openPage(server.port));
});

Deno.test("behind encryption the page is too, and a request without it is redirected", {
  ignore: cannotRun,
}, async () => {
  await using server = await startTls("--web", "--web-port", "0");
  const { port, webPort, folder } = server, home = `https://localhost:${webPort}/`;
  using client = Deno.createHttpClient({ caCerts: [Deno.readTextFileSync(`${folder}/authority.pem`)] });
  const page = await ask(home, { client });
  assert.equal(page.status, 200);
  assert.match(await page.text(), /^<!doctype html>/i);
  for (const url of [`http://localhost:${webPort}/`, `http://localhost:${port}/`, `https://localhost:${port}/`]) {
    const response = await ask(url, { client });
    assert.deepEqual([response.status, response.headers.get("location")], [303, home], url);
    await response.body?.cancel();
  }
  await using tab = await openPage(webPort, { client });
  await tab.enter("tab");
  await tab.sayOk({ action: "msg", time: 1, message: "x".repeat(4000) });
});

Deno.test("the server says in one line that the page's port is taken, or an origin is none", {
  ignore: cannotRun,
}, async () => {
  const folder = await Deno.makeTempDir({ prefix: "hanita-page-" });
  const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr as Deno.NetAddr;
  const { code, err } = await run(folder, "-a", "127.0.0.1", "-p", "0", "--web", "--web-port", String(port));
  taken.close();
  assert.equal(code, 1);
  assert.equal(
    err,
    `hanita-server: Cannot listen on 127.0.0.1 port ${port}: another program does (--web-port chooses another port)\n`,
  );
  const mistaken = await run(folder, "--web", "--web-origin", "chat.example.org");
  assert.equal(mistaken.code, 2);
  assert.match(mistaken.err, /--web-origin: expected an origin such as https:[^ ]+, got "chat\.example\.org" \(/);
  await Deno.remove(folder, { recursive: true });
});
