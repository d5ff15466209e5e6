// Bots: accounts of programs, which log in by a token. And the example bots, as they are.

import assert from "node:assert/strict";
import { has, may } from "../may.ts";
import { authenticate } from "./accounts.ts";
import { cannot, type Chat, type Peer, start } from "./start.ts";
import { embeddedStore } from "./store.ts";
import { type OneServer, startServers } from "./two_servers.ts";
import { guest, ways } from "./ways.ts";
import { until, within } from "./within.ts";

const bot = (action: "add_bot" | "bot_token" | "del_bot", user_id = "helper") => ({ action, time: 1, user_id });
const bots = { action: "bots", time: 1 };
const who = { action: "who_online", time: 1 };
const msg = (message: string, to = "#all") => ({ action: "msg", time: 1, to, message });

/** Makes a bot, and returns its token. */
async function made(op: Peer, name = "helper"): Promise<string> {
  await op.say(bot("add_bot", name));
  const { token } = await op.expect({ response: 201, alert: "the token is shown this once" });
  assert.match(token, /^[\w-]{43}$/);
  return token;
}

async function loggedIn(chat: Chat, token: string): Promise<Peer> {
  const peer = await chat.connect();
  await peer.sayOk({ action: "authenticate", time: 1, token });
  return peer;
}

for (const way of ways) {
  Deno.test(`${way}: a bot logs in by its token alone, and is an account to others`, { ignore: cannot }, async () => {
    await using chat = await start({ operators: ["op"], rules: { sessionDays: 0 } });
    const op = await chat.login("op"), token = await made(op), plain = await guest(chat, way, "plain");
    const helper = await loggedIn(chat, token);
    await helper.sayOk(msg("beep"));
    await plain.expect({ from: "helper", role: "account", message: "beep" });
    await op.expect({ message: "beep" });
    const modern = await chat.connect();
    await modern.enter("modern", { features: ["bots"] });
    const row = { action: "online_list", user_id: "helper", role: "account" };
    const named = (rows: { user_id: string }[]) => rows.find(({ user_id }) => user_id === "helper");
    assert.deepEqual(named(await plain.ask(who)), row);
    assert.deepEqual(named(await modern.ask(who)), { ...row, bot: true });
    for (const password of ["", "correct horse", token]) {
      const eve = await chat.connect();
      await eve.say(authenticate("helper", password));
      await eve.expect({ response: 402 });
    }
  });
}

Deno.test(
  "a bot's token does not expire, is shown once, and ends with a new one or with the bot",
  { ignore: cannot },
  async () => {
    let time = 1_800_000_000_000;
    await using chat = await start({ operators: ["op"], wall: () => time });
    const op = await chat.login("op"), token = await made(op);
    time += 400 * 86_400_000;
    const helper = await loggedIn(chat, token);
    const rows = await op.ask(bots);
    assert.deepEqual(rows, [{ action: "bot_list", user_id: "helper", online: true, seen: time / 1_000 }]);
    const { token: fresh } = await op.sayOk(bot("bot_token"));
    await helper.expect({ response: 401 });
    await helper.expectEnd();
    const late = await chat.connect();
    await late.say({ action: "authenticate", time: 1, token });
    await late.expect({ response: 401 });
    const again = await loggedIn(chat, fresh);
    await op.sayOk(bot("del_bot"));
    await again.expect({ response: 401, error: 'The account "helper" has been removed' });
    await again.expectEnd();
    assert.deepEqual(await op.ask(bots), []);
  },
);

Deno.test(
  "operators alone make bots, by names that are free, and touch no people's accounts",
  { ignore: cannot },
  async () => {
    await using chat = await start({ operators: ["op"], accounts: ["ann"] });
    const op = await chat.login("op"), ann = await chat.login("ann"), zoe = await chat.join("zoe");
    for (const peer of [ann, zoe]) {
      for (const words of [bot("add_bot"), bot("bot_token"), bot("del_bot"), bots]) {
        await peer.say(words);
        await peer.expect({ response: 403 });
      }
    }
    await op.say(bot("add_bot", "ANN"));
    await op.expect({
      response: 409,
      error: 'user.account_name: "ANN" looks like the account "ann", so take a name that nobody mistakes for it',
    });
    for (const action of ["bot_token", "del_bot"] as const) {
      await op.say(bot(action, "ann"));
      await op.expect({ response: 404, error: 'user_id: expected a bot, got "ann"; the action bots lists them' });
    }
    await made(op, "zoe"); // a guest loses the name, as to the account tool
    await zoe.expect({ response: 101, account_name: "zoe (guest)" });
  },
);

Deno.test("a bot survives a restart", { ignore: cannot }, async () => {
  const store = embeddedStore();
  let token = "";
  {
    await using chat = await start({ operators: ["op"], store });
    token = await made(await chat.login("op"));
  }
  await using chat = await start({ store });
  const helper = await loggedIn(chat, token);
  await helper.sayOk(msg("again"));
});

Deno.test(
  "on two servers: a bot of one logs in to the other, and its end counts on both",
  { ignore: cannot },
  async () => {
    await using chat = await startServers(2, { operators: ["op"] });
    const [one, two] = chat.all as [OneServer, OneServer];
    const op = await one.login("op"), token = await made(op);
    let helper = await two.connect();
    await until("the bot on the other server", async () => {
      helper = await two.connect();
      await helper.say({ action: "authenticate", time: 1, token });
      return (await helper.hear()).response === 200;
    });
    await helper.sayOk(msg("beep"));
    await op.expect({ from: "helper", message: "beep" });
    await op.sayOk(bot("del_bot"));
    await helper.expect({ response: 401 });
  },
);

const EXAMPLES = [
  { file: "bot.py", command: "python3", args: ["-u", "examples/bot.py"], there: () => has("python3", "--version") },
  {
    file: "bot.js",
    command: "deno",
    args: ["run", "-q", "--no-prompt", "--allow-net=127.0.0.1", "--allow-env", "examples/bot.js"],
    there: () => may("run"),
  },
  {
    file: "bot.sh",
    command: "sh",
    args: ["-c", 'exec bash examples/bot.sh "$@"', "sh"],
    there: () => has("sh", "-c") || may("run"),
  },
];

for (const { file, command, args, there } of EXAMPLES) {
  Deno.test(`examples/${file} answers in a room and in private, and nothing twice`, {
    ignore: cannot || Deno.build.os === "windows" || !there(),
  }, async () => {
    await using chat = await start({ operators: ["op"], accounts: ["ann"] });
    const op = await chat.login("op"), ann = await chat.login("ann"), token = await made(op);
    await ann.say({ action: "join", time: 1, room: "#cats" });
    await ann.expect({ response: 201 });
    await ann.say(msg("!roll", "helper"));
    await ann.expect({ response: 202 }); // it is away
    const child = new Deno.Command(command, {
      args: [...args, "127.0.0.1", String(chat.port), "#cats"],
      cwd: new URL("../../", import.meta.url),
      env: { BOT_TOKEN: token },
      stdin: "null",
      stdout: "null",
      stderr: "inherit",
    }).spawn();
    try {
      await until("the bot in the room", async () => {
        const rows = await ann.ask({ ...who, room: "#cats" });
        return rows.some(({ user_id }: { user_id: string }) => user_id === "helper");
      });
      await ann.sayOk(msg("!time", "#cats"));
      const { message } = await ann.expect({ from: "helper", to: "#cats" });
      assert.match(message, /^\d\d:\d\d$/);
      await ann.sayOk(msg("hello", "#cats"));
      await ann.sayOk(msg("!roll", "helper"));
      assert.match((await ann.expect({ from: "helper", to: "ann" })).message, /^[1-6]$/);
      await op.sayOk(bot("del_bot"));
      await within("the end of the bot", child.status);
    } finally {
      try {
        child.kill();
      } catch { /* it has ended */ }
      await child.status;
    }
    const lines = Deno.readTextFileSync(new URL(`../../examples/${file}`, import.meta.url)).trimEnd().split("\n");
    assert.ok(lines.length <= 30, `${lines.length} lines`);
  });
}
