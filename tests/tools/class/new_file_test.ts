// A file that is written in the place of another one, which comes back if it is not needed.

import assert from "node:assert/strict";
import { writeNewFile } from "../../../tools/class/new_file.ts";
import { makeFolder } from "../../log/folder.ts";
import { may } from "../../may.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("a file that is taken back leaves what was there before, and nothing where there was nothing", {
  ignore: !may("read", "write"),
}, async () => {
  using folder = makeFolder();
  const path = `${folder.path}/cards.html`, read = () => Deno.readTextFileSync(path);
  const first = await writeNewFile(path, bytes("first"), false);
  await assert.rejects(writeNewFile(path, bytes("second"), false), Deno.errors.AlreadyExists);
  assert.equal(read(), "first");
  const second = await writeNewFile(path, bytes("second"), true);
  assert.equal(read(), "second");
  if (Deno.build.os !== "windows") assert.equal(Deno.statSync(path).mode! & 0o777, 0o600);
  second.takeBack();
  assert.equal(read(), "first");
  first.takeBack();
  assert.deepEqual([...Deno.readDirSync(folder.path)], []);
  (await writeNewFile(path, bytes("third"), true)).takeBack();
  assert.deepEqual([...Deno.readDirSync(folder.path)], []);
});
