import assert from "node:assert/strict";
import { openDayFile } from "../../log/file.ts";
import { may } from "../may.ts";
import { type Folder, makeFolder } from "./folder.ts";

const ignore = !may("read", "write");

/** A line of the given local time. */
function line(time: string, text: string): string {
  return `${time}.000+03:00 info m f ${text}`;
}

/** The clock that never goes back passes with the lines' own time, unless `now` is given. */
function openIn(
  folder: Folder,
  options: { day?: string; days?: number; bytes?: number; dir?: string; now?: () => number } = {},
) {
  const { day = "2026-11-22", days = 30, bytes = 0, dir = folder.path } = options;
  const complaints: string[] = [];
  const complain = (line: string) => complaints.push(line);
  let time = Date.parse(day);
  const { now = () => time } = options;
  const file = openDayFile(day, { dir, program: "server", days, bytes, complain, now });
  const write = (line: string) => {
    time = Date.parse(line.split(" ", 1)[0]!);
    file.write(line);
  };
  return { complaints, write, reopen: () => file.reopen(), [Symbol.dispose]: () => file.close() };
}

Deno.test({
  name: "openDayFile makes the file of the day at once, and nobody else may read it",
  ignore,
  fn: () => {
    using folder = makeFolder();
    using _file = openIn(folder, { dir: `${folder.path}/data/log` });
    const { mode, size } = Deno.statSync(`${folder.path}/data/log/server-2026-11-22.log`);
    assert.equal(size, 0);
    if (Deno.build.os !== "windows") assert.equal(mode! & 0o777, 0o600);
  },
});

Deno.test({
  name:
    "write puts each line into the file of its own date over midnight, over days of sleep, and when the clock goes back",
  ignore,
  fn: () => {
    using folder = makeFolder();
    using file = openIn(folder);
    const lines = [
      line("2026-11-22T23:59:59", "one"),
      line("2026-11-23T00:00:00", "two"),
      line("2026-11-22T23:59:59", "late"),
      line("2026-11-30T12:00:00", "slept"),
    ];
    lines.forEach(file.write);
    assert.deepEqual(folder.names(), ["server-2026-11-22.log", "server-2026-11-23.log", "server-2026-11-30.log"]);
    assert.deepEqual(folder.lines("server-2026-11-22.log"), [lines[0], lines[2]]);
    assert.deepEqual(folder.lines("server-2026-11-23.log"), [lines[1]]);
    assert.deepEqual(folder.lines("server-2026-11-30.log"), [lines[3]]);
    assert.deepEqual(file.complaints, []);
  },
});

Deno.test({
  name: "openDayFile and a new day remove this program's old files and nothing else",
  ignore,
  fn: () => {
    using folder = makeFolder();
    const others = ["client-2020-01-01.log", "notes.txt", "server-2020-01-01.log.gz", "server-old.log"];
    const own = ["2020-01-01", "2026-11-19", "2026-11-20", "2026-11-21", "2027-01-01"].map((day) =>
      `server-${day}.log`
    );
    for (const name of [...others, ...own]) Deno.writeTextFileSync(`${folder.path}/${name}`, "");
    Deno.mkdirSync(`${folder.path}/server-2020-01-02.log`);
    const kept = [...others, "server-2020-01-02.log"];

    using file = openIn(folder, { days: 3 });
    const days = (...names: string[]) => [...kept, ...names.map((day) => `server-${day}.log`)].sort();
    assert.deepEqual(folder.names(), days("2026-11-20", "2026-11-21", "2026-11-22", "2027-01-01"));
    file.write(line("2026-11-23T00:00:00", "morning"));
    assert.deepEqual(folder.names(), days("2026-11-21", "2026-11-22", "2026-11-23", "2027-01-01"));
    assert.deepEqual(file.complaints, []);
  },
});

Deno.test({
  name: "openDayFile keeps only today when days is 1, over the ends of months and years",
  ignore,
  fn: () => {
    using folder = makeFolder();
    using file = openIn(folder, { day: "2027-12-31", days: 1 });
    file.write(line("2028-01-01T00:00:00", "year"));
    assert.deepEqual(folder.names(), ["server-2028-01-01.log"]);
    file.write(line("2028-02-29T00:00:00", "leap"));
    file.write(line("2028-03-01T00:00:00", "March"));
    assert.deepEqual(folder.names(), ["server-2028-03-01.log"]);
  },
});

Deno.test({
  name: "openDayFile removes no file because the clock was wrong for a moment, and later what is old",
  ignore,
  fn: () => {
    using folder = makeFolder();
    const old = ["2026-10-01", "2026-11-20", "2026-11-21"].map((day) => `server-${day}.log`);
    for (const name of old) Deno.writeTextFileSync(`${folder.path}/${name}`, "");
    let now = 0;
    using file = openIn(folder, { day: "2027-11-22T12:00:00.000Z", now: () => now });
    assert.deepEqual(folder.names(), [...old, "server-2027-11-22.log"], "all of them would be too old");
    const minute = (day: string, minute: number) => {
      now += 60_000;
      file.write(`${day}T12:${String(minute).padStart(2, "0")}:00.000Z info m f x`);
    };
    for (let i = 1; i < 10; i++) minute("2027-11-22", i);
    minute("2026-11-22", 0);
    for (let i = 1; i < 5; i++) minute("2026-11-22", i);
    minute("2028-01-01", 0);
    minute("2026-11-22", 6);
    const wrong = ["server-2027-11-22.log", "server-2028-01-01.log"];
    assert.deepEqual(folder.names(), [...old, "server-2026-11-22.log", ...wrong]);
    for (let i = 7; i < 17; i++) minute("2026-11-22", i);
    assert.deepEqual(folder.names(), [...old.slice(1), "server-2026-11-22.log", ...wrong]);
    assert.deepEqual(file.complaints, []);
  },
});

Deno.test({
  name: "reopen writes the next line to a new file of the same name, in the same second too",
  ignore: ignore || Deno.build.os === "windows",
  fn: () => {
    using folder = makeFolder();
    using file = openIn(folder);
    const lines = ["one", "two", "three"].map((text) => line("2026-11-22T12:00:00", text));
    file.write(lines[0]!);
    Deno.renameSync(`${folder.path}/server-2026-11-22.log`, `${folder.path}/rotated`);
    file.write(lines[1]!);
    file.reopen();
    file.write(lines[2]!);
    assert.deepEqual(folder.lines("rotated"), lines.slice(0, 2));
    assert.deepEqual(folder.lines("server-2026-11-22.log"), lines.slice(2));
  },
});

Deno.test({
  name: "write appends when the file has lines already, and several processes may share it",
  ignore,
  fn: () => {
    using folder = makeFolder();
    const lines = Array.from({ length: 20 }, (_, i) => line("2026-11-22T12:00:00", `${i} привет`));
    {
      using one = openIn(folder);
      using two = openIn(folder);
      lines.forEach((line, i) => (i % 2 === 0 ? one : two).write(line));
    }
    assert.deepEqual(folder.lines("server-2026-11-22.log"), lines);
  },
});

Deno.test({
  name: "openDayFile ends the last line when it was torn",
  ignore,
  fn: () => {
    using folder = makeFolder();
    Deno.writeTextFileSync(`${folder.path}/server-2026-11-22.log`, "whole\nto");
    using file = openIn(folder);
    file.write(line("2026-11-22T12:00:00", "next"));
    assert.deepEqual(folder.lines("server-2026-11-22.log"), ["whole", "to", line("2026-11-22T12:00:00", "next")]);
  },
});

Deno.test({
  name: "openDayFile throws when the folder cannot be made",
  ignore,
  fn: () => {
    using folder = makeFolder();
    Deno.writeTextFileSync(`${folder.path}/data`, "");
    assert.throws(() => openIn(folder, { dir: `${folder.path}/data/log` }));
  },
});

Deno.test({
  name: "write makes the folder again when it was removed",
  ignore: ignore || Deno.build.os === "windows", // which does not remove what is open
  fn: () => {
    using folder = makeFolder();
    using file = openIn(folder, { dir: `${folder.path}/log` });
    file.write(line("2026-11-22T12:00:00", "before"));
    Deno.removeSync(`${folder.path}/log`, { recursive: true });
    file.write(line("2026-11-22T12:00:01", "after"));
    assert.deepEqual(folder.lines("log/server-2026-11-22.log"), [line("2026-11-22T12:00:01", "after")]);
  },
});

Deno.test({
  name: "write opens a new file when the old one was moved away",
  ignore: ignore || Deno.build.os === "windows",
  fn: () => {
    using folder = makeFolder();
    using file = openIn(folder);
    file.write(line("2026-11-22T12:00:00", "before"));
    Deno.renameSync(`${folder.path}/server-2026-11-22.log`, `${folder.path}/kept`);
    file.write(line("2026-11-22T12:00:01", "after"));
    assert.deepEqual(folder.lines("kept"), [line("2026-11-22T12:00:00", "before")]);
    assert.deepEqual(folder.lines("server-2026-11-22.log"), [line("2026-11-22T12:00:01", "after")]);
  },
});

Deno.test({
  name: "write says once that lines are lost, tries again each second, and says how many were lost when it is back",
  ignore,
  fn: () => {
    using folder = makeFolder();
    using file = openIn(folder);
    const obstacle = `${folder.path}/server-2026-11-23.log`;
    Deno.mkdirSync(obstacle); // tomorrow's file is a folder

    for (const second of ["00", "00", "01", "02"]) file.write(line(`2026-11-23T00:00:${second}`, "lost"));
    assert.equal(file.complaints.length, 1);
    assert.match(
      file.complaints[0]!,
      /^2026-11-23T00:00:00\.000\+03:00 warning log write Cannot write the log "[^"]*", lines are lost: [^']*$/,
    );

    Deno.removeSync(obstacle);
    file.write(line("2026-11-23T00:00:02", "lost in the second that was tried"));
    file.write(line("2026-11-23T00:00:03", "written"));
    file.write(line("2026-11-23T00:00:03", "written too"));

    const [notice, ...lines] = folder.lines("server-2026-11-23.log");
    assert.match(
      notice!,
      /^2026-11-23T00:00:03\.000\+03:00 warning log write The log ".*" is written again: 5 lines were lost$/,
    );
    assert.deepEqual(lines, [line("2026-11-23T00:00:03", "written"), line("2026-11-23T00:00:03", "written too")]);
    assert.deepEqual(file.complaints.slice(1), [notice]);
  },
});

Deno.test({
  name: "write survives a full disk and comes back when there is room",
  ignore: ignore || !may("run") || Deno.build.os !== "linux", // which has a device that is always full
  fn: async () => {
    using folder = makeFolder();
    const module = new URL("../../log/file.ts", import.meta.url).href;
    const code = `import { openDayFile } from "${module}";
      const dir = "${folder.path}";
      const file = openDayFile("2026-11-22", { dir, program: "server", days: 30, complain: console.log });
      Deno.symlinkSync("/dev/full", dir + "/server-2026-11-23.log");
      for (let i = 0; i < 100; i++) file.write("2026-11-23T00:00:00.000+03:00 info m f lost");
      Deno.removeSync(dir + "/server-2026-11-23.log");
      file.write("2026-11-23T00:00:01.000+03:00 info m f written");`;
    const { stdout } = await new Deno.Command("deno", { args: ["eval", "-q", code], stderr: "inherit" }).output();
    const [full, back, ...rest] = new TextDecoder().decode(stdout).trimEnd().split("\n");
    assert.match(full!, / lines are lost: No space left on device/);
    assert.match(back!, / is written again: 100 lines were lost$/);
    assert.deepEqual(rest, []);
    assert.deepEqual(folder.lines("server-2026-11-23.log"), [back, line("2026-11-23T00:00:01", "written")]);
  },
});

Deno.test({
  name: "write loses lines of a day that has half of the bytes, says so once, and the next day goes on",
  ignore,
  fn: () => {
    using folder = makeFolder();
    const long = "x".repeat(100), day = (date: string, second: number) => line(`${date}T12:00:0${second}`, long);
    using file = openIn(folder, { bytes: 1000 });
    for (let i = 0; i < 9; i++) file.write(day("2026-11-22", i));
    const { length } = folder.lines("server-2026-11-22.log");
    assert.ok(length > 0 && length < 9);
    assert.equal(file.complaints.length, 1);
    assert.match(
      file.complaints[0]!,
      /server-2026-11-22\.log" has its 500 bytes of today, lines are lost until tomorrow$/,
    );
    file.write(line("2026-11-23T00:00:00", "morning"));
    const [back, morning] = folder.lines("server-2026-11-23.log");
    assert.match(back!, new RegExp(`is written again: ${9 - length} lines were lost$`));
    assert.match(morning!, /morning$/);
  },
});

Deno.test({
  name:
    "openDayFile removes the oldest files until the log has its bytes, whatever the clock says, and no other program's",
  ignore,
  fn: () => {
    using folder = makeFolder();
    const size = (name: string, bytes: number) =>
      Deno.writeTextFileSync(`${folder.path}/${name}`, `${"x".repeat(bytes - 1)}\n`);
    for (const day of [18, 19, 20, 21, 24]) size(`server-2026-11-${day}.log`, 200);
    size("client-2026-11-20.log", 2000);
    const names = ["server-2026-11-20.log", "server-2026-11-21.log", "server-2026-11-22.log", "server-2026-11-24.log"];
    using file = openIn(folder, { bytes: 1000 });
    assert.deepEqual(folder.names(), ["client-2026-11-20.log", ...names]);
    file.write(line("2026-11-23T00:00:00", "next"));
    assert.deepEqual(file.complaints, []);
  },
});

Deno.test({
  name: "openDayFile does not mind that another process removes the same old files at the same moment",
  ignore,
  fn: () => {
    using folder = makeFolder();
    const gone = `${folder.path}/server-2026-11-20.log`, { statSync } = Deno;
    for (const day of [20, 21]) Deno.writeTextFileSync(`${folder.path}/server-2026-11-${day}.log`, "x".repeat(900));
    try {
      // Between the list of the folder and the look at its files.
      Deno.statSync = (path) => {
        if (path === gone) Deno.removeSync(gone);
        return statSync(path);
      };
      using file = openIn(folder, { bytes: 1000 });
      assert.deepEqual(file.complaints, []);
    } finally {
      Deno.statSync = statSync;
    }
    assert.deepEqual(folder.names(), ["server-2026-11-22.log"]);
  },
});
