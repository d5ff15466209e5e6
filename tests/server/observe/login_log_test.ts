import assert from "node:assert/strict";
import { openLog } from "../../../log/mod.ts";
import { LoginLog } from "../../../server/observe/login_log.ts";
import { makeFolder } from "../../log/folder.ts";
import { may } from "../../may.ts";

const cannot = !may("read", "write");

/** What the log has after that, without dates. */
function written(act: (log: LoginLog, pass: (ms: number) => void) => void): string[] {
  using folder = makeFolder();
  let now = 0;
  {
    using _log = openLog({ program: "server", dir: folder.path, console: "none" });
    act(new LoginLog(() => now), (ms) => now += ms);
  }
  const [file] = [...Deno.readDirSync(`${folder.path}/log`)];
  const lines = Deno.readTextFileSync(`${folder.path}/log/${file!.name}`).split("\n").slice(0, -1);
  return lines.map((line) => line.slice(line.indexOf(" ") + 1));
}

function peer(host: string) {
  return { host, toString: () => `${host}:40000` };
}

Deno.test("a flood from one network has a bounded number of lines, and the next line counts the others", {
  ignore: cannot,
}, () => {
  let made = 0;
  const lines = written((log, pass) => {
    for (let i = 0; i < 5_000; i++) log.write("refused", peer(`2001:db8::${i}`), () => ` as "ann" ${++made}`);
    log.write("granted", peer("2001:db8::1"), () => ' logs in to "ann"');
    log.write("refused", peer("10.0.0.7"), () => ' as "bob"');
    pass(10_000);
    log.write("refused", peer("2001:db8::2"), () => " again");
  });
  assert.equal(made, 100, "a line that is not written costs no text");
  assert.equal(lines[0], 'info server/entrance refused 2001:db8::0:40000 as "ann" 1');
  assert.deepEqual(lines.slice(100), [
    'info server/entrance granted 2001:db8::1:40000 logs in to "ann" (4900 such lines before it are left out)',
    'info server/entrance refused 10.0.0.7:40000 as "bob"',
    "info server/entrance refused 2001:db8::2:40000 again",
  ]);
});

Deno.test("a flood from many networks has a bounded number of lines too", { ignore: cannot }, () => {
  const lines = written((log) => {
    for (let i = 0; i < 20_000; i++) log.write("refused", peer(`10.${i >> 16}.${i >> 8 & 255}.${i & 255}`), () => "");
  });
  assert.equal(lines.length, 1_000);
});
