// The files of several servers, at a real broker: one that a server has taken is there for the others, and goes with its message.
import assert from "node:assert/strict";
import { JournalRefused } from "../../../server/journal/contract.ts";
import { brokerFiles } from "../../../server/journal/nats/mod.ts";
import { parseAddresses } from "../../../server/journal/nats/addresses.ts";
import { FileDisk, type PartFile } from "../../../server/uploads/disk.ts";
import { piecesOf } from "../../../server/uploads/objects.ts";
import { StoreFailure } from "../../../server/uploads/store.ts";
import { cannotRun, startProgram } from "../../chat/program.ts";
import { connect } from "../../chat/peer.ts";
import { until } from "../../chat/within.ts";
import { announced, ask, pathOf, put, sha256 } from "../../chat/uploading.ts";
import { makeFolder } from "../../log/folder.ts";
import { may } from "../../may.ts";
import { hasBroker, startBroker } from "../../nats_server.ts";

const ignore = cannotRun || !hasBroker;

Deno.test("pieces that the broker breaks off, or that never come, are a failure of the store", async () => {
  const piece = new Uint8Array([1]), pieces: Uint8Array[] = [];
  const taken = async (data: ReadableStream<Uint8Array>, timeout?: number) => {
    for await (const each of piecesOf(data, timeout)) pieces.push(each);
  };
  await taken(ReadableStream.from([piece, piece]));
  assert.equal(pieces.length, 2);
  const broken = async function* () {
    yield await Promise.resolve(piece);
    throw new Error("consumer deleted");
  };
  await assert.rejects(taken(ReadableStream.from(broken())), StoreFailure);
  assert.equal(pieces.length, 3);
  let isCancelled = false;
  const silent = new ReadableStream<Uint8Array>({ cancel: () => void (isCancelled = true) });
  await assert.rejects(taken(silent, 1), StoreFailure);
  assert.ok(isCancelled);
});

Deno.test("what logs in to the broker is read at the start, and not with the first file", {
  ignore: !may("read", "write"),
}, async () => {
  using folder = makeFolder();
  const authFile = `${folder.path}/auth`,
    options = { addresses: parseAddresses("nats://127.0.0.1:1")!, chat: "school", authFile };
  Deno.writeTextFileSync(authFile, "token: secret\n");
  const open = brokerFiles(options);
  Deno.removeSync(authFile);
  await (await open()).close();
  assert.throws(() => brokerFiles(options), JournalRefused);
});

Deno.test("two servers of a chat have the same files", { ignore }, async () => {
  await using broker = await startBroker();
  const options = ["-a", "127.0.0.1", "--broker", broker.url, "--chat", "school"];
  await using one = await startProgram(...options);
  await using two = await startProgram(...options);
  using ann = await connect(one.port), bob = await connect(two.port), plain = await connect(two.port);
  await ann.enter("ann", { features: ["files", "id"] });
  await bob.enter("bob", { features: ["files"] });
  await plain.enter("plain");
  const bytes = crypto.getRandomValues(new Uint8Array(60_000)), size = 300_000, all = new Uint8Array(size);
  for (let at = 0; at < size; at += bytes.length) all.set(bytes, at);
  const upload = await announced(ann, "a.bin", size);
  assert.equal((await put(one.port, upload, all)).status, 201);
  const { id } = await ann.sayOk({ action: "msg", time: 1, to: "#all", message: "look", file: upload });
  const { file } = await bob.hear(), { message } = await plain.hear();
  assert.match(message, new RegExp(`^look\n.* a\\.bin \\(293 KB\\) http://127\\.0\\.0\\.1:${two.port}/files/`));
  for (const { port } of [two, two, one]) assert.equal(sha256((await ask(port, pathOf(file))).bytes), sha256(all));
  await ann.sayOk({ action: "delete", time: 1, to: "#all", id });
  // The log tells the other server, a moment later.
  await until("the end of the file", async () => (await ask(two.port, pathOf(file))).status === 404);
  await plain.silence();
});

Deno.test("the object store keeps each file once, and says when the broker is gone", { ignore }, async () => {
  using folder = makeFolder();
  await using broker = await startBroker();
  const addresses = parseAddresses(broker.url)!, objects = await brokerFiles({ addresses, chat: "school" })();
  const disk = new FileDisk(folder.path), bytes = new TextEncoder().encode("hello"), hash = sha256(bytes);
  await disk.putNote("id", "{}");
  using file = await disk.openPart("id") as Deno.FsFile;
  await file.write(bytes);
  assert.equal(await objects.get(hash), undefined);
  let reads = 0;
  const counted = { seek: file.seek.bind(file), read: (into: Uint8Array) => (reads++, file.read(into)) } as PartFile;
  for (let i = 0; i < 2; i++) await objects.put(hash, bytes.length, counted);
  const once = reads, renewing = await brokerFiles({ addresses, chat: "school" }, 0)();
  assert.ok(once > 0);
  await renewing.put(hash, bytes.length, counted); // an old one, which a server may be about to remove
  assert.equal(reads, 2 * once);
  await renewing.close();
  const parts: Uint8Array[] = [];
  for await (const part of (await objects.get(hash))!) parts.push(part.slice());
  assert.equal(parts.map((part) => new TextDecoder().decode(part)).join(""), "hello");
  const old = async (age: number) => {
    const found: string[] = [];
    for await (const each of objects.olderThan(age)) found.push(each);
    return found;
  };
  assert.deepEqual([await old(-60_000), await old(60_000)], [[hash], []]);
  await objects.remove(hash);
  assert.deepEqual([await objects.get(hash), await old(-60_000)], [undefined, []]);
  await broker.stop();
  await assert.rejects(objects.put(hash, bytes.length, file), StoreFailure);
  await objects.close();
});
