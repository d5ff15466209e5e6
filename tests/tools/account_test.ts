// The account tool's password, which comes through a pipe of whatever shell the operator has.

import assert from "node:assert/strict";
import { checkPassword } from "../../server/passwords.ts";
import { openStore } from "../../server/store/sqlite.ts";
import { may } from "../may.ts";

const ROOT = new URL("../../", import.meta.url);
const utf8 = new TextEncoder(), PASSWORD = "верная лошадь";

async function account(data: string, args: string[], input: Uint8Array): Promise<{ code: number; said: string }> {
  const flags = [`--allow-read=${data}`, `--allow-write=${data}`];
  const child = new Deno.Command("deno", {
    args: ["run", "-q", "--no-prompt", ...flags, "tools/account.ts", ...args, "--data", data],
    cwd: ROOT,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1" },
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(input);
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  return { code, said: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

function utf16(text: string): Uint8Array {
  return new Uint8Array(Uint16Array.from([...text].map((letter) => letter.charCodeAt(0))).buffer);
}

Deno.test("account takes a password from a pipe in UTF-8 and UTF-16, and names another encoding", {
  ignore: !may("read", "write", "run"),
}, async () => {
  const data = await Deno.makeTempDir({ prefix: "hanita-account-" });
  try {
    const pipes: [name: string, input: Uint8Array][] = [
      ["plain", utf8.encode(`${PASSWORD}\n`)],
      ["marked", utf8.encode(`\ufeff${PASSWORD}\r\nanother line`)],
      ["wide", utf16(`\ufeff${PASSWORD}\r\n`)],
      ["unended", utf8.encode(PASSWORD)],
    ];
    for (const [name, input] of pipes) {
      assert.deepEqual(await account(data, ["add", name], input), { code: 0, said: `added ${name}\n` });
    }
    const cp1251 = Uint8Array.of(0xe2, 0xe5, 0xf0, 0xed, 0xe0, 0xff, 0xff, 0xff, 0xff, 10);
    const { code, said } = await account(data, ["add", "other"], cp1251);
    assert.equal(code, 1);
    assert.match(said, /expected a password in UTF-8, got what looks like Windows-1251/);
    const store = openStore({ path: `${data}/hanita.db` });
    const { accounts } = store.snapshot();
    await store.close();
    assert.deepEqual(accounts.map(({ name }) => name).sort(), pipes.map(([name]) => name).sort());
    for (const { name, password } of accounts) assert.equal(await checkPassword(PASSWORD, password), true, name);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});
