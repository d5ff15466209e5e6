// Servers as learners write them, to be tried by the tools: one that takes each recv(1024) for one object, and one that
// agrees to all that it is told.

export interface Naive extends AsyncDisposable {
  readonly port: number;
}

/** What a server of these tests knows of one client. */
interface Client {
  readonly conn: Deno.TcpConn;
  name?: string;
}

/** Deals with what one read has given; throws where a learner's program would. */
type Deal = (bytes: Uint8Array, client: Client, clients: ReadonlySet<Client>) => Promise<void>;

const encoder = new TextEncoder(), decoder = new TextDecoder("utf-8", { fatal: true });

/** One recv is one object; relays go to all, in whatever name they came. An error ends the connection or the server. */
export function trusting({ dies = false } = {}): Naive {
  return serve(1024, dies, async (bytes, client, clients) => {
    const said = JSON.parse(decoder.decode(bytes));
    if (Array.isArray(said)) throw new TypeError("'list' object has no attribute 'get'");
    if (said.action === "presence") {
      client.name = said.user?.account_name;
      await send(client, '{"response":200,"time":1,"alert":"ok"}');
    } else if (said.action === "msg") {
      for (const each of clients) await send(each, JSON.stringify(said)); // the slowest decides
    }
  });
}

/** Relays what is a message and refuses actions that it does not know; to any other line it answers 200. */
export function agreeable(): Naive {
  return serve(64 * 1024, false, async (bytes, client, clients) => {
    for (const line of new TextDecoder().decode(bytes).split("\n").slice(0, -1)) {
      const said = parsed(line);
      if (said.action === "presence") client.name = said.user?.account_name;
      const known = [undefined, "presence", "msg", "probe"].includes(said.action);
      await send(
        client,
        known ? '{"response":200}\n' : `${JSON.stringify({ response: 400, error: `no "${said.action}"` })}\n`,
      );
      if (said.action !== "msg") continue;
      const relay = `${JSON.stringify({ ...said, from: client.name })}\n`;
      for (const each of clients) if (each !== client) await send(each, relay);
    }
  });
}

// deno-lint-ignore no-explicit-any -- whatever was said
function parsed(line: string): any {
  try {
    return JSON.parse(line) ?? {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function serve(recv: number, dies: boolean, deal: Deal): Naive {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const clients = new Set<Client>(), talks = new Set<Promise<void>>();
  const accepting = accept();
  return { port: (listener.addr as Deno.NetAddr).port, [Symbol.asyncDispose]: stop };

  async function accept(): Promise<void> {
    for (;;) {
      try {
        const client: Client = { conn: await listener.accept() };
        client.conn.setNoDelay(); // so that a test need not wait for 40 ms at each answer
        clients.add(client);
        const talk: Promise<void> = attend(client).finally(() => talks.delete(talk));
        talks.add(talk);
      } catch (error) {
        if (error instanceof Deno.errors.NotConnected) continue; // broken off before it was accepted
        if (error instanceof Deno.errors.BadResource || error instanceof Deno.errors.Interrupted) return; // the end
        throw error;
      }
    }
  }

  async function attend(client: Client): Promise<void> {
    const buffer = new Uint8Array(recv);
    try {
      for (let count; (count = await client.conn.read(buffer)) !== null;) {
        await deal(buffer.slice(0, count), client, clients);
      }
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (dies && (error instanceof SyntaxError || error instanceof TypeError)) end();
    }
    drop(client);
  }

  function drop(client: Client): void {
    if (!clients.delete(client)) return;
    client.conn.close();
  }

  function end(): void {
    try {
      listener.close();
    } catch (error) {
      if (!(error instanceof Deno.errors.BadResource)) throw error; // it has died already
    }
    clients.forEach(drop);
  }

  async function stop(): Promise<void> {
    end();
    await accepting;
    await Promise.all(talks);
  }
}

async function send({ conn }: Client, text: string): Promise<void> {
  for (let bytes = encoder.encode(text); bytes.length > 0;) bytes = bytes.subarray(await conn.write(bytes));
}
