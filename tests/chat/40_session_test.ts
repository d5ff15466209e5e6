// Session tokens: after one login a client logs in again without a password, until the token ends, is logged out or revoked.

import assert from "node:assert/strict";
import { embeddedStore, memoryStore, openStore, type Store } from "./store.ts";
import { makeFolder } from "../log/folder.ts";
import { inspect } from "../token.ts";
import { authenticate, cheaply, PASSWORD, register } from "./accounts.ts";
import { failing } from "./failing.ts";
import { cannot, type Chat, type Peer, start } from "./start.ts";
import { stranger, ways } from "./ways.ts";
import { until } from "./within.ts";

const WRONG =
  "token: expected one that was given at a login and has not ended, so authenticate with the name and its password";
const REVOKED = 'This login of "ann" has been ended, so authenticate with the password';
const DAY = 86_400_000;

const msg = (message: string, to?: string) => ({ action: "msg", time: 1, to, message });
const resume = (token: string) => ({ action: "authenticate", time: 1, token });
const logout = (token?: string) => ({ action: "logout", time: 1, token });
const asking = (login: object) => ({ ...login, token: true });

/** Logs in by a password, and returns the token that the answer has. */
async function tokenFor(peer: Peer, name = "ann", password = PASSWORD): Promise<string> {
  const { token } = await peer.sayOk(asking(authenticate(name, password)));
  assert.match(token, /^[\w-]{43}$/);
  return token;
}

/** Somebody who logs in by a token. */
async function resumed(chat: Chat, token: string): Promise<Peer> {
  const peer = await chat.connect();
  await peer.sayOk(resume(token));
  return peer;
}

async function refused(chat: Chat, token: string): Promise<void> {
  const peer = await chat.connect();
  await peer.say(resume(token));
  await peer.expect({ response: 401, error: WRONG });
}

async function withOperator(): Promise<Store> {
  const store = memoryStore();
  store.putAccount({ name: "op", password: await cheaply(PASSWORD), operator: true, seen: 0 });
  return store;
}

/** A server on a disk, and the account tool beside it. */
async function beside(act: (chat: Chat, tool: Store, path: string) => Promise<void>): Promise<void> {
  using folder = makeFolder();
  const path = `${folder.path}/hanita.db`, store = openStore({ path }), tool = openStore({ path, beside: true });
  for (const name of ["ann", "bob"]) {
    store.putAccount({ name, password: await cheaply(PASSWORD), operator: false, seen: 0 });
  }
  {
    await using chat = await start({ store });
    await act(chat, tool, path);
  }
  await tool.close();
  await store.close();
}

for (const way of ways) {
  Deno.test(`${way}: a login that asks for a token gets one, and it logs in without the password`, {
    ignore: cannot,
  }, async () => {
    await using chat = await start({ accounts: ["Ann"] });
    const desk = await stranger(chat, way), bob = await chat.join("bob");
    const token = await tokenFor(desk);
    await desk.end();
    await bob.say(msg("while you were away", "ann"));
    await bob.expect({ response: 202 });
    const phone = await stranger(chat, way);
    await phone.say(resume(token));
    const answer = await phone.hear();
    assert.deepEqual({ ...answer, time: 0 }, {
      response: 200,
      time: 0,
      alert: "welcome, Ann",
      jim: 1,
      role: "account",
      account_name: "Ann",
    });
    await phone.expect({ message: "while you were away" });
    await phone.sayOk(msg("I am Ann"));
    await bob.expect({ from: "Ann", role: "account" });
    const other = await stranger(chat, way);
    await other.sayOk(resume(token)); // in a second tab
  });
}

Deno.test("a registration that asks for a token gets one, and nothing else does", { ignore: cannot }, async () => {
  await using chat = await start({ accounts: ["bob"] });
  const ann = await chat.connect(), bob = await chat.connect();
  await ann.say(asking(register("ann")));
  const { token } = await ann.expect({ response: 201 });
  await resumed(chat, token);
  for (const wish of [false, null, "", undefined]) {
    assert.equal((await bob.sayOk({ ...authenticate("bob"), token: wish })).token, undefined);
  }
  const zoe = await chat.connect();
  for (const login of [authenticate("zoe"), { action: "presence", time: 1, user: { account_name: "zoe" } }]) {
    assert.equal((await zoe.sayOk(asking(login))).token, undefined, "a guest has nothing to log in to");
  }
  await bob.say(asking(authenticate("bob", "a guess")));
  assert.equal((await bob.expect({ response: 402 })).token, undefined);
});

Deno.test("a token that is none is refused as what it is, and quoted nowhere", { ignore: cannot }, async () => {
  await using chat = await start({ accounts: ["ann"] });
  const eve = await chat.connect(), token = await tokenFor(await chat.connect());
  for (const shown of ["hunter2", token.slice(1), `${token}x`, token.toUpperCase(), ` ${token}`]) {
    await eve.say(resume(shown));
    await eve.expect({ response: 401, error: WRONG });
  }
  for (const shown of [7, ["hunter2"], { hunter2: "hunter2" }]) {
    await eve.say({ ...resume(""), token: shown });
    assert.match((await eve.expect({ response: 400 })).error, /^token: expected a string, got a value of type \w+$/);
  }
  await eve.say(resume("hunter2".repeat(1_000)));
  assert.equal((await eve.expect({ response: 400 })).error, "token: expected at most 4000 characters, got 7000");
  await eve.say(resume(""));
  assert.match((await eve.expect({ response: 400 })).error, /^user: expected an object with account_name/);
  await eve.say(msg("I am nobody"));
  await eve.expect({ response: 401 });
});

Deno.test("logout ends a token with all that have logged in by it, and leaves other logins alone", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ accounts: ["ann"], rules: { devices: 9 } });
  const first = await chat.connect(), token = await tokenFor(first), other = await chat.connect();
  const tab = await resumed(chat, token), kept = await tokenFor(other), plain = await chat.login("ann");
  await tab.say(logout());
  await tab.expect({ response: 200, alert: "goodbye" });
  await tab.expectEnd();
  await first.expect({ response: 401, error: REVOKED });
  await first.expectEnd();
  for (const peer of [other, plain]) await peer.silence();
  await refused(chat, token);
  // Any connection with the token may end it.
  const zoe = await chat.join("zoe");
  await zoe.say(logout("a guess"));
  await zoe.expect({ response: 401, error: WRONG });
  await zoe.say(logout(kept));
  await zoe.expect({ response: 200, alert: "goodbye" });
  await zoe.expectEnd();
  await other.expect({ response: 401, error: REVOKED });
  await other.expectEnd();
  // Without a token it is a quit, also before presence.
  const stranger = await chat.connect();
  for (const peer of [plain, stranger]) {
    await peer.say(logout());
    await peer.expect({ response: 200, alert: "goodbye" });
    await peer.expectEnd();
  }
});

Deno.test("a token in a field with a slip is asked about, for the token is as good as before", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ accounts: ["ann"] });
  const ann = await chat.connect(), token = await tokenFor(ann);
  const other = await chat.connect();
  const { alert } = await other.sayOk({ ...authenticate("ann"), tokn: true });
  assert.match(alert, /^welcome, ann; .*"?token"?/);
  await other.say({ ...logout(), tokn: token });
  assert.match((await other.expect({ response: 200 })).alert, /^goodbye; .*"?token"?/);
  await other.expectEnd();
  await resumed(chat, token);
});

Deno.test("another login on a connection leaves the token of the first as it was", { ignore: cannot }, async () => {
  await using chat = await start({ accounts: ["ann", "bob"] });
  const peer = await chat.connect(), token = await tokenFor(peer);
  await peer.sayOk(authenticate("bob"));
  const other = await resumed(chat, token);
  await other.say(logout());
  await other.expect({ response: 200 });
  await peer.silence();
});

Deno.test("a ban of the account ends its tokens, a kick does not", { ignore: cannot }, async () => {
  await using chat = await start({ store: await withOperator(), accounts: ["ann"] });
  const op = await chat.login("op"), ann = await chat.connect(), token = await tokenFor(ann);
  await op.sayOk({ action: "kick", time: 1, user_id: "ann" });
  await ann.expect({ response: 403, kicked: true });
  const back = await resumed(chat, token);
  await op.sayOk({ action: "ban", time: 1, user_id: "ANN" });
  await back.expect({ response: 403, kicked: true });
  await back.expectEnd();
  await refused(chat, token);
  await op.sayOk({ action: "unban", time: 1, user_id: "ann" });
  await refused(chat, token);
  await tokenFor(await chat.connect());
});

Deno.test("a banned address is let in by no token, which is as good as before behind another one", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ store: await withOperator(), accounts: ["ann"] });
  const op = await chat.login("op"), token = await tokenFor(await chat.connect());
  await op.sayOk({ action: "ban", time: 1, address: "127.0.0.9" });
  const there = await chat.from("127.0.0.9");
  for (const each of [token, "a guess"]) {
    await there.say(resume(each));
    await there.expect({ response: 403 });
  }
  await resumed(chat, token);
});

Deno.test(
  "another password ends the tokens of an account, and so does its removal",
  { ignore: cannot },
  () =>
    beside(async (chat, tool) => {
      const ann = await chat.connect(), bob = await chat.connect();
      const tokens = [await tokenFor(ann), await tokenFor(bob, "bob")] as const;
      const [first, second] = tool.snapshot().accounts, { id } = first!;
      tool.changeAccount(id, { operator: true });
      const promoted = await resumed(chat, tokens[0]);
      tool.changeAccount(id, { password: await cheaply("battery staple") });
      tool.removeAccount(second!.id);
      for (const token of tokens) await refused(chat, token);
      for (const peer of [ann, promoted]) {
        await peer.expect({
          response: 401,
          error: 'The account "ann" has another password now, so authenticate with that one',
        });
        await peer.expectEnd();
      }
      await bob.expect({ response: 401, error: 'The account "bob" has been removed' });
      await bob.expectEnd();
      assert.deepEqual(tool.snapshot().tokens, []);
      await tokenFor(await chat.connect(), "ann", "battery staple");
    }),
);

Deno.test(
  "tokens that the account tool ends are of no use at once, and their logins end",
  { ignore: cannot },
  () =>
    beside(async (chat, tool) => {
      const ann = await chat.connect(), bob = await chat.connect(), plain = await chat.login("ann");
      const token = await tokenFor(ann);
      await tokenFor(bob, "bob");
      const { accounts, tokens } = tool.snapshot(), { id } = accounts.find(({ name }) => name === "ann")!;
      tool.removeTokens([tokens.find(({ account }) => account === id)!.hash]);
      await refused(chat, token);
      await ann.expect({ response: 401, error: REVOKED });
      await ann.expectEnd();
      for (const peer of [bob, plain]) await peer.silence();
    }),
);

Deno.test("tokens outlive the server, which keeps their hashes and not them", { ignore: cannot }, async () => {
  using folder = makeFolder();
  const path = `${folder.path}/hanita.db`, store = openStore({ path });
  let token = "";
  {
    await using chat = await start({ store, accounts: ["ann"] });
    token = await tokenFor(await chat.connect());
  }
  await store.close();
  for (const { name } of Deno.readDirSync(folder.path)) {
    const bytes = new TextDecoder("latin1").decode(Deno.readFileSync(`${folder.path}/${name}`));
    assert.ok(!bytes.includes(token), name);
  }
  const again = openStore({ path });
  {
    await using chat = await start({ store: again });
    await resumed(chat, token);
  }
  await again.close();
});

Deno.test("a token ends when it was not used for its days, and is in use as long as a connection is here", {
  ignore: cannot,
}, async () => {
  let wall = Date.UTC(2026, 10, 28);
  const store = memoryStore();
  const rules = { devices: 9 }, probeAfter = 600_000;
  await using chat = await start({ store, accounts: ["ann"], rules, probeAfter, wall: () => wall });
  const here = await chat.connect(), connected = await tokenFor(here), idle = await chat.connect();
  const [used, unused] = [await tokenFor(idle), await tokenFor(idle)];
  await idle.end();
  wall += 29 * DAY;
  chat.pass(60_000);
  chat.maintenance();
  await here.silence();
  await (await resumed(chat, used)).end();
  wall += 2 * DAY;
  await refused(chat, unused);
  for (const token of [connected, used]) await (await resumed(chat, token)).end();
  assert.equal(store.snapshot().tokens.length, 3);
  for (let minute = 0; minute < 12; minute++) {
    const expected = minute < 11 ? 3 : 2; // it is removed when the clock has kept still
    await until(`${expected} tokens`, () => store.snapshot().tokens.length === expected);
    wall += 60_000;
    chat.pass(60_000);
    chat.maintenance();
    await here.silence();
  }
  await here.end();
  wall += 30 * DAY;
  for (const token of [connected, used]) await refused(chat, token);
});

Deno.test("an account has twenty tokens, and of more the longest unused one ends", { ignore: cannot }, async () => {
  let wall = Date.UTC(2026, 10, 28);
  const store = memoryStore();
  await using chat = await start({ store, accounts: ["ann", "bob"], wall: () => wall });
  const bobs = await tokenFor(await chat.connect(), "bob"), ann = await chat.connect(), tokens: string[] = [];
  for (let n = 0; n < 20; n++) {
    wall += DAY / 24;
    tokens.push(await tokenFor(ann));
  }
  wall += DAY / 24;
  await (await resumed(chat, tokens[0]!)).end();
  await tokenFor(ann);
  await refused(chat, tokens[1]!);
  for (const token of [tokens[0]!, tokens[2]!, bobs]) await (await resumed(chat, token)).end();
  assert.equal(store.snapshot().tokens.length, 21);
});

Deno.test("wrong tokens wait as wrong passwords do, and keep nobody with a right one waiting", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ accounts: ["ann"], frozen: true });
  const token = await tokenFor(await chat.connect()), eve = await chat.connect();
  for (let n = 0; n < 40; n++) {
    await eve.say(n % 2 === 0 ? resume(`guess ${n}`) : logout(`guess ${n}`));
    await eve.expect({ response: 401 });
  }
  await eve.say(resume("one more"));
  for (let n = 0; n < 5; n++) await (await resumed(chat, token)).end();
  assert.equal(chat.writesTo(eve).length, 40, "it waits like a password");
  chat.pass(1_000);
  await eve.expect({ response: 401 });
});

Deno.test("a token logs in as often at a time as a password does", { ignore: cannot }, async () => {
  await using chat = await start({ accounts: ["ann"], rules: { devices: 2 } });
  const one = await chat.connect(), token = await tokenFor(one);
  const two = await resumed(chat, token), three = await chat.connect();
  await three.say(resume(token));
  await three.expect({ response: 409 });
  await two.sayOk(resume(token)); // it is one of the two
  await one.end();
  await three.sayOk(resume(token));
});

Deno.test("a server that is to give no tokens gives none, and takes none of before", { ignore: cannot }, async () => {
  const store = memoryStore();
  let token = "";
  {
    await using chat = await start({ store, accounts: ["ann"] });
    token = await tokenFor(await chat.connect());
  }
  await using chat = await start({ store, rules: { sessionDays: 0 } });
  await refused(chat, token);
  assert.equal((await (await chat.connect()).sayOk(asking(authenticate("ann")))).token, undefined);
});

Deno.test("on a full disk a login works without a token, a token is still good, and is not logged out", {
  ignore: cannot,
}, async () => {
  const { store, disk } = failing(embeddedStore());
  await using chat = await start({ store, accounts: ["ann"], rules: { devices: 9 } });
  const token = await tokenFor(await chat.connect());
  disk.full = true;
  assert.equal((await (await chat.connect()).sayOk(asking(authenticate("ann")))).token, undefined);
  const peer = await resumed(chat, token);
  await peer.say(logout(token));
  await peer.expect({ response: 500 });
  disk.full = false;
  await resumed(chat, token);
  await peer.say(logout(token));
  await peer.expect({ response: 200 });
});

Deno.test("a session token is in no line of the log, and in nothing that others inspect", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ logged: true, accounts: ["ann"] });
  const teacher = await chat.connect(), ann = await chat.connect();
  await teacher.sayOk(inspect);
  await teacher.expect({ way: "here" });
  const token = await tokenFor(ann), again = await chat.connect();
  const said = [
    JSON.stringify(resume(token)),
    JSON.stringify({ token, action: "authenticate", time: 1 }),
    `{'action': 'authenticate', 'token': '${token}'}`,
    `{"action":"authenticate","time":1,"token":["${token}"]}`,
    `{"action":"authenticate","time":1,"Token":"${token}"}`,
    `["authenticate","${token}"]`,
    JSON.stringify(logout(token)),
  ];
  for (const object of said) {
    await again.say(`${object}\n`);
    await again.hear();
  }
  await ann.expect({ response: 401 });
  const last = await chat.connect();
  await last.sayOk(inspect);
  let ways = "";
  for (let over = false; !over;) {
    const seen = await teacher.hear();
    ways += seen.way;
    assert.ok(!JSON.stringify(seen).includes(token), JSON.stringify(seen));
    over = seen.way === "gone" && seen.text === "inspects";
  }
  assert.match(ways, /out/);
  for (const line of chat.log()) assert.ok(!line.includes(token), line);
});
