// docs/first-client.md, in both languages, as its reader follows it: each program is saved under its name and run against one server, in the
// order of the document, and prints what stands below it. Then the program of both READMEs.

import assert from "node:assert/strict";
import { may } from "../may.ts";
import { type Chat, type Peer, start } from "../chat/start.ts";
import { within } from "../chat/within.ts";
import { documents, samplesIn } from "./commands.ts";

const PATHS = ["docs/first-client.md", "docs/first-client.ru.md"];
/** Milliseconds of silence until a probe. */
const MINUTE = 60_000;
const ignore = Deno.build.os === "windows" || !may("net", "read", "write", "run") ||
  Deno.permissions.querySync({ name: "run", command: "python3" }).state !== "granted";
const texts = may("read") ? documents() : new Map<string, string>();

/** A program of the document. */
interface Program {
  /** As in `hello.py`: the last file that is named before it. */
  readonly file: string;
  readonly code: string;
  /** What is typed, if the document says so, and then what is printed. None for a file that others import. */
  readonly texts: readonly string[];
}

/** What Boris does while a program runs: types what the document says, at the moment that it says. */
const boris: Record<string, (peer: Peer, chat: Chat, run: Run) => Promise<void>> = {
  async "talk.py"(peer) {
    await peer.expect({ from: "Ann", to: "#all", message: "hello" });
  },
  async "listen.py"(peer, chat, run) {
    await run.prints("welcome, Ann\n");
    await peer.sayOk(msg("#all", "hi Ann"));
    await run.prints("hi Ann\n");
    chat.pass(MINUTE);
    chat.maintenance();
    await run.prints("ok\n");
    await peer.expect({ action: "probe" });
    await peer.sayOk({ action: "presence", time: 1 });
    run.child.kill("SIGINT");
  },
  async "room.py"(peer) {
    await peer.expect({ from: "Ann", to: "#lesson7", message: "who has done the homework?" });
    await peer.sayOk(msg("#lesson7", "not me"));
  },
  async "private.py"(peer) {
    await peer.expect({ from: "Ann", to: "Boris", message: "psst" });
    await peer.sayOk(msg("Ann", "psst yourself"));
  },
  async "client.py"(peer) {
    await peer.expect({ from: "Ann", to: "#all", message: "good morning" });
  },
};

for (const document of PATHS) {
  Deno.test(`each program of ${document} prints what stands below it`, { ignore }, async (test) => {
    const folder = await Deno.makeTempDir();
    try {
      await using chat = await start({ probeAfter: MINUTE });
      const peer = await chat.join("Boris");
      for (const { file, code, texts } of programs(document)) {
        const program = code.replace("7777", `${chat.port}`);
        const path = `${folder}/${file}`;
        if (texts.length === 0) await Deno.writeTextFile(path, `${program}\n\n`, { append: true });
        else {
          await test.step(file, async () => {
            await Deno.writeTextFile(path, program);
            if (file === "room.py") await peer.say({ action: "join", time: 1, room: "#lesson7" });
            if (file === "room.py") await peer.expect({ response: 201 });
            await using run = python([file], folder, texts.length > 1 ? texts[0]! : "");
            await boris[file]?.(peer, chat, run);
            const { out, err, code } = await within(`the end of ${file}`, run.ended);
            assertLike(out, texts.at(-1)!);
            if (file === "listen.py") assert.match(err, /KeyboardInterrupt/);
            else assert.deepEqual([code, err], [0, ""]);
          });
        }
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

for (const readme of ["README.md", "README.ru.md"]) {
  Deno.test(
    `the program of ${readme} reads all answers, names whom a message is to, and ends at Ctrl-C without a traceback`,
    {
      ignore,
    },
    async () => {
      await using chat = await start();
      const peer = await chat.join("peer");
      const code = samplesIn(texts.get(readme)!, readme, "python")[0]!.text.replace("7777", `${chat.port}`);
      await using piped = python(["-c", code], ".", "piped\n");
      await peer.expect({ from: "Python", message: "piped" });
      const { out, err, code: status } = await within("the end of the program in a pipe", piped.ended);
      assert.deepEqual([out, err, status], ["welcome, Python\nok\ngoodbye\n", "", 0]);

      await using typed = python(["-c", code], ".");
      await typed.prints("welcome, Python\n");
      await peer.sayOk(msg("#all", "to everybody"));
      await peer.sayOk(msg("Python", "psst"));
      await typed.prints("peer to Python: psst\n");
      typed.child.kill("SIGINT");
      assert.deepEqual(await within("the end of the program by Ctrl-C", typed.ended), {
        out: "welcome, Python\npeer to #all: to everybody\npeer to Python: psst\n",
        err: "",
        code: 130,
      });
    },
  );
}

function msg(to: string, message: string): object {
  return { action: "msg", time: 1, to, message };
}

/** The programs, in their order. */
function programs(document: string): Program[] {
  const text = texts.get(document)!;
  const blocks = [...text.matchAll(/^```(python|text)\n(.*?)^```$/gms)];
  const found: { file: string; code: string; texts: string[] }[] = [];
  for (const { 1: language, 2: block, index } of blocks) {
    if (language === "text") found.at(-1)!.texts.push(block!);
    else found.push({ file: [...text.slice(0, index).matchAll(/`(\w+\.py)`/g)].at(-1)![1]!, code: block!, texts: [] });
  }
  return found;
}

/** What was printed is what is written, but for `…`. */
function assertLike(printed: string, written: string): void {
  const pattern = written.trim().split("…").map((part) => part.replace(/[^\w\s]/g, "\\$&")).join(".*");
  if (!new RegExp(`^${pattern}$`).test(printed.trim())) assert.equal(printed, written);
}

interface Run extends AsyncDisposable {
  readonly child: Deno.ChildProcess;
  readonly ended: Promise<{ out: string; err: string; code: number }>;
  /** Waits until it has printed that. */
  prints(what: string): Promise<void>;
}

/** Runs Python in this folder. Without an input the keyboard stays silent. */
function python(args: string[], cwd: string, input?: string): Run {
  const child = new Deno.Command("python3", {
    args: ["-u", ...args],
    cwd,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let out = "", printed = () => {}, over = false;
  const keyboard = child.stdin.getWriter();
  const typed = input === undefined
    ? undefined
    : keyboard.write(new TextEncoder().encode(input)).then(() => keyboard.close());
  const ended = Promise.all([read(), new Response(child.stderr).text(), child.status, typed]).then(
    async ([, err, { code }]) => {
      over = true;
      if (input === undefined) await keyboard.abort().catch(() => {}); // its reader has ended
      return { out, err, code };
    },
  );

  async function read(): Promise<void> {
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      out += text;
      printed();
    }
  }

  async function prints(what: string): Promise<void> {
    while (!out.includes(what)) await new Promise<void>((resolve) => printed = resolve);
  }

  return {
    child,
    ended,
    prints: (what) => within(what, prints(what)),
    async [Symbol.asyncDispose]() {
      if (!over) child.kill("SIGKILL");
      await ended;
    },
  };
}
