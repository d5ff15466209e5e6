import assert from "node:assert/strict";
import { stranger } from "../client/stranger.ts";
import { may } from "../may.ts";
import { tool } from "./task.ts";

Deno.test("inspect skips what it does not know of a newer server, says so once, and shows what comes behind it", {
  ignore: !may("net", "read", "write", "run"),
}, async () => {
  const folder = await Deno.makeTempDir({ prefix: "hanita-inspect-" });
  try {
    await Deno.writeTextFile(`${folder}/token`, "abc");
    using server = stranger();
    const running = tool("inspect", folder, "127.0.0.1", server.port, "--data", folder);
    const visit = await server.accept();
    assert.match(await visit.recv(), /"action":"inspect".*"token":"abc"/);
    const seen = { action: "trace", time: 1, address: "10.0.0.7:5", framing: "lines", dialect: "plain" };
    const odd = [{ action: "vote" }, {}, { action: "trace", way: "sideways" }, {
      action: "trace",
      way: "in",
      time: {},
    }];
    await visit.send({ response: 200, alert: "ok" }, ...odd, { ...seen, way: "in", text: "the last" });
    visit.close();
    const { code, out, err } = await running;
    assert.match(out, /10\.0\.0\.7:5 lines plain → the last\n$/);
    assert.deepEqual(err.trimEnd().split("\n"), [
      'The server sends things that this program does not know ("vote"): they are left out',
      "hanita-inspect: The server has closed the connection; objects left out: 3",
    ]);
    assert.equal(code, 1);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
