// The server that one writes first, to measure the real one against: Promise.race over the listener and every reader,
// anew for each thing that happens; what came is read as text, and each message is worded and written for one reader after
// the other. No checks, no limits, and one reader that stalls stops all.
//
//     deno run --allow-net=127.0.0.1 bench/literal.ts 7788     (another port than that, if it is taken)
//     deno task bench:fanout 127.0.0.1 7788 -n 100 -p 10 -w 16

interface Peer {
  connection: Deno.TcpConn;
  /** A line that has not ended yet. */
  rest: string;
}

type Happened = { accepted: Deno.TcpConn } | { peer: Peer; bytes: Uint8Array | undefined };

const encoder = new TextEncoder(), decoder = new TextDecoder();
const listener = Deno.listen({ hostname: "127.0.0.1", port: Number(Deno.args[0]) });
console.log(`listening on 127.0.0.1:${(listener.addr as Deno.NetAddr).port}`);
const pending = new Map<Peer | typeof listener, Promise<Happened>>();
const peers = new Set<Peer>();
const now = () => Math.floor(Date.now() / 1000);
let id = 0;

accept();
for (;;) {
  const happened = await Promise.race(pending.values());
  if ("accepted" in happened) {
    const peer = { connection: happened.accepted, rest: "" };
    peers.add(peer);
    read(peer);
    accept();
  } else {
    const { peer, bytes } = happened;
    if (bytes === undefined) gone(peer);
    else {
      await hear(peer, decoder.decode(bytes));
      read(peer);
    }
  }
}

function accept(): void {
  pending.set(listener, listener.accept().then((accepted) => ({ accepted })));
}

function read(peer: Peer): void {
  if (!peers.has(peer)) return;
  const room = new Uint8Array(16 * 1024);
  const bytes = peer.connection.read(room).then((count) => count === null ? undefined : room.subarray(0, count));
  pending.set(peer, bytes.catch(() => undefined).then((bytes) => ({ peer, bytes })));
}

async function hear(peer: Peer, text: string): Promise<void> {
  const lines = (peer.rest + text).split("\n");
  peer.rest = lines.pop()!;
  for (const line of lines) {
    const object = JSON.parse(line);
    if (object.action === "msg") {
      const relay = { ...object, id: ++id };
      for (const other of peers) if (other !== peer) await write(other, relay);
    }
    await write(peer, { response: 200, time: now() });
  }
}

async function write(peer: Peer, object: object): Promise<void> {
  let bytes = encoder.encode(JSON.stringify(object) + "\n");
  try {
    while (bytes.length > 0) bytes = bytes.subarray(await peer.connection.write(bytes));
  } catch {
    gone(peer);
  }
}

function gone(peer: Peer): void {
  pending.delete(peer);
  if (peers.delete(peer)) peer.connection.close();
}
