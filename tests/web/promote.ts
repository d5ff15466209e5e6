// An operator's rights for an account, by the account tool.

import assert from "node:assert/strict";

const ROOT = new URL("../../", import.meta.url);

/** @param where the chat: `--data` and its folder, or its broker */
export async function promote(name: string, ...where: readonly string[]): Promise<void> {
  const args = ["run", "-q", "--no-prompt", "-P=account", "--allow-read", "--allow-write", "tools/account.ts"];
  const command = new Deno.Command("deno", { args: [...args, "promote", name, ...where], cwd: ROOT, stdin: "null" });
  const { code, stderr } = await command.output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
}
