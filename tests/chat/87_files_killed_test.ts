// A server that is killed while files are sent: what was acknowledged is there, what was begun goes on, and nothing is left over.

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { Files } from "../../server/uploads/files.ts";
import { connect, type Peer } from "./peer.ts";
import { cannotRun, startIn } from "./program.ts";
import { announced, ask, pathOf, put, putPart, sha256 } from "./uploading.ts";
import { until } from "./within.ts";

const MIB = 1 << 20, SIZE = 3 * MIB, FILES = 6, DAY = 86_400_000;

/** A file that is being sent. */
interface Sent {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly hash: string;
  readonly upload: string;
  /** The path of the file, once its message is acknowledged. */
  path?: string;
}

async function enter(port: number, name: string): Promise<Peer> {
  const peer = await connect(port);
  await peer.enter(name, { features: ["files"] });
  return peer;
}

/** Says something with the file. */
async function say(peer: Peer, sent: Sent): Promise<void> {
  await peer.say({ action: "msg", time: 1, to: "#all", message: "", file: sent.upload });
  for (;;) {
    const { response, file } = await peer.hear();
    if (response === undefined) continue; // what others say
    assert.equal(response, 200);
    sent.path = pathOf(file);
    return;
  }
}

/** The files of messages in the database, of these. */
function filesAmong(data: string, hashes: readonly string[]): string[] {
  using database = new DatabaseSync(`${data}/hanita.db`, { readOnly: true });
  const kept = new Set(database.prepare("SELECT hash FROM files").all().map(({ hash }) => String(hash)));
  return hashes.filter((hash) => kept.has(hash));
}

/** All files below a folder, by their folder and name in one. */
function namesIn(folder: string, before = ""): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? namesIn(`${folder}/${name}`, before + name) : [before + name]
  );
}

Deno.test("a server that is killed while files are sent keeps all that it has acknowledged, and leaves nothing over", {
  ignore: cannotRun,
}, async () => {
  const data = await Deno.makeTempDir({ prefix: "hanita-killed-" }), all: Sent[] = [];
  await using killed = await startIn(data);
  const peers: Peer[] = [];
  try {
    for (let i = 0; i < FILES; i++) {
      const bytes = new Uint8Array(SIZE).fill(i), hash = sha256(bytes), peer = await enter(killed.port, `ann${i}`);
      peers.push(peer);
      all.push({ bytes, hash, upload: await announced(peer, `${i}.bin`, SIZE, i % 2 === 0 ? { sha256: hash } : {}) });
    }
    const [begun, left, ...others] = all as [Sent, Sent, ...Sent[]];
    for (const { upload, bytes } of [begun, left]) {
      await putPart(killed.port, upload, bytes.subarray(0, MIB), SIZE);
      const offset = async () => (await ask(killed.port, `/uploads/${upload}`, "HEAD")).headers.get("upload-offset");
      await until("its beginning", async () => await offset() === `${MIB}`);
    }
    const first = Promise.withResolvers<void>();
    const sending = Promise.allSettled(others.map(async (sent, i) => {
      assert.equal((await put(killed.port, sent.upload, sent.bytes)).status, 201);
      await say(peers[i + 2]!, sent);
      first.resolve();
    }));
    await Promise.race([first.promise, sending]); // others are on the way
    killed.kill("SIGKILL");
    await killed.ended;
    await sending;
  } finally {
    for (const peer of peers) peer.close();
  }
  const acknowledged = all.filter(({ path }) => path !== undefined);
  assert.ok(acknowledged.length > 0);

  const left = all[1]!;
  {
    await using server = await startIn(data);
    using ann = await enter(server.port, "ann");
    for (const { path, hash } of acknowledged) assert.equal(sha256((await ask(server.port, path!)).bytes), hash);
    for (const sent of all) {
      const { status, headers } = await ask(server.port, `/uploads/${sent.upload}`, "HEAD");
      assert.equal(status, 200);
      const offset = Number(headers.get("upload-offset"));
      if (sent === all[0]) assert.equal(offset, MIB);
      if (sent === left || sent.path !== undefined) continue;
      assert.equal((await put(server.port, sent.upload, sent.bytes.slice(offset), offset)).status, 201);
      await say(ann, sent);
      assert.equal(sha256((await ask(server.port, sent.path!)).bytes), sent.hash);
    }
    server.kill("SIGTERM");
    assert.equal((await server.ended).code, 0);

    // A day later, as maintenance finds it.
    let shift = 0;
    const files = await Files.open({
      folder: `${data}/files`,
      limit: SIZE,
      daily: 0,
      space: 0,
      syncs: false,
      journal: { fileLine: () => undefined, filesAmong: (hashes) => filesAmong(data, hashes) },
      now: () => performance.now() + shift,
    });
    shift = DAY + 1;
    await files.sweep();
    await files.close();
    assert.deepEqual(
      namesIn(`${data}/files`).sort(),
      all.filter((sent) => sent !== left).map(({ hash }) => hash).sort(),
    );
  }
});
