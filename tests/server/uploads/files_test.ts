// Files on a disk: what is whole stays as long as a message has it, whatever ends the program, and a full disk loses nothing else.
import assert from "node:assert/strict";
import type { SharedFile } from "../../../jim/mod.ts";
import { FileDisk, type PartFile } from "../../../server/uploads/disk.ts";
import { Files, type FilesOptions } from "../../../server/uploads/files.ts";
import { StoreFailure } from "../../../server/uploads/store.ts";
import { makeFolder } from "../../log/folder.ts";
import { may } from "../../may.ts";
import { sha256 } from "../../chat/uploading.ts";

const HOUR = 3_600_000, ann = { host: "10.0.0.7", network: "10.0.0.7", account: { id: 7 } };
const guest = { host: "10.0.0.8", network: "10.0.0.8" };
const encoder = new TextEncoder();

/** The messages of a chat, as far as they have files. */
class Messages {
  readonly lines = new Map<string, string>();

  /** Says something with a file. */
  say(file: SharedFile): SharedFile {
    this.lines.set(file.key, JSON.stringify({ action: "msg", message: "", file, id: 1_764_000_000_000_001 }));
    return file;
  }

  fileLine(key: string): Uint8Array | undefined {
    const line = this.lines.get(key);
    return line === undefined ? undefined : encoder.encode(line);
  }

  filesAmong(hashes: readonly string[]): string[] {
    return hashes.filter((hash) => this.lines.values().some((line) => line.includes(hash)));
  }
}

/** A disk with so many bytes left. */
class SmallDisk extends FileDisk {
  left = 0;

  override async openPart(id: string): Promise<PartFile> {
    const file = await super.openPart(id), write = file.write.bind(file);
    file.write = (bytes: Uint8Array) => {
      if (bytes.length <= this.left) {
        this.left -= bytes.length;
        return write(bytes);
      }
      return Promise.reject(Object.assign(new Error("No space left on device (os error 28)"), { code: "ENOSPC" }));
    };
    return file;
  }
}

interface Setup {
  readonly messages: Messages;
  readonly folder: string;
  /** Opens the files, as another life of the server does. */
  open(more?: Partial<FilesOptions>): Promise<Files>;
  pass(ms: number): void;
}

function on(what: string, act: (setup: Setup) => Promise<void>): void {
  Deno.test(what, { ignore: !may("read", "write") }, async () => {
    using dir = makeFolder();
    const folder = `${dir.path}/files`, journal = new Messages(), opened: Files[] = [];
    let shift = 0;
    const now = () => performance.now() + shift;
    const limits = { folder, limit: 1 << 20, daily: 0, space: 0, syncs: true, journal, now };
    try {
      await act({
        messages: journal,
        folder,
        async open(more) {
          const files = await Files.open({ ...limits, ...more });
          opened.push(files);
          return files;
        },
        pass: (ms) => shift += ms,
      });
    } finally {
      for (const files of opened) await files.close();
    }
  });
}

async function announced(files: Files, name: string, size: number, sender: typeof guest = ann): Promise<string> {
  const found = await files.announce({ name, size }, sender);
  return "upload" in found ? found.upload : assert.fail(found.reason);
}

/** Sends bytes in pieces of so many. */
async function* inPieces(bytes: Uint8Array, length = 1000): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield await Promise.resolve(bytes.subarray(at, at + length));
}

function send(files: Files, token: string, bytes: Uint8Array) {
  const upload = files.find(token)!;
  return files.receive(upload, upload.offset, inPieces(bytes), () => {});
}

async function sent(files: Files, name: string, bytes: Uint8Array): Promise<string> {
  const token = await announced(files, name, bytes.length);
  assert.equal(await send(files, token, bytes), "whole");
  return token;
}

function attached(files: Files, token: string): SharedFile {
  const file = files.attach(token);
  return "key" in file ? file : assert.fail(file.reason);
}

async function read(files: Files, { key }: SharedFile): Promise<string | undefined> {
  const found = await files.open(key);
  if (found === undefined || found === "failed") return found;
  const buffer = new Uint8Array(found.file.size);
  await found.bytes.read(buffer);
  found.bytes.close();
  return new TextDecoder().decode(buffer);
}

/** The files of a folder, without their folders. */
function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? namesIn(`${folder}/${name}`) : [name]
  ).sort();
}

on("a file is kept as long as a message has it, and its bytes once", async ({ messages, folder, open, pass }) => {
  const files = await open(), bytes = encoder.encode("hello".repeat(1000)), hash = sha256(bytes);
  const one = messages.say(attached(files, await sent(files, "one.txt", bytes)));
  const two = messages.say(attached(files, await sent(files, "two.txt", bytes)));
  assert.notEqual(one.key, two.key);
  assert.deepEqual(namesIn(folder).filter((name) => !name.endsWith(".json")), [hash.slice(2)]);
  assert.equal(Deno.statSync(`${folder}/${hash.slice(0, 2)}/${hash.slice(2)}`).mode! & 0o777, 0o600);
  messages.lines.delete(one.key);
  await files.sweep();
  assert.deepEqual([await read(files, one), await read(files, two)], [undefined, "hello".repeat(1000)]);
  messages.lines.delete(two.key);
  assert.equal(await read(files, two), undefined);
  await files.sweep();
  assert.equal(namesIn(folder).length, 3, "its upload may still be sent in a message");
  pass(HOUR + 1);
  await files.sweep();
  assert.deepEqual(namesIn(folder), []);
});

on("a program that is killed loses no file that a message has, and leaves nothing", async (setup) => {
  const { messages, folder, open, pass } = setup, bytes = encoder.encode("hello".repeat(1000));
  const before = await open(), kept = messages.say(attached(before, await sent(before, "kept.txt", bytes)));
  const other = encoder.encode("other".repeat(1000)), begun = await announced(before, "begun.txt", other.length);
  assert.equal(await send(before, begun, other.subarray(0, 2500)), "part");
  await announced(before, "empty.txt", 9);
  Deno.writeTextFileSync(`${folder}/uploads/stray.part`, "of no upload");
  Deno.writeTextFileSync(`${folder}/uploads/broken.json`, "{");
  const after = await open(); // nothing was closed
  assert.equal(after.find(begun)!.offset, 2500);
  assert.equal(namesIn(folder).some((name) => /stray|broken/.test(name)), false);
  assert.equal(await send(after, begun, other.subarray(2500)), "whole");
  assert.equal(attached(after, begun).sha256, sha256(other));
  assert.equal(await read(after, kept), "hello".repeat(1000));
  pass(24 * HOUR + 1);
  await after.sweep();
  assert.deepEqual(namesIn(folder), [kept.sha256.slice(2)]);
});

on(
  "an upload that was killed between its last byte and its end is finished by its last byte",
  async ({ folder, open }) => {
    const before = await open(), bytes = encoder.encode("hello".repeat(1000));
    const token = await announced(before, "a.txt", bytes.length);
    assert.equal(await send(before, token, bytes.subarray(0, 2500)), "part");
    Deno.writeFileSync(`${folder}/uploads/${before.find(token)!.id}.part`, bytes.subarray(2500), { append: true });
    const after = await open();
    assert.equal(after.find(token)!.offset, 4999);
    assert.equal(await send(after, token, bytes.subarray(4999)), "whole");
    assert.equal(attached(after, token).sha256, sha256(bytes));
  },
);

on("a file that a message gets while files are swept stays, though its upload ends", async ({ messages, open }) => {
  const files = await open(), bytes = encoder.encode("hello"), token = await sent(files, "a", bytes);
  const asks = messages.filesAmong.bind(messages), said: SharedFile[] = [];
  let cancelled: Promise<void> | undefined;
  messages.filesAmong = (hashes) => {
    const found = asks(hashes);
    said.push(messages.say(attached(files, token)));
    cancelled = files.cancel(files.find(token)!);
    messages.filesAmong = asks;
    return found;
  };
  await files.sweep();
  await files.sweep();
  await cancelled;
  assert.deepEqual([said.length, await read(files, said[0]!)], [1, "hello"]);
});

on("a hundred uploads on a full disk are refused, and lose nothing", async ({ messages, folder, open }) => {
  const disk = new SmallDisk(folder), files = await open({ disk });
  disk.left = 50_000;
  const bytes = new Uint8Array(10_000).fill(7), kept = await sent(files, "kept.bin", bytes);
  const file = messages.say(attached(files, kept));
  const tokens: string[] = [];
  for (let i = 0; i < 100; i++) tokens.push(await announced(files, `${i}`, bytes.length, guest));
  const different = (i: number) => bytes.map((_, at) => at === 0 ? i : 7);
  const results = await Promise.all(tokens.map((token, i) => send(files, token, different(i))));
  assert.ok(results.filter((result) => result === "full").length >= 96, `${results}`);
  for (const [i, token] of tokens.entries()) {
    const denial = files.attach(token);
    assert.equal("key" in denial ? "whole" : denial.reason, results[i] === "whole" ? "whole" : "noupload");
  }
  assert.equal(namesIn(folder).filter((name) => name.endsWith(".part")).length, 0, "what has come makes room");
  assert.equal((await read(files, file))?.length, 10_000);
  disk.left = 50_000;
  assert.equal(
    await send(files, await announced(files, "again", 9), encoder.encode("there is room".slice(0, 9))),
    "whole",
  );
});

on(
  "a disk that has no more space for files refuses them before and amid their bytes, and has some again",
  async ({ folder, open }) => {
    const left = { bytes: 5_000 };
    const take = (count: number) => Promise.resolve(count <= left.bytes && (left.bytes -= count, true));
    const disk = new FileDisk(folder, { has: (count) => Promise.resolve(count <= left.bytes), take });
    const files = await open({ disk }), bytes = encoder.encode("hello".repeat(800));
    const token = await announced(files, "one.txt", bytes.length);
    left.bytes = 2_500; // others write there too
    assert.equal(await send(files, token, bytes), "full");
    assert.deepEqual(namesIn(folder), []);
    assert.equal(files.find(token), undefined);
    assert.deepEqual(await files.announce({ name: "two.txt", size: 4_000 }, ann), { code: 500, reason: "filedisk" });
    left.bytes = 4_000;
    await sent(files, "two.txt", bytes);
  },
);

on("until a file is kept no message can have it, and its bytes still count", async ({ open }) => {
  const begun = Promise.withResolvers<void>(), kept = Promise.withResolvers<void>();
  const put = () => {
    begun.resolve();
    return kept.promise;
  };
  const objects = { put, get: () => Promise.resolve(undefined), olderThan: none, remove: put, close: async () => {} };
  const files = await open({ space: 10_000, objects }), bytes = new Uint8Array(6_000);
  const token = await announced(files, "a.bin", bytes.length), sending = send(files, token, bytes);
  await begun.promise;
  const early = files.attach(token), other = await files.announce({ name: "b.bin", size: 6_000 }, guest);
  kept.resolve();
  assert.equal(await sending, "whole");
  assert.deepEqual("reason" in early && [early.reason, early.got], ["partial", "6000"]);
  assert.equal("reason" in other && other.reason, "filespace");
  assert.equal(attached(files, token).size, 6_000);
});

on("a file that several ask for at once is brought from the broker once", async ({ messages, folder, open }) => {
  const here = await open(), text = "hello".repeat(1000), bytes = encoder.encode(text);
  const file = messages.say(attached(here, await sent(here, "a.bin", bytes)));
  let count = 0;
  const get = () => {
    count++;
    return Promise.resolve(inPieces(bytes));
  };
  const nothing = async () => {};
  const there = await open({
    folder: `${folder}-there`,
    objects: { put: nothing, get, olderThan: none, remove: nothing, close: nothing },
  });
  const found = await Promise.all([1, 2, 3].map(() => read(there, file)));
  assert.deepEqual([found, count, namesIn(`${folder}-there`)], [[text, text, text], 1, [file.sha256.slice(2)]]);
});

async function* none(): AsyncIterable<string> {}

on(
  "a file that the broker does not send whole, or for which the disk has no space, has failed and leaves nothing",
  async (setup) => {
    const { messages, folder, open } = setup, here = await open(), bytes = encoder.encode("hello".repeat(1000));
    const file = messages.say(attached(here, await sent(here, "a.bin", bytes))), there = `${folder}-there`;
    const nothing = async () => {}, small = new SmallDisk(there);
    async function* broken(): AsyncIterable<Uint8Array> {
      yield* inPieces(bytes.subarray(0, 2000));
      throw new StoreFailure("the broker is gone");
    }
    const from = (pieces: () => AsyncIterable<Uint8Array>, disk?: FileDisk) =>
      open({
        folder: there,
        objects: {
          put: nothing,
          get: () => Promise.resolve(pieces()),
          olderThan: none,
          remove: nothing,
          close: nothing,
        },
        ...(disk === undefined ? {} : { disk }),
      });
    const all = () => inPieces(bytes);
    const cases = [
      await from(broken),
      await from(() => inPieces(bytes.subarray(0, 2000))),
      await from(() => inPieces(bytes.toReversed())),
      await from(all, small),
    ];
    for (const [i, files] of cases.entries()) {
      assert.equal(await read(files, file), "failed", `${i}`);
      assert.deepEqual(namesIn(there), [], `${i}`);
    }
    small.left = bytes.length;
    assert.equal(await read(cases.at(-1)!, file), "hello".repeat(1000));
  },
);

on("a second transfer of an upload stops the first one", async ({ open }) => {
  const files = await open(), bytes = encoder.encode("hello".repeat(10));
  const token = await announced(files, "a", bytes.length), upload = files.find(token)!;
  const stopped = Promise.withResolvers<void>();
  const slow = async function* () {
    yield bytes.subarray(0, 10);
    await stopped.promise;
  };
  const first = files.receive(upload, 0, slow(), stopped.resolve);
  const second = (async () => {
    while (upload.offset < 10) await files.pass();
    return await files.receive(upload, 10, inPieces(bytes.subarray(10)), () => {});
  })();
  assert.deepEqual([await first, await second], ["part", "whole"]);
  assert.equal(attached(files, token).sha256, sha256(bytes));
});

on("an account and the guests of a network have quotas of their own, and so many uploads", async ({ open, pass }) => {
  const files = await open({ daily: 86_400, space: 86_400 * 3 });
  const refusal = async (size: number, sender: typeof guest) => {
    const found = await files.announce({ name: "a", size }, sender);
    return "reason" in found ? [found.reason, found.limit] : "upload";
  };
  assert.equal(await refusal(86_400, ann), "upload");
  assert.deepEqual(await refusal(1, ann), ["fileaccountquota", 86_400]);
  assert.equal(await refusal(86_400, guest), "upload");
  assert.deepEqual(await refusal(1, guest), ["filenetworkquota", 86_400]);
  pass(HOUR);
  // The first one, of which no byte has come for so long, gives way to the last of these.
  for (let i = 0; i < 20; i++) assert.equal(await refusal(1, ann), "upload");
  assert.deepEqual(await refusal(1, ann), ["uploads", 20]);
  pass(24 * HOUR);
  assert.deepEqual(await refusal(1 << 20, guest), ["filespace", 86_400 * 3]);
  assert.deepEqual(await refusal((1 << 20) + 1, guest), ["largefile", 1 << 20]);
});

on("space that was announced for and is not used is free again where another file needs it", async ({ open, pass }) => {
  const files = await open({ space: 10_000 }), first = await announced(files, "first", 6_000);
  const refusal = async (size: number) => {
    const found = await files.announce({ name: "a", size }, guest);
    return "reason" in found ? found.reason : found;
  };
  assert.equal(await refusal(6_000), "filespace");
  pass(600_001);
  assert.equal(await refusal(10_001), "filespace");
  assert.notEqual(files.find(first), undefined, "it would not have been enough");
  assert.notEqual(await refusal(6_000), "filespace");
  assert.equal(files.find(first), undefined);
});

on(
  "bytes that are not kept are given back to the quota: of what is cancelled, or cannot be put away",
  async ({ open, pass }) => {
    let isBroken = false;
    const put = () => isBroken ? Promise.reject(new StoreFailure("the broker is gone")) : Promise.resolve(),
      nothing = async () => {};
    const objects = { put, get: () => Promise.resolve(undefined), olderThan: none, remove: nothing, close: nothing };
    const files = await open({ daily: 10_000, objects }), bytes = new Uint8Array(6_000);
    for (let i = 0; i < 3; i++) await files.cancel(files.find(await announced(files, "whole", 10_000))!);
    isBroken = true;
    for (let i = 0; i < 3; i++) {
      const token = await announced(files, "broken", bytes.length);
      assert.equal(await send(files, token, bytes), "failed");
      assert.equal(files.find(token), undefined);
    }
    isBroken = false;
    const begun = await announced(files, "begun", 10_000);
    assert.equal(await send(files, begun, bytes), "part");
    await files.cancel(files.find(begun)!);
    pass(1); // 4,000 bytes are left, and more than one is needed for the next ones
    await sent(files, "kept", bytes.subarray(0, 4_000));
    const denial = await files.announce({ name: "more", size: 1 }, ann);
    assert.equal("reason" in denial && denial.reason, "fileaccountquota");
  },
);

on(
  "an upload that is cancelled takes no bytes of a transfer that waits for another one, and leaves nothing",
  async (setup) => {
    const { folder, open } = setup, files = await open(), bytes = encoder.encode("hello".repeat(100));
    const token = await announced(files, "a", bytes.length), upload = files.find(token)!;
    const begun = Promise.withResolvers<void>(), stopped = Promise.withResolvers<void>();
    const slow = async function* () {
      yield bytes.subarray(0, 10);
      begun.resolve();
      await stopped.promise;
    };
    const first = files.receive(upload, 0, slow(), stopped.resolve);
    await begun.promise;
    const second = files.restart(upload).then(() => files.receive(upload, 0, inPieces(bytes), () => {}));
    await files.cancel(upload);
    assert.deepEqual([await first, await second], ["part", "ended"]);
    assert.deepEqual(namesIn(folder), []);
  },
);

on(
  "a server that lacks what others have said removes no file from the broker, and a stop ends its sweep",
  async ({ open }) => {
    const removed: string[] = [], old = ["a", "b", "c"].map((each) => each.repeat(64));
    let isCurrent = false, onRemoved = async () => {};
    const files = await open({
      isCurrent: () => isCurrent,
      objects: {
        put: async () => {},
        get: () => Promise.resolve(undefined),
        async *olderThan() {
          yield* old;
        },
        async remove(hash) {
          removed.push(hash);
          await onRemoved();
        },
        close: async () => {},
      },
    });
    await files.sweep();
    assert.deepEqual(removed, []);
    isCurrent = true;
    await files.sweep();
    assert.deepEqual(removed, old);
    onRemoved = () => files.close();
    await files.sweep();
    assert.equal(removed.length, 4);
  },
);

on("a file that several send at once counts once", async ({ folder, open }) => {
  const bytes = new Uint8Array(4_000).fill(7), files = await open({ space: 100_000 });
  const tokens = await Promise.all(Array.from({ length: 10 }, () => announced(files, "cat.png", bytes.length, guest)));
  const results = await Promise.all(tokens.map((token) => send(files, token, bytes)));
  assert.deepEqual([...new Set(results)], ["whole"]);
  assert.deepEqual(namesIn(folder).filter((name) => !name.endsWith(".json")), [sha256(bytes).slice(2)]);
  await announced(files, "the rest", 96_000);
});

on(
  "a folder that cannot be read costs a line in the log, and not the server; what is not ours is not looked at",
  async (setup) => {
    const { folder, open } = setup, before = await open();
    await sent(before, "a", encoder.encode("hello"));
    Deno.symlinkSync("lost+found", `${folder}/lost+found`); // it leads to itself, and can be read by nobody
    const after = await open();
    await after.sweep();
    Deno.symlinkSync("ff", `${folder}/ff`);
    await after.sweep();
    await assert.rejects(open(), Deno.errors.FilesystemLoop);
  },
);
