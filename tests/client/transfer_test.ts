// The bytes of files between a client and a real server: whole, also when the connection breaks off midway.
import assert from "node:assert/strict";
import { measure, save, send } from "../../client/file_work.ts";
import { TransferError } from "../../client/transfer.ts";
import { makeFolder } from "../log/folder.ts";
import { cannot, start } from "../chat/start.ts";
import { announced, sha256 } from "../chat/uploading.ts";

const peerOf = (port: number) => ({ address: "127.0.0.1", port, tls: false, ca: undefined });

Deno.test("a file is sent and saved whole, and none is overwritten", { ignore: cannot }, async () => {
  using folder = makeFolder();
  await using chat = await start({ files: { folder: `${folder.path}/files`, limit: 1 << 22 } });
  const ann = await chat.connect(), path = `${folder.path}/кот 1.bin`;
  await ann.enter("ann", { features: ["files", "id"] });
  const bob = await chat.connect();
  await bob.enter("bob", { features: ["files"] });
  const bytes = crypto.getRandomValues(new Uint8Array(65_536)), all = new Uint8Array(3_000_000);
  for (let at = 0; at < all.length; at += bytes.length) all.set(bytes.subarray(0, all.length - at), at);
  Deno.writeFileSync(path, all);
  const { name, size } = await measure(path, "en"), peer = peerOf(chat.port);
  assert.deepEqual([name, size], ["кот 1.bin", all.length]);
  const upload = await announced(ann, name, size), told: number[] = [];
  await send(peer, path, upload, size, (sent) => told.push(sent));
  assert.equal(told.at(-1), size);
  await ann.sayOk({ action: "msg", time: 1, to: "#all", message: "", file: upload });
  const { file } = await bob.hear();
  const saved = await save(peer, file, `${folder.path}/saved.bin`);
  assert.equal(sha256(Deno.readFileSync(saved)), sha256(all));
  await assert.rejects(save(peer, file, saved), TransferError);
  await assert.rejects(
    save(peer, { ...file, key: "x".repeat(43) }, `${folder.path}/none`),
    /^TransferError: There is no such file/,
  );
  assert.equal(await Deno.stat(`${folder.path}/none`).catch(() => "not there"), "not there");
  await assert.rejects(measure(folder.path, "en"), /expected a file, and not a folder$/);
  await assert.rejects(measure(`${folder.path}/absent`, "ru"), /^TransferError: Не использовать/);
  await assert.rejects(send(peer, path, "x".repeat(43), size), /no such upload any more/);
});

Deno.test("an upload goes on when its connection breaks off", { ignore: cannot }, async () => {
  using folder = makeFolder();
  await using chat = await start({ files: { folder: `${folder.path}/files`, limit: 1 << 22 } });
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const broken = breakOnce(listener, chat.port, 500_000);
  const ann = await chat.join("ann"), path = `${folder.path}/a.bin`, all = new Uint8Array(2_000_000).fill(7);
  Deno.writeFileSync(path, all);
  const upload = await announced(ann, "a.bin", all.length);
  await send(peerOf((listener.addr as Deno.NetAddr).port), path, upload, all.length);
  listener.close();
  await broken;
  await ann.sayOk({ action: "msg", time: 1, to: "#all", message: "", file: upload });
});

/** Passes connections on to a port, and ends the first one after so many bytes. */
async function breakOnce(listener: Deno.Listener, port: number, bytes: number): Promise<void> {
  let isFirst = true;
  const ends: Promise<unknown>[] = [];
  try {
    for await (const client of listener) {
      const server = await Deno.connect({ hostname: "127.0.0.1", port }), most = isFirst ? bytes : Infinity;
      isFirst = false;
      const close = () =>
        [client, server].forEach((conn) => {
          try {
            conn.close();
          } catch { /* it is closed */ }
        });
      ends.push(pass(client, server, most).catch(() => {}).finally(() => most < Infinity ? close() : undefined));
      ends.push(pass(server, client, Infinity).catch(() => {}).finally(close));
    }
  } catch { /* the listener is closed */ }
  await Promise.all(ends);
}

async function pass(from: Deno.Conn, to: Deno.Conn, most: number): Promise<void> {
  const buffer = new Uint8Array(65_536);
  for (let left = most; left > 0;) {
    const count = await from.read(buffer.subarray(0, Math.min(left, buffer.length)));
    if (count === null) return;
    for (let rest = buffer.subarray(0, count); rest.length > 0;) rest = rest.subarray(await to.write(rest));
    left -= count;
  }
}
