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
