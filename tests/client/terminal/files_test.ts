// `/send` and `/save`, with a fake disk and a fake network.
import assert from "node:assert/strict";
import type { SharedFile } from "../../../jim/mod.ts";
import type { FileWork } from "../../../client/terminal/file_task.ts";
import { JIM, meet, seen } from "./meet.ts";

const ID = 1_764_000_000_000_000;
const FILE: SharedFile = {
  name: "cat.png",
  size: 71_680,
  type: "image/png",
  width: 9,
  height: 9,
  sha256: "a".repeat(64),
  key: "KEY",
};
const msg = (more: object) => ({
  action: "msg",
  time: 5,
  to: "#all",
  from: "bob",
  message: "look",
  id: ID + 1,
  ...more,
});

function listener() {
  const all = meet("ann", { columns: 160 }), done: string[] = [];
  all.connect(JIM);
  all.serve();
  const work: FileWork = {
    measure: (path) => Promise.resolve({ name: path.replace(/^.*\//, ""), size: 4 << 20 }),
    send(path, upload, size, onProgress) {
      done.push(`${path} as ${upload}`);
      for (let sent = 0; sent < size; sent += 1 << 19) onProgress(sent);
      return Promise.resolve();
    },
    save: ({ name }, path) => Promise.resolve(path ?? `files/${name}`),
    saveText: (name, _, path) => Promise.resolve(path ?? `files/${name}`),
  };
  /** Performs the tasks that there are. */
  const perform = async () => {
    for (const task of all.controller.takeTasks()) {
      const act = await task(work, (act) => act(all.now));
      all.controller.taskDone(act, all.now);
    }
  };
  /** The tasks that there are come to nothing. */
  const fail = async () => {
    const none = () => Promise.reject(new Error("no such file"));
    for (const task of all.controller.takeTasks()) {
      const tried = task({ measure: none, send: none, save: none, saveText: none }, (act) => act(all.now));
      await assert.rejects(tried, /no such file/);
      all.controller.taskFailed("no such file", all.now);
    }
  };
  return { ...all, perform, fail, done };
}

Deno.test("the client names files, and shows one with its name, its size and its link", () => {
  const { asked, hear, look } = listener();
  const { features } = asked.find(({ features }) => features !== undefined)!;
  assert.ok((features as string[]).includes("files"));
  hear(msg({ file: FILE }), msg({ message: "", id: ID + 2, file: { ...FILE, name: "a\x1b[31m.txt", size: 5 } }));
  assert.equal(seen(look(), /bob │ look$/), 1);
  assert.equal(seen(look(), /│ 📎 cat\.png \(70 KB\) http:\/\/127\.0\.0\.1:7777\/files\/KEY$/), 1);
  assert.equal(seen(look(), /bob │ 📎 a.*\.txt \(5 B\) http/), 1);
  hear(msg({ id: ID + 3, message: "odd", file: { name: 7 } }));
  assert.equal(seen(look(), /bob │ odd$/), 1);
});

Deno.test("/send announces a file, sends its bytes, and then the message", async () => {
  const { type, said, hear, look, perform, done } = listener();
  type('/send "my cats/cat.png"\r');
  await perform();
  const [{ action, to, name, size }] = said() as [Record<string, unknown>];
  assert.deepEqual([action, to, name, size], ["upload", "#all", "cat.png", 4 << 20]);
  hear({ response: 201, alert: "created", upload: "TOKEN" });
  await perform();
  assert.deepEqual(done, ["my cats/cat.png as TOKEN"]);
  const [sent] = said();
  assert.deepEqual([sent!.action, sent!.message, sent!.file], ["msg", "", "TOKEN"]);
  hear({ response: 200, id: ID + 9 });
  assert.equal(seen(look(), /Sending cat\.png \(4 MB\)$/), 1);
  assert.equal(seen(look(), /50 % of cat\.png are sent$/), 1);
  assert.equal(seen(look(), /ann › 📎 cat\.png \(4 MB\)$/), 1);
  type("/send big.bin\r");
  await perform();
  said();
  hear({ response: 403, error: "size: expected at most 1000 bytes, got 4194304" });
  assert.equal(seen(look(), /! The server refuses \/send: size: expected at most 1000 bytes/), 1);
});

Deno.test("/save saves the last file of the conversation", async () => {
  const { type, hear, look, perform } = listener();
  type("/save\r");
  assert.equal(seen(look(), /! No file is known in #all; \/history shows earlier messages$/), 1);
  hear(msg({ file: FILE }));
  type("/save\r");
  await perform();
  assert.equal(seen(look(), /Saved as files\/cat\.png$/), 1);
  type("/save /tmp/other.png\r");
  await perform();
  assert.equal(seen(look(), /Saved as \/tmp\/other\.png$/), 1);
});

Deno.test("/quit waits a little for files that are on their way, and tells at the end how many were not sent or saved", async () => {
  const steps = ["typed", "measured", "announced", "granted", "sent"];
  for (const [step, at] of steps.map((step, at) => [step, at] as const)) {
    const { controller, type, said, hear, perform, pass } = listener();
    type("/send cat.png\r");
    if (at > 0) await perform();
    if (at > 1) said();
    if (at > 2) hear({ response: 201, alert: "created", upload: "TOKEN" });
    if (at > 3) {
      await perform();
      said();
      hear({ response: 200, id: ID + 9 });
    }
    type("/quit\r");
    assert.equal(controller.isFlushed, step === "sent", step);
    assert.equal(controller.isOver(0), false, step);
    pass(3_000);
    assert.equal(controller.isOver(3_000), true, step);
    const lost = { words: "1 file was not sent", status: 1 };
    assert.deepEqual(controller.outcome(), step === "sent" ? { words: undefined, status: 0 } : lost, step);
  }
  const { controller, type, hear } = listener();
  hear(msg({ file: FILE }));
  type("/save\r/save\r/export\r/quit\r");
  assert.equal(controller.isFlushed, false);
  assert.deepEqual(controller.outcome(), { words: "3 files were not saved", status: 1 });
});

Deno.test("/quit tells nothing of files that failed before, of which the user was told then", async () => {
  const { controller, type, said, hear, perform, fail, lose, connect, serve } = listener();
  hear(msg({ file: FILE }));
  type("/save\r/send none.txt\r");
  await fail();
  type("/send huge.bin\r");
  await perform();
  said();
  hear({ response: 403, error: "size: too much" });
  type("/send cat.png\r");
  await perform();
  said();
  hear({ response: 201, alert: "created", upload: "TOKEN" });
  await fail();
  type("/send cat.png\r");
  await perform();
  said();
  lose(); // before the answer
  connect(JIM);
  serve();
  type("/send cat.png\r");
  lose(); // before it could be announced
  await perform();
  connect(JIM);
  serve();
  type("/quit\r");
  assert.equal(controller.isFlushed, true);
  assert.deepEqual(controller.outcome(), { words: undefined, status: 0 });
});
