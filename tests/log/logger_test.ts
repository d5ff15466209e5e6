import assert from "node:assert/strict";
import { levels } from "../../log/level.ts";
import { logger } from "../../log/logger.ts";
import { openLog } from "../../log/open.ts";
import { may } from "../may.ts";
import { makeFolder } from "./folder.ts";

const ignore = !may("read", "write");
const now = () => new Date(2026, 10, 22, 12);
const FILE = "log/server-2026-11-22.log";

Deno.test("logger is silent and makes no text when the log is not open", () => {
  const { debug, info, warning, error, enabled } = logger("loop");
  for (const say of [debug, info, warning, error]) say("fn", () => assert.fail("the text was made"));
  assert.deepEqual(levels.filter(enabled), []);
});

Deno.test({
  name: "logger writes level, module, function and message, and makes a text only if it is wanted",
  ignore,
  fn: () => {
    using folder = makeFolder();
    const { debug, info, warning, error } = logger("server.loop");
    using _log = openLog({ program: "server", dir: folder.path, console: "none", now });
    debug("onTurn", () => assert.fail("the text was made"));
    info("serve", "listening");
    warning("drop", () => "slow reader");
    error("main", "gone");
    assert.deepEqual(folder.lines(FILE).map((line) => line.replace(/^\S+ /, "")), [
      "info server.loop serve listening",
      "warning server.loop drop slow reader",
      "error server.loop main gone",
    ]);
  },
});

Deno.test({
  name: "logger takes a text as it is when it has braces, percent signs and newlines in it",
  ignore,
  fn: () => {
    using folder = makeFolder();
    using _log = openLog({ program: "server", dir: folder.path, now });
    logger("m").info("f", '{"action": "{fn}"} {{x}} {*} %s\n2026-11-22T12:00:00.000+03:00 error m f forged');
    const lines = folder.lines(FILE);
    assert.equal(lines.length, 1);
    assert.ok(
      lines[0]!.endsWith(String.raw`{"action": "{fn}"} {{x}} {*} %s\n2026-11-22T12:00:00.000+03:00 error m f forged`),
    );
  },
});
