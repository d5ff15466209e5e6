// Several servers of one chat in one process, each on a port of its own: what is said on one is heard on the others.

import { ChatLog } from "./shared_log.ts";
import { cheaply, PASSWORD } from "./accounts.ts";
import { type Chat, type Options, start } from "./start.ts";
import { sharedStore } from "./store.ts";

export interface Servers extends AsyncDisposable {
  readonly all: readonly Chat[];
  readonly log: ChatLog;
  /** Adds a server, which begins with what the log has. */
  add(): Promise<Chat>;
}

type Common = Omit<Options, "store" | "peers">;

/** Starts so many servers for one test: `await using chat = await startServers(2)`. */
export async function startServers(count: number, options: Common = {}): Promise<Servers> {
  const log = new ChatLog(), all: Chat[] = [], { accounts = [], operators = [], ...common } = options;
  for (const name of [...accounts, ...operators]) {
    const operator = operators.includes(name);
    log.say({ kind: "account", name, password: await cheaply(PASSWORD), operator, seen: 0 });
  }
  for (let i = 0; i < count; i++) await add();
  return {
    all,
    log,
    add,
    async [Symbol.asyncDispose]() {
      for (const server of all) await server[Symbol.asyncDispose]();
    },
  };

  async function add(): Promise<Chat> {
    const chat = await start({ ...common, store: sharedStore(log) });
    all.push(chat);
    return chat;
  }
}
