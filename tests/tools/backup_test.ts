// Backup and restore as an operator runs them, beside a server that is busy, and with archives that are not whole.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { packTar } from "modern-tar";
import { verify } from "../../server/journal/verify.ts";
import { connect } from "../chat/peer.ts";
import { cannotRun, type Outcome, startIn } from "../chat/program.ts";
import { within } from "../chat/within.ts";
import { has } from "../may.ts";
import { damage, on } from "../server/journal/disk.ts";
import { toAll } from "../server/journal/driver.ts";
import { measuredOnce, unmeasured } from "../unmeasured.ts";

const decoder = new TextDecoder();

/** Runs one of the tools with the permissions of its task, and a folder. */
async function run(tool: "backup" | "restore", folder: string, ...args: string[]): Promise<Outcome> {
  const may = [`--allow-read=${folder}`, `--allow-write=${folder}`];
  const command = new Deno.Command("deno", {
    args: ["run", "-q", "--no-prompt", `-P=${tool}`, ...may, `tools/${tool}.ts`, ...args],
    ...measuredOnce(tool, [], { LC_ALL: "C" }),
    stdin: "null",
  });
  const { code, stdout, stderr } = await within(`the end of ${tool}`, command.output(), 60_000);
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

/** A backup where no file can be longer than so many bytes, as on a disk that is full. */
async function backupWithRoomFor(bytes: number, folder: string, ...args: string[]): Promise<Outcome> {
  const limited = "import os, resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); " +
    "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2); os.execvp(sys.argv[2], sys.argv[2:])";
  const may = [`--allow-read=${folder}`, `--allow-write=${folder}`];
  const deno = ["deno", "run", "-q", "--no-prompt", "-P=backup", ...may, "tools/backup.ts", ...args];
  const command = new Deno.Command("python3", {
    args: ["-c", limited, `${bytes}`, ...deno],
    ...unmeasured({ LC_ALL: "C" }),
  });
  const { code, stdout, stderr } = await within("the end of backup", command.output(), 60_000);
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

/** What is in a folder; SQLite makes two more files beside a database that is read, and they are empty. */
const names = (folder: string) =>
  [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => !/-(?:wal|shm)$/.test(name)).sort();

/** Puts a file as a message has it into a data folder. Returns its path below the folder. */
function putFile(data: string, content: string): string {
  const hash = createHash("sha256").update(content).digest("hex"), folder = `files/${hash.slice(0, 2)}`;
  Deno.mkdirSync(`${data}/${folder}`, { recursive: true });
  Deno.writeTextFileSync(`${data}/${folder}/${hash.slice(2)}`, content);
  return `${folder}/${hash.slice(2)}`;
}

Deno.test("a backup of a server under load has all that was acknowledged before it, and the files", {
  ignore: cannotRun,
}, async () => {
  const folder = Deno.makeTempDirSync({ prefix: "hanita-backup-" }), data = `${folder}/data`, other = `${folder}/other`;
  const file = `${folder}/b/1.tar`;
  try {
    await using server = await startIn(data);
    const content = putFile(data, "a picture");
    using ann = await connect(server.port);
    await ann.enter("ann");
    let acknowledged = 0, isOver = false;
    const sayNext = async () => {
      await ann.sayOk({ action: "msg", time: 1, to: "#all", message: `message ${acknowledged}` });
      acknowledged++;
    };
    while (acknowledged < 100) await sayNext();
    const speaking = (async () => {
      while (!isOver) await sayNext();
    })();
    const before = acknowledged;
    const { code, out, err } = await run("backup", folder, file, "--data", data).finally(() => isOver = true);
    await speaking;
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, /^\S+1\.tar is whole: messages \d+, other records \d+, files 1, \d+\.\d MB\n$/);
    assert.deepEqual(names(`${folder}/b`), ["1.tar"]);

    const inUse = await run("restore", folder, file, "--data", data, "--replace");
    assert.equal(
      inUse.err,
      `hanita-restore: Cannot restore into "${data}": a server is running there; stop it first\n`,
    );
    const restored = await run("restore", folder, file, "--data", other);
    assert.match(restored.out, /^".*other" has the chat as it was at \S+, files 1\n$/, restored.err);
    assert.equal(Deno.readTextFileSync(`${other}/${content}`), "a picture");
    const { messages, faults } = verify(`${other}/hanita.db`); // one client has sent them, so they are the first ones
    assert.deepEqual(faults, []);
    assert.ok(messages >= before && messages <= acknowledged, `${messages} of ${before} to ${acknowledged}`);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

on("backup and restore refuse in one line what is wrong, and leave all as it was", async (open, path) => {
  const data = path.replace(/\/hanita\.db$/, ""), folder = data.replace(/\/data$/, ""), file = `${folder}/1.tar`;
  const driver = open();
  driver.journal.snapshot();
  await driver.keep(...toAll("one", "two"));
  await driver.journal.close();

  /** Runs a tool, which must end with 1 and this line. */
  async function refuses(tool: "backup" | "restore", args: string[], line: string): Promise<void> {
    const before = [names(folder), names(data)], outcome = await run(tool, folder, ...args);
    assert.deepEqual(outcome, { code: 1, out: "", err: `hanita-${tool}: ${line}\n` });
    assert.deepEqual([names(folder), names(data)], before);
  }

  if (has("python3", "--version")) {
    // In the copy of the database, in the files beside it, and in the archive.
    const { size } = Deno.statSync(path);
    for (const room of [size / 2, size, size + 2_000]) {
      const { code, out, err } = await backupWithRoomFor(room, folder, file, "--data", data);
      assert.deepEqual([code, out, names(folder)], [1, "", ["data"]], err);
      assert.match(
        err,
        /^hanita-backup: Cannot make ".*1\.tar": (?:database or disk is full|disk I\/O error|File too large)/,
      );
      assert.equal(err.split("\n").length, 2, err);
    }
  }
  assert.equal((await run("backup", folder, file, "--data", data)).err, "");
  await refuses("backup", [file, "--data", data], `Cannot write "${file}": it is there already, expected a new name`);
  await refuses(
    "backup",
    [`${folder}/2.tar`, "--data", folder],
    `Cannot open "${folder}/hanita.db": there is no such file, expected the data folder of a server`,
  );
  await refuses(
    "restore",
    [file, "--data", data],
    `Cannot restore into "${data}": it has a chat; expected an empty folder, or --replace to move that chat aside`,
  );
  await refuses(
    "restore",
    [`${folder}/3.tar`, "--data", data, "--replace"],
    `Cannot restore "${folder}/3.tar": No such file or directory`,
  );

  const whole = Deno.readFileSync(file), changed = whole.slice(), at = whole.length / 2 & ~1;
  changed[at] = changed[at]! ^ 1;
  const pack = (...parts: BlobPart[]) => new Blob(parts).bytes();
  for (
    const [bytes, wrong] of [
      [whole.subarray(0, 30_000), "it is cut off"],
      [whole.subarray(0, -4096), "it is cut off"],
      [changed, "it is damaged, a checksum is wrong"],
      [await pack("a text of no interest\n".repeat(100)), "it is no backup of Hanita"],
      [new Uint8Array(0), "it is no backup of Hanita"],
      [await packTar([{ header: { name: "../hanita.db", size: 1 }, body: "x" }]), "it is no backup of Hanita"],
      [
        await packTar([{ header: { name: "hanita.db", type: "symlink", linkname: "/etc/passwd", size: 0 } }]),
        "it is no backup of Hanita",
      ],
      [
        await packTar([
          { header: { name: "hanita.json", size: 25 }, body: '{"format":1,"entries":[]}' },
          { header: { name: "hanita.db", size: 1 }, body: "x" },
        ]),
        "it is no backup of Hanita",
      ],
      [
        await packTar([{ header: { name: "hanita.json", size: 12 }, body: '{"format":2}' }]),
        "a newer Hanita has made it; use that one",
      ],
    ] as const
  ) {
    const bad = `${folder}/bad.tar`;
    Deno.writeFileSync(bad, bytes);
    await refuses("restore", [bad, "--data", data, "--replace"], `Cannot restore "${bad}": ${wrong}`);
  }

  const { out } = await run("restore", folder, file, "--data", data, "--replace");
  const [, aside] = /; what was there is in "(.*)"\n$/.exec(out)!;
  assert.deepEqual(names(aside!), ["hanita.db"]);
  assert.deepEqual(verify(path).faults.map(({ kind }) => kind), []);
  damage(path, "runs", "lines");
  await refuses(
    "backup",
    [`${folder}/2.tar`, "--data", data],
    `Cannot back up "${data}": its database has faults: 1; deno task check names them`,
  );
}, ["run"]);

on(
  "of backups with one name at one moment each has files of its own, and what gets the name is whole",
  async (open, path) => {
    const data = path.replace(/\/hanita\.db$/, ""), folder = data.replace(/\/data$/, ""), file = `${folder}/1.tar`;
    const driver = open();
    driver.journal.snapshot();
    await driver.keep(...toAll("one", "two"));
    await driver.journal.close();
    putFile(data, "a picture");
    const ended = await Promise.all([1, 2, 3].map(() => run("backup", folder, file, "--data", data)));
    assert.ok(ended.some(({ code }) => code === 0));
    const taken = `hanita-backup: Cannot write "${file}": it is there already, expected a new name\n`;
    for (const { code, err } of ended) assert.equal(err, code === 0 ? "" : taken);
    assert.deepEqual(names(folder), ["1.tar", "data"]);
    assert.equal((await run("restore", folder, file, "--data", `${folder}/other`)).err, "");
  },
);
