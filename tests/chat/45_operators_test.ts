// What operators may do, and what the others see of it.

import { hashPassword } from "../../server/auth/passwords.ts";
import { memoryStore, type Store } from "./store.ts";
import { cannot, type Chat, type Peer, start } from "./start.ts";

const now = 1_764_000_000;
const PASSWORD = "correct horse";

async function withOperator(): Promise<Store> {
  const store = memoryStore();
  store.putAccount({ name: "op", password: await hashPassword(PASSWORD), operator: true, seen: 0 });
  return store;
}

async function operator(chat: Chat): Promise<Peer> {
  const op = await chat.connect();
  await op.say({ action: "authenticate", time: now, user: { account_name: "op", password: PASSWORD } });
  await op.expect({ response: 200 });
  return op;
}

Deno.test("an operator kicks a guest, which is told why and may enter again", { ignore: cannot }, async () => {
  await using chat = await start({ store: await withOperator(), logged: true });
  const op = await operator(chat), eve = await chat.join("eve"), bob = await chat.join("bob");
  await op.say({ action: "kick", time: now, user_id: "eve" });
  await op.expect({ response: 200 });
  await eve.expect({ response: 403, error: "An operator has put you out" });
  await eve.expectEnd();
  await op.say({ action: "kick", time: now, user_id: "eve" });
  await op.expect({ response: 404 });
  const again = await chat.join("eve");
  await again.sayOk({ action: "msg", time: now, message: "I am back" });
  await bob.expect({ from: "eve", message: "I am back" });
  await chat.logged(/operator "op" \(127\.0\.0\.1:\d+\): kick "eve"/);
});

Deno.test("a banned name stays out, over a restart too, until it is unbanned", { ignore: cannot }, async () => {
  const store = await withOperator();
  {
    await using chat = await start({ store });
    const op = await operator(chat), eve = await chat.join("eve");
    await op.say({ action: "ban", time: now, user_id: "eve" });
    await op.expect({ response: 200 });
    await eve.expect({ response: 403 });
    await eve.expectEnd();
  }
  await using chat = await start({ store });
  const eve = await chat.connect();
  await eve.say({ action: "presence", time: now, user: { account_name: "eve", status: "" } });
  await eve.expect({ response: 403, error: "You may not come in here" });
  await eve.say({ action: "register", time: now, user: { account_name: "eve", password: PASSWORD } });
  await eve.expect({ response: 403 });
  const op = await operator(chat);
  await op.sayOk({ action: "unban", time: now, user_id: "eve" });
  await eve.enter("eve");
});

Deno.test("a ban ends when it says, and names the end", { ignore: cannot }, async () => {
  await using chat = await start({ store: await withOperator() });
  const op = await operator(chat), eve = await chat.connect();
  await op.sayOk({ action: "ban", time: now, user_id: "eve", until: 4_000_000_000 });
  await eve.say({ action: "presence", time: now, user: { account_name: "eve", status: "" } });
  await eve.expect({ response: 403, error: "You may not come in here until 2096-10-02T07:06:40.000Z" });
  await op.say({ action: "ban", time: now, user_id: "eve", until: 1 });
  await op.expect({ response: 400, error: "until: expected a time to come, got 1" });
  await op.sayOk({ action: "unban", time: now, user_id: "eve" });
  await eve.enter("eve");
});

Deno.test(
  "a banned address stays out, and its connections are closed",
  { ignore: cannot },
  async () => {
    await using chat = await start({ store: await withOperator() });
    const op = await operator(chat), eve = await chat.from("127.0.0.9");
    await eve.enter("eve");
    await op.say({ action: "ban", time: now, address: "127.0.0.9" });
    await op.expect({ response: 200 });
    await eve.expect({ response: 403 });
    await eve.expectEnd();
    const bob = await chat.from("127.0.0.9");
    await bob.say({ action: "presence", time: now, user: { account_name: "bob", status: "" } });
    await bob.expect({ response: 403 });
    await op.sayOk({ action: "unban", time: now, address: "127.0.0.9" });
    await bob.enter("bob");
  },
);

Deno.test("a muted connection receives and is not relayed, on the fast path neither", { ignore: cannot }, async () => {
  await using chat = await start({ store: await withOperator() });
  const op = await operator(chat), eve = await chat.join("eve"), bob = await chat.join("bob");
  const asItIs = '{"action":"msg","time":1,"to":"#all","from":"eve","encoding":"utf-8","message":"spam"}\n';
  await eve.sayOk(asItIs);
  await bob.expect({ message: "spam" });
  await op.expect({ message: "spam" });
  await op.sayOk({ action: "mute", time: now, user_id: "eve" });
  await eve.say(asItIs);
  await eve.expect({ response: 403, error: "You may not write here" });
  await eve.say({ action: "msg", time: now, to: "bob", message: "psst" });
  await eve.expect({ response: 403 });
  await bob.silence();
  await bob.sayOk({ action: "msg", time: now, message: "calm" });
  await eve.expect({ from: "bob", message: "calm" });
  await op.expect({ message: "calm" });
  await op.sayOk({ action: "unmute", time: now, user_id: "eve" });
  await eve.sayOk(asItIs);
  await bob.expect({ message: "spam" });
});

Deno.test(
  "everybody that enters is greeted with the operator's words, except bare programs",
  { ignore: cannot },
  async () => {
    await using chat = await start({ store: await withOperator() });
    const op = await operator(chat);
    await op.sayOk({ action: "motd", time: now, text: "Lesson 7 begins at ten" });
    const ann = await chat.connect();
    await ann.say({ action: "presence", time: now, user: { account_name: "ann", status: "" } });
    await ann.expect({ response: 200 });
    await ann.expect({ response: 100, alert: "Lesson 7 begins at ten" });
    const bare = await chat.bare();
    await bare.enter("bare");
    await bare.silence();
  },
);

Deno.test("nobody else may do any of it", { ignore: cannot }, async () => {
  await using chat = await start({ store: await withOperator() });
  const eve = await chat.join("eve"), bob = await chat.join("bob");
  await eve.say({ action: "register", time: now, user: { account_name: "eve2", password: PASSWORD } });
  await eve.expect({ response: 201 });
  for (const action of ["kick", "ban", "unban", "mute", "unmute"]) {
    await eve.say({ action, time: now, user_id: "bob" });
    await eve.expect({ response: 403, error: `action: "${action}" is for operators, so authenticate as one` });
  }
  await eve.say({ action: "motd", time: now, text: "mine" });
  await eve.expect({ response: 403 });
  await bob.silence();
});
