// Several servers of one chat in one process, each on a port of its own: what is said on one is heard on the others.

import { SharedJournals } from "../server/journal/shared_journals.ts";
import { cheaply, PASSWORD } from "./accounts.ts";
import { type Chat, type Options, start } from "./start.ts";
import { Store } from "./store.ts";

/** One server. */
export interface OneServer extends Chat {
  /** Its name among the others. */
  readonly self: string;
}

export interface Servers extends AsyncDisposable {
  readonly all: readonly OneServer[];
  readonly log: SharedJournals;
  /** Adds a server, which begins with what the log has. */
  add(): Promise<OneServer>;
}

type Common = Omit<Options, "store" | "peers">;

/** Starts so many servers for one test: `await using chat = await startServers(2)`. */
export async function startServers(count: number, options: Common = {}): Promise<Servers> {
  const log = new SharedJournals(), all: OneServer[] = [];
  const { accounts = [], operators = [], ...common } = options;
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

  async function add(): Promise<OneServer> {
    let ready = () => {};
    const { journal, peers } = log.join(() => ready()), { self } = peers, store = new Store(journal);
    ready = () => store.ready();
    const chat = await start({ ...common, store, peers });
    const server = { ...chat, self };
    all.push(server);
    return server;
  }
}
