// What the log costs: a call that could be logged while debug is off and on, a line's text, a line on the disk; each
// beside the plain way to the same. `deno task bench`

import { getLogger } from "@logtape/logtape";
import { log } from "../log/decorator.ts";
import { openDayFile } from "../log/file.ts";
import { type Entry, format, stamp } from "../log/format.ts";
import { logger } from "../log/logger.ts";
import { type OpenLog, openLog } from "../log/open.ts";
import type { LogLevel } from "../log/level.ts";
import { show } from "../log/redact.ts";

const dir = Deno.makeTempDirSync({ prefix: "hanita-bench-" });
addEventListener("unload", () => Deno.removeSync(dir, { recursive: true }));

class Plain {
  total = 0;
  add(n: number): number {
    return this.total += n;
  }
}

class Decorated {
  total = 0;
  @log
  add(n: number): number {
    return this.total += n;
  }
}

const plain = new Plain();
const decorated = new Decorated();
const bench = logger("bench");
const tape = getLogger(["hanita", "bench"]);
const message = {
  action: "msg",
  time: 1_700_000_000,
  to: "#all",
  from: "Ann",
  message: "a message of some forty letters, as in a chat",
};
const text = JSON.stringify(message);
const entry: Entry = { time: 1_700_000_000_123, level: "info", module: "bench", fn: "main", message: text };
const line = format(entry);

/** The time of `act` with the log open at `level`; opening and closing are not counted. */
function benchAt(level: LogLevel, name: string, act: () => void, options: { group: string; baseline?: boolean }): void {
  Deno.bench(name, options, (b) => {
    using _log: OpenLog = openLog({ program: "server", dir, level, console: "none" });
    b.start();
    for (let i = 0; i < 1_000; i++) act();
    b.end();
  });
}

// Each is a thousand calls: 1 µs here is 1 ns a call.
benchAt("info", "1,000 plain calls", () => void plain.add(1), { group: "call", baseline: true });
benchAt("info", "1,000 decorated, debug off", () => void decorated.add(1), { group: "call" });
benchAt("info", "1,000 of our enabled()", () => void bench.enabled("debug"), { group: "call" });
benchAt("info", "1,000 of LogTape's isEnabledFor()", () => void tape.isEnabledFor("debug"), { group: "call" });
benchAt("debug", "1,000 decorated, debug on", () => void decorated.add(1), { group: "line" });
benchAt("info", "1,000 lines at info, to disk", () => bench.info("main", text), {
  group: "line",
  baseline: true,
});

Deno.bench("stamp", { group: "text" }, () => void stamp(entry.time));
Deno.bench("Date's own toISOString", { group: "text" }, () => void new Date(entry.time).toISOString());
Deno.bench("format", { group: "text", baseline: true }, () => void format(entry));
Deno.bench("show", { group: "text" }, () => void show(message));
Deno.bench("JSON.stringify", { group: "text" }, () => void JSON.stringify(message));

Deno.bench("1,000 lines to the file", { group: "disk", baseline: true }, (b) => {
  const file = openDayFile(line, { dir, program: "server", days: 30, complain: console.error });
  b.start();
  for (let i = 0; i < 1_000; i++) file.write(line);
  b.end();
  file.close();
});

Deno.bench("1,000 lines, the file opened for each", { group: "disk" }, () => {
  for (let i = 0; i < 1_000; i++) Deno.writeTextFileSync(`${dir}/opened.log`, line, { append: true });
});
