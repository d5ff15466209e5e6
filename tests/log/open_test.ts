import assert from "node:assert/strict";
import { levels } from "../../log/level.ts";
import { logger } from "../../log/logger.ts";
import { LogError, openLog } from "../../log/open.ts";
import { may } from "../may.ts";
import { makeFolder } from "./folder.ts";

const ignore = !may("read", "write");
const noon = () => new Date(2026, 10, 22, 12);
const { debug, info, warning, error, enabled } = logger("m");

Deno.test({
  name: "openLog makes two files over midnight, each line under its own date, whatever the clock does in between",
  ignore,
  fn: () => {
    using folder = makeFolder();
    let time = new Date(2026, 10, 22, 23, 59, 58, 0).getTime();
    using _log = openLog({ program: "server", dir: folder.path, now: () => new Date(time) });
    for (let n = 0; n < 40; n++, time += 100) info("tick", String(n));
    const numbers = (day: number) =>
      folder.lines(`log/server-2026-11-${day}.log`).map((line) => {
        assert.ok(line.startsWith(`2026-11-${day}T`), line);
        return Number(line.split(" ").at(-1));
      });
    assert.deepEqual([numbers(22), numbers(23)], [
      Array.from({ length: 20 }, (_, i) => i),
      Array.from({ length: 20 }, (_, i) => i + 20),
    ]);
  },
});

Deno.test({
  name:
    "openLog lets through the level that was asked for and those above it, and the server's and the client's files apart",
  ignore,
  fn: () => {
    for (const [index, level] of levels.entries()) {
      using folder = makeFolder();
      using _log = openLog({ program: "client", dir: folder.path, level, console: "none", now: noon });
      for (const say of [debug, info, warning, error]) say("f", "said");
      assert.deepEqual(
        folder.lines("log/client-2026-11-22.log").map((line) => line.split(" ")[1]),
        levels.slice(index),
      );
      assert.deepEqual(levels.filter(enabled), levels.slice(index));
    }
  },
});

Deno.test({
  name: "openLog shows warnings on the console as they are in the file",
  ignore,
  fn: () => {
    using folder = makeFolder();
    const seen: string[] = [];
    using _log = openLog({ program: "server", dir: folder.path, console: (line) => seen.push(line), now: noon });
    for (const say of [debug, info, warning, error]) say("f", "one\ntwo");
    assert.equal(seen.length, 2);
    assert.deepEqual(seen, folder.lines("log/server-2026-11-22.log").slice(1));
  },
});

Deno.test({
  name: "openLog throws a LogError of one line that names the folder when it cannot be written, and can be tried again",
  ignore,
  fn: () => {
    using folder = makeFolder();
    const dir = `${folder.path}/not\na folder`;
    Deno.writeTextFileSync(dir, "");
    assert.throws(() => openLog({ program: "server", dir, now: noon }), (error) => {
      assert.ok(error instanceof LogError);
      assert.match(error.message, /^Cannot open the log in ".*not\\na folder\/log": [^\n']+$/);
      return true;
    });
    openLog({ program: "server", dir: folder.path, now: noon }).close();
  },
});

Deno.test({
  name: "openLog throws a LogError that names the permission when the program has none",
  ignore: ignore || !may("run"),
  fn: async () => {
    const open = new URL("../../log/open.ts", import.meta.url).href;
    const code = `import { LogError, openLog } from "${open}";
      try { openLog({ program: "server", dir: "/elsewhere" }); } catch (error) {
        console.log(error instanceof LogError, error.message);
      }`;
    using folder = makeFolder();
    Deno.writeTextFileSync(`${folder.path}/try.ts`, code);
    const args = ["run", "-q", "--no-prompt", "--config", new URL("../../deno.json", import.meta.url).pathname];
    const { stdout } = await new Deno.Command("deno", { args: [...args, `${folder.path}/try.ts`], stderr: "inherit" })
      .output();
    assert.match(
      new TextDecoder().decode(stdout),
      /^true Cannot open the log in "\/elsewhere\/log": Requires write access .*--allow-write.*\n$/,
    );
  },
});

Deno.test({
  name: "openLog throws when the log is open already or when no day is kept, and opens again after close",
  ignore,
  fn: () => {
    using folder = makeFolder();
    const options = { program: "server", dir: folder.path, now: noon } as const;
    for (const days of [0, NaN, Infinity]) assert.throws(() => openLog({ ...options, days }), RangeError);
    const first = openLog(options);
    assert.throws(() => openLog(options), /it is open already/);
    info("f", "one");
    first.close();
    info("f", "nobody hears this");
    using _second = openLog(options);
    first.close(); // the second time: not the second's business
    info("f", "two");
    assert.deepEqual(folder.lines("log/server-2026-11-22.log").map((line) => line.split(" ").at(-1)), ["one", "two"]);
  },
});

Deno.test({
  name: "openLog says on the console that lines are lost, and loggers do not throw",
  ignore: ignore || Deno.build.os === "windows",
  fn: () => {
    using folder = makeFolder();
    const seen: string[] = [];
    let now = noon();
    using _log = openLog({ program: "server", dir: folder.path, console: (line) => seen.push(line), now: () => now });
    Deno.removeSync(`${folder.path}/log`, { recursive: true });
    Deno.writeTextFileSync(`${folder.path}/log`, "in the way");
    now = new Date(now.getTime() + 1_000);
    info("f", "lost");
    info("f", "lost");
    assert.equal(seen.length, 1);
    assert.match(seen[0]!, / warning log write Cannot write the log /);
  },
});
