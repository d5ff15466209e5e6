// Files that are being saved when the program ends.
import assert from "node:assert/strict";
import { save } from "../../client/file_work.ts";
import { makeFolder } from "../log/folder.ts";
import { may } from "../may.ts";

Deno.test("a file that is not whole when the program ends is not left under its name", {
  ignore: !may("net", "read", "write"),
}, async () => {
  using folder = makeFolder();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const peer = { address: "127.0.0.1", port: (listener.addr as Deno.NetAddr).port, tls: false, ca: undefined };
  const file = { name: "a.bin", size: 9, type: "text/plain", sha256: "a".repeat(64), key: "KEY" };
  const saving = save(peer, file, `${folder.path}/a.bin`);
  const ended = assert.rejects(saving);
  const connection = await listener.accept();
  assert.deepEqual(folder.names(), ["a.bin"]);
  dispatchEvent(new Event("unload")); // as Deno.exit does
  assert.deepEqual(folder.names(), []);
  listener.close();
  connection.close();
  await ended;
});
