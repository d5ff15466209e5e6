// Several servers of one chat in one process, each on a port of its own: what is said on one is heard on the others.

import { ChatLog } from "./shared_log.ts";
import { cheaply, PASSWORD } from "./accounts.ts";
import type { FakeMember } from "../server/journal/nats/fake_log.ts";
import { type Chat, type Options, start } from "./start.ts";
import { sharedStore } from "./store.ts";

/** One server. */
export interface OneServer extends Chat {
  /** Its link to the log. */
  readonly link: FakeMember;
}

export interface Servers extends AsyncDisposable {
  readonly all: readonly OneServer[];
  readonly log: ChatLog;
  /** Adds a server, which begins with what the log has. */
  add(name?: string, home?: number): Promise<OneServer>;
  /** Lets so many seconds pass on all servers, as far as they look after each other. */
  pass(seconds: number): Promise<void>;
}

type Common = Omit<Options, "store">;

/** Starts so many servers for one test: `await using chat = await startServers(2)`. */
export async function startServers(count: number, options: Common = {}): Promise<Servers> {
  const log = new ChatLog(), all: OneServer[] = [], { accounts = [], operators = [], ...common } = options;
  for (const name of [...accounts, ...operators]) {
    const operator = operators.includes(name);
    log.say({ kind: "account", name, password: await cheaply(PASSWORD), operator, seen: 0 });
  }
  for (let i = 0; i < count; i++) await add();
  return {
    all,
    log,
    add,
    async pass(seconds) {
      for (let i = 0; i < seconds; i++) {
        for (const { maintenance } of all) maintenance();
        await new Promise((resolve) => setTimeout(resolve, 5)); // all that they tell each other arrives before
      }
    },
    async [Symbol.asyncDispose]() {
      for (const server of all) await server[Symbol.asyncDispose]();
    },
  };

  async function add(name?: string, home?: number): Promise<OneServer> {
    const own = { ...(name === undefined ? {} : { name }), ...(home === undefined ? {} : { home }) };
    const chat = await start({ ...common, store: sharedStore(log), ...own });
    const server = { ...chat, link: log.hub.members.at(-1)! };
    all.push(server);
    return server;
  }
}
