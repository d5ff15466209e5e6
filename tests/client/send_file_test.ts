// One file from a shell: the client sends it, and its exit status says whether the chat has it.
import assert from "node:assert/strict";
import { connect } from "../../client/connect.ts";
import { optionsOf, program } from "../../client/options.ts";
import { sendOneFile } from "../../client/pipe/send_file.ts";
import { read } from "../../cli/mod.ts";
import { makeFolder } from "../log/folder.ts";
import { cannot, start } from "../chat/start.ts";
import { ask, pathOf, PNG, sha256 } from "../chat/uploading.ts";

Deno.test("--send sends one file to everybody, or says why not", { ignore: cannot }, async () => {
  using folder = makeFolder();
  await using chat = await start({ files: { folder: `${folder.path}/files`, limit: 100 } });
  const path = `${folder.path}/cat.png`, bob = await chat.connect();
  await bob.enter("bob", { features: ["files"] });
  const sent = async (file: string, language: "en" | "ru" = "en") => {
    const options = optionsOf(
      read(program, ["127.0.0.1", `${chat.port}`, "--send", file, "-n", "ann", "--lang", language]),
      () => 0,
    );
    const said: string[] = [], { error } = console;
    console.error = (words: string) => said.push(words);
    try {
      return [await sendOneFile(await connect(options), file, options), ...said];
    } finally {
      console.error = error;
    }
  };
  Deno.writeFileSync(path, PNG);
  assert.deepEqual(await sent(path), [0]);
  const { from, message, file } = await bob.hear();
  assert.deepEqual([from, message, file.name, file.width], ["ann", "", "cat.png", 1]);
  assert.equal(sha256((await ask(chat.port, pathOf(file))).bytes), sha256(PNG));
  Deno.writeFileSync(path, new Uint8Array(101));
  assert.deepEqual(await sent(path), [1, "size: expected at most 100 bytes, got 101"]);
  Deno.writeFileSync(path, new Uint8Array(0));
  assert.deepEqual(await sent(path, "ru"), [1, `Не отправить "${path}": в нём нет байтов`]);
  assert.deepEqual(await sent(`${folder.path}/absent`), [
    1,
    `Cannot use "${folder.path}/absent": No such file or directory`,
  ]);
});
