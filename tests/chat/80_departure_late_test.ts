// A connection is closed, and the record of that is still on its way to the log: the same person is let in again at once, as on
// one server.

import assert from "node:assert/strict";
import { authenticate, PASSWORD, register } from "./accounts.ts";
import type { Heard, Peer } from "./peer.ts";
import { cannot } from "./start.ts";
import { type OneServer, type Servers, startServers } from "./two_servers.ts";
import { until } from "./within.ts";

const presence = (account_name: string) => ({ action: "presence", time: 1, user: { account_name, status: "" } });
const msg = (message: string) => ({ action: "msg", time: 1, to: "#all", message });
const sessions = { action: "sessions", time: 1 };

/** A server; its log gets a departure when the test says so. */
interface LateServer {
  readonly server: OneServer;
  /** A guest that is there all the time. */
  readonly asker: Peer;
  /** Closes a connection. Its departure does not arrive. */
  leave(peer: Peer): Promise<void>;
  /** The departure arrives, and all that follows it. */
  arrive(): void;
  /** Says something on a new connection while a departure is on its way, which then arrives. */
  answerTo(words: object): Promise<{ readonly peer: Peer; readonly answer: Heard }>;
}

async function lateServer({ all, log }: Servers): Promise<LateServer> {
  const [server] = all as [OneServer], asker = await server.join("asker"), held: (() => void)[] = [];
  return { server, asker, leave, arrive, answerTo };

  async function leave(peer: Peer): Promise<void> {
    log.hub.held = held;
    peer.close();
    await until("a departure on its way", () => held.length === 1);
  }

  function arrive(): void {
    log.hub.held = undefined;
    for (const arrive of held.splice(0)) arrive();
  }

  async function answerTo(words: object) {
    const peer = await server.connect();
    await peer.say(words);
    await asker.silence(); // what the server can answer by itself, it has answered
    arrive();
    return { peer, answer: await peer.hear() };
  }
}

async function online({ asker }: LateServer): Promise<string[]> {
  return (await asker.ask({ action: "who_online", time: 1 })).map(({ user_id }) => user_id);
}

Deno.test("an account at its limit of connections logs in again at once when one is closed", {
  ignore: cannot,
}, async () => {
  await using chat = await startServers(1, { accounts: ["ann"], rules: { devices: 1 } });
  const late = await lateServer(chat), first = await late.server.connect();
  await first.say({ ...authenticate("ann"), token: true });
  const { token } = await first.expect({ response: 200 });
  await late.leave(first);
  const second = await late.answerTo({ action: "authenticate", time: 1, token });
  assert.equal(second.answer.response, 200);
  assert.deepEqual(await online(late), ["ann", "asker"]);
});

Deno.test("a guest that has closed its connection has its name again, and is the first of it", {
  ignore: cannot,
}, async () => {
  await using chat = await startServers(1);
  const late = await lateServer(chat), { server, asker } = late;
  await late.leave(await server.join("zoe"));
  const again = await late.answerTo(presence("zoe"));
  assert.equal(again.answer.response, 200);
  await again.peer.sayOk(msg("alone"));
  assert.equal((await asker.expect({ from: "zoe", message: "alone" })).guest, undefined);
  const entrances = chat.log.records().filter((record) => record.kind === "enter" && record.name === "zoe");
  assert.equal(entrances.length, 2, "none is lost for what the closed one had");
  await server.join("zoe");
  await again.peer.sayOk(msg("first"));
  await asker.expect({ from: "zoe", message: "first", guest: 1 });
});

Deno.test("a guest that has closed its connection registers its name on another one", { ignore: cannot }, async () => {
  const hasher = { hash: (password: string) => Promise.resolve(password), check: () => Promise.resolve(true) };
  await using chat = await startServers(1, { hasher });
  const late = await lateServer(chat);
  await late.leave(await late.server.join("zoe"));
  assert.equal((await late.answerTo(register("zoe"))).answer.response, 201);
  assert.deepEqual(await online(late), ["asker", "zoe"]);
});

Deno.test("a closed connection is in no list of an account's sessions", { ignore: cannot }, async () => {
  await using chat = await startServers(1, { accounts: ["ann"] });
  const late = await lateServer(chat), ann = await late.server.login("ann");
  await late.leave(await late.server.login("ann"));
  const listed = (await ann.ask(sessions)).length;
  late.arrive();
  assert.equal(listed, 1);
  await ann.sayOk(msg("behind the departure"));
  assert.equal((await ann.ask(sessions)).length, 1);
});

Deno.test("a guest that has closed its connection is not renamed when its name becomes an account's", {
  ignore: cannot,
}, async () => {
  await using chat = await startServers(1);
  const late = await lateServer(chat);
  await late.leave(await late.server.join("zoe"));
  chat.log.say({ kind: "account", name: "zoe", password: PASSWORD, operator: false, seen: 0 });
  late.arrive();
  await late.asker.sayOk(msg("behind the departure"));
  await late.asker.sayOk(msg("and behind what followed it"));
  assert.deepEqual(await online(late), ["asker"]);
});

Deno.test("a departure that the log has refused is proposed again when its account logs in", {
  ignore: cannot,
}, async () => {
  await using chat = await startServers(1, { accounts: ["ann"], rules: { devices: 1 } });
  const late = await lateServer(chat), { server } = late, ann = await server.login("ann");
  server.link.failNext("refuse");
  ann.close();
  await until("the refusal", () => server.link.counts.refused === 1);
  const again = await server.connect();
  await again.sayOk(authenticate("ann"));
  assert.deepEqual(await online(late), ["ann", "asker"]);
});
