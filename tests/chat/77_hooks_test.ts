// Incoming hooks: a program without an account says something in a room by HTTP, or in JIM.

import assert from "node:assert/strict";
import { cannot, type Chat, type Peer, start } from "./start.ts";
import { type OneServer, startServers } from "./two_servers.ts";
import { guest, ways } from "./ways.ts";
import { until } from "./within.ts";

const add = (room: string, name = "ci") => ({ action: "add_hook", time: 1, room, name });
const list = (room: string) => ({ action: "hooks", time: 1, room });
const remove = (room: string, hook: string) => ({ action: "del_hook", time: 1, room, hook });
const join = (room: string) => ({ action: "join", time: 1, room });
const JSON_TYPE = "application/json", FORM = "application/x-www-form-urlencoded";

/** Makes a hook, and returns its name in the list and its token. */
async function made(peer: Peer, room: string, name?: string): Promise<{ hook: string; token: string }> {
  await peer.say(add(room, name));
  const { response, hook, token } = await peer.hear();
  assert.equal(response, 201);
  assert.match(token, /^[\w-]{43}$/);
  return { hook, token };
}

/** Posts to a hook, and returns the status with the body. */
async function post(web: number, token: string, body: BodyInit, type: string | undefined = JSON_TYPE) {
  const headers: HeadersInit = type === undefined ? {} : { "content-type": type };
  const answer = await fetch(`http://127.0.0.1:${web}/hooks/${token}`, { method: "POST", body, headers });
  return { status: answer.status, text: await answer.text(), retry: answer.headers.get("retry-after") };
}

const text = (text: string) => JSON.stringify({ text });
const OK = { status: 200, text: "ok", retry: null };

async function withRoom(chat: Chat): Promise<{ ann: Peer; bob: Peer; web: number }> {
  const ann = await chat.login("ann"), bob = await chat.login("bob");
  await ann.say(join("#cats"));
  await ann.expect({ response: 201 });
  await bob.sayOk(join("#cats"));
  return { ann, bob, web: await chat.web() };
}

for (const way of ways) {
  Deno.test(`${way}: what is posted to a hook is said in its room, and is kept like any message`, {
    ignore: cannot,
  }, async () => {
    await using chat = await start({ accounts: ["ann", "bob"] });
    const { ann, bob, web } = await withRoom(chat), zoe = await guest(chat, way, "zoe");
    const { token } = await made(ann, "#cats");
    assert.deepEqual(await post(web, token, text("The build is done")), OK);
    for (const each of [ann, bob]) {
      const { time: _, id: __, ...said } = await each.hear();
      const rest = { action: "msg", to: "#cats", from: "ci (hook)", encoding: "utf-8" };
      assert.deepEqual(said, { ...rest, message: "The build is done" });
    }
    await zoe.silence();
    const [kept] = await bob.ask({ action: "history", time: 1, room: "#cats" });
    assert.deepEqual([kept.from, kept.message], ["ci (hook)", "The build is done"]);
    assert.deepEqual(await bob.ask({ action: "who_online", time: 1, room: "#cats" }).then((rows) => rows.length), 2);
  });
}

Deno.test("a hook takes what senders to Slack send", { ignore: cannot }, async () => {
  await using chat = await start({ accounts: ["ann", "bob"], rateLimit: { rate: 0, burst: 0 } });
  const { ann, bob, web } = await withRoom(chat), { token } = await made(ann, "#cats");
  const payload = {
    username: "GitLab",
    icon_emoji: ":fox:",
    text: "Pipeline <https://ci.example/7|#7> &lt;failed&gt; <!here>",
    attachments: [{ title: "main", title_link: "https://ci.example/main", fields: [{ title: "By", value: "bob" }] }],
  };
  const form = new URLSearchParams({ payload: JSON.stringify({ text: "hello" }) }).toString();
  const blocks = { blocks: [{ type: "section", text: { type: "mrkdwn", text: "*Deployed*" } }] };
  for (
    const [body, type, said] of [
      [
        JSON.stringify(payload),
        JSON_TYPE,
        "Pipeline #7 (https://ci.example/7) <failed> @here\nmain (https://ci.example/main)\nBy: bob",
      ],
      [form, FORM, "hello"],
      [JSON.stringify(blocks), `${JSON_TYPE}; charset=utf-8`, "*Deployed*"],
      [JSON.stringify({ attachments: [{ fallback: "only this" }] }), JSON_TYPE, "only this"],
    ] as const
  ) {
    assert.deepEqual(await post(web, token, body, type), OK);
    await bob.expect({ message: said, from: "ci (hook)" });
  }
});

Deno.test(
  "what is wrong with a post is said as JSON, and nothing is said in the room",
  { ignore: cannot },
  async () => {
    await using chat = await start({ accounts: ["ann", "bob"] });
    const { ann, bob, web } = await withRoom(chat), { token } = await made(ann, "#cats");
    const deep = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;
    for (
      const [status, body, type, words] of [
        [415, "hello", "text/plain", /Content-Type/],
        [400, "hello", JSON_TYPE, /Expected JSON/],
        [400, new Uint8Array([0xff]), JSON_TYPE, /Expected JSON/],
        [400, "text=hello", FORM, /field payload/],
        [400, "{}", JSON_TYPE, /Expected a text/],
        [400, '{"text":7}', JSON_TYPE, /Expected a text/],
        [400, deep, JSON_TYPE, /Expected a text/],
        [400, text("x".repeat(4_001)), JSON_TYPE, /at most 4000 characters, got 4001/],
        [413, text("x".repeat(70_000)), JSON_TYPE, /at most 65536 bytes/],
      ] as const
    ) {
      const answer = await post(web, token, body, type);
      assert.equal(answer.status, status, `${String(body).slice(0, 40)} ${answer.text}`);
      assert.match(JSON.parse(answer.text).error, words);
    }
    const get = await fetch(`http://127.0.0.1:${web}/hooks/${token}`);
    assert.equal(get.status, 405);
    await get.body?.cancel();
    await using stream = await raw(
      web,
      `POST /hooks/${token} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    );
    assert.match(await stream.text, /^HTTP\/1\.1 411 /);
    await bob.silence();
  },
);

/** A request as it is typed. */
async function raw(port: number, bytes: string) {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  await conn.write(new TextEncoder().encode(bytes));
  const text = new Response(conn.readable).text();
  return { text, [Symbol.asyncDispose]: () => text.then(() => {}) };
}

Deno.test("a guessed token is 404, as late as a wrong password, and limited like one", { ignore: cannot }, async () => {
  await using chat = await start({ accounts: ["ann", "bob"], frozen: true });
  const { ann, web } = await withRoom(chat), { hook, token } = await made(ann, "#cats");
  const unknown = { error: "There is no such hook: it was removed, or its token is not whole" };
  for (const guess of ["x", token.slice(1), `${token}x`]) {
    const { status, text: said } = await post(web, guess, text("hello"));
    assert.equal(status, 404);
    assert.deepEqual(JSON.parse(said), unknown);
  }
  await ann.sayOk(remove("#cats", hook));
  assert.equal((await post(web, token, text("hello"))).status, 404);
  for (let i = 4; i < 40; i++) assert.equal((await post(web, `guess${i}`, text("hello"))).status, 404);
  const late = post(web, "one-more", text("hello"));
  await ann.silence();
  assert.equal(await Promise.race([late.then(() => "answered"), ann.silence().then(() => "waits")]), "waits");
  chat.pass(1_000);
  assert.equal((await late).status, 404);
});

Deno.test("a hook that says too much is told to wait, and the others go on", { ignore: cannot }, async () => {
  let time = 1_800_000_000_000;
  await using chat = await start({ accounts: ["ann", "bob"], wall: () => time });
  const { ann, bob, web } = await withRoom(chat),
    one = await made(ann, "#cats"),
    other = await made(ann, "#cats", "cd");
  for (let i = 0; i < 30; i++) assert.deepEqual(await post(web, one.token, text(`${i}`)), OK);
  const slow = await post(web, one.token, text("31"));
  assert.deepEqual([slow.status, slow.retry], [429, "60"]);
  assert.match(JSON.parse(slow.text).error, /^hook: expected at most 30 messages at once, and then one a second/);
  assert.deepEqual(await post(web, other.token, text("other")), OK);
  time += 2_000;
  assert.deepEqual(await post(web, one.token, text("again")), OK);
  const heard = await bob.hearAll(32);
  assert.deepEqual(heard.slice(30).map(({ message }) => message), ["other", "again"]);
});

Deno.test("owners of a room and operators make, list and remove its hooks; tokens are shown once", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ accounts: ["ann", "bob"], operators: ["op"] });
  const { ann, bob, web } = await withRoom(chat), op = await chat.login("op"), zoe = await chat.join("zoe");
  const { hook, token } = await made(ann, "#cats");
  for (const words of [add("#cats"), list("#cats"), remove("#cats", hook)]) {
    await bob.say(words);
    await bob.expect({ response: 403 });
    await zoe.say(words);
    await zoe.expect({ response: 403 });
  }
  for (const each of [ann, zoe]) {
    await each.say(add("#all"));
    await each.expect({ response: 403 });
  }
  const rows = await op.ask(list("#cats"));
  const { since: _, ...row } = rows[0];
  assert.deepEqual(row, { action: "hook_list", hook, room: "#cats", name: "ci (hook)", by: "ann" });
  assert.ok(!JSON.stringify(rows).includes(token));
  for (let i = 1; i < 10; i++) await made(ann, "#cats", `ci${i}`);
  await ann.say(add("#cats"));
  await ann.expect({ response: 403, error: "room: expected at most 10 hooks, so remove one first" });
  await ann.say(remove("#cats", "nonsense"));
  await ann.expect({
    response: 404,
    error: 'hook: expected the hook of a row that the action hooks lists, got "nonsense"',
  });
  const toAll = await made(op, "#all");
  assert.deepEqual(await post(web, toAll.token, text("for everybody")), OK);
  for (const each of [ann, bob, zoe, op]) {
    await each.expect({ to: "#all", from: "ci (hook)", message: "for everybody" });
  }
  await op.sayOk({ action: "mute", time: 1, user_id: "ci (hook)" });
  assert.equal((await post(web, token, text("hello"))).status, 403);
});

Deno.test(
  "nobody takes the name of a hook, and a hook's connection does nothing else",
  { ignore: cannot },
  async () => {
    await using chat = await start({ operators: ["op"] });
    const op = await chat.login("op"), { token } = await made(op, "#all"), eve = await chat.connect();
    const user = { account_name: "CI (Hook)", status: "", password: "battery staple" };
    for (const [action, code] of [["presence", 401], ["register", 403]] as const) {
      await eve.say({ action, time: 1, user });
      const { error } = await eve.expect({ response: code });
      assert.match(error, /names that end with \(hook\) are those of hooks/);
    }
    const hook = { action: "hook", time: 1, token, message: "in JIM" };
    await eve.sayOk(hook);
    await op.expect({ from: "ci (hook)", message: "in JIM" });
    await eve.say({ action: "msg", time: 1, to: "#all", message: "hello" });
    await eve.expect({ response: 401 });
    await op.say(hook);
    await op.expect({ response: 409 });
  },
);

Deno.test("on two servers: a hook that one knows says something on both", { ignore: cannot }, async () => {
  await using chat = await startServers(2, { accounts: ["ann", "bob"], operators: ["op"] });
  const [one, two] = chat.all as [OneServer, OneServer];
  const op = await one.login("op"), bob = await two.login("bob"), { hook, token } = await made(op, "#all");
  const web = await two.web();
  await until("the hook on the other server", async () => (await post(web, token, text("hello"))).status === 200);
  for (const each of [op, bob]) await each.expect({ from: "ci (hook)", message: "hello" });
  await op.sayOk(remove("#all", hook));
  await until("its end on the other server", async () => (await post(web, token, text("again"))).status === 404);
});

Deno.test("a hook ends with its room", { ignore: cannot }, async () => {
  await using chat = await start({ accounts: ["ann", "bob"] });
  const { ann, web } = await withRoom(chat), { token } = await made(ann, "#cats");
  await ann.sayOk({ action: "remove", time: 1, room: "#cats" });
  await until("the end of the hook", async () => (await post(web, token, text("hello"))).status === 404);
});
