// The configuration of nginx in docs/running.md, run by nginx itself: through it nobody sees what others say, and a client
// counts by its own address.

import assert from "node:assert/strict";
import { memoryStore } from "../chat/store.ts";
import { authenticate, cheaply, PASSWORD } from "../chat/accounts.ts";
import { connectFrom } from "../chat/from.ts";
import { frame, openRaw, type RawPage, UPGRADE } from "../chat/page.ts";
import { type Peer, peerOf } from "../chat/peer.ts";
import { type Chat, start } from "../chat/start.ts";
import { announced, ask, pathOf as filePathOf, put, sha256 } from "../chat/uploading.ts";
import { within } from "../chat/within.ts";
import { makeFolder } from "../log/folder.ts";
import { has, may } from "../may.ts";
import { ownPorts } from "../own_port.ts";
import { connectTls, pathOf } from "../server/net/tls/certificates.ts";
import { inspect, TOKEN } from "../token.ts";
import { browse, cannot as cannotBrowse } from "../web/browser.ts";

const STREAM = "/usr/lib/nginx/modules/ngx_stream_module.so";
const cannot = !may("net", "read", "write") || !has("nginx", "-v");
/** Debian has the half for the chat's port in a package of its own. */
const cannotStream = cannot || !isFile(STREAM);
const OP = "127.0.0.2", EVE = "127.0.0.5", ANN = "127.0.0.6", BOB = "127.0.0.7";
const TEXT = 1, MIB = 1 << 20;
/** What is shown to inspect, and what is answered. */
const ATTEMPTS = [[undefined, 403], ["a guess", 401], [TOKEN, 200]] as const;

interface Nginx extends AsyncDisposable {
  readonly web: number;
  readonly chat: number;
}

/** Runs nginx until its input ends, so that it does not outlive the test, however that ends. Its own end is the shell's too. */
const TIED = `(nginx "$@"; kill $$) & read -r _; kill "$(cat nginx.pid)"; wait`;

/** Runs nginx as the document says, with these ports in the place of the document's; with encryption, if it is asked for. */
async function nginx(chat: Chat, encryption?: "ssl"): Promise<Nginx> {
  const folder = await Deno.makeTempDir({ prefix: "hanita-nginx-" });
  const page = await chat.web(), [webPort, chatPort] = ownPorts(2), ports = { web: webPort!, chat: chatPort! };
  const ssl = encryption === undefined
    ? ";"
    : ` ssl; ssl_certificate ${pathOf("first.pem")}; ssl_certificate_key ${pathOf("first.key")};`;
  const whole = configuration();
  await Deno.writeTextFile(
    `${folder}/nginx.conf`,
    filled(cannotStream ? whole.replace(/^load_module .*\n/m, "").replace(/^stream \{$[^]*?^\}$/m, "") : whole, {
      "listen 80;": `listen 127.0.0.1:${ports.web}${ssl}`,
      "server 127.0.0.1:8080;": `server 127.0.0.1:${page};`,
      ...cannotStream ? {} : {
        "listen 7777;": `listen 127.0.0.1:${ports.chat}${ssl}`,
        "127.0.0.1:7778;": `127.0.0.1:${chat.port};`,
      },
      // What is not about the chat: it is not root's, and writes nowhere else.
      "http {": `http { access_log off; ${
        ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((of) => `${of}_temp_path ${of};`).join(" ")
      }`,
    }),
  );
  const words = ["-e", "stderr", "-p", folder, "-c", "nginx.conf", "-g", "daemon off; pid nginx.pid;"];
  const child = new Deno.Command("sh", {
    args: ["-c", TIED, "sh", ...words],
    cwd: folder,
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const said = new Response(child.stderr).text();
  let over = false;
  child.status.then(() => over = true);
  await within("nginx to listen", listens());
  return {
    ...ports,
    async [Symbol.asyncDispose]() {
      await child.stdin.close();
      await child.status;
      await said;
      await Deno.remove(folder, { recursive: true });
    },
  };

  async function listens(): Promise<void> {
    for (const port of cannotStream ? [ports.web] : [ports.web, ports.chat]) {
      for (;;) {
        if (over) throw new Error(`nginx has ended: ${await said}`);
        try {
          (await connectFrom(OP, port)).close();
          break;
        } catch (error) {
          if ((error as { code?: string }).code !== "ECONNREFUSED") throw error;
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      }
    }
  }
}

/** The one in the document. */
function configuration(): string {
  const text = Deno.readTextFileSync(new URL("../../docs/running.md", import.meta.url));
  return /^```nginx\n(.*?)^```$/ms.exec(text)![1]!;
}

function filled(text: string, places: Record<string, string>): string {
  for (const [place, filling] of Object.entries(places)) {
    assert.equal(text.split(place).length, 2, `docs/running.md says ${place} once`);
    text = text.replace(place, () => filling);
  }
  return text;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false; // or may not be looked at
  }
}

const presence = (name: string) => ({ action: "presence", time: 1, user: { account_name: name, status: "" } });

/** A line speaker at an address, through the proxy. */
async function speaker(address: string, port: number): Promise<Peer> {
  return peerOf(await connectFrom(address, port), {});
}

/** A page at an address, through the proxy, of which nothing has been heard. */
async function asPage(address: string, port: number, object: object, headers: readonly string[] = []) {
  const raw = await openRaw(port, [...UPGRADE, `Origin: http://127.0.0.1:${port}`, ...headers], undefined, address);
  assert.match(raw.head, /^HTTP\/1\.1 101 /);
  await raw.send(frame(TEXT, JSON.stringify(object)));
  return raw;
}

/** A page that is in. */
async function openPage(address: string, port: number): Promise<RawPage> {
  const raw = await asPage(address, port, presence("page"));
  assert.equal(JSON.parse((await raw.hear()).text).response, 200);
  return raw;
}

/** What is answered to a page. */
async function pageSays(address: string, port: number, object: object, ...headers: string[]): Promise<number> {
  using raw = await asPage(address, port, object, headers);
  return JSON.parse((await raw.hear()).text).response;
}

async function startBehind(more: Parameters<typeof start>[0] = {}): Promise<Chat> {
  const store = memoryStore();
  store.putAccount({ name: "op", password: await cheaply(PASSWORD), operator: true, seen: 0 });
  return await start({ store, trustProxy: "127.0.0.1", logged: true, ...more });
}

Deno.test("through nginx nobody inspects or reads /metrics without the token, and the page is served", {
  ignore: cannot,
}, async () => {
  await using chat = await startBehind();
  await using proxy = await nginx(chat);
  for (const [token, response] of ATTEMPTS) {
    assert.equal(await pageSays(EVE, proxy.web, { ...inspect, token }), response);
    for (const pretence of ["X-Forwarded-For: 127.0.0.1", "X-Real-IP: 127.0.0.1", "Forwarded: for=127.0.0.1"]) {
      assert.equal(await pageSays(EVE, proxy.web, { ...inspect, token }, pretence), response);
    }
  }
  const get = async (path: string, headers = {}) => {
    const answer = await fetch(`http://127.0.0.1:${proxy.web}${path}`, { headers });
    return { status: answer.status, text: await answer.text() };
  };
  for (const headers of [{}, { authorization: "Bearer a-guess" }, { "x-forwarded-for": "127.0.0.1" }]) {
    assert.equal((await get("/metrics", headers)).status, 403);
  }
  assert.match((await get("/metrics", { authorization: `Bearer ${TOKEN}` })).text, /^hanita_deliveries_total /m);
  assert.equal((await get("/healthz")).text, "ok\n");
  for (const path of ["/", "/class"]) assert.match((await get(path)).text, /^<!doctype html>/i);
});

Deno.test("through nginx files go up and down whole, on both ports", {
  ignore: cannot,
}, async () => {
  using folder = makeFolder();
  await using chat = await startBehind({ files: { folder: `${folder.path}/files`, limit: 16 * MIB } });
  await using proxy = await nginx(chat);
  const ann = await chat.connect(), bytes = new Uint8Array(3 * MIB).fill(7), ports = [proxy.web];
  if (!cannotStream) ports.push(proxy.chat);
  await ann.enter("ann", { features: ["files"] });
  for (const port of ports) {
    const upload = await announced(ann, "big.bin", bytes.length);
    assert.equal((await put(port, upload, bytes.slice(0, 2 * MIB), 0)).status, 200);
    assert.equal((await put(port, upload, bytes.slice(2 * MIB), 2 * MIB)).status, 201);
    const { file } = await ann.sayOk({ action: "msg", time: 1, to: "#all", message: "", file: upload });
    assert.equal(sha256((await ask(port, filePathOf(file))).bytes), sha256(bytes));
  }
});

Deno.test("through nginx pages of the document's server_name may chat, and those of another site may not", {
  ignore: cannot,
}, async () => {
  await using chat = await startBehind();
  await using proxy = await nginx(chat);
  const [, host] = /server_name (\S+);/.exec(configuration())!;
  for (const [origin, status] of [[host, 101], ["elsewhere.example.org", 403]]) {
    using raw = await openRaw(proxy.web, [...UPGRADE, `Origin: http://${origin}`], host);
    assert.match(raw.head, new RegExp(`^HTTP/1\\.1 ${status} `));
  }
});

Deno.test("through nginx that encrypts, a page and a program chat", { ignore: cannotStream }, async () => {
  await using chat = await startBehind();
  await using proxy = await nginx(chat, "ssl");
  using page = await connectTls(proxy.web), program = peerOf(await connectTls(proxy.chat), {});
  const [, host] = /server_name (\S+);/.exec(configuration())!;
  const request = ["GET /jim HTTP/1.1", `Host: ${host}`, `Origin: https://${host}`, ...UPGRADE, "\r\n"].join("\r\n");
  await page.write(new TextEncoder().encode(request));
  const head = new Uint8Array(1024);
  assert.match(new TextDecoder().decode(head.subarray(0, await page.read(head) ?? 0)), /^HTTP\/1\.1 101 /);
  await program.enter("program");
});

Deno.test("through nginx a page counts by its own address: for a ban, for --per-address, in the log", {
  ignore: cannot,
}, async () => {
  await using chat = await startBehind({ perAddress: 2 });
  await using proxy = await nginx(chat);
  const op = await chat.login("op");
  using _one = await openPage(EVE, proxy.web), _two = await openPage(EVE, proxy.web);
  assert.equal(await pageSays(EVE, proxy.web, presence("three")), 403);
  assert.equal(await pageSays(EVE, proxy.web, presence("three"), `X-Forwarded-For: ${BOB}`), 403);
  assert.equal(await pageSays(ANN, proxy.web, presence("four")), 200);
  await op.sayOk({ action: "ban", time: 1, address: ANN });
  assert.equal(await pageSays(ANN, proxy.web, presence("ann")), 403);
  assert.equal(await pageSays(ANN, proxy.web, presence("ann"), `X-Forwarded-For: ${BOB}`), 403);
  assert.equal(await pageSays(BOB, proxy.web, presence("bob"), `X-Forwarded-For: ${ANN}`), 200);
  for (const host of [EVE, ANN, BOB]) await chat.logged(new RegExp(`onAccepted ${host}:\\d+ connected`));
});

Deno.test("through nginx nobody inspects over TCP without the token", { ignore: cannotStream }, async () => {
  await using chat = await startBehind();
  await using proxy = await nginx(chat);
  using eve = await speaker(EVE, proxy.chat);
  for (const [token, response] of ATTEMPTS) {
    await eve.say({ ...inspect, token });
    await eve.expect({ response });
  }
});

Deno.test("through nginx a program counts by its own address: for a ban, for --per-address, in log and trace", {
  ignore: cannotStream,
}, async () => {
  await using chat = await startBehind({ perAddress: 2 });
  await using proxy = await nginx(chat);
  using teacher = await speaker(OP, proxy.chat), op = await speaker(OP, proxy.chat);
  await op.sayOk(authenticate("op"));
  await teacher.sayOk(inspect);
  await teacher.expect({ way: "here", name: "op" });
  using one = await speaker(EVE, proxy.chat), two = await speaker(EVE, proxy.chat);
  await one.enter("one");
  await two.enter("two");
  const address = `${EVE}:${one.port}`;
  while ((await teacher.hear()).address !== address);
  await chat.logged(new RegExp(`onAccepted ${address} connected`));
  using three = await speaker(EVE, proxy.chat);
  const { error } = await three.expect({ response: 403 });
  assert.match(error, /^There are 2 connections from 127\.0\.0\.5 already/);
  using ann = await speaker(ANN, proxy.chat), onPage = await openPage(ANN, proxy.web);
  await ann.enter("ann");
  await op.sayOk({ action: "ban", time: 1, address: ANN });
  await ann.expect({ response: 403 });
  await ann.expectEnd();
  while (JSON.parse((await onPage.hear()).text).response !== 403);
  using again = await speaker(ANN, proxy.chat);
  await again.say(presence("ann"));
  await again.expect({ response: 403 });
  await one.silence();
  for (const line of chat.log()) assert.doesNotMatch(line, /onAccepted 127\.0\.0\.1:/, "that is the proxy's");
});

Deno.test("through nginx the class opens by its address, and asks for a login where there is no token", {
  ignore: cannot || cannotBrowse,
}, async () => {
  await using chat = await startBehind();
  await using proxy = await nginx(chat);
  await using browser = await browse();
  const url = `http://127.0.0.1:${proxy.web}/class`;
  const teacher = await browser.open(`${url}#token=${TOKEN}`);
  await teacher.page.getByText("Nobody is here yet.").waitFor(); // from then on the other page is
  const other = await browser.open(url);
  await other.page.getByLabel("Password").waitFor();
  await chat.join("ann");
  await teacher.page.getByRole("button", { name: /^ann/ }).waitFor();
  assert.equal(await other.page.getByRole("button", { name: /^ann/ }).count(), 0);
});
