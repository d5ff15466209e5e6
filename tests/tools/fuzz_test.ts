import assert from "node:assert/strict";
import { Framer } from "../../jim/mod.ts";
import { concat, malformedInput } from "../../tools/fuzz/malformed_input.ts";
import { MAX_MUTATED, mutated, RESYNC } from "../../tools/fuzz/mutate.ts";
import { random } from "../../tools/fuzz/random.ts";
import { makeFolder } from "../log/folder.ts";
import { may } from "../may.ts";
import { agreeable } from "./naive.ts";
import { task, tool } from "./task.ts";

const ignore = !may("run", "net");

Deno.test("fuzz finds no fault in Hanita in a second", { ignore }, async () => {
  const { code, out } = await task("fuzz", "--seconds", "1", "--seed", "1");
  assert.match(out, /\nno fault\n$/);
  assert.match(out, / 0 lost, 0 doubled, 0 out of order, 0 refused/);
  assert.equal(code, 0);
});

Deno.test(
  "fuzz names the input and how to send it again when a server takes what it must refuse",
  { ignore },
  async () => {
    await using server = agreeable();
    // One case: the first fault ends a run, and which kind is first depends on the machine.
    const { code, out } = await task("fuzz", "--only", "lines:1", "--seed", "7", "--port", String(server.port));
    assert.equal(code, 1);
    assert.match(out, /^seed 7\n/);
    assert.match(
      out,
      /\nlines:\d+: expected refusals, 4xx, got \{"response":200\} to input \d+, .*\n {2}replay: --only lines:\d+\n {2}input, /,
    );
    assert.match(out, /\n {2}text ".*\n {2}hex {2}[0-9a-f]+\n/);
  },
);

/** A checkout with a server that agrees to all, relays what it is told as it is, and ends when somebody is banned for long. */
const FAKE = {
  "deno.json": `{
    "tasks": { "server": "deno run -q --no-prompt -P=server server.ts" },
    "permissions": { "server": { "net": ["127.0.0.1"] }, "account": {} }
  }`,
  "tools/account.ts": `await new Response(Deno.stdin.readable).text();`,
  "server.ts": `
    if (Deno.args.includes("--help")) console.log("--web --web-port");
    else {
      const listen = () => Deno.listen({ hostname: "127.0.0.1", port: 0 });
      const chat = listen(), web = listen(), conns = new Set();
      console.log("listening on 127.0.0.1:" + chat.addr.port);
      console.log("page on http://localhost:" + web.addr.port + "/");
      Deno.addSignalListener("SIGTERM", () => Deno.exit(0));
      const say = (conn, object) => conn.write(new TextEncoder().encode(JSON.stringify(object) + "\\n")).catch(() => {});
      (async () => {
        for await (const conn of web) await conn.write(new TextEncoder().encode("HTTP/1.1 200 OK\\r\\n\\r\\n")), conn.close();
      })();
      for await (const conn of chat) {
        conns.add(conn);
        (async () => {
          let rest = "";
          for await (const text of conn.readable.pipeThrough(new TextDecoderStream())) {
            const lines = (rest + text).split("\\n");
            rest = lines.pop();
            for (const line of lines) {
              const said = JSON.parse(line);
              if (said.until > 1e12 && said.user_id !== "numbers") Deno.exit(3);
              if (said.action === "msg") for (const each of conns) say(each, { ...said, from: "x" });
              say(conn, said.action === "history" ? { response: 202, quantity: 0 } : { response: 200 });
            }
          }
        })().catch(() => {}).finally(() => conns.delete(conn));
      }
    }`,
};

Deno.test("fuzz --server finds times that break a page and a server's end, and says how to see them again", {
  ignore: ignore || !may("write"),
}, async () => {
  using folder = makeFolder();
  Deno.mkdirSync(`${folder.path}/tools`);
  for (const [name, text] of Object.entries(FAKE)) Deno.writeTextFileSync(`${folder.path}/${name}`, text);
  const words = ["--server", folder.path, "--seconds", "1", "--seed", "5", "--only"];
  const [numbers, bans] = await Promise.all(["numbers", "bans"].map((only) => task("fuzz", ...words, only)));
  assert.equal(numbers!.code, 1, numbers!.err);
  assert.match(
    numbers!.out,
    /\nnumbers: saw a bystander was told the time 8640000000001 \(and \d+ more of the kind\); expected .*; --seed 5 --only numbers\n/,
  );
  assert.equal(bans!.code, 1, bans!.err);
  assert.match(
    bans!.out,
    /\nbans: saw the server's end, status 3: .*; expected a server that stays up; --seed 5 --only bans\n/,
  );
});

Deno.test("fuzz --server says in one line that there is no checkout", { ignore }, async () => {
  for (const dir of ["/nowhere", "docs", "README.md"]) {
    const { code, err } = await task("fuzz", "--server", dir);
    assert.equal(
      err,
      `hanita-fuzz: --server: Cannot use ${dir}: expected the folder of a checkout, with server.ts and deno.json\n`,
    );
    assert.equal(code, 2);
  }
});

Deno.test("fuzz --server names the permission that it lacks", { ignore }, async () => {
  using folder = makeFolder();
  const { code, err } = await tool("fuzz", "./data", "--server", folder.path);
  const line = `Cannot read ${folder.path}/deno.json: not permitted, add --allow-read=${folder.path} after -P=fuzz`;
  assert.equal(err, `hanita-fuzz: --server: ${line}\n`);
  assert.equal(code, 2);
});

Deno.test("fuzz lists the kinds of cases where --only names another", { ignore }, async () => {
  const { code, err } = await task("fuzz", "--only", "manners:1");
  assert.match(
    err,
    /^hanita-fuzz: --only: expected one of lines, bare, [^\n]+ got "manners:1" \(--help says more\)\n$/,
  );
  assert.equal(code, 2);
});

Deno.test("malformedInput and mutated give the same bytes for the same seed, and others for another", () => {
  const drawn = (seed: number) => {
    const chance = random(seed, "lines:1");
    return Array.from({ length: 200 }, () => [malformedInput(chance).bytes, mutated(chance)]);
  };
  assert.deepEqual(drawn(1), drawn(1));
  assert.notDeepEqual(drawn(1), drawn(2));
});

Deno.test("malformedInput makes no line that is only white space to a server, such as a byte order mark", () => {
  const chance = random(1, "lines:1"), encoder = new TextEncoder();
  for (let i = 0; i < 200_000; i++) {
    const { bytes, needsNewline } = malformedInput(chance);
    if (!needsNewline || bytes.length > 2) continue;
    const framer = new Framer();
    framer.push(concat(bytes, encoder.encode("\n")));
    assert.notEqual(framer.next(), undefined, bytes.join(" "));
  }
});

Deno.test("RESYNC makes the next object understood after any mutated input", () => {
  const chance = random(1, "mess"), encoder = new TextEncoder(), decoder = new TextDecoder();
  for (let i = 0; i < 5000; i++) {
    const mess = Array.from({ length: MAX_MUTATED }, () => [mutated(chance), encoder.encode("\n")]).flat();
    const framer = new Framer();
    framer.push(concat(encoder.encode("{}\n"), ...mess, RESYNC, encoder.encode('{"last":1}\n')));
    let last: string | undefined;
    for (let next = framer.next(); next !== undefined; next = framer.next()) {
      last = typeof next === "string" ? next : decoder.decode(next);
    }
    assert.equal(last, '{"last":1}', decoder.decode(concat(...mess)));
  }
});
