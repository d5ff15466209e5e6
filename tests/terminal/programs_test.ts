// Hooks, bots and one's own data, as an operator has them at a terminal.

import assert from "node:assert/strict";
import { PASSWORD } from "../chat/accounts.ts";
import { start } from "../chat/start.ts";
import { cannot, type Terminal, terminal } from "./terminal.ts";

async function loggedIn(port: number, name: string): Promise<Terminal> {
  const client = terminal(["127.0.0.1", String(port), "-n", name], 100);
  await client.shows(/^Password of/);
  await client.type(`${PASSWORD}\r`);
  await client.shows(/Joined/);
  return client;
}

/** What is found on the screen, once it is there. */
async function found({ screen, shows }: Terminal, what: RegExp): Promise<string> {
  await shows(what);
  return screen.rows.map((row) => what.exec(row)?.[1]).findLast((each) => each !== undefined)!;
}

Deno.test("at a terminal an operator makes and removes a hook and a bot, and saves its own data", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ accounts: ["bob"], operators: ["op"] });
  const web = await chat.web(), bob = await chat.login("bob");
  await using op = await loggedIn(chat.port, "op");
  await op.type("/join #cats\r");
  await op.shows(/^#cats ›/);
  await bob.sayOk({ action: "join", time: 1, room: "#cats" });

  await op.type("/hoo\tadd ci\r");
  const path = await found(op, /(\/hooks\/[\w-]{43})$/);
  const posted = await fetch(`http://127.0.0.1:${web}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"text":"built"}',
  });
  assert.equal(await posted.text(), "ok");
  await op.shows(/ci \(hook\) │ built/);
  await bob.expect({ message: "built", from: "ci (hook)" });
  await op.type("/hooks\r");
  const id = await found(op, /([\w-]{12}) {2}ci \(hook\), by op, since/);
  await op.type(`/hooks del ${id}\r`);
  await op.shows(/is removed/);

  await op.type("/bots add helper\r");
  const token = await found(op, /^ +([\w-]{43})$/);
  using helper = await chat.connect();
  await helper.sayOk({ action: "authenticate", time: 1, token });
  await op.type("/bots\r");
  await op.shows(/helper: connected/);
  await op.type("/bots del hel\t\r");
  await op.shows(/The bot helper is removed/);
  await helper.expect({ response: 401 });

  await bob.sayOk({ action: "msg", time: 1, to: "op", message: "psst" });
  await op.shows(/@bob │ psst/);
  await op.type(`/export ${op.folder}/mine.jsonl\r`);
  await op.shows(/\d lines are saved as/);
  const lines = (await Deno.readTextFile(`${op.folder}/mine.jsonl`)).trimEnd().split("\n").map((line) =>
    JSON.parse(line)
  );
  assert.deepEqual(lines[0].user_id, "op");
  assert.ok(lines.some(({ action, room }) => action === "room_list" && room === "#cats"));
  assert.equal(lines.at(-1).message, "psst");
  // It is overwritten by nothing.
  await op.type(`/export ${op.folder}/mine.jsonl\r`);
  await op.shows(/mine\.jsonl.*exist/);

  await bob.end();
  await using eve = await loggedIn(chat.port, "bob");
  await eve.type("/bots\r/hooks\r");
  await eve.shows(/Cannot \/bots: it is for operators/);
  await eve.shows(/The server refuses \/hooks: /);
});
