// What a teacher sees of a chat of several servers: the clients of all, each with its server, as long as the teacher looks.

import assert from "node:assert/strict";
import { inspect } from "../token.ts";
import { cannot, type Peer } from "./start.ts";
import { type Servers, startServers } from "./two_servers.ts";
import { until } from "./within.ts";

const msg = (message: string) => ({ action: "msg", time: 1, to: "#all", message });

/** Two servers with names, and what they send each other for inspectors. */
async function started(options = {}): Promise<{ chat: Servers; kinds: string[] }> {
  const chat = await startServers(0, options), kinds: string[] = [], { hub } = chat.log, { tell } = hub;
  hub.tell = (from, to, kind, bytes) => {
    if (kind === "trace") kinds.push(kind);
    else if (kind === "inspect") kinds.push(bytes.length === 0 ? "nobody" : kind);
    tell.call(hub, from, to, kind, bytes);
  };
  for (const name of ["one:7777", "two:7777"]) await chat.add(name);
  return { chat, kinds };
}

/** The next event of one of these ways. */
async function next(teacher: Peer, server: string, ...ways: string[]) {
  for (;;) {
    const event = await teacher.hear();
    if (event.action === "trace" && event.server === server && ways.includes(event.way)) return event;
  }
}

Deno.test("an inspector sees the clients of all servers, each with its server", { ignore: cannot }, async () => {
  const { chat: servers } = await started();
  await using chat = servers;
  const [one, two] = chat.all, bob = await two!.join("bob"), teacher = await one!.connect();
  await bob.say("nonsense\n");
  await bob.expect({ response: 400 });
  for (let again = 0; again < 2; again++) {
    await teacher.sayOk(inspect);
    const here = await next(teacher, "two:7777", "here");
    assert.deepEqual([here.name, here.address, here.text], ["bob", `127.0.0.1:${bob.port}`, "is here"]);
    assert.equal((await next(teacher, "two:7777", "in")).text, "nonsense");
    assert.equal((await next(teacher, "two:7777", "refused")).code, 400);
  }
  const ann = await one!.join("ann");
  assert.equal((await next(teacher, "one:7777", "in")).address, `127.0.0.1:${ann.port}`);
  await bob.sayOk(msg("hello"));
  await ann.expect({ message: "hello" });
  const { name, text } = await next(teacher, "two:7777", "in");
  assert.deepEqual([name, JSON.parse(text).message], ["bob", "hello"]);
  bob.close();
  assert.equal((await next(teacher, "two:7777", "gone")).name, "bob");
});

Deno.test(
  "traffic goes to another server only while somebody inspects there, who may",
  { ignore: cannot },
  async () => {
    const { chat: servers, kinds } = await started({ accounts: ["eve"], operators: ["op"] });
    await using chat = servers;
    const [one, two] = chat.all,
      bob = await two!.join("bob"),
      eve = await one!.login("eve"),
      op = await one!.login("op");
    await eve.say({ action: "inspect", time: 1 });
    await eve.expect({ response: 403 });
    await chat.pass(1);
    assert.equal(kinds.length, 0, `${kinds}`);
    await op.sayOk({ action: "inspect", time: 1 });
    await next(op, "two:7777", "here");
    await bob.sayOk(msg("seen"));
    await next(op, "two:7777", "in");
    const account = chat.log.state().account("op")!;
    chat.log.say({ kind: "operator", account: account.id, is: false });
    await until("nobody inspects any more", () => kinds.includes("nobody"));
    await chat.pass(1); // the other server knows
    const last = kinds.length;
    await eve.expect({ message: "seen" });
    await bob.sayOk(msg("unseen"));
    await eve.expect({ message: "unseen" });
    await chat.pass(1);
    assert.deepEqual(kinds.slice(last), []);
  },
);

Deno.test("clients of a server that is gone are gone, and there again with it", { ignore: cannot }, async () => {
  const { chat: servers } = await started();
  await using chat = servers;
  const [one, two] = chat.all, teacher = await one!.connect();
  await two!.join("bob");
  await teacher.sayOk(inspect);
  await next(teacher, "two:7777", "here");
  two!.link.down();
  await chat.pass(9);
  const { name, text } = await next(teacher, "two:7777", "gone");
  assert.deepEqual([name, text], ["bob", "its server is gone"]);
  two!.link.up();
  await chat.pass(3);
  assert.equal((await next(teacher, "two:7777", "here")).name, "bob");
});

Deno.test("a server that inspects and says nothing more is sent nothing any more", { ignore: cannot }, async () => {
  const { chat: servers, kinds } = await started();
  await using chat = servers;
  const [one, two] = chat.all, teacher = await one!.connect(), bob = await two!.join("bob");
  await teacher.sayOk(inspect);
  await next(teacher, "two:7777", "here");
  one!.link.down();
  await chat.pass(9);
  const last = kinds.length;
  await bob.sayOk({ action: "probe", time: 1 });
  await chat.pass(1);
  assert.deepEqual(kinds.slice(last).filter((kind) => kind === "trace"), []);
});
