// A server that is not Hanita's, as short as can be, and that can be told to go wrong once: what the benchmark must find.

/**
 * Makes of one relay to one receiver what that receiver is sent: nothing, itself twice, or another line. What it owes comes
 * before that receiver's next answer.
 */
export type Spoil = (line: string, count: number, owe: (line: string) => void) => string[];

const SPOILT = "r00001";

export interface Relay extends AsyncDisposable {
  readonly port: number;
}

/** Relays lines to everybody else. `spoil` is asked about each relay to r00001; they are counted from 0. */
export function relay(spoil: Spoil = (line) => [line]): Relay {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const others = new Map<Deno.Conn, { name: string; queue: Promise<unknown> }>();
  let count = 0, owed = "";
  const accepting = accept();
  return {
    port: (listener.addr as Deno.NetAddr).port,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
    },
  };

  async function accept(): Promise<void> {
    const serving: Promise<void>[] = [];
    try {
      for (;;) serving.push(serve(await listener.accept()));
    } catch (error) {
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
    await Promise.all(serving);
  }

  async function serve(conn: Deno.TcpConn): Promise<void> {
    let rest = "";
    try {
      for await (const text of conn.readable.pipeThrough(new TextDecoderStream())) {
        const lines = (rest + text).split("\n");
        rest = lines.pop()!;
        for (const line of lines) hear(conn, line);
      }
    } catch (error) {
      if (!(error instanceof Error)) throw error; // the benchmark may leave without a word
    }
    others.delete(conn);
  }

  function hear(conn: Deno.Conn, line: string): void {
    const { action, user } = JSON.parse(line);
    if (action === "presence") {
      others.set(conn, { name: user.account_name, queue: Promise.resolve() });
      if (user.account_name !== SPOILT) return say(conn, '{"response":200}\n');
      say(conn, `${owed}{"response":200}\n`);
      owed = "";
      return;
    }
    for (const [other, { name }] of others) {
      if (other === conn) continue;
      for (const sent of name === SPOILT ? spoil(line, count++, (line) => owed += `${line}\n`) : [line]) {
        say(other, `${sent}\n`);
      }
    }
  }

  function say(conn: Deno.Conn, text: string): void {
    const bytes = new TextEncoder().encode(text), member = others.get(conn)!;
    member.queue = member.queue.then(async () => {
      for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
    }).catch(() => {}); // it is gone
  }
}
