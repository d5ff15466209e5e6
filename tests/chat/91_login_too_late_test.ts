// A login is on its way to the log when its token is ended there, or its password is changed, on another server: it is refused, and
// leaves no token behind that is good.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { StateProposal } from "../../server/journal/records.ts";
import { authenticate, cheaply } from "./accounts.ts";
import { cannot, type Options } from "./start.ts";
import { startServers } from "./two_servers.ts";
import { until } from "./within.ts";

const TOKEN = "a-Token-of-43-characters-as-a-server-makes-",
  hash = createHash("sha256").update(TOKEN).digest("base64url");
const resume = { action: "authenticate", time: 1, token: TOKEN };

/** Ann's account, with a token that was used two hours ago: its next use is noted. */
async function withToken(options: Partial<Pick<Options, "journalWait" | "frozen">> = {}) {
  const chat = await startServers(0, { ...options, accounts: ["ann"] }),
    { log } = chat,
    { id: account } = log.state().account("ann")!;
  const since = Math.floor(Date.now() / 1000) - 7_200;
  const session = { kind: "session", account, hash, is: true, since, used: since } as const;
  log.say(session);
  const server = await chat.add();
  return { chat, log, server, session, account, late, [Symbol.asyncDispose]: () => chat[Symbol.asyncDispose]() };

  /** Logs in; what another server says comes into the log first. */
  async function late(login: object, change: StateProposal) {
    const peer = await server.connect();
    await chat.pass(1); // what the server notes each second is in the log before
    const held: (() => void)[] = log.hub.held = [];
    await peer.say(login);
    await until("a login on its way", () => held.length > 0);
    log.say(change);
    log.hub.held = undefined;
    for (const arrive of held) arrive();
    return peer;
  }
}

Deno.test("a login by a token that another server has just ended is refused, and the token stays ended", {
  ignore: cannot,
}, async () => {
  await using ann = await withToken();
  const peer = await ann.late(resume, { ...ann.session, is: false });
  assert.match((await peer.expect({ response: 401 })).error, /^This login of "ann" has been ended/);
  assert.deepEqual(ann.log.records().filter(({ kind }) => kind === "session").map((each) => "is" in each && each.is), [
    true,
    false,
    true, // its use, which has lost
  ]);
  assert.equal(ann.log.state().token(hash), undefined);
  const again = await ann.server.connect();
  await again.say(resume);
  assert.match((await again.expect({ response: 401 })).error, /^token: /);
});

Deno.test("a login by a password that another server has just changed is refused, and the token it asked for is none", {
  ignore: cannot,
}, async () => {
  await using ann = await withToken();
  const password = await cheaply("another one"), login = { ...authenticate("ann"), token: true };
  const peer = await ann.late(login, { kind: "password", account: ann.account, password });
  await peer.expect({ response: 402 });
  assert.equal(ann.log.state().account("ann")!.tokens.size, 0);
  await peer.sayOk(authenticate("ann", "another one"));
});

Deno.test("a session that has entered by an ended token, after it was told that nobody knows, is ended", {
  ignore: cannot,
}, async () => {
  const wait = 5000;
  await using ann = await withToken({ journalWait: wait, frozen: true });
  const { chat, log, server, session } = ann, peer = await server.connect();
  await chat.pass(1);
  const held: (() => void)[] = log.hub.held = [];
  await peer.say(resume);
  await until("a login on its way", () => held.length > 0);
  server.pass(wait);
  await peer.expect({ response: 500 });
  log.say({ ...session, is: false });
  log.hub.held = undefined;
  for (const arrive of held) arrive();
  await chat.pass(1);
  assert.match((await peer.expect({ response: 401 })).error, /^This login of "ann" has been ended/);
  assert.deepEqual(await peer.end(), []);
});
