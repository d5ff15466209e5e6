// Every command in the documents is run here, or listed with the reason why not. Each scene is a reader who follows one
// part of them, in a data folder of its own; what is put into a command stands at `filled`.

import assert from "node:assert/strict";
import { connect } from "../chat/peer.ts";
import { authenticate, PASSWORD, register } from "../chat/accounts.ts";
import { may } from "../may.ts";
import { ownPort } from "../own_port.ts";
import { openStore } from "../chat/store.ts";
import { commandsIn, documents, samplesIn } from "./commands.ts";
import { Shell } from "./shell.ts";

const HOW = "these commands are new: run each in a scene, as a reader would, or give the reason in notRunnable";
/** Not run, with the reason. */
const notRunnable: Record<string, string> = {
  "npx -y deno@2.9.6 task test": "it runs this test",
  "deno task ok": "it runs this test",
  "bash .ci/run": "it runs this test",
  "python3 hello.py": "is run by tests/docs/first_client_test.ts",
  "deno task doctor HOST": "takes ten seconds; run by tests/tools/doctor_test.ts",
  "deno task doctor HOST [PORT]": "takes ten seconds; run by tests/tools/doctor_test.ts",
  "deno task fuzz --seconds 60": "takes a minute; run for a second by tests/tools/fuzz_test.ts",
  "deno task fuzz --server ../old-checkout --seed 7 --only lists":
    "needs an old checkout; run with one by tests/tools/fuzz_test.ts",
  "deno task stress stalled|crowd|stop": "takes minutes; run in short by tests/tools/stress_test.ts",
  "deno task compile [--target TARGET ...]":
    "fetches from Deno's site; its errors are run by tests/tools/compile_test.ts",
  "deno task compile --allow-read=/srv/chat --allow-write=/srv/chat":
    "fetches from Deno's site; its flags are checked by tests/tools/compile_test.ts",
  "deno run -P=client --allow-read=./data,PATH --allow-write=./data,PATH client.ts": "needs a path of the reader's",
  "deno task client HOST --send FILE": "needs a file of the reader's; run by tests/client/send_file_test.ts",
  "deno task bench:select": "takes minutes",
  "curl -T plan.txt http://localhost:7777/uploads/$UPLOAD":
    "needs an announced upload; one is sent by tests/chat/85_files_test.ts",
  "deno task backup backup/2026-11-29.tar": "writes into the checkout; run elsewhere by tests/tools/backup_test.ts",
  "deno task restore backup/2026-11-29.tar": "reads from the checkout; run elsewhere by tests/tools/backup_test.ts",
  "deno task package": "writes into the checkout; built elsewhere by tests/packaging/npm_test.ts",
  "npx -y hanita": "is not published yet; what it starts is run by tests/packaging/npm_test.ts",
  "npx -y hanita chat localhost -n Ann": "is not published yet; the package is run by tests/packaging/npm_test.ts",
  "npx -y ./hanita-0.1.0.tgz": "needs the package; what it starts is run by tests/packaging/npm_test.ts",
  "npx -y ./hanita-0.1.0.tgz chat localhost": "needs the package, which is run by tests/packaging/npm_test.ts",
  "npx -y ./hanita-0.1.0.tgz --help": "needs the package, which is run by tests/packaging/npm_test.ts",
  "curl -H 'Content-Type: application/json' -d '{\"text\":\"The build is done\"}' http://localhost:8080/hooks/$TOKEN":
    "needs a token; the same is posted by tests/chat/77_hooks_test.ts",
  "BOT_TOKEN=$TOKEN python3 examples/bot.py localhost 7777 '#lesson7'": "is run by tests/chat/78_bots_test.ts",
  "BOT_TOKEN=$TOKEN node examples/bot.js localhost 7777 '#lesson7'": "is run by tests/chat/78_bots_test.ts, with deno",
  "BOT_TOKEN=$TOKEN bash examples/bot.sh localhost 7777 '#lesson7'": "is run by tests/chat/78_bots_test.ts",
  "deno task export": "reads the data of the checkout; run elsewhere by tests/tools/export_test.ts",
  "deno task export --room '#all' --since 2026-11-29 --format html > lesson.html":
    "reads the data of the checkout; run elsewhere by tests/tools/export_test.ts",
  "deno task class class/7b.csv --owner teacher":
    "writes into the checkout; run elsewhere by tests/tools/class_test.ts",
  "deno task config check": "needs a file in the checkout; run with another one by tests/tools/config_test.ts",
  "deno task config show hanita.toml": "needs that file; run with another one by tests/tools/config_test.ts",
  "deno task server --config hanita.toml": "needs that file; run with another one by tests/chat/79_config_test.ts",
  "deno task bench:late": "takes ten seconds; what it measures is held by tests/chat/47_late_journal_test.ts",
  "deno task bench:page": "takes minutes, and needs a browser",
  "deno task web": "writes into the checkout; the same is built by tests/web/build_test.ts",
  "deno run -P=test tests/web/screenshots.ts": "writes pictures into the checkout",
  "deno run -P=test tests/web/feature_screenshots.ts": "the same",
  "apt install nginx libnginx-mod-stream": "is for the superuser; .ci/run does it",
  "ssh -L 8080:127.0.0.1:8080 HOST": "needs another machine",
  "ssh HOST cat hanita/data/token": "needs another machine",
  "ssh -R": "is a form, and needs another machine",
  "systemctl reload hanita": "needs systemd; the signal is sent by tests/chat/36_signals_test.ts",
  "systemctl restart hanita": "needs systemd",
  "systemctl enable --now hanita": "needs systemd; what it starts is run in a scene",
  "useradd --system --no-create-home --shell /usr/sbin/nologin hanita": "is for the superuser",
  "install -d -m 700 -o hanita /srv/hanita/data /srv/hanita/backup": "is for the superuser",
  "journalctl -u hanita": "needs systemd",
  "cd /srv/hanita": "needs the clone of a service",
  "runuser -u hanita -- env DENO_DIR=/var/cache/hanita bash": "is for the superuser",
  "deno task server --po": "is the beginning of a command; completed by tests/cli/completion_test.ts",
  "deno task compile": "fetches from Deno's site; its errors are run by tests/tools/compile_test.ts",
  "deno task torture --servers 3": "takes minutes; run in short by tests/tools/torture_test.ts",
  "deno task torture": "takes minutes; run in short by tests/tools/torture_test.ts",
  "deno task fuzz": "takes a minute; run for a second by tests/tools/fuzz_test.ts",
  "nats-server -js -sd data/broker -a 127.0.0.1":
    "takes the port of all brokers; started on another one by tests/nats_server.ts",
  "deno task cluster --broker nats://127.0.0.1:4222 --chat school":
    "needs that broker; run with one by tests/chat/61_broker_test.ts",
  "deno task cluster --broker nats://127.0.0.1:4222 --chat school --data data/second -p 7778":
    "needs that broker; run with one by tests/chat/61_broker_test.ts",
  "deno task cluster --broker nats://127.0.0.1:4222 --chat school --web --servers http://localhost:8080,http://localhost:8081":
    "needs that broker; run with one by tests/web/two_servers_test.ts",
  "deno task cluster --broker nats://127.0.0.1:4222 --chat school --data data/second -p 7778 --web --servers http://localhost:8080,http://localhost:8081 --web-port 8081":
    "needs that broker; run with one by tests/web/two_servers_test.ts",
  "deno task client localhost,localhost:7778": "needs that broker; moves are run by tests/terminal/move_test.ts",
  "deno task account add teacher --operator --broker nats://127.0.0.1:4222 --chat school":
    "needs that broker; run with one by tests/tools/account_broker_test.ts",
  "deno task account list --broker nats://127.0.0.1:4222 --chat school":
    "needs that broker; run with one by tests/tools/account_broker_test.ts",
  "docker compose -f packaging/docker/compose.yaml exec hanita deno run -q --no-config --allow-read=/data --allow-write=/data /hanita/programs/tools/account.js add teacher --operator --one-time --data /data":
    "needs Docker; the same tool is run by tests/packaging/docker_test.ts",
  "docker compose -f packaging/docker/compose.yaml exec hanita deno run -q --no-config --allow-read=/data --allow-write=/data /hanita/programs/tools/backup.js /data/backup.tar --data /data":
    "needs Docker; the same tool is run by tests/packaging/docker_test.ts",
  "docker compose -f packaging/docker/compose.yaml cp hanita:/data/backup.tar .": "needs Docker",
  "kill -9": "is a form; sent by tests/tools/torture_test.ts",
  "kill -STOP": "is a form; sent by tests/terminal/dialogue_test.ts",
};

const ignore = Deno.build.os === "windows" || !may("net", "read", "write", "run", "env") ||
  ["sh", "python3", "openssl"].some((command) =>
    Deno.permissions.querySync({ name: "run", command }).state !== "granted"
  );

const texts = may("read") ? documents() : new Map<string, string>();
const ran = new Set<string>();

/** A scene of each part of the documents. */
const scenes: Record<string, (shell: Shell) => Promise<void>> = {
  async "a student, by README.md"(shell) {
    await shell.run("deno task");
    await shell.run("deno task server --help");
    for (const name of ["bash", "zsh", "fish"]) {
      await shell.run(`deno task -q server --completion ${name} > ~/.hanita-server.${name}`);
      assert.match(Deno.readTextFileSync(shell.path(`.hanita-server.${name}`)), /^# Completion of options by /);
    }
    await shell.run("deno task account", "", 2);
    const server = await shell.serve("npx -y deno@2.9.6 task server --web");
    using peer = await connect(server.port), watcher = await connect(server.port);
    await watcher.enter("watcher", { watch: true });
    await peer.enter("peer");
    await watcher.expect({ action: "presence", state: "online" });
    const reader = await has("jq") && shell.start("deno task -q client HOST -r --json | jq .message");
    ran.add("deno task -q client HOST -r --json | jq .message");
    if (reader) await watcher.expect({ action: "presence", state: "online" });
    Deno.writeTextFileSync(shell.path("x.log"), "of a log\n");
    const follower = shell.start("tail -f x.log | deno task -q client HOST -w");
    await peer.expect({ message: "of a log" });
    await follower.stop();
    for (
      const client of [
        "npx -y deno@2.9.6 task client localhost -n Ann",
        "deno task client ADDR [PORT]",
        "deno task client HOST [PORT] [-n NAME]",
        "deno task client HOST -n teacher",
        "deno task client localhost -n Boris",
      ]
    ) {
      const { err } = await shell.run(client, "hello\n");
      assert.match(err, /^Joined /m);
      await peer.expect({ message: "hello" });
    }
    for (const pair of ["deno task pair [ADDR [PORT]]", "deno task pair"]) {
      await shell.run(pair, "in pairs\n");
      await peer.expect({ message: "in pairs" });
    }
    assert.match((await shell.run("deno task crowd N [ADDR [PORT]]")).out, / 0 lost, 0 doubled, 0 clients failed/);
    for (const readme of ["README.md", "README.ru.md"]) {
      const [typed] = samplesIn(texts.get(readme)!, readme, "json"),
        [python] = samplesIn(texts.get(readme)!, readme, "python");
      using hand = await connect(server.port);
      await hand.say(typed!.text);
      await hand.expect({ response: 200 });
      await hand.expect({ response: 200 });
      while ((await peer.hear()).message !== "typed by hand");
      if (await has("nc")) {
        const nc = shell.start("nc 127.0.0.1 7777", typed!.text);
        await nc.prints(/"response":200/);
        await nc.stop();
      }
      ran.add("nc 127.0.0.1 7777");
      const program = shell.python(python!.text, "from Python\n");
      while ((await peer.hear()).message !== "from Python");
      await peer.say({ action: "msg", time: 1, to: "#all", message: "для Python" });
      await program.prints(/^peer to #all: для Python$/m);
      await program.stop();
    }
    await shell.end(server);
    if (reader) assert.match((await reader.ended).out, /^"of a log"$/m);
  },

  async "a teacher, by docs/class.md and docs/running.md"(shell) {
    const add = (command: string) => shell.run(command, `${PASSWORD}\n`);
    await add("deno task account add teacher --operator");
    await add("deno task account add NAME --operator");
    await add("deno task account add|passwd NAME [--operator] [--one-time]");
    await add("deno task account passwd NAME");
    const { out } = await shell.run("deno task account passwd NAME --one-time");
    assert.match(out, /^password for the first login: \S{3}-\S{3}-\S{3}$/m);
    await shell.run("deno task account sessions NAME");
    await shell.run("deno task account logout NAME");
    await shell.run("deno task account demote ann");
    await shell.run("deno task account promote ann");
    assert.match((await shell.run("deno task account list")).out, /^operator {2}ann\noperator {2}teacher$/m);
    await shell.run("deno task check");
    const server = await shell.serve("deno task server --web");
    using zoe = await connect(server.port);
    await zoe.enter("zoe");
    for (
      const inspect of [
        "deno task inspect",
        "deno task inspect [HOST [PORT]]",
        "deno task inspect 192.168.1.5 --token-file FILE",
      ]
    ) {
      const running = shell.start(inspect);
      await running.prints(/"zoe"/);
      await running.stop();
    }
    using teacher = await connect(server.port);
    const orders = samplesIn(texts.get("docs/running.md")!, "docs/running.md", "json");
    const lines = orders.flatMap(({ text }) => text.trimEnd().split("\n"));
    for (const line of lines) {
      await teacher.say(line);
      const { response, quantity = 0 } = await teacher.hear();
      assert.equal(response, line.includes("bans") ? 202 : 200, line);
      await teacher.hearAll(quantity);
    }
    await zoe.expect({ response: 403, error: "An operator has put you out: spam", kicked: true });
    await shell.end(server);
  },

  async "an operator, by Encryption in docs/running.md"(shell) {
    await shell.run("install -d -m 700 data/ data/tls");
    await shell.run(
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 -subj /CN=chat " +
        "-addext subjectAltName=DNS:localhost,IP:127.0.0.1,IP:192.168.1.5 " +
        "-addext basicConstraints=critical,CA:FALSE -keyout data/tls/key.pem -out data/tls/cert.pem",
    );
    const server = await shell.serve("deno task server --tls-cert data/tls/cert.pem --tls-key data/tls/key.pem");
    await shell.run("deno task client 192.168.1.5 --tls --ca data/tls/cert.pem", "encrypted\n");
    const presence = `${JSON.stringify({ action: "presence", time: 1, user: { account_name: "zoe" } })}\n`;
    const { out } = await shell.run(
      "openssl s_client -quiet -CAfile data/tls/cert.pem -verify_return_error -connect 192.168.1.5:7777",
      `${presence}{"action":"quit"}\n`,
    );
    assert.match(out, /"alert":"welcome, zoe".*\n.*"alert":"goodbye"/);
    await shell.run("kill -HUP PID"); // it goes on with the same certificate
    const { code, err } = await shell.python(python("create_default_context")).ended;
    assert.equal(code, 0, err);
    await shell.end(server);
  },

  async "an operator, by Permissions, Behind a proxy and OpenTelemetry in docs/running.md"(shell) {
    const listen = "deno run -q --no-prompt -P=server --allow-net=192.168.1.5:7777 server.ts -a 192.168.1.5";
    await shell.end(await shell.serve(listen, ownPort()));
    for (
      const command of [
        "deno run -q --no-prompt -P=server --allow-read=/srv/chat --allow-write=/srv/chat server.ts --data /srv/chat",
        "deno run -P=server server.ts",
        "deno task server -a 127.0.0.1 -p 7778 --web --trust-proxy 127.0.0.1",
        "npx -y deno@2.9.6 task server",
        "OTEL_DENO=true OTEL_SERVICE_NAME=hanita deno task server",
      ]
    ) await shell.end(await shell.serve(command));
    await shell.run(
      "deno run -q -P=account --allow-read=/srv/chat --allow-write=/srv/chat tools/account.ts list --data /srv/chat",
    );
    await shell.run("deno run -q -P=check --allow-read=/srv/chat tools/check.ts --data /srv/chat");
    const { start, environment } = unit(), service = `${environment} ${start}`;
    await shell.end(await shell.serve(service));
    ran.delete(service); // it is in the unit, not in a document
  },

  async "an operator, by Watching it and Backup in docs/running.md"(shell) {
    await shell.run("openssl rand -hex 24 > data/metrics-token");
    const watched = await shell.serve("deno task server --web --metrics-token-file data/metrics-token");
    const curl = 'curl -H "Authorization: Bearer $(cat data/token)" http://localhost:8080/metrics';
    if (await has("curl")) assert.match((await shell.run(curl)).out, /^hanita_deliveries_total /m);
    ran.add(curl);
    await shell.end(watched);

    const server = await shell.serve("deno task server -p 9000 --log-level debug");
    using ann = await connect(server.port);
    await ann.say(register("ann"));
    await ann.expect({ response: 201 });
    await ann.sayOk({ action: "msg", time: 1, to: "#all", message: "kept" });
    await shell.run("install -d -m 700 backup");
    const sqlite = 'sqlite3 -readonly data/hanita.db ".backup backup/hanita.db"';
    if (await has("sqlite3")) await copied(() => shell.run(sqlite));
    ran.add(sqlite);
    await copied(() => shell.python(python("import sqlite3")).ended);
    await ann.sayOk({ action: "msg", time: 1, to: "#all", message: "the last" });
    await shell.end(server);
    await copied(() => shell.run("cp data/hanita.db* backup/"), "the last", false);
    await shell.run("deno run -q -P=check --allow-read=backup tools/check.ts --data backup");
    await shell.run("rm -f data/hanita.db data/hanita.db-wal data/hanita.db-shm");
    await shell.run("cp backup/hanita.db* data/");
    const restored = await shell.serve("deno task server");
    using again = await connect(restored.port);
    await again.sayOk(authenticate("ann"));
    assert.deepEqual((await again.ask({ action: "history", time: 1 })).map(({ message }) => message), [
      "kept",
      "the last",
    ]);
    await shell.end(restored);

    /** The copy can be opened, and has it all. */
    async function copied(copy: () => Promise<{ code: number; err: string }>, last = "kept", removed = true) {
      const { code, err } = await copy();
      assert.equal(code, 0, err);
      const path = shell.path("backup/hanita.db"), store = openStore({ path, existing: true });
      const { accounts, lastId } = store.snapshot();
      await store.close();
      assert.deepEqual([accounts.map(({ name }) => name), lastId > 0], [["ann"], true], last);
      if (removed) Deno.removeSync(path);
    }
  },
};

// All readers at once: mostly they wait for a program to start.
Deno.test("each command of the documents is run, or is not for a reason", { ignore }, async () => {
  const played = await Promise.allSettled(
    Object.entries(scenes).map(async ([name, play]) => {
      await using shell = new Shell(ran);
      await play(shell).catch((cause) => {
        throw new Error(`${name}: ${cause.message}`, { cause });
      });
    }),
  );
  const failures = played.flatMap((outcome) => outcome.status === "rejected" ? [outcome.reason] : []);
  if (failures.length > 0) throw failures.length === 1 ? failures[0] : new AggregateError(failures);
  const commands = [...texts].flatMap(([path, text]) => commandsIn(text, path));
  const known = new Set([...ran, ...Object.keys(notRunnable)]), given = new Set(commands.map(({ text }) => text));
  assert.deepEqual(commands.filter(({ text }) => !known.has(text)), [], HOW);
  assert.deepEqual([...known].filter((text) => !given.has(text)), [], "in no document");
  assert.deepEqual(Object.keys(notRunnable).filter((text) => ran.has(text)), [], "run, and in notRunnable");
});

Deno.test("what is not run is a task that there is, and the test that runs its program is there", {
  ignore: !may("read"),
}, () => {
  const { tasks } = JSON.parse(Deno.readTextFileSync(new URL("../../deno.json", import.meta.url)));
  for (const [text, reason] of Object.entries(notRunnable)) {
    const task = /\btask (\S+)/.exec(text)?.[1];
    if (task !== undefined) assert.ok(task in tasks, text);
    for (const [path] of reason.matchAll(/tests\/\S+\.ts/g)) {
      assert.ok(Deno.statSync(new URL(`../../${path}`, import.meta.url)).isFile, path);
    }
  }
});

Deno.test("no command of the documents has a comment behind it, which zsh and cmd.exe take for arguments", {
  ignore: !may("read"),
}, () => {
  const commands = [...texts].flatMap(([path, text]) => commandsIn(text, path));
  assert.deepEqual(commands.filter(({ text }) => / # /.test(text)), []);
});

/** The Python of docs/running.md with this in it. */
function python(part: string): string {
  const samples = samplesIn(texts.get("docs/running.md")!, "docs/running.md", "python");
  return samples.find(({ text }) => text.includes(part))!.text;
}

/** What the unit for systemd runs, which is what the task does. */
function unit(): { start: string; environment: string } {
  const text = Deno.readTextFileSync(new URL("../../packaging/systemd/hanita.service", import.meta.url));
  const { tasks } = JSON.parse(Deno.readTextFileSync(new URL("../../deno.json", import.meta.url)));
  const start = /^ExecStart=\/usr\/local\/bin\/(.*)$/m.exec(text)![1]!;
  const environment = /^Environment=DENO_DIR=\S+ (.*)$/m.exec(text)![1]!;
  assert.equal(`${environment} ${start}`, `${tasks.server.command} --web`);
  return { start, environment };
}

/** Whether there is such a program. */
async function has(program: string): Promise<boolean> {
  return (await new Deno.Command("sh", { args: ["-c", `command -v ${program}`], stdout: "null" }).output()).success;
}
