// One's own account: the password, the sessions, all that is kept, and the end of it. Each is for the account's person alone.

import assert from "node:assert/strict";
import { has } from "../may.ts";
import { authenticate, PASSWORD } from "./accounts.ts";
import { failing } from "./failing.ts";
import { cannot, type Chat, type Peer, start } from "./start.ts";
import { embeddedStore } from "./store.ts";
import { type OneServer, startServers } from "./two_servers.ts";
import { stranger, ways } from "./ways.ts";
import { until } from "./within.ts";

const NEW = "battery staple";
const change = (password: string, new_password: string, more: object = {}) => ({
  action: "change_password",
  time: 1,
  password,
  new_password,
  ...more,
});
const unregister = (password = PASSWORD) => ({ action: "unregister", time: 1, password });
const sessions = { action: "sessions", time: 1 };
const end = (session: string) => ({ action: "end_session", time: 1, session });
const data = { action: "export", time: 1 };
const msg = (to: string, message = "hello") => ({ action: "msg", time: 1, to, message });
const join = (room: string) => ({ action: "join", time: 1, room });
const CHANGED = 'The account "ann" has another password now, so authenticate with that one';
const REVOKED = 'This login of "ann" has been ended, so authenticate with the password';

/** A client that has logged in and names its device; with a token, which it returns. */
async function device(chat: Chat, name: string, device: string, more: object = { token: true }) {
  const peer = await chat.connect();
  const { token } = await peer.sayOk({ ...authenticate(name), device, ...more });
  return { peer, token: token as string };
}

async function refused(peer: Peer, words: object, response: number, error: string): Promise<void> {
  await peer.say(words);
  await peer.expect({ response, error });
}

for (const way of ways) {
  Deno.test(`${way}: a new password needs the old one, ends all other sessions, and is the one from then on`, {
    ignore: cannot,
  }, async () => {
    await using chat = await start({ accounts: ["ann"] });
    const ann = await stranger(chat, way), { peer: phone, token } = await device(chat, "ann", "phone");
    await ann.sayOk(authenticate("ann"));
    await refused(ann, change("a guess", NEW), 402, 'password: expected the present one of the account "ann"');
    await refused(ann, change(PASSWORD, "short"), 400, "new_password: expected at least 8 characters");
    await phone.silence();
    const { alert } = await ann.sayOk(change(PASSWORD, NEW));
    assert.equal(alert, "the password is changed; other sessions have ended");
    await phone.expect({ response: 401, error: CHANGED });
    await phone.expectEnd();
    await ann.sayOk(msg("#all", "still here"));
    for (const login of [authenticate("ann"), { action: "authenticate", time: 1, token }]) {
      const other = await chat.connect();
      await other.say(login);
      await other.expect({ response: "token" in login ? 401 : 402 });
    }
    const other = await chat.connect();
    await other.sayOk(authenticate("ann", NEW));
    // The one that was spared is not spared by the change of another one.
    await other.sayOk(change(NEW, PASSWORD));
    await ann.expect({ response: 401, error: CHANGED });
    await ann.expectEnd();
  });
}

Deno.test("a client that asks for a token with its new password has one", { ignore: cannot }, async () => {
  await using chat = await start({ accounts: ["ann"] });
  const { peer: ann, token: old } = await device(chat, "ann", "desk");
  const { token } = await ann.sayOk(change(PASSWORD, NEW, { token: true, device: "desk" }));
  assert.match(token, /^[\w-]{43}$/);
  assert.notEqual(token, old);
  const again = await chat.connect();
  await again.sayOk({ action: "authenticate", time: 1, token });
  const rows = await again.ask(sessions);
  assert.deepEqual(rows.map(({ device, connections, current }) => [device, connections, current]), [["desk", 2, true]]);
});

Deno.test("passwords are guessed no faster in a change than at a login", { ignore: cannot }, async () => {
  await using chat = await start({ accounts: ["ann"], frozen: true });
  const ann = await chat.login("ann"), bob = await chat.join("bob");
  for (let i = 0; i < 40; i++) {
    await refused(ann, change(`guess ${i}`, NEW), 402, 'password: expected the present one of the account "ann"');
  }
  await ann.say(change("one more", NEW));
  await bob.silence();
  chat.pass(1_000);
  await ann.expect({ response: 402 });
});

Deno.test("guests have no account to change, list, export or delete", { ignore: cannot }, async () => {
  await using chat = await start({ accounts: ["ann"] });
  const zoe = await chat.join("zoe"), nobody = await chat.connect();
  for (const words of [change("x", NEW), unregister(), sessions, end("1"), data]) {
    const error = `action: "${words.action}" is for accounts only, so authenticate or register`;
    await refused(zoe, words, 401, error);
    await nobody.say(words);
    await nobody.expect({ response: 401 });
  }
});

Deno.test("a person sees the account's sessions, knows which is this one, and ends any of them", {
  ignore: cannot,
}, async () => {
  let time = 1_800_000_000_000;
  await using chat = await start({ accounts: ["ann", "bob"], wall: () => time, rules: { devices: 5 } });
  const { peer: phone, token } = await device(chat, "ann", "phone");
  time += 60_000;
  const { peer: tablet } = await device(chat, "ann", "tablet");
  await tablet.end();
  const plain = await chat.login("ann"), desk = await device(chat, "ann", "desk", {}), bob = await chat.login("bob");
  time += 60_000;
  const rows = await phone.ask(sessions), now = time / 1_000;
  const found = rows.map((
    { device, since, seen, connections, current },
  ) => [device, since, seen, connections, current]);
  assert.deepEqual(found.slice(0, 1), [["phone", now - 120, now, 1, true]]);
  assert.deepEqual(
    found.slice(1).sort(),
    [
      [undefined, now - 60, now, 1, undefined],
      ["desk", now - 60, now, 1, undefined],
      ["tablet", now - 60, now - 60, 0, undefined],
    ].sort(),
  );
  for (const { session } of rows) assert.ok(session.length <= 12, "a part of a hash logs in to nothing");
  assert.ok(!JSON.stringify(rows).includes(token));
  const idOf = (name: string | undefined) => rows.find(({ device }) => device === name).session;
  await refused(
    phone,
    end("nonsense"),
    404,
    'session: expected the session of a row that the action sessions lists, got "nonsense"',
  );
  await refused(
    bob,
    end(idOf("phone")),
    404,
    `session: expected the session of a row that the action sessions lists, got "${idOf("phone")}"`,
  );
  assert.equal((await phone.sayOk(end(idOf("tablet")))).alert, "the session has ended");
  for (const [name, peer] of [["desk", desk.peer], [undefined, plain]] as const) {
    await phone.sayOk(end(idOf(name)));
    await peer.expect({ response: 401, error: REVOKED });
    await peer.expectEnd();
  }
  await until("that only the phone is left", async () => (await phone.ask(sessions)).length === 1);
  assert.equal((await phone.sayOk(end(idOf("phone")))).alert, "goodbye");
  await phone.expectEnd();
  const other = await chat.connect();
  await other.say({ action: "authenticate", time: 1, token });
  await other.expect({ response: 401 });
});

Deno.test(
  "an account's data say when it was made, however long ago the servers' chat began",
  { ignore: cannot },
  async () => {
    let wall = Date.now();
    await using chat = await startServers(1, { wall: () => wall });
    const ann = await chat.all[0]!.join("ann");
    wall += 30 * 24 * 3600 * 1000;
    await chat.pass(1);
    await ann.say({ action: "register", time: 1, user: { account_name: "ann", password: PASSWORD } });
    await ann.expect({ response: 201 });
    const [{ since }] = await ann.ask(data);
    assert.ok(Math.abs(since - wall / 1000) <= 1);
  },
);

Deno.test("an account's data are its own rows, and the conversations that history pages through", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ accounts: ["ann", "bob", "eve"], store: embeddedStore() });
  const { peer: ann } = await device(chat, "ann", "desk"), bob = await chat.login("bob"), eve = await chat.login("eve");
  await ann.say(join("#Cats"));
  await ann.expect({ response: 201 });
  await ann.sayOk({ action: "add_contact", time: 1, user_id: "bob" });
  await ann.sayOk(msg("bob", "between us"));
  await bob.expect({ message: "between us" });
  await eve.sayOk(msg("bob", "nothing for ann"));
  const rows = await ann.ask(data);
  const { since, ...account } = rows[0];
  assert.deepEqual(account, { action: "account_list", user_id: "ann", role: "account" });
  assert.ok(Math.abs(since - Date.now() / 1_000) < 1_000);
  const [session] = rows.filter(({ action }) => action === "session_list");
  assert.equal(session.device, "desk");
  const others = rows.filter(({ action }) => !["account_list", "session_list"].includes(action));
  assert.deepEqual(others, [
    { action: "contact_list", user_id: "bob" },
    { action: "room_list", room: "#Cats" },
    { action: "conversation_list", with: "bob" },
  ]);
  const page = await ann.ask({ action: "history", time: 1, with: "bob", after: 0, limit: 500 });
  assert.deepEqual(page.map(({ message }) => message), ["between us"]);
});

for (const way of ways) {
  Deno.test(`${way}: who deletes the account takes along what is private, and leaves what rooms were told`, {
    ignore: cannot,
  }, async () => {
    await using chat = await start({ accounts: ["ann", "bob"], store: embeddedStore() });
    const ann = await stranger(chat, way), other = await chat.login("ann"), bob = await chat.login("bob");
    await ann.sayOk(authenticate("ann"));
    await bob.say(join("#cats"));
    await bob.expect({ response: 201 });
    await ann.sayOk(join("#cats"));
    await ann.sayOk(msg("#cats", "in the room"));
    await ann.sayOk(msg("bob", "between us"));
    await bob.hearAll(2);
    await other.hearAll(2);
    await refused(ann, unregister("a guess"), 402, 'password: expected the present one of the account "ann"');
    assert.equal((await ann.sayOk(unregister())).alert, "the account is deleted; goodbye");
    await ann.expectEnd();
    await other.expect({ response: 401, error: 'The account "ann" has been removed' });
    await other.expectEnd();
    assert.deepEqual(await bob.ask({ action: "history", time: 1, with: "ann" }), []);
    const [kept] = await bob.ask({ action: "history", time: 1, room: "#cats" });
    assert.deepEqual([kept.from, kept.message], ["ann", "in the room"]);
    const next = await chat.connect(); // whoever takes the name has nothing of the former account
    await next.enter("ann");
    assert.deepEqual(await bob.ask({ action: "history", time: 1, with: "ann" }), []);
  });
}

Deno.test("the last operator who may come in is not deleted", { ignore: cannot }, async () => {
  await using chat = await start({ operators: ["op", "root"], accounts: ["ann"] });
  const op = await chat.login("op");
  await op.sayOk({ action: "ban", time: 1, user_id: "root" });
  const error =
    'action: "op" is the last operator that may come in, so promote somebody else before you delete the account';
  await refused(op, unregister(), 403, error);
  await op.sayOk({ action: "promote", time: 1, user_id: "ann" });
  await op.sayOk(unregister());
  await op.expectEnd();
});

Deno.test(
  "a full disk leaves password, sessions and account as they are, and says so",
  { ignore: cannot },
  async () => {
    const { store, disk } = failing(embeddedStore(), ["append"]);
    await using chat = await start({ accounts: ["ann"], store });
    const { peer: ann } = await device(chat, "ann", "desk"), plain = await chat.login("ann");
    const [{ session }] = await ann.ask(sessions);
    disk.full = true;
    for (const words of [change(PASSWORD, NEW), end(session), unregister()]) {
      await plain.say(words);
      await plain.expect({ response: 500 });
    }
    await ann.silence();
    disk.full = false;
    await plain.sayOk(unregister());
  },
);

Deno.test("on two servers: one sees and ends sessions on the other, and a new password ends all of them", {
  ignore: cannot,
}, async () => {
  await using chat = await startServers(2, { accounts: ["ann", "bob"], rules: { devices: 9 } });
  const [one, two] = chat.all as [OneServer, OneServer];
  const bob = await one.login("bob");
  const here = await device(one, "ann", "desk"),
    phone = await device(two, "ann", "phone"),
    plain = await two.login("ann");
  let rows: { device?: string; connections: number; session: string; current?: true }[] = [];
  await until("all three in the list", async () => (rows = await here.peer.ask(sessions)).length === 3);
  assert.deepEqual(
    rows.map(({ device, connections, current }) => [device, connections, current]).sort(),
    [
      [undefined, 1, undefined],
      ["desk", 1, true],
      ["phone", 1, undefined],
    ].sort(),
  );
  for (const [name, peer] of [["phone", phone.peer], [undefined, plain]] as const) {
    await here.peer.sayOk(end(rows.find(({ device }) => device === name)!.session));
    await peer.expect({ response: 401, error: REVOKED });
    await peer.expectEnd();
  }
  await until("that one is left", async () => (await here.peer.ask(sessions)).length === 1);
  const again = await two.login("ann");
  await here.peer.sayOk(change(PASSWORD, NEW));
  await again.expect({ response: 401, error: CHANGED });
  await again.expectEnd();
  await bob.silence();
  const last = await two.connect();
  await last.sayOk(authenticate("ann", NEW));
  await last.sayOk(unregister(NEW));
  await last.expectEnd();
  await here.peer.expect({ response: 401, error: 'The account "ann" has been removed' });
});

Deno.test("two operators who are the last ones and leave at once: one of them stays", { ignore: cannot }, async () => {
  await using chat = await startServers(2, { operators: ["op", "root"] });
  const [one, two] = chat.all as [OneServer, OneServer];
  const op = await one.login("op"), root = await two.login("root");
  await Promise.all([op.say(unregister()), root.say(unregister())]);
  const answers = [await op.hear(), await root.hear()].map(({ response }) => response).sort();
  assert.deepEqual(answers, [200, 403]);
});

// Ten lines of Python, as a class writes them, change a password and read what is kept.
const PYTHON = `
import json, socket, sys
chat = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
lines = chat.makefile("rw")
def ask(**request):
    print(json.dumps({"time": 1, **request}), file=lines, flush=True)
    answer = json.loads(lines.readline())
    return [json.loads(lines.readline()) for _ in range(answer["quantity"])] if "quantity" in answer else answer["response"]
print(ask(action="authenticate", user={"account_name": "ann", "password": "${PASSWORD}"}))
print(ask(action="change_password", password="${PASSWORD}", new_password="${NEW}"))
print([row["action"] for row in ask(action="export")], ask(action="unregister", password="${NEW}"))
`;

Deno.test("a plain Python program does all of it", { ignore: cannot || !has("python3", "--version") }, async () => {
  await using chat = await start({ accounts: ["ann"] });
  const { stdout, success } = await new Deno.Command("python3", { args: ["-c", PYTHON, String(chat.port)] }).output();
  assert.ok(success);
  assert.deepEqual(new TextDecoder().decode(stdout).trim().split("\n"), [
    "200",
    "200",
    "['account_list', 'session_list'] 200",
  ]);
});
