// The export of what was said, as an operator runs it beside a server.

import assert from "node:assert/strict";
import { damage } from "../server/journal/disk.ts";
import { makeFolder } from "../log/folder.ts";
import { may } from "../may.ts";
import { cannot, type Chat, start } from "../chat/start.ts";
import { openStore } from "../chat/store.ts";
import { task, tool } from "./task.ts";

const features = ["id", "replies", "edits", "reactions"];
const ignore = cannot || !may("run");

/** A server on a disk, which goes on while the tool runs. */
async function beside(act: (chat: Chat, folder: string) => Promise<void>): Promise<void> {
  using folder = makeFolder();
  const store = openStore({ path: `${folder.path}/hanita.db` });
  {
    await using chat = await start({ store, accounts: ["ann", "bob"] });
    await act(chat, folder.path);
  }
  await store.close();
}

/** A lesson with all that can be done to a message; returns the id of its first message. */
async function lesson(chat: Chat): Promise<number> {
  const ann = await chat.login("ann");
  await ann.sayOk({ action: "presence", time: 1, features });
  const say = async (to: string, message: string, more: object = {}): Promise<number> => {
    const { id } = await ann.sayOk({ action: "msg", time: 1, to, message, ...more });
    return id;
  };
  const first = await say("#all", "What is <script>alert(1)</script> & why?");
  await ann.sayOk({ action: "react", time: 1, to: "#all", id: first, emoji: "👍" });
  await say("#all", "# An answer\n```html\n<b>\n```", { reply_to: first });
  const typo = await say("#all", "helo");
  await ann.sayOk({ action: "edit", time: 1, to: "#all", id: typo, message: "hello" });
  const mistake = await say("#all", "a secret, by mistake");
  await ann.sayOk({ action: "delete", time: 1, to: "#all", id: mistake });
  await ann.say({ action: "join", time: 1, room: "#Cats" });
  await ann.expect({ response: 201 });
  await say("#Cats", "miaow");
  await ann.say({ action: "msg", time: 1, to: "bob", message: "between us" });
  await ann.hear();
  return first;
}

const exported = (folder: string, ...args: string[]) => tool("export", folder, "--data", folder, ...args);

Deno.test(
  "export writes what was said in rooms as it is now, in each format, and nothing private",
  { ignore },
  async () => {
    await beside(async (chat, folder) => {
      const first = await lesson(chat);
      const { code, out, err } = await exported(folder);
      assert.deepEqual([code, err], [0, ""]);
      const rows = out.trimEnd().split("\n").map((line) => JSON.parse(line));
      const shown = rows.map(({ to, from, message, reply_to: of, edited, deleted, reactions }) => [
        ...[to, from, message, of, typeof edited, deleted],
        ...[reactions],
      ]);
      const no = undefined;
      assert.deepEqual(shown, [
        ["#all", "ann", "What is <script>alert(1)</script> & why?", no, "undefined", no, [
          { emoji: "👍", count: 1, names: ["ann"] },
        ]],
        ["#all", "ann", "# An answer\n```html\n<b>\n```", first, "undefined", no, no],
        ["#all", "ann", "hello", no, "number", no, no],
        ["#all", "ann", "", no, "undefined", true, no],
        ["#Cats", "ann", "miaow", no, "undefined", no, no],
      ]);
      const html = (await exported(folder, "--format", "html")).out;
      assert.match(html, /^<!doctype html>\n<html lang="en">/);
      assert.match(
        html,
        /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">/,
      );
      assert.ok(!/<script|secret|between us|helo\b/.test(html), html);
      for (
        const part of [
          "&lt;script&gt;alert(1)&lt;/script&gt; &amp; why?",
          `href="#m${first}"`,
          "👍 ann",
          "(deleted)",
          "#Cats",
          "edited",
        ]
      ) {
        assert.ok(html.includes(part), part);
      }
      const markdown = (await exported(folder, "--format", "markdown", "--room", "#all")).out;
      for (
        const part of [
          "> What is \\<script>",
          "> > ann\\: What is",
          "> # An answer\n> ```html\n> <b>\n> ```",
          "_\\(deleted\\)_",
        ]
      ) {
        assert.ok(markdown.includes(part), `${part} in ${markdown}`);
      }
      assert.ok(!/secret|between us|miaow/.test(markdown));
      const russian = (await exported(folder, "--format", "html", "--lang", "ru")).out;
      assert.match(russian, /<html lang="ru">.*<h1>Что было сказано<\/h1>.*\(удалено\)/s);
    });
  },
);

Deno.test("export takes one room, in any spelling, and what was said since a moment", { ignore }, async () => {
  await beside(async (chat, folder) => {
    await lesson(chat);
    for (const room of ["#cats", "CATS"]) {
      const { out } = await exported(folder, "--room", room);
      assert.deepEqual(out.trimEnd().split("\n").map((line) => JSON.parse(line).message), ["miaow"]);
    }
    assert.deepEqual(await exported(folder, "--since", "2999-01-01"), { code: 0, out: "", err: "" });
    assert.equal((await exported(folder, "--since", "2020-01-01 10:00")).out.trimEnd().split("\n").length, 5);
    assert.deepEqual(await exported(folder, "--room", "#cat"), {
      code: 1,
      out: "",
      err: 'hanita-export: --room: there is no room "#cat"; without --room all rooms are exported\n',
    });
    const { code, err } = await exported(folder, "--since", "29.11.2026");
    assert.equal(code, 2);
    assert.match(err, /^hanita-export: --since: expected a day such as 2026-11-29, .*got "29.11.2026"/);
    const bob = await chat.login("bob");
    await bob.hear(); // what it has missed
    await bob.say({ action: "join", time: 1, room: "#Plans", private: true });
    await bob.expect({ response: 201 });
    await bob.sayOk({ action: "msg", time: 1, to: "#Plans", message: "a plan" });
    assert.match((await exported(folder, "--room", "plans")).out, /"message":"a plan"/);
  });
});

Deno.test("export leaves out what is damaged and says so; without a database it says that", { ignore }, async () => {
  using folder = makeFolder();
  const path = `${folder.path}/hanita.db`, store = openStore({ path });
  {
    await using chat = await start({ store, accounts: ["ann", "bob"] });
    await lesson(chat);
  }
  await store.close();
  damage(path, "runs", "lines", 0);
  const { code, out, err } = await exported(folder.path);
  assert.equal(code, 1);
  assert.match(err, /^hanita-export: damaged, or of a newer Hanita, and left out: 1; deno task check names them\n$/);
  assert.ok(out.includes("miaow"));
  assert.deepEqual(await tool("export", folder.path, "--data", `${folder.path}/typo`), {
    code: 2,
    out: "",
    err:
      `hanita-export: Cannot open "${folder.path}/typo/hanita.db": there is no such file, expected the data folder of a server\n`,
  });
  const flag = `--allow-read=${folder.path}`;
  assert.deepEqual(await task("export", "--data", folder.path), {
    code: 2,
    out: "",
    err: `hanita-export: Cannot use "${folder.path}": not permitted to deno task export, so add ${flag}: ` +
      `deno run -P=export ${flag} tools/export.ts, with the same options\n`,
  });
});
