// What is wrong with a broker, its stream, or a login costs one line, in English and in Russian.

import assert from "node:assert/strict";
import { nkeys } from "@nats-io/nats-core";
import { DiscardPolicy, type StreamConfig } from "@nats-io/jetstream";
import { JournalRefused } from "../../../../server/journal/failure.ts";
import { readAuthorities, readCredentials } from "../../../../server/journal/nats/credentials.ts";
import { LEAST_PAYLOAD } from "../../../../server/journal/nats/stream.ts";
import { makeFolder } from "../../../log/folder.ts";
import { may } from "../../../may.ts";
import { hasBroker, startBroker } from "../../../nats_server.ts";
import { pathOf, pem } from "../../net/tls/certificates.ts";
import { withManager } from "./manager.ts";
import { Member, type MemberOptions } from "./member.ts";

const ignore = !hasBroker;

/** Expects that the log cannot be opened, and for this reason. */
async function refuses(url: string, english: RegExp, options: MemberOptions = {}): Promise<void> {
  try {
    await using _ = await Member.open(url, options);
  } catch (error) {
    assert.ok(error instanceof JournalRefused, String(error));
    assert.match(error.texts.en, english);
    assert.match(error.texts.ru, /[а-я]{4}/);
    assert.ok(!error.message.includes("\n"), error.message);
    return;
  }
  assert.fail(`expected to be refused: ${english}`);
}

/** A program at a port that says this to each connection, and closes none. */
function say(text: string): AsyncDisposable & { readonly url: string } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 }), connections: Deno.TcpConn[] = [];
  const accepting = (async () => {
    for await (const connection of listener) {
      connections.push(connection);
      await connection.write(new TextEncoder().encode(text));
    }
  })();
  return {
    url: `nats://127.0.0.1:${listener.addr.port}`,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      for (const connection of connections) connection.close();
    },
  };
}

/** A broker of a version that is not at hand. */
function claim(info: Record<string, unknown>): ReturnType<typeof say> {
  return say(hello(info));
}

/** What a broker says first, and to the first ping. */
function hello(info: Record<string, unknown>): string {
  const common = { server_id: "id", proto: 1, headers: true, max_payload: 1_048_576, jetstream: true };
  return `INFO ${JSON.stringify({ ...common, ...info })}\r\nPONG\r\n`;
}

Deno.test("a broker that is absent, silent or none is refused", { ignore: !may("net") }, async () => {
  const gone = say("");
  await gone[Symbol.asyncDispose]();
  await refuses(gone.url, /^Cannot reach the broker nats:\/\/127\.0\.0\.1:\d+: nothing is running there/);
  await using silent = say("");
  await refuses(silent.url, /^Cannot reach the broker \S+: it does not answer$/);
  for (const text of ["HTTP/1.1 400 Bad Request\r\n\r\n", '{"ok":true}\n', "INFO {broken\r\n"]) {
    await using other = say(text);
    await refuses(other.url, /^Cannot use the broker \S+: another program is there, which does not speak NATS$/);
  }
});

Deno.test("a proxy without a broker behind it is told from another program", { ignore: !may("net") }, async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const closing = listener.accept().then((connection) => connection.close());
  await refuses(
    `nats://127.0.0.1:${listener.addr.port}`,
    /^Cannot reach the broker \S+: (the connection is closed at once, as by a proxy|Connection reset)/,
  );
  await closing;
  listener.close();
});

Deno.test("a broker that closes the connection at the start is not waited for", { ignore: !may("net") }, async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const closing = (async () => {
    const connection = await listener.accept(), heard = new Uint8Array(4096);
    await connection.write(new TextEncoder().encode(hello({ version: "2.9.10" })));
    for (let text = ""; !text.includes("SUB ");) {
      text += new TextDecoder().decode(heard.subarray(0, (await connection.read(heard))!));
    }
    connection.close();
  })();
  await refuses(
    `nats://127.0.0.1:${listener.addr.port}`,
    /^Cannot use the broker: the connection was lost at the start$/,
  );
  await closing;
  listener.close();
});

Deno.test(
  "a broker that is too old is refused, with several replicas a little sooner",
  { ignore: !may("net") },
  async () => {
    await using old = claim({ version: "2.8.4" });
    await refuses(old.url, /it is nats-server 2\.8\.4, expected 2\.9 or newer$/);
    await using debian = claim({ version: "2.9.10" });
    await refuses(debian.url, /nats-server 2\.9\.10 may double messages of a stream with 3 replicas, expected 2\.10/, {
      replicas: 3,
    });
  },
);

Deno.test("a broker without JetStream is refused, and one with a tiny max_payload", { ignore }, async () => {
  await using bare = await startBroker({ jetStream: false });
  await refuses(bare.url, /^Cannot use the broker: it has no JetStream/);
  await using tiny = await startBroker({ config: "max_payload: 1024" });
  await refuses(tiny.url, /its max_payload is 1024 bytes, expected 4096 or more$/);
});

Deno.test("a small max_payload limits an entry, and nothing else", { ignore }, async () => {
  await using small = await startBroker({ config: "max_payload: 8192" });
  await using one = await (await Member.open(small.url)).up();
  assert.ok(one.log.maxBytes > 7000 && one.log.maxBytes < 8192 && LEAST_PAYLOAD < 8192);
  assert.equal(await one.appended("x".repeat(one.log.maxBytes)), "kept");
  assert.throws(() => one.append("x".repeat(one.log.maxBytes + 1)), /the entry is too large/);
  await small.kill();
  await small.start();
  assert.equal(await (await one.up()).appended("x".repeat(one.log.maxBytes)), "kept");
});

Deno.test("replicas need a cluster of brokers", { ignore }, async () => {
  await using broker = await startBroker();
  const { version } = await withManager(broker.url, (_, connection) => Promise.resolve(connection.info!));
  const old = /^2\.[0-9]\./.test(version);
  await refuses(broker.url, old ? /may double messages/ : /the broker is no cluster/, { replicas: 3 });
});

Deno.test(
  "a stream that is not this chat's is refused, or one that forgets, is full or was purged",
  { ignore },
  async () => {
    await using broker = await startBroker();
    const make = (chat: string, config: Partial<StreamConfig>) =>
      withManager(broker.url, (manager) =>
        manager.streams.add(
          { name: `hanita-${chat}`, subjects: [`hanita.${chat}.log.>`], ...config } as StreamConfig & { name: string },
        ));
    const described = (chat: string, format = 1) => ({ description: `Hanita, chat ${chat}, format ${format}` });
    await make("foreign", {});
    await refuses(broker.url, /^Cannot use the stream hanita-foreign: another program has created it/, {
      chat: "foreign",
    });
    await make("other", described("that"));
    await refuses(broker.url, /it belongs to the chat "that", expected "other"$/, { chat: "other" });
    await make("newer", described("newer", 7));
    await refuses(broker.url, /a newer Hanita has written it \(format 7, this one knows 1\)$/, { chat: "newer" });
    await make("aged", { ...described("aged"), max_age: 3_600_000_000_000 });
    await refuses(broker.url, /it forgets messages/, { chat: "aged" });
    await make("short", { ...described("short"), max_msgs: 100, discard: DiscardPolicy.Old });
    await refuses(broker.url, /it forgets messages/, { chat: "short" });
    await make("wide", { subjects: ["hanita.mine.>"] });
    await refuses(
      broker.url,
      /^Cannot create the stream: another one of the broker takes hanita\.mine\.log\.> already$/,
      {
        chat: "mine",
      },
    );

    await using one = await (await Member.open(broker.url)).up();
    await withManager(broker.url, (manager) => manager.streams.update("hanita-test", { max_bytes: 20_000 }));
    assert.equal(await one.appended("x".repeat(10_000)), "kept");
    await refuses(broker.url, /^Cannot use the stream hanita-test: it is full/);
    await withManager(broker.url, (manager) => manager.streams.update("hanita-test", { max_bytes: -1 }));
    await withManager(broker.url, (manager) => manager.streams.purge("hanita-test"));
    await refuses(broker.url, /^Cannot use the stream hanita-test: it was purged/);
    await using two = await (await Member.open(broker.url, { after: one.entries[0]! })).up();
    assert.deepEqual(two.events, [{ kind: "up", first: 2 }]);
  },
);

Deno.test("a login by password, token or nkey works, and a wrong one is refused", { ignore }, async () => {
  using folder = makeFolder();
  const file = `${folder.path}/auth`;
  const written = (text: string) => {
    Deno.writeTextFileSync(file, text);
    return { authenticator: readCredentials(file, "cluster") };
  };
  const pair = nkeys.createUser(), seed = new TextDecoder().decode(pair.getSeed());
  const cases = [
    [
      'authorization { user: "hanita", password: "correct horse" }',
      "# a comment\nuser: hanita\npassword: correct horse\n",
    ],
    ['authorization { token: "s3cret:word" }', "token: s3cret:word"],
    [`authorization { users: [ { nkey: "${pair.getPublicKey()}" } ] }`, `${seed}\n`],
  ] as const;
  for (const [config, text] of cases) {
    await using broker = await startBroker({ config });
    await using one = await (await Member.open(broker.url, written(text))).up();
    assert.equal(await one.appended("in"), "kept");
    await refuses(broker.url, /^Cannot use the broker \S+: it refuses the login; --broker-auth names/);
    await refuses(broker.url, /it refuses the login/, written("user: hanita\npassword: wrong"));
  }
});

Deno.test("files with no login or no certificate are refused", { ignore: !may("read", "write") }, () => {
  using folder = makeFolder();
  const file = `${folder.path}/auth`;
  for (
    const text of [
      "",
      "hanita:secret",
      "user: ann",
      "user: a\nuser: b\npassword: c",
      `S${"A".repeat(57)}`,
      "-----BEGIN NATS USER JWT-----",
    ]
  ) {
    Deno.writeTextFileSync(file, text);
    assert.throws(
      () => readCredentials(file, "cluster"),
      /^JournalRefused: Cannot use --broker-auth "[^"]*": expected the lines user: /,
    );
    assert.throws(
      () => readAuthorities(file, "cluster"),
      /^JournalRefused: Cannot use --broker-ca "[^"]*": expected certificates/,
    );
  }
  assert.throws(
    () => readCredentials(`${folder.path}/none`, "cluster"),
    /^JournalRefused: Cannot read --broker-auth .*No such file/,
  );
  assert.equal(readAuthorities(pathOf("authority.pem"), "cluster").length, 1);
});

Deno.test(
  "TLS is used where the broker or the address demands it, with an authority that is known",
  { ignore },
  async () => {
    const tls = `tls { cert_file: "${pathOf("first.pem")}", key_file: "${pathOf("first.key")}" }`;
    await using broker = await startBroker({ config: tls });
    const authorities = [pem("authority.pem")], local = `localhost:${broker.port}`;
    await refuses(
      `nats://${local}`,
      /^Cannot use the broker nats:\/\/localhost:\d+: its certificate is not trusted \(.*\); --broker-ca/,
    );
    for (const scheme of ["nats", "tls"]) {
      await using one = await (await Member.open(`${scheme}://${local}`, { authorities })).up();
      assert.equal(await one.appended("encrypted"), "kept");
    }
    await using plain = await startBroker();
    await refuses(plain.url, /it has no TLS, which tls:\/\/ and --broker-ca demand$/, { authorities });
    await refuses(plain.url.replace("nats", "tls"), /it has no TLS/);
  },
);

Deno.test("a server needs few rights, and says which one it lacks", { ignore }, async () => {
  const allowed = [
    "hanita.test.>",
    "$JS.API.STREAM.INFO.hanita-test",
    "$JS.API.STREAM.CREATE.hanita-test",
    "$JS.API.STREAM.PURGE.hanita-test",
    "$JS.API.CONSUMER.CREATE.hanita-test",
    "$JS.API.CONSUMER.CREATE.hanita-test.>",
    "$JS.FC.hanita-test.>",
  ];
  const config = (publish: string[], subscribe: string[]) =>
    `authorization { users: [ { user: a, password: b, permissions: { publish: ${JSON.stringify(publish)}, subscribe: ${
      JSON.stringify(subscribe)
    } } } ] }`;
  const authenticator = () => ({ user: "a", pass: "b" }), subscribed = ["hanita.test.>", "_INBOX.>"];
  await using broker = await startBroker({ config: config(allowed, subscribed) });
  {
    await using one = await (await Member.open(broker.url, { authenticator })).up();
    assert.equal(await one.appended("a"), "kept");
    assert.equal(await one.appended("b"), "kept");
    one.log.purge(2);
    await broker.kill();
    await broker.start();
    assert.equal(await (await one.up()).appended("c"), "kept");
  }
  for (const missing of ["$JS.API.STREAM.INFO.hanita-test", "$JS.API.CONSUMER.CREATE.hanita-test"]) {
    await broker.kill();
    await broker.start({ config: config(allowed.filter((each) => each !== missing), subscribed) });
    await refuses(broker.url, new RegExp(`lacks the right of publish to ${missing.replaceAll("$", "\\$")}`), {
      authenticator,
    });
  }
  await broker.kill();
  await broker.start({ config: config(allowed, ["_INBOX.>"]) });
  await refuses(broker.url, /lacks the right of subscription to hanita\.test\.peer\.all\.>/, { authenticator });
});
