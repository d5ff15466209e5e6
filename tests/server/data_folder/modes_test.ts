import assert from "node:assert/strict";
import { openLog } from "../../../log/mod.ts";
import { openJournal } from "../../../server/journal/sqlite.ts";
import { makeFolder } from "../../log/folder.ts";
import { may } from "../../may.ts";

const cannot = !may("read", "write") || Deno.build.os === "windows";

Deno.test("a journal that others may read is taken from them at the start, and the log says so", {
  ignore: cannot,
}, async () => {
  using folder = makeFolder();
  const path = `${folder.path}/data/hanita.db`, shown: string[] = [];
  const open = () => openJournal({ path });
  const mode = (file: string) => Deno.statSync(file).mode! & 0o777;
  await open().close();
  // As `cp` leaves a backup under the usual umask, and a log from before a crash with it.
  Deno.chmodSync(path, 0o644);
  Deno.writeTextFileSync(`${path}-wal`, "", { mode: 0o640 });
  Deno.chmodSync(`${path}-wal`, 0o640);
  {
    using _log = openLog({ program: "server", dir: folder.path, console: (line) => void shown.push(line) });
    const journal = open();
    for (const ending of ["", "-wal", "-lock"]) assert.equal(mode(`${path}${ending}`), 0o600, ending);
    await journal.close();
    await open().close();
    Deno.chmodSync(`${folder.path}/data`, 0o777);
    await open().close();
  }
  assert.deepEqual(shown.map((line) => line.slice(line.indexOf("closeToOthers "))), [
    `closeToOthers ${path} was open to other users (mode 0644): it has mode 0600 now`,
    `closeToOthers ${path}-wal was open to other users (mode 0640): it has mode 0600 now`,
    `closeToOthers Every user may write to ${folder.path}/data (mode 0777): expected 0700`,
  ]);
});
