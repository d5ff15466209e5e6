// What a browser can be made to send to the chat's port by the page of any site, and what a person may type there.

import assert from "node:assert/strict";
import fc from "fast-check";
import { fakeServer, presence, quiet } from "../server/fake.ts";
import { bystanders } from "./bystanders.ts";
import { cannot, type Chat, start } from "./start.ts";
import { within } from "./within.ts";

/** What a site would say as its reader. */
const JIM = `${presence("visitor")}\n${
  JSON.stringify({ action: "msg", time: 1, to: "#all", message: "from a browser" })
}\n`;
const LONG = "a".repeat(300);

function request(line: string, ...headers: string[]): string {
  return [line, "Host: 127.0.0.1:7777", ...headers, `\r\n${JIM}`].join("\r\n");
}

const requests: [what: string, text: string][] = [
  ["fetch without CORS", request(`POST /${LONG} HTTP/1.1`, "Content-Type: text/plain;charset=UTF-8")],
  ["a form of plain text", request("POST / HTTP/1.1", "Content-Type: text/plain", "Origin: null")],
  ["an image", request(`GET /${LONG} HTTP/1.1`, "Accept: image/*")],
  ["a path of 100,000 letters", request(`GET /${"a".repeat(100_000)} HTTP/1.1`)],
  ["a beacon", request("POST /?{} HTTP/1.1", "Sec-Fetch-Mode: no-cors")],
  ["a preflight", request("OPTIONS / HTTP/1.1", "Access-Control-Request-Method: PUT")],
  ["a WebSocket", request("GET /jim HTTP/1.1", "Upgrade: websocket", "Connection: Upgrade")],
  ["a method of one's own", request("patch / HTTP/1.1")],
  ["one that nobody knows", request("BREW / HTTP/1.1")],
  ["HTTP/1.0", request("GET / HTTP/1.0")],
  ["HTTP/2", `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${JIM}`],
  ["a proxy's request", request("GET http://127.0.0.1:7777/ HTTP/1.1")],
  ["a tunnel", request("CONNECT 127.0.0.1:7777 HTTP/1.1")],
];

for (const [what, text] of requests) {
  Deno.test(
    `${what} at the chat's port is answered in HTTP and closed; nobody hears of it`,
    { ignore: cannot },
    async () => {
      await using chat = await start();
      {
        await using _ = await bystanders(chat); // each would hear a message, or see one more in the answer
        assert.match(await heardBy(chat, text), /^HTTP\/1\.1 400 Bad Request\r\n[^]+This port speaks JIM/);
      }
      const late = await chat.join("late");
      const rows = await late.ask({ action: "who_online", time: 1 });
      assert.equal(JSON.stringify(rows).includes("visitor"), false);
    },
  );
}

Deno.test("a request is answered once and closed, wherever it is cut, and nothing behind it is read", async () => {
  const texts = requests.map(([, text]) => text).filter((text) => text.length < 2_000 && !text.startsWith("BREW"));
  await using server = fakeServer();
  const ann = server.connect();
  ann.give(`${presence("ann")}\n`);
  await quiet();
  const cuts = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...texts), cuts, async (text, cuts) => {
      const browser = server.connect();
      for (let at = 0, i = 0; at < text.length; i++) {
        browser.give(text.slice(at, at += cuts[i % cuts.length]!));
        await quiet();
      }
      assert.match(browser.heard, /^HTTP\/1\.1 400 Bad Request\r\n/);
      assert.equal(browser.heard.split("HTTP/1.1 ").length, 2);
      assert.equal(browser.shut, true);
      browser.end();
      await quiet();
      assert.equal(browser.closed, true);
    }),
    { numRuns: 50 },
  );
  assert.deepEqual(ann.objects.map(({ response }) => response), [200]);
});

Deno.test("a TLS handshake at a port without TLS is refused and closed", { ignore: cannot }, async () => {
  await using chat = await start();
  const said = await heardBy(chat, `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03${JIM}`);
  assert.match(said, /^\{"response":400,[^\n]+\}\n$/);
});

Deno.test("a word that a person types is refused in JSON, and the person goes on", { ignore: cannot }, async () => {
  for (const words of ["hello\n", "GET /\r\n", "get me a coffee\n", "put\n", "help me please\r\n"]) {
    await using chat = await start();
    const person = await chat.connect();
    await person.say(words);
    await person.expect({ response: 400 });
    await person.enter("person");
  }
});

Deno.test("a word without a newline is refused at once, and one that may begin a request when its stream ends", {
  ignore: cannot,
}, async () => {
  await using chat = await start();
  const one = await chat.bare(), other = await chat.connect();
  await one.say("hello");
  await one.expect({ response: 400 });
  await one.enter("one");
  await other.say("GET");
  assert.deepEqual((await other.end()).map(({ response }) => response), [400]);
});

Deno.test("a body without end is read away for a while, and then cut off", { ignore: cannot }, async () => {
  await using chat = await start();
  using conn = await Deno.connect({ hostname: "127.0.0.1", port: chat.port });
  await conn.write(new TextEncoder().encode("POST / HTTP/1.1\r\n\r\n"));
  await within("an answer", conn.read(new Uint8Array(4_096)));
  const bytes = new Uint8Array(64 * 1024);
  const flood = async () => {
    for (;;) await conn.write(bytes);
  };
  await assert.rejects(within("the end", flood()), /Broken pipe|Connection reset/);
});

/** All that is answered, up to the end of the stream. What is said behind the answer is still read. */
async function heardBy({ port }: Chat, text: string): Promise<string> {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  const writing = (async () => {
    for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
    await conn.closeWrite();
  })();
  let heard = "";
  for (const into = new Uint8Array(4_096);;) {
    const count = await within("an answer and the end", conn.read(into));
    if (count === null) break;
    heard += new TextDecoder().decode(into.subarray(0, count));
  }
  await within("the peer's reading", writing);
  return heard;
}
