// Behind a proxy that is believed (`--trust-proxy`) a client counts by its own address: for bans, limits, logins, log and
// trace. From any other peer the same words mean nothing.

import assert from "node:assert/strict";
import { memoryStore } from "./store.ts";
import { makeFolder } from "../log/folder.ts";
import { pem } from "../server/net/tls/certificates.ts";
import { inspect } from "../token.ts";
import { authenticate, cheaply, PASSWORD } from "./accounts.ts";
import { frame, openRaw, type RawPage, UPGRADE } from "./page.ts";
import { connect, type Peer, peerOf } from "./peer.ts";
import { cannotRun, type Program, run, startProgram } from "./program.ts";
import { cannot, type Chat, start } from "./start.ts";
import { startTls } from "./tls.ts";
import { until, within } from "./within.ts";

const TEXT = 1;
const presence = (name: string) => ({ action: "presence", time: 1, user: { account_name: name, status: "" } });
const header = (client: string) =>
  `PROXY TCP${client.includes(":") ? `6 ${client} ::1` : `4 ${client} 10.0.0.1`} 50412 7777\r\n`;

/** The connection that a proxy makes for a client. */
async function behind(chat: Chat, client: string): Promise<Peer> {
  const peer = await chat.connect();
  await peer.say(header(client));
  return peer;
}

/** The answer to presence. */
async function enter(peer: Peer, name: string): Promise<{ response: number; error?: string }> {
  await peer.say(presence(name));
  return await peer.hear();
}

/** A page behind a proxy, and the answer to its presence. */
async function page(port: number, name: string, ...forwarded: string[]): Promise<RawPage & { response: number }> {
  const raw = await openRaw(port, [...UPGRADE, ...forwarded.map((hosts) => `X-Forwarded-For: ${hosts}`)]);
  await raw.send(frame(TEXT, JSON.stringify(presence(name))));
  for (;;) {
    const { response } = JSON.parse((await raw.hear()).text);
    if (response >= 200) return { ...raw, response };
  }
}

async function withOperator(trustProxy: string, more: Parameters<typeof start>[0] = {}): Promise<Chat> {
  const store = memoryStore();
  store.putAccount({ name: "op", password: await cheaply(PASSWORD), operator: true, seen: 0 });
  return await start({ store, trustProxy, ...more });
}

Deno.test("a ban of an address meets the client behind a proxy, over TCP and on a page, and nobody else there", {
  ignore: cannot,
}, async () => {
  await using chat = await withOperator("127.0.0.1");
  const port = await chat.web();
  const op = await behind(chat, "198.51.100.1"), eve = await behind(chat, "203.0.113.9");
  await op.sayOk(authenticate("op"));
  assert.equal((await enter(eve, "eve")).response, 200);
  using onPage = await page(port, "evi", "203.0.113.9");
  assert.equal(onPage.response, 200);
  await op.sayOk({ action: "ban", time: 1, address: "203.0.113.9" });
  assert.equal((await eve.hear()).response, 403);
  await eve.expectEnd();
  while (JSON.parse((await onPage.hear()).text).response !== 403);
  assert.equal((await enter(await behind(chat, "203.0.113.9"), "eve")).response, 403);
  assert.equal((await enter(await behind(chat, "::ffff:203.0.113.9"), "eve")).response, 403);
  assert.equal((await enter(await behind(chat, "203.0.113.8"), "ann")).response, 200);
  for (
    const [hosts, response] of [["203.0.113.9", 403], ["1.1.1.1, 203.0.113.9", 403], ["203.0.113.7", 200]] as const
  ) {
    using other = await page(port, "bob", hosts);
    assert.equal(other.response, response, hosts);
  }
});

Deno.test("a ban means the same address however it is written, and a text that is none is refused", {
  ignore: cannot,
}, async () => {
  await using chat = await withOperator("127.0.0.1");
  const op = await behind(chat, "198.51.100.1");
  await op.sayOk(authenticate("op"));
  const written: [said: string, of: string][] = [
    ["::FFFF:203.0.113.9", "203.0.113.9"],
    ["2001:DB8:0:0::7", "2001:db8::7"],
    ["fe80::1%eth0", "fe80::1"],
  ];
  for (const [address, client] of written) {
    await op.sayOk({ action: "ban", time: 1, address });
    assert.equal((await enter(await behind(chat, client), "eve")).response, 403, address);
    await op.sayOk({ action: "unban", time: 1, address: client });
    assert.equal((await enter(await behind(chat, client), "eve")).response, 200, address);
  }
  for (const address of ["203.0.113.9:50412", "[2001:db8::7]", "203.0.113", "abc", "0313.0.113.9"]) {
    await op.say({ action: "ban", time: 1, address });
    assert.match((await op.expect({ response: 400 })).error, /^address: expected an address such as "10\.0\.0\.7"/);
  }
});

Deno.test("--per-address counts the clients behind a proxy one by one, over TCP and on pages together", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ trustProxy: "127.0.0.1", perAddress: 2 });
  const port = await chat.web();
  assert.equal((await enter(await behind(chat, "203.0.113.9"), "ann")).response, 200);
  using second = await page(port, "bob", "203.0.113.9");
  assert.equal(second.response, 200);
  const third = await behind(chat, "203.0.113.9"), { response, error } = await third.hear();
  assert.equal(response, 403);
  assert.match(error, /^There are 2 connections from 203\.0\.113\.9 already/);
  using fourth = await page(port, "eve", "203.0.113.9:4711");
  assert.equal(fourth.response, 403);
  for (const client of ["203.0.113.8", "2001:db8::9"]) {
    assert.equal((await enter(await behind(chat, client), client)).response, 200);
  }
});

Deno.test("guesses of a password behind a proxy slow down their own address alone", { ignore: cannot }, async () => {
  await using chat = await start({ accounts: ["ann"], trustProxy: "127.0.0.1", frozen: true });
  const eve = await behind(chat, "203.0.113.9");
  for (let i = 0; i < 40; i++) {
    await eve.say(authenticate("ann", `guess ${i}`));
    await eve.expect({ response: 402 });
  }
  await eve.say(authenticate("ann", "one more"));
  const ann = await behind(chat, "203.0.113.8");
  const order: string[] = [];
  const guess = eve.expect({ response: 402 }).then(() => order.push("a guess"));
  await ann.sayOk(authenticate("ann"));
  order.push("the right one at another address");
  chat.pass(1_000);
  await guess;
  assert.deepEqual(order, ["the right one at another address", "a guess"]);
});

Deno.test("log and trace have the client's address", { ignore: cannot }, async () => {
  await using chat = await start({ trustProxy: "127.0.0.1", logged: true });
  const port = await chat.web(), teacher = await chat.connect();
  await teacher.sayOk(inspect);
  const ann = await behind(chat, "203.0.113.9"), bob = await behind(chat, "2001:db8::9");
  await ann.enter("ann");
  await teacher.expect({ way: "here", address: "203.0.113.9:50412" });
  await chat.logged(/onAccepted 203\.0\.113\.9:50412 connected/);
  await bob.enter("bob");
  await chat.logged(/onAccepted \[2001:db8::9\]:50412 connected/);
  using _page = await page(port, "eve", "198.51.100.7");
  await chat.logged(/onAccepted 198\.51\.100\.7:\d+ connected/);
});

Deno.test("a header that no trusted proxy has written means nothing", { ignore: cannot }, async () => {
  await using chat = await withOperator("127.0.0.2,10.0.0.0/8", { logged: true });
  const port = await chat.web(), op = await chat.from("127.0.0.3");
  await op.sayOk(authenticate("op"));
  const eve = await behind(chat, "203.0.113.9");
  const { response, error } = await eve.hear();
  assert.deepEqual([response, error], [400, error]);
  assert.match(error, /^Expected a JSON object that begins with \{.*got "PROXY TCP4 203/);
  assert.equal((await enter(eve, "eve")).response, 200);
  using onPage = await page(port, "evi", "203.0.113.9");
  assert.equal(onPage.response, 200);
  for (const line of chat.log()) assert.doesNotMatch(line, /203\.0\.113\.9:\d+ connected/);
  await op.sayOk({ action: "ban", time: 1, address: "203.0.113.9" });
  await eve.silence();
  await op.sayOk({ action: "ban", time: 1, address: "127.0.0.1" });
  while ((await eve.hear()).response !== 403);
  while (JSON.parse((await onPage.hear()).text).response !== 403);
});

Deno.test("a client that writes the header itself, behind a proxy that adds to it, does not choose its address", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ trustProxy: "127.0.0.1,10.0.0.0/8", logged: true });
  const port = await chat.web();
  const chains: [forwarded: string[], host: string][] = [
    [["127.0.0.1, 203.0.113.1"], "203.0.113.1"],
    [["10.0.0.9", "203.0.113.2"], "203.0.113.2"],
    [["198.51.100.1, 203.0.113.3, 10.0.0.7"], "203.0.113.3"],
    [["'; drop, <script>, 203.0.113.4"], "203.0.113.4"],
    [["198.51.100.1, unknown"], "127.0.0.1"],
  ];
  for (const [i, [forwarded, host]] of chains.entries()) {
    using each = await page(port, `page ${i}`, ...forwarded);
    assert.equal(each.response, 200);
    await chat.logged(new RegExp(`onAccepted ${host.replaceAll(".", "\\.")}:\\d+ connected`));
  }
  // What comes through the tunnel behind the header is the client's, a second header too.
  const eve = await behind(chat, "203.0.113.5");
  await eve.say(header("198.51.100.1"));
  assert.equal((await eve.hear()).response, 400);
  await chat.logged(/onAccepted 203\.0\.113\.5:50412 connected/);
  for (const line of chat.log()) assert.doesNotMatch(line, /198\.51\.100\.1:\d+ connected/);
});

Deno.test("a trusted proxy that sends no header is taken by its own address, with one warning", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ trustProxy: "127.0.0.1", headerWithin: 200, logged: true });
  const ann = await chat.join("ann"), silent = await chat.connect();
  await chat.logged(/connected, 2 in all$/); // although it has not said a word
  assert.equal((await enter(silent, "bob")).response, 200);
  await ann.silence();
  const warnings = chat.log().filter((line) => line.startsWith("warning"));
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]!, /127\.0\.0\.1 is in --trust-proxy and sends no PROXY header/);
  const port = await chat.web();
  using first = await page(port, "eve");
  assert.equal(first.response, 200, "and on the web port it may well speak HTTP");
});

Deno.test("a broken header closes its connection, is logged, and harms nobody", { ignore: cannot }, async () => {
  {
    await using chat = await start({ trustProxy: "127.0.0.1", logged: true });
    for (const words of ["PROXY TCP4 hello\r\n", `PROXY ${"x".repeat(200)}`]) {
      const broken = await chat.connect();
      await broken.say(words);
      await broken.expectBreak();
    }
    await chat.logged(/127\.0\.0\.1:\d+ is closed, its PROXY header cannot be read: expected PROXY TCP4 or TCP6/);
    await (await behind(chat, "203.0.113.9")).enter("ann");
  }
  await using chat = await start({ trustProxy: "127.0.0.1", headerWithin: 1_500, logged: true });
  const late = await chat.connect();
  await late.say("PROXY TCP4 203.0");
  await late.expectBreak();
  await chat.logged(/its PROXY header cannot be read: it has no end within 1500 ms/);
});

Deno.test(
  "a page counts by the client that a proxy of TCP names, and by the one that a proxy of HTTP behind it names",
  {
    ignore: cannot,
  },
  async () => {
    await using chat = await start({ trustProxy: "127.0.0.1,10.0.0.0/8", logged: true });
    const port = await chat.web();
    for (
      const [client, forwarded, host] of [
        ["203.0.113.9", "198.51.100.1", "203.0.113.9"], // it has written that itself
        ["10.0.0.7", "203.0.113.8", "203.0.113.8"],
      ] as const
    ) {
      const request = [`GET /jim HTTP/1.1`, "Host: x", ...UPGRADE, `X-Forwarded-For: ${forwarded}`, "\r\n"].join(
        "\r\n",
      );
      const conn = await Deno.connect({ hostname: "127.0.0.1", port });
      await conn.write(new TextEncoder().encode(`${header(client)}${request}`));
      await chat.logged(new RegExp(`onAccepted ${host.replaceAll(".", "\\.")}:\\d+ connected`));
      conn.close();
    }
  },
);

Deno.test("the header comes before the handshake, where the chat and the page are encrypted", {
  ignore: cannotRun,
}, async () => {
  await using server = await startTls("--web", "--web-port", "0", "--trust-proxy", "127.0.0.1");
  const secured = async (port: number, client: string) => {
    const plain = await Deno.connect({ hostname: "127.0.0.1", port });
    await plain.write(new TextEncoder().encode(header(client)));
    return await Deno.startTls(plain, { hostname: "localhost", caCerts: [pem("authority.pem")] });
  };
  using ann = peerOf(await secured(server.port, "203.0.113.9"), {});
  await ann.enter("ann");
  assert.match(server.log(), /onAccepted 203\.0\.113\.9:50412 connected/);
  using page = await secured(server.webPort, "203.0.113.8");
  await page.write(new TextEncoder().encode(["GET /jim HTTP/1.1", "Host: x", ...UPGRADE, "\r\n"].join("\r\n")));
  await within("the page", untilLogged(server, /onAccepted 203\.0\.113\.8:50412 connected/));
});

function untilLogged(server: Program, what: RegExp): Promise<void> {
  return until(`a line of the log like ${what}`, () => what.test(server.log()));
}

Deno.test("server --trust-proxy believes nobody else, and costs one line where it cannot be read", {
  ignore: cannotRun,
}, async () => {
  using folder = makeFolder();
  const such = "expected an address or a range such as 127.0.0.1 or 10.0.0.0/8";
  for (
    const [ranges, why] of [
      ["localhost", `${such}, got "localhost"`],
      ["127.0.0.1,", `${such}, got ""`],
      ["10.0.0.5/8", 'expected 10.0.0.0/8, got "10.0.0.5/8"'],
    ] as const
  ) {
    const ended = await run(folder.path, "--trust-proxy", ranges);
    assert.deepEqual(ended, { code: 2, out: "", err: `hanita-server: --trust-proxy: ${why} (--help says more)\n` });
  }
  await using server = await startProgram("--trust-proxy", "10.0.0.0/8,::1");
  using eve = await connect(server.port);
  await eve.say(header("203.0.113.9"));
  await eve.expect({ response: 400 });
});

Deno.test("bans and limits of an IPv6 address hold for its /64, and for no other", { ignore: cannot }, async () => {
  await using chat = await withOperator("127.0.0.1", { perAddress: 6, newRooms: 1, newAccounts: 1 });
  const op = await behind(chat, "198.51.100.1");
  await op.sayOk(authenticate("op"));
  const eve = await behind(chat, "2001:db8:0:1::7"), twin = await behind(chat, "2001:db8:0:1:a::8");
  assert.equal((await enter(eve, "eve")).response, 200);
  assert.equal((await enter(twin, "twin")).response, 200);
  for (let i = 1; i <= 6; i++) await enter(await behind(chat, `2001:db8:0:3::${i}`), `of a crowd ${i}`);
  const seventh = await behind(chat, "2001:db8:0:3::7");
  assert.match((await seventh.hear()).error, /^There are 6 connections from 2001:db8:0:3::7 already/);
  const other = await behind(chat, "2001:db8:0:2::7");
  assert.equal((await enter(other, "other")).response, 200);

  await eve.say({ action: "join", time: 1, room: "#eve" });
  assert.equal((await eve.hear()).response, 201);
  for (const [peer, response] of [[twin, 403], [other, 201]] as const) {
    await peer.say({ action: "join", time: 1, room: `#${response}` });
    assert.equal((await peer.hear()).response, response);
  }

  await op.sayOk({ action: "ban", time: 1, address: "2001:db8:0:1::ffff" });
  for (const peer of [eve, twin]) {
    assert.equal((await peer.hear()).response, 403);
    await peer.expectEnd();
  }
  assert.match((await enter(await behind(chat, "2001:db8:0:1::10"), "eve")).error!, /^You may not come in here/);
  await other.sayOk({ action: "probe", time: 1 });
  await op.sayOk({ action: "unban", time: 1, address: "2001:db8:0:1::11" });
  assert.equal((await enter(await behind(chat, "2001:db8:0:1::10"), "eve")).response, 200);
});
