// Files: bytes go by HTTP on any port of the server, and whoever has the message has the file.

import assert from "node:assert/strict";
import { makeFolder } from "../log/folder.ts";
import { cannot, type Chat, type Peer, start } from "./start.ts";
import { embeddedStore } from "./store.ts";
import { startServers } from "./two_servers.ts";
import { announce, announced, ask, pathOf, PNG, put, putPart, sha256, uploaded } from "./uploading.ts";
import { until } from "./within.ts";

const features = ["replies", "edits", "id", "files"];
const msg = (message: string, more: object = {}) => ({ action: "msg", time: 1, to: "#all", message, ...more });
const history = { action: "history", time: 1 };
const MIB = 1 << 20;

async function modern(chat: Chat, name: string, some: readonly string[] = features): Promise<Peer> {
  const peer = await chat.connect();
  await peer.enter(name, { features: some });
  return peer;
}

/** Bytes that are no picture, the same each time. */
function bytesOf(size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 8)) & 255);
}

/** The link at the end of a text. */
function linkIn(text: string): URL {
  return new URL(text.slice(text.lastIndexOf(" ") + 1));
}

/** A test with a folder for files. */
function on(what: string, act: (folder: string) => Promise<void>): void {
  Deno.test(what, { ignore: cannot }, async () => {
    using folder = makeFolder();
    await act(`${folder.path}/files`);
  });
}

on("a file is a field to one program and a link to another, and each of them gets its bytes", async (folder) => {
  await using chat = await start({ files: { folder } });
  const ann = await modern(chat, "ann"), bob = await modern(chat, "bob"), plain = await chat.join("plain");
  const quoting = await modern(chat, "quoting", ["replies"]), bare = await chat.bare();
  await bare.say({ action: "presence", time: 1, user: { account_name: "bare", status: "" } });
  assert.equal((await bare.hear()).response, 200);
  const { id: first } = await ann.sayOk(msg("Which cat?"));
  for (const each of [bob, plain, quoting, bare]) await each.expect({ id: first });
  const upload = await uploaded(chat, ann, "my cat.png", PNG);
  const { id } = await ann.sayOk(msg("This one", { file: upload, reply_to: first }));
  const { file, ...relay } = await bob.hear();
  assert.deepEqual([relay.message, relay.reply_to, relay.id], ["This one", first, id]);
  const { key, ...rest } = file;
  const size = PNG.length;
  assert.deepEqual(rest, { name: "my cat.png", size, type: "image/png", width: 1, height: 1, sha256: sha256(PNG) });
  const line = `\u{1F4CE} my cat.png (70 B) http://127.0.0.1:${chat.port}${pathOf(file)}`;
  assert.equal((await plain.hear()).message, `> ann: Which cat?\nThis one\n${line}`);
  assert.equal((await bare.hear()).message, `> ann: Which cat?\nThis one\n${line}`);
  const { message, reply_to } = await quoting.hear();
  assert.deepEqual([message, reply_to], [`This one\n${line}`, first]);

  for (const port of [chat.port, await chat.web()]) {
    const { status, headers, bytes } = await ask(port, pathOf(file));
    assert.deepEqual([status, sha256(bytes)], [200, sha256(PNG)]);
    assert.equal(headers.get("content-type"), "image/png");
    assert.equal(headers.get("content-disposition"), "inline; filename*=UTF-8''my%20cat.png");
    assert.equal(headers.get("content-security-policy"), "default-src 'none'; sandbox; frame-ancestors 'none'");
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    const part = await ask(port, `/files/${key}`, "GET", undefined, { range: "bytes=1-3" });
    assert.deepEqual([part.status, part.text, part.headers.get("content-range")], [206, "PNG", `bytes 1-3/${size}`]);
    assert.equal((await ask(port, `/files/${key}`, "GET", undefined, { range: "bytes=99-" })).status, 416);
    const again = await ask(port, `/files/${key}`, "GET", undefined, { "if-none-match": headers.get("etag")! });
    assert.deepEqual([again.status, again.bytes.length], [304, 0]);
    assert.equal((await ask(port, `/files/${key}`, "HEAD")).headers.get("content-length"), `${size}`);
    assert.equal(
      (await ask(port, `/files/${key.replace(/^./, (one: string) => one === "a" ? "b" : "a")}`)).status,
      404,
    );
  }
  assert.equal(linkIn((await plain.ask(history)).at(-1).message).pathname, pathOf(file));
  assert.deepEqual((await bob.ask(history)).at(-1).file, file);

  await ann.sayOk({ action: "edit", time: 1, to: "#all", id, message: "That one" });
  await bob.expect({ action: "edit", of: id, message: "That one" });
  for (const each of [plain, quoting]) await each.expect({ action: "msg", message: "\u270e That one" });
  assert.deepEqual((await bob.ask(history)).at(-1).file, file);
  assert.match((await plain.ask(history)).at(-1).message, /^> ann: Which cat\?\nThat one\n\u{1F4CE} /u);
  await ann.sayOk({ action: "edit", time: 1, to: "#all", id, message: "" }); // a file needs no text
  await bob.expect({ action: "edit", of: id, message: "" });
  await plain.silence(); // a bare pencil would tell it nothing
  const emptied = (await bob.ask(history)).at(-1);
  assert.deepEqual([emptied.message, emptied.file], ["", file]);
  await ann.sayOk({ action: "delete", time: 1, to: "#all", id });
  await bob.expect({ action: "delete", of: id });
  assert.equal((await ask(chat.port, pathOf(file))).status, 404);
  assert.equal("file" in (await bob.ask(history)).at(-1), false);
});

on("a file of a private message or a room goes to nobody else, and guests keep none between them", async (folder) => {
  await using chat = await start({ files: { folder }, accounts: ["ann", "bob"], store: embeddedStore() });
  const ann = await chat.login("ann"), eve = await modern(chat, "eve"), zoe = await chat.join("zoe");
  const upload = await uploaded(chat, ann, "a.txt", bytesOf(10), { to: "bob" });
  const { response } = await ann.sayOk({ ...msg("for you", { file: upload }), to: "bob" }).catch(() => ({
    response: 202,
  }));
  assert.equal(response, 202);
  const bob = await chat.login("bob");
  const { message, replayed } = await bob.hear();
  assert.equal(replayed, true);
  const { headers, bytes } = await ask(chat.port, linkIn(message).pathname);
  assert.equal(bytes.length, 10);
  assert.equal(headers.get("content-type"), "application/octet-stream");
  assert.match(headers.get("content-disposition")!, /^attachment; /);
  await eve.silence();
  await eve.say({ ...announce("b.txt", 1), to: "zoe" });
  assert.match((await eve.hear()).error, /^to: what guests say to each other is kept nowhere/);
  await eve.say({ ...announce("b.txt", 1), to: "#cats" });
  assert.equal((await eve.hear()).response, 404);
  const own = await uploaded(chat, eve, "b.txt", bytesOf(5));
  await eve.say({ ...msg("psst", { file: own }), to: "zoe" });
  assert.match((await eve.hear()).error, /^file: what guests say to each other is kept nowhere/);
  await zoe.silence();
});

on("bad files are refused: what was wrong, and what would be right", async (folder) => {
  await using chat = await start({ files: { folder, limit: 1000, daily: 5000, space: 3000 } });
  const ann = await modern(chat, "ann");
  const refusal = async (what: object) => {
    await ann.say(what);
    const { response, error } = await ann.hear();
    return `${response} ${error}`;
  };
  assert.equal(
    await refusal(announce("a", 0)),
    "400 size: expected the bytes of the file, a whole number of 1 or more, got 0",
  );
  assert.equal(await refusal(announce("a", 1001)), "403 size: expected at most 1000 bytes, got 1001");
  const name = 'name: expected the name of a file without a folder, such as "cat.png", got ';
  assert.equal(await refusal(announce("../../etc/passwd", 1)), `400 ${name}"../../etc/passwd"`);
  assert.match(
    await refusal(msg("look", { file: "nothing" })),
    /^404 file: there is no such upload any more; announce/,
  );
  for (const bad of ["C:\\cat.png", "a\0b", "gpj.\u202eexe", "x".repeat(300), " x", "..", ""]) {
    assert.match(await refusal(announce(bad, 1)), /^400 name: /, bad);
  }
  const upload = await announced(ann, "a", 1000);
  assert.match(
    await refusal(msg("look", { file: upload })),
    /^409 file: .* got 0 of its 1000 bytes; send the others first$/,
  );
  for (let i = 0; i < 2; i++) await announced(ann, `${i}`, 1000);
  assert.match(
    await refusal(announce("d", 1)),
    /^403 size: all files may have 3000 bytes together, and there is no room/,
  );
  assert.equal((await ask(chat.port, `/uploads/${upload}`, "DELETE")).status, 200);
  assert.equal((await ask(chat.port, `/uploads/${upload}`, "HEAD")).status, 404);
  for (let i = 0; i < 4; i++) { // of what is cancelled only the bytes that have come count
    const another = await announced(ann, `${i}`, 1000);
    assert.equal((await put(chat.port, another, bytesOf(999))).status, 200);
    await ask(chat.port, `/uploads/${another}`, "DELETE");
  }
  assert.match(await refusal(announce("e", 1)), /^403 size: 5000 bytes of files from your network are taken in a day/);
  await using without = await start();
  const bob = await modern(without, "bob");
  await bob.say(announce("a", 1), msg("look", { file: upload }));
  for (const { response, error } of await bob.hearAll(2)) {
    assert.deepEqual([response, error], [403, "upload: files are not taken here, so send a link or a text instead"]);
  }
  assert.equal((await ask(await without.web(), `/files/${upload}`)).status, 404);
});

on("what claims to be a picture and is none is a download, and so is one that can run something", async (folder) => {
  await using chat = await start({ files: { folder } });
  const ann = await modern(chat, "ann"), bob = await modern(chat, "bob"), encoder = new TextEncoder();
  const files: [name: string, bytes: Uint8Array<ArrayBuffer>][] = [
    ["cat.png", encoder.encode("<!doctype html><script>alert(1)</script>")],
    [
      "cat.svg",
      encoder.encode('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'),
    ],
    ["cat.gif", encoder.encode("GIF89a")],
    ["page.html", PNG.slice(0, 20)],
  ];
  for (const [name, bytes] of files) {
    await ann.sayOk(msg("", { file: await uploaded(chat, ann, name, bytes) }));
    const { file } = await bob.hear(), { headers } = await ask(chat.port, pathOf(file));
    assert.deepEqual([file.type, "width" in file], ["application/octet-stream", false], name);
    assert.equal(headers.get("content-type"), "application/octet-stream");
    assert.match(headers.get("content-disposition")!, /^attachment; /);
  }
});

on("a picture with a page in it is a picture, and nothing in it runs", async (folder) => {
  await using chat = await start({ files: { folder } });
  const ann = await modern(chat, "ann"), bob = await modern(chat, "bob"), encoder = new TextEncoder();
  const page = encoder.encode("<!doctype html><script>alert(1)</script>");
  const gif = encoder.encode("GIF89a\x03\x00\x02\x00\x00\x00\x00");
  for (const [name, begins, type] of [["cat.html", gif, "image/gif"], [".htaccess", PNG, "image/png"]] as const) {
    const bytes = new Uint8Array([...begins, ...page]);
    await ann.sayOk(msg("", { file: await uploaded(chat, ann, name, bytes) }));
    const { file } = await bob.hear(), { headers } = await ask(chat.port, pathOf(file));
    assert.deepEqual([file.type, headers.get("content-type")], [type, type]);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("content-security-policy"), "default-src 'none'; sandbox; frame-ancestors 'none'");
    assert.equal(headers.get("cache-control"), "private, no-cache");
    assert.equal(headers.get("referrer-policy"), "no-referrer");
  }
});

on("requests that could be read in two ways are refused, and no second one is read behind a body", async (folder) => {
  await using chat = await start({ files: { folder } });
  const ann = await modern(chat, "ann"), ports = [chat.port, await chat.web()];
  const hidden = "GET /uploads/hidden HTTP/1.1\r\nHost: x\r\n\r\n";
  for (const port of ports) {
    const upload = await announced(ann, "a", 5), line = `PUT /uploads/${upload} HTTP/1.1`;
    for (
      const [status, ...headers] of [
        [400, "Content-Length: 5", "Content-Length: 6"],
        [400, "Content-Length: 5", "Transfer-Encoding: chunked"],
        [400, "Content-Length: +5"],
        [411, "Transfer-Encoding: chunked"],
        [413, "Content-Length: 99999999999999999999"],
        [417, "Content-Length: 5", "Expect: tea"],
        [409, "Content-Length: 5", "Upload-Offset: 1"],
        [409, "Content-Length: 5", "Upload-Offset: 1e0"],
        [201, "Content-Length: 5", "Expect: 100-continue"],
      ] as const
    ) {
      const text = await typed(port, [line, "Host: x", ...headers, "", `hello${hidden}`].join("\r\n"));
      const answers = [...text.matchAll(/^HTTP\/1\.1 (\d+) /gm)].map(([, code]) => Number(code));
      assert.deepEqual(answers, headers.at(-1) === "Expect: 100-continue" ? [100, status] : [status], `${headers}`);
    }
    await ann.sayOk(msg("", { file: upload }));
  }
});

/** What is answered to a request as it is typed, up to the end of the stream. */
async function typed(port: number, text: string): Promise<string> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  await conn.write(new TextEncoder().encode(text));
  await conn.closeWrite();
  return await new Response(conn.readable).text();
}

on("an upload that stops midway goes on from where it stopped, also behind a restart", async (folder) => {
  const bytes = bytesOf(300_000), store = embeddedStore();
  let upload = "";
  {
    await using chat = await start({ files: { folder }, store });
    const ann = await modern(chat, "ann");
    upload = await announced(ann, "big.bin", bytes.length, { sha256: sha256(bytes) });
    await putPart(chat.port, upload, bytes.subarray(0, 100_000), bytes.length);
    const offset = async () =>
      Number((await ask(chat.port, `/uploads/${upload}`, "HEAD")).headers.get("upload-offset"));
    await until("the bytes that were sent", async () => await offset() === 100_000);
    const wrong = await put(chat.port, upload, bytes.slice(5), 5);
    assert.deepEqual([wrong.status, wrong.headers.get("upload-offset")], [409, "100000"]);
    assert.equal((await put(chat.port, upload, bytes, 100_000)).status, 413);
    const part = await put(chat.port, upload, bytes.slice(100_000, 200_000), 100_000);
    assert.deepEqual([part.status, part.text.trim()], [200, "200000 of 300000 bytes have come; send the others"]);
  }
  await using chat = await start({ files: { folder }, store });
  const ann = await modern(chat, "ann"), bob = await modern(chat, "bob");
  assert.equal((await put(chat.port, upload, bytes.slice(200_000), 200_000)).status, 201);
  await ann.sayOk(msg("", { file: upload }));
  const { file } = await bob.hear();
  assert.equal(sha256((await ask(chat.port, pathOf(file))).bytes), sha256(bytes));
});

on("bytes of another sum than announced are refused, and can be sent again", async (folder) => {
  await using chat = await start({ files: { folder } });
  const ann = await modern(chat, "ann"), bytes = bytesOf(1000);
  const upload = await announced(ann, "a.bin", bytes.length, { sha256: sha256(bytes) });
  const wrong = await put(chat.port, upload, bytes.slice().fill(7, 500));
  assert.deepEqual([wrong.status, wrong.headers.get("upload-offset")], [422, "0"]);
  await ann.say(msg("", { file: upload }));
  assert.equal((await ann.hear()).response, 409);
  assert.equal((await put(chat.port, upload, bytes)).status, 201);
  assert.equal((await put(chat.port, upload, bytes)).status, 201, "it is whole already");
  await ann.sayOk(msg("", { file: upload }));
});

on("requests that are none of a file are answered as before, and one that is odd is refused", async (folder) => {
  await using chat = await start({ files: { folder } });
  const web = await chat.web(), ann = await modern(chat, "ann"), upload = await announced(ann, "a", 5);
  for (const port of [chat.port, web]) {
    assert.equal((await ask(port, "/files/short")).status, 404);
    assert.equal(
      (await ask(port, `/uploads/${upload}`, "POST", bytesOf(5)).catch(() => ({ status: 405 }))).status % 100,
      5,
    );
    assert.equal((await put(port, "x".repeat(43), bytesOf(5))).status, 404);
  }
  assert.equal((await ask(web, "/")).status, 200);
  await ann.sayOk(msg("still here"));
});

Deno.test(
  "two servers of a chat tell their clients of a file, each with its own link",
  { ignore: cannot },
  async () => {
    using folder = makeFolder();
    await using servers = await startServers(2, { files: { folder: `${folder.path}/files` } });
    const one = servers.all[0]!, two = servers.all[1]!;
    const ann = await modern(one, "ann"), bob = await modern(two, "bob"), plain = await two.join("plain");
    await ann.sayOk(msg("look", { file: await uploaded(one, ann, "cat.png", PNG) }));
    const { file } = await bob.hear(), { message } = await plain.hear();
    assert.equal(message, `look\n\u{1F4CE} cat.png (70 B) http://127.0.0.1:${two.port}${pathOf(file)}`);
    assert.equal(sha256((await ask(two.port, pathOf(file))).bytes), sha256(PNG));
  },
);

on("many uploads at once are whole, while others talk", async (folder) => {
  await using chat = await start({ files: { folder } });
  const ann = await modern(chat, "ann"), bob = await modern(chat, "bob"), bytes = bytesOf(MIB / 4);
  const uploads = [];
  for (let i = 0; i < 40; i++) uploads.push(await announced(ann, `${i}.bin`, bytes.length));
  const all = Promise.all(uploads.map((upload) => put(chat.port, upload, bytes)));
  await bob.sayOk(msg("meanwhile"));
  assert.deepEqual(new Set((await all).map(({ status }) => status)), new Set([201]));
  await ann.expect({ message: "meanwhile" });
});

on("while the folder cannot be read, each port says so, and the log in one line a minute", async (folder) => {
  const note = `${folder}/uploads/${"a".repeat(43)}.json`;
  await Deno.mkdir(note, { recursive: true }); // a folder where a file is read
  await using chat = await start({ files: { folder }, logged: true });
  const ports = [chat.port, await chat.web()];
  const lines = () => chat.log().filter((line) => line.includes("Cannot read the folder of files")).length;
  for (const path of [`/files/${"a".repeat(43)}`, `/uploads/${"a".repeat(43)}`]) {
    for (const port of ports) {
      const { status, text } = await ask(port, path);
      assert.deepEqual([status, text], [503, "The server cannot write or read its files just now; try again later\n"]);
    }
  }
  assert.equal((await put(chat.port, "a".repeat(43), bytesOf(300_000))).status, 503);
  assert.equal(lines(), 1);
  chat.pass(60_000);
  chat.maintenance();
  await (await chat.join("ann")).sayOk({ action: "probe", time: 1 }); // the server has had its round
  await ask(chat.port, "/files/x");
  await until("another line", () => lines() === 2);
  await Deno.remove(note);
  assert.equal((await ask(chat.port, `/files/${"a".repeat(43)}`)).status, 404);
});
