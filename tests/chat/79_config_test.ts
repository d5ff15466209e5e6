// A server with a configuration file, which SIGHUP reads again while people chat.

import assert from "node:assert/strict";
import { connect } from "./peer.ts";
import { cannotRun, startIn } from "./program.ts";
import { until } from "./within.ts";

const ignore = cannotRun || Deno.build.os === "windows";

Deno.test("SIGHUP changes what can change, names the rest, and a mistake changes nothing", { ignore }, async () => {
  const folder = Deno.makeTempDirSync({ prefix: "hanita-program-" }), file = `${folder}/hanita.toml`;
  Deno.writeTextFileSync(file, 'registration = "open"\nweb = true\nweb-port = 0\n');
  await using server = await startIn(folder, "--config", file);
  using ann = await connect(server.port);
  await ann.enter("ann");

  /** Writes the file, sends SIGHUP, and waits for a new line of the log that matches. */
  async function reload(toml: string, line: RegExp): Promise<void> {
    const before = server.log().length;
    Deno.writeTextFileSync(file, toml);
    server.kill("SIGHUP");
    await until(`${line} in the log`, () => line.test(server.log().slice(before)));
  }

  using bob = await connect(server.port);
  await bob.enter("bob");
  const register = { action: "register", time: 1, user: { account_name: "bob", password: "correct horse" } };
  await reload('registration = "closed"\nport = 1\n', /info server reload changed --registration\n/);
  assert.match(server.log(), /warning server reload Only a restart changes --web, --web-port\n/);
  bob.say(register);
  await bob.expect({ response: 403 });

  for (
    const [toml, line] of [
      ['registration = "open"\nprot = 1\n', `${file}:2: prot: no such option, did you mean port?`],
      ['registration = "half"\n', `${file}:1: registration: expected one of open, closed, got "half"`],
      ["registration = \n", `${file}:1: expected TOML such as port = 7777`],
    ] as const
  ) {
    await reload(toml, new RegExp(RegExp.escape(line)));
    bob.say(register);
    await bob.expect({ response: 403 });
  }
  assert.match(server.log(), /; the old configuration stays\n/);

  await reload('web = true\nweb-port = 0\nlog-level = "debug"\n', /changed --registration, --log-level\n/);
  bob.say(register);
  await bob.expect({ response: 201 });
  await ann.sayOk({ action: "msg", time: 1, to: "#all", message: "still here" });
  assert.match(server.log(), / debug /);
  server.kill("SIGTERM");
  assert.equal((await server.ended).code, 0);
});
