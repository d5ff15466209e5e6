// The client in Python: the same dialogue as that of the library, and a bot that starts again behind its last message.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { connect } from "../../jim/client/mod.ts";
import { tcp } from "../../jim/client/tcp.ts";
import { PASSWORD } from "../chat/accounts.ts";
import { cannotRun } from "../chat/program.ts";
import { start } from "../chat/start.ts";
import { within } from "../chat/within.ts";
import { has } from "../may.ts";
import { overItsEnd } from "../packaging/killed.ts";

const FOLDER = fileURLToPath(new URL("../../examples/python", import.meta.url));
const ignore = cannotRun || !has("python3", "--version");
const decoder = new TextDecoder();

/** Runs a program that imports the client. */
async function python(...args: string[]): Promise<string> {
  const child = new Deno.Command("python3", {
    args,
    env: { PYTHONDONTWRITEBYTECODE: "1" },
    stdout: "piped",
    stderr: "piped",
  });
  const { success, stdout, stderr } = await within("the end of the program in Python", child.output());
  assert.ok(success, decoder.decode(stderr));
  return decoder.decode(stdout);
}

Deno.test(
  "the client in Python goes on when the server is killed, and nothing is lost or doubled",
  { ignore },
  async () => {
    const dialogue = fileURLToPath(new URL("dialogue.py", import.meta.url));
    await overItsEnd(async (port) => void await python(dialogue, FOLDER, String(port)));
  },
);

Deno.test(
  "a bot in Python that starts again goes on behind the last message that it has handled",
  { ignore },
  async () => {
    await using server = await start({ operators: ["op"] });
    await using op = await connect(tcp("127.0.0.1", server.port), { name: "op", password: PASSWORD, rooms: ["#cats"] });
    const { token } = await op.request({ action: "add_bot", user_id: "helper" });
    const bot = (count: number, after = "None") =>
      python(
        "-c",
        `
import sys
sys.path.insert(0, sys.argv[1])
from jim_client import Chat
with Chat("127.0.0.1", ${server.port}, token="${token}", rooms=["#cats"], after=${after}) as chat:
    chat.say("ready", to="op")
    for _, message in zip(range(${count}), chat):
        print(message["conversation"], message["message"], message["id"])
`,
        FOLDER,
      );
    const first = bot(1);
    for await (const { text } of op) if (text === "ready") break;
    await op.say("one");
    const [said, id] = /^(.*) (\d+)$/m.exec(await first)!.slice(1);
    assert.equal(said, "#all one");
    for (const [text, to] of [["two", "#cats"], ["three", "helper"], ["four", "#all"]] as const) {
      await op.say(text, {
        to,
      });
    }
    const rest = (await bot(3, id)).trim().split("\n").map((line) => line.replace(/ \d+$/, ""));
    assert.deepEqual(rest, ["#cats two", "op three", "#all four"]);
  },
);

Deno.test(
  "the client in Python says nothing twice while a server in trouble cannot read its history",
  { ignore },
  async () => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const said: { readonly message: string }[] = [];
    const program = python(
      "-c",
      `
import sys
sys.path.insert(0, sys.argv[1])
from jim_client import Chat
with Chat("127.0.0.1", ${listener.addr.port}, name="ann", pauses=(0.01, 0.01)) as chat:
    print(chat.say("mine"))
`,
      FOLDER,
    );
    // The first connection ends before the answer to the message; on the second one no history can be read.
    for (let connection = 1; connection <= 3; connection++) {
      using socket = await within("a connection", listener.accept());
      const send = (...objects: object[]) =>
        socket.write(new TextEncoder().encode(objects.map((each) => `${JSON.stringify(each)}\n`).join("")));
      for await (const chunk of socket.readable.pipeThrough(new TextDecoderStream(), { preventCancel: true })) {
        const { action, ...fields } = JSON.parse(chunk);
        if (action === "msg") said.push({ action, from: "ann", id: 7, ...fields });
        assert.ok(said.length < 2, "it is said twice");
        if (action === "msg") break;
        if (action !== "history") await send({ response: 200, id: 8 });
        else if (connection === 2) await send({ response: 500, error: "the disk fails" });
        else await send({ response: 202, quantity: said.length }, ...said);
      }
    }
    assert.equal(await program, "7\n");
    assert.deepEqual(said.map(({ message }) => message), ["mine"]);
  },
);
