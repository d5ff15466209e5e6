// A server on a disk, and another program, such as the account tool, that has the same database open.

import { makeFolder } from "../log/folder.ts";
import { withAccounts } from "./accounts.ts";
import { type Chat, type Options, start } from "./start.ts";
import { openStore, type Store } from "./store.ts";

/**
 * Starts the server, and acts beside it.
 *
 * @param names the accounts that are there at the start; see {@linkcode withAccounts}
 */
export async function beside(
  act: (chat: Chat, tool: Store) => Promise<void>,
  names: readonly string[] = [],
  options: Options = {},
): Promise<void> {
  using folder = makeFolder();
  const path = `${folder.path}/hanita.db`;
  const store = openStore({ path }), tool = openStore({ path, beside: true });
  try {
    await withAccounts(store, ...names);
    await using chat = await start({ ...options, store });
    await act(chat, tool);
  } finally {
    await tool.close();
    await store.close();
  }
}
