// Everything that can be wrong with what is sent: each is answered clearly, and two others chat on meanwhile.

import assert from "node:assert/strict";
import { STRICT_LIMITS } from "../../jim/mod.ts";
import { breakOff } from "./break_off.ts";
import { bystanders } from "./bystanders.ts";
import { connect } from "./peer.ts";
import { cannot, start } from "./start.ts";

const PRESENCE = { action: "presence", time: 1, user: { account_name: "eve" } };
const EXPECTED_OBJECT = /^Expected a JSON object.*\{"action":"presence","time":1764000000,/;
const EXPECTED_UTF8 = /^Expected UTF-8, got byte 0x(?:FF|ED) at position 36$/;

/** A line, and what is answered to it. */
const lines: [what: string, said: string | Uint8Array, answered: RegExp][] = [
  ["words that are not JSON", "hello, is anybody there?", EXPECTED_OBJECT],
  ["a number", "7", EXPECTED_OBJECT],
  ["a string", '"hello"', EXPECTED_OBJECT],
  ["a list", "[1,2]", EXPECTED_OBJECT],
  ["a closing bracket", "}", EXPECTED_OBJECT],
  ["half an HTTP request", "GET /", EXPECTED_OBJECT],
  ["single quotes", "{'action':'quit'}", /^Expected valid JSON, got another quotation mark .* at position 1, /],
  ["a comma too many", '{"action":"quit",}', /^Expected valid JSON, got a comma .* at position 16, /],
  ["an object that breaks off", '{"action":"msg","message":"hel', /^Expected valid JSON, got a line break inside a /],
  ["an object without a comma", '{"action":"msg" "time":1}', /^Expected valid JSON, got a .* without a comma/],
  ["no action", '{"time":1}', /^action: expected a string such as "presence".*got nothing/],
  ["an action that is no string", '{"action":7,"time":1}', /^action: expected a string.*got 7/],
  ["an action that nobody knows", '{"action":"fly","time":1}', /^action: expected one of presence, auth.*got "fly"/],
  ["an action that is too long", `{"action":"${"x".repeat(26)}","time":1}`, /^action: expected/],
  ["no time", '{"action":"msg","message":"hello"}', /^time: expected Unix seconds as a number, got nothing/],
  ["a time of day", '{"action":"msg","time":"12:03"}', /^time: expected Unix seconds as a number, got "12:03"/],
  ["no text", '{"action":"msg","time":1}', /^message: expected a text, such as "hello", got nothing/],
  ["a text that is a number", '{"action":"msg","time":1,"message":5}', /^message: expected a text.*got 5/],
  ["an addressee that is a list", '{"action":"msg","time":1,"to":["#all"],"message":"x"}', /^to: expected "#all"/],
  ["a user that is a string", '{"action":"presence","time":1,"user":"eve"}', /^user: expected an object with account_/],
  ["a text of 4,001 letters", `{"action":"msg","time":1,"message":"${"я".repeat(4001)}"}`, /at most 4000.*got 4001/],
  ["a NUL between objects", "\0", EXPECTED_OBJECT],
  ["a NUL in a text", '{"action":"msg","time":1,"message":"a\0b"}', /^Expected valid JSON, got a control character /],
  ["malformed UTF-8", bytes('{"action":"msg","time":1,"message":"', [0xff, 0xc3], '"}'), EXPECTED_UTF8],
  ["half a letter of UTF-16", bytes('{"action":"msg","time":1,"message":"', [0xed, 0xa0, 0x80], '"}'), EXPECTED_UTF8],
  ["30,000 nested brackets", "[".repeat(30_000) + "]".repeat(30_000), /^Expected at most 32 brackets inside each/],
  ["deep brackets that end soon", `{"a":${"[".repeat(40)}${"]".repeat(40)}}`, /^Expected at most 32 brackets/],
  ["an object of more than 64 KiB", `{"action":"${"x".repeat(66_000)}"}`, /^Expected an object of at most 65536 bytes/],
];

for (const [what, said, answered] of lines) {
  Deno.test(`${what}: the sender is told, and chats on; nobody else notices`, { ignore: cannot }, async () => {
    await using chat = await start();
    {
      await using _ = await bystanders(chat);
      const stranger = await chat.connect();
      await stranger.say(said, "\n");
      const { response, error } = await stranger.hear();
      assert.equal(response, 400);
      assert.match(error, answered);
      await stranger.say({ action: "quit" });
      await stranger.expect({ alert: "goodbye" });
      await stranger.expectEnd();
    }
  });
}

Deno.test("after each fault the very next line is understood", { ignore: cannot }, async () => {
  await using chat = await start();
  await using _ = await bystanders(chat);
  const stranger = await chat.connect();
  const probe = '{"action":"probe"}\n'; // refused for its time, which shows that it was read
  for (const [what, said] of lines) {
    await stranger.say(said, "\n", probe);
    await stranger.expect({ response: 400 });
    const { error } = await stranger.hear();
    assert.equal(error, "time: expected Unix seconds as a number, got nothing", what);
  }
});

for (
  const [what, said, first] of [
    [
      "a text of 10 MB",
      `{"action":"msg","time":1,"message":"${"x".repeat(10_000_000)}"}`,
      /^Expected an object of at most/,
    ],
    ["100,000 nested brackets", "[".repeat(100_000), /^Expected at most 32 brackets inside each other/],
    ["100,000 nested objects", '{"a":'.repeat(100_000), /^Expected at most 32 brackets inside each other/],
  ] as const
) {
  Deno.test(`${what}: refused, and the connection is closed in good order`, { ignore: cannot }, async () => {
    await using chat = await start();
    await using _ = await bystanders(chat);
    const stranger = await chat.connect();
    const sent = stranger.say(said, "\n").catch(broken);
    const { error } = await stranger.expect({ response: 400 });
    assert.match(error, first);
    const endless = await stranger.expect({ response: 400 });
    assert.match(endless.error, /^Expected the large object to end within another 65536 bytes; the connection is cl/);
    await sent; // its words are read away, for a reset would take the answers with it
    await stranger.expectEnd();
  });
}

Deno.test("a second object glued to the first is an object, and the garbage between them is none", {
  ignore: cannot,
}, async () => {
  await using chat = await start();
  await using _ = await bystanders(chat);
  const stranger = await chat.connect();
  await stranger.say('{"action":"probe","time":1}{"action":"quit","time":1}\n');
  await stranger.expect({ response: 401 });
  await stranger.expect({ alert: "goodbye" });
  const other = await chat.connect();
  await other.say('{"action":"probe","time":1};{"action":"quit","time":1}\n{"action":"quit"}\n');
  await other.expect({ response: 401 });
  await other.expect({ response: 400 });
  await other.expect({ alert: "goodbye" });
});

Deno.test("an object may come byte by byte, and a letter in halves", { ignore: cannot }, async () => {
  await using chat = await start();
  const eve = await chat.join("eve"), joe = await chat.join("joe");
  const said = new TextEncoder().encode('{"action":"msg","time":1,"message":"Ж😀"}\r\n');
  for (const byte of said) await eve.say(new Uint8Array([byte]));
  await eve.expect({ response: 200 });
  await joe.expect({ message: "Ж😀" });
});

Deno.test("a bare speaker is told in alert as well as in error", { ignore: cannot }, async () => {
  await using chat = await start();
  const eve = await chat.bare();
  await eve.say("hello");
  const { error, alert } = await eve.expect({ response: 400 });
  assert.match(error, EXPECTED_OBJECT);
  assert.equal(alert, error);
});

Deno.test("--strict takes the handout's 640 and 500 characters", { ignore: cannot }, async () => {
  await using chat = await start({ limits: STRICT_LIMITS });
  const eve = await chat.join("eve"), joe = await chat.join("joe");
  await eve.sayOk({ action: "msg", time: 1, message: "я".repeat(500) });
  await joe.expect({ message: "я".repeat(500) });
  await eve.say({ action: "msg", time: 1, message: "я".repeat(501) });
  await eve.expect({ response: 400, error: "message: expected at most 500 characters, got 501" });
  await eve.say({ action: "probe", time: 1, filler: "я".repeat(640) });
  const { error } = await eve.expect({ response: 400 });
  assert.match(error, /^Expected an object of at most 640 characters, got \d+$/);
});

Deno.test("connections reset in the middle of an object disturb nobody", { ignore: cannot }, async () => {
  await using chat = await start();
  await using _ = await bystanders(chat);
  const presence = `${JSON.stringify(PRESENCE)}\n`;
  for (let i = 0; i < 20; i++) await breakOff(chat.port, presence, '{"action":"msg","time":1,"mess');
  await breakOff(chat.port, "garbage", '{"a');
});

Deno.test("a thousand connections opened and closed at once disturb nobody", { ignore: cannot }, async () => {
  await using chat = await start({ logged: true });
  {
    await using _ = await bystanders(chat);
    const BATCH = 250; // so that the open files of both sides stay below a usual limit
    for (let done = 0; done < 1000; done += BATCH) {
      const peers = await Promise.all(Array.from({ length: BATCH }, () => connect(chat.port)));
      for (const [i, peer] of peers.entries()) {
        if (i % 2 === 0) await peer.say(PRESENCE, '{"action":"msg","ti');
        peer.close();
      }
    }
  }
  const own = await chat.connect();
  await chat.logged(/ 3 in all$/); // the two, and this one: all others are gone
  await own.say({ action: "quit" });
  await own.expect({ alert: "goodbye" });
});

/** A write that fails because the server has closed the connection. */
function broken(error: unknown): void {
  if (!(error instanceof Deno.errors.BrokenPipe || error instanceof Deno.errors.ConnectionReset)) throw error;
}

function bytes(...parts: (string | number[])[]): Uint8Array {
  const encoder = new TextEncoder();
  return new Uint8Array(parts.flatMap((part) => typeof part === "string" ? [...encoder.encode(part)] : part));
}
