// What only the journal on a disk has to show: restarts, kills, full disks, other programs. What is damaged is in damage_test.ts.
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { State } from "../../../server/chat/state.ts";
import {
  type Committed,
  isFull,
  JournalFailure,
  JournalRefused,
  type MessageRun,
  type StateRecord,
} from "../../../server/journal/contract.ts";
import type { StateProposal } from "../../../server/journal/records.ts";
import { applyAll, dump } from "../chat/dump.ts";
import { openJournal } from "../../../server/journal/sqlite.ts";
import { on, tamper } from "./disk.ts";
import { batchOf, type Kept, maintainAll, toAll } from "./driver.ts";
import { proposalOf, step } from "./proposals.ts";

const APPENDER = new URL("./endless_appender.ts", import.meta.url).href;
const DAY = 24 * 60 * 60 * 1000;

const account = (name: string): StateProposal => ({ kind: "account", name, password: "x", operator: false, seen: 0 });
const MOTD: StateProposal = { kind: "motd", text: "hello" };

on("openJournal finds after a restart all that there was", async (open) => {
  let driver = open();
  assert.deepEqual(driver.journal.snapshot(), []);
  const ann = await driver.keep(account("ann"), ...toAll("one"));
  const room = await driver.keep({ kind: "room", name: "#cats", by: ann }, MOTD);
  await driver.keep({ kind: "member", account: ann, room, is: true }, { conversation: `#${room}`, message: "two" });
  const { next } = driver.journal;
  await driver.journal.close();
  driver = open();
  assert.deepEqual(driver.journal.snapshot().map(({ id, kind }) => [id, kind]), [
    [ann, "account"],
    [room, "room"],
    [room + 1, "motd"],
  ]);
  assert.deepEqual((driver.journal.take() as Kept[]).flatMap(({ records }) => records.map(({ kind }) => kind)), [
    "member",
  ]);
  assert.deepEqual(await driver.messages(), ["one"]);
  assert.deepEqual(await driver.messages({ conversation: `#${room}`, text: "TWO" }), ["two"]);
  assert.ok(driver.journal.next >= next, "ids never go back");
});

on("openJournal lets nobody else read the file", async (open, path) => {
  await open().keep(...toAll("a"));
  for (const { name } of Deno.readDirSync(path.replace(/[^/]+$/, ""))) {
    const { mode } = await Deno.stat(path.replace(/[^/]+$/, name));
    if (mode !== null) assert.equal(mode & 0o077, 0, name);
  }
});

on("openJournal refuses a second server", async (open, path) => {
  const { journal } = open();
  assert.throws(() => open(), (error: Error) => {
    assert.ok(error instanceof JournalRefused);
    assert.equal(error.message, `Cannot open "${path}": another server is using it`);
    return true;
  });
  await journal.close();
  open();
});

const refused: Record<string, { make: (path: string) => void; says: RegExp }> = {
  "was written by a newer Hanita": {
    make: (path) => {
      openJournal({ path }).close();
      tamper(path, (db) => db.exec("PRAGMA user_version = 199; PRAGMA journal_mode = DELETE"));
    },
    says: /: it was written by a newer Hanita \(schema 199, this one knows \d+\); run that one, or use another folder$/,
  },
  "is another program's": {
    make: (path) => tamper(path, (db) => db.exec("CREATE TABLE cookies (name)")),
    says: /: it is a database of another program$/,
  },
  "is no database": {
    make: (path) => Deno.writeTextFileSync(path, "dear diary\n".repeat(1000)),
    says: /: file is not a database$/,
  },
  "is a folder": { make: (path) => Deno.mkdirSync(path), says: /: .+$/ },
};

for (const [what, { make, says }] of Object.entries(refused)) {
  on(`openJournal refuses in one line what ${what}, and leaves it as it was`, (open, path) => {
    Deno.mkdirSync(path.replace(/\/[^/]+$/, ""));
    make(path);
    const bytes = () => what === "is a folder" ? undefined : Deno.readFileSync(path);
    const before = bytes();
    for (const beside of [false, false, true]) { // the second time too: nothing is left locked
      assert.throws(() => open({ beside }), (error: Error) => {
        assert.ok(error instanceof JournalRefused, `${error}`);
        assert.ok(error.message.startsWith(`Cannot open "${path}": `) && !error.message.includes("\n"), error.message);
        assert.match(error.message, says);
        return true;
      });
    }
    assert.deepEqual(bytes(), before);
  });
}

on("a record that a killed process has not judged comes back, and one that was judged stands", async (open) => {
  const driver = open();
  const [one, other] = [await driver.keep(account("ann")), await driver.keep(account("ann"))];
  driver.journal.discard([other]);
  await driver.keep(MOTD);
  const again = await driver.keep(account("ann")); // what was taken before it stands
  await driver.journal.close(); // as if it had been killed before it could discard
  const { journal } = open(), state = new State();
  assert.deepEqual(applyAll(state, journal.snapshot(), true), []);
  assert.deepEqual([...state.accounts()].map(({ id }) => id), [one]);
  const [left] = journal.take() as Kept[];
  assert.deepEqual(left!.records.map(({ id }) => id), [again]);
  assert.deepEqual(applyAll(state, left!.records), [again]);
});

on("a process beside a server does not judge what the server has judged on records that are gone", async (open) => {
  const server = open(), [tool, state] = [open({ beside: true }), new State()];
  server.journal.snapshot();
  applyAll(state, tool.journal.snapshot(), true);
  const ann = await server.keep({ kind: "account", name: "ann", password: "x", operator: true, seen: 0 });
  const bob = await server.keep(account("bob"));
  const appoint = (account: number, is: boolean, by: number) => ({ kind: "operator", account, is, by }) as const;
  await server.keep(appoint(bob, true, ann));
  await server.keep(appoint(ann, false, bob));
  await server.keep(appoint(bob, false, bob)); // replaces the one without which the one before could not be
  server.journal.maintain(1);
  tool.journal.poll();
  for (const { records, stands } of tool.journal.take() as Kept[]) applyAll(state, records, stands);
  const operators = [...state.accounts()].map(({ name, operator }) => [name, operator]);
  assert.deepEqual(operators, [["ann", false], ["bob", false]]);
});

on("append keeps nothing of a batch of which one part cannot be kept", async (open) => {
  let driver = open();
  await driver.keep(...toAll("a", "b"));
  const { next } = driver.journal;
  const twice = batchOf(next, [{ conversation: "#new", message: "c" }, MOTD, ...toAll("again")]);
  const [run] = twice.records as [MessageRun, ...unknown[]];
  driver.journal.append({ ...twice, records: [...twice.records, { ...run, lines: run.lines.slice() }] });
  const [failed] = driver.journal.take();
  assert.equal(failed!.outcome, "failed");
  assert.deepEqual(await driver.messages({ conversation: "#new" }), []);
  await driver.keep({ conversation: "#new", message: "c" }, ...toAll("d"));
  await driver.journal.close();
  driver = open();
  assert.deepEqual(driver.journal.snapshot(), []);
  assert.deepEqual(driver.journal.take(), []);
  assert.deepEqual(await driver.messages({ conversation: "#new" }), ["c"]);
  assert.deepEqual(await driver.messages(), ["a", "b", "d"]);
});

on(
  "append fails wholly when the disk is full, all else goes on, and so does append when there is room",
  async (open, path) => {
    const driver = open({ maxBytes: 400_000 }), large = "x".repeat(20_000);
    let committed: Committed, kept = 0;
    do committed = await driver.append(toAll(large)); while (committed.outcome === "kept" && kept++ < 100);
    assert.ok(kept > 3 && kept < 100, `${kept}`);
    const both = () => driver.append([{ conversation: "#new", message: "small" }, MOTD, ...toAll(large)]);
    const failed = await both();
    assert.ok(failed.outcome === "failed" && failed.failure instanceof JournalFailure);
    assert.match(failed.failure.message, /^Cannot keep messages: database or disk is full/);
    assert.ok(isFull(failed.failure));
    assert.deepEqual(await driver.messages({ conversation: "#new" }), []);
    assert.equal((await driver.messages()).length, kept);
    tamper(path, (db) => db.exec("DELETE FROM runs WHERE first < (SELECT max(first) FROM runs) - 1"));
    assert.equal((await both()).outcome, "kept");
    assert.deepEqual(await driver.messages({ conversation: "#new" }), ["small"]);
  },
);

on("a limit of the file counts pages as large as the database has them", async (open, path) => {
  Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")));
  tamper(path, (db) => db.exec("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL")); // as it was made before
  const driver = open({ maxBytes: 400_000 }), large = toAll("x".repeat(20_000));
  let kept = 0;
  while ((await driver.append(large)).outcome === "kept" && kept < 100) kept++;
  await driver.journal.close();
  const { size } = await Deno.stat(path);
  assert.ok(size > 300_000 && size < 410_000, `${size}`);
});

on(
  "append fails while another program has the database locked, and works as soon as it has not",
  async (open, path) => {
    const driver = open();
    await driver.keep(...toAll("before"));
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    for (const said of [toAll("meanwhile"), [MOTD]]) {
      const failed = await driver.append(said);
      assert.equal(failed.outcome === "failed" && failed.failure.message, "Cannot keep messages: database is locked");
      assert.ok(failed.outcome === "failed" && !isFull(failed.failure));
    }
    maintainAll(driver.journal, 1); // it has nothing to write to this database
    driver.journal.discard([1]);
    assert.deepEqual(await driver.messages(), ["before"]);
    assert.deepEqual(await driver.messages({ text: "before" }), ["before"]);
    other.exec("ROLLBACK");
    other.close();
    await driver.keep(...toAll("after"));
    assert.deepEqual(await driver.messages(), ["before", "after"]);
    assert.deepEqual(await driver.messages({ text: "before" }), ["before"]);
  },
);

on(
  "openJournal keeps each batch that was taken exactly once when the program is killed at any time",
  async (open, path) => {
    const dir = path.replace(/\/data\/.*/, "");
    let acknowledged = 0;
    for (const enough of [1, 100, 3_000]) {
      const args = ["run", "-q", "--no-prompt", `--allow-read=${dir}`, `--allow-write=${dir}`, APPENDER, path];
      const child = new Deno.Command("deno", { args, stdout: "piped", stderr: "inherit" }).spawn();
      let told = "";
      for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
        told += chunk;
        if (Number(/(\d+)\n[^\n]*$/.exec(told)?.[1] ?? 0) < acknowledged + enough) continue;
        child.kill("SIGKILL");
        break;
      }
      assert.equal((await child.status).signal, "SIGKILL");
      acknowledged = Number(/(\d+)\n[^\n]*$/.exec(told)![1]);
    }
    const driver = open(), found: { id: number; message: string }[] = [];
    for (const conversation of ["#all", "#7"]) {
      for (let after = 0;;) {
        const page = await driver.page({ conversation, after });
        if (page.length === 0) break;
        found.push(...page);
        after = page.at(-1)!.id;
      }
    }
    const numbers = found.sort((one, other) => one.id - other.id).map(({ message }) =>
      Number(/^(\d+) /.exec(message)![1])
    );
    assert.ok(numbers.length >= acknowledged, `${numbers.length} on disk, ${acknowledged} acknowledged`);
    assert.deepEqual(numbers, numbers.map((_, index) => index + 1));
  },
  ["run"],
);

on("maintain removes messages that are too old, from the index too, and ids never go back", async (open) => {
  let now = 10 * DAY;
  const clocks = { wall: () => now, now: () => now };
  let driver = open({ keepDays: 2, ...clocks });
  const maintain = () => {
    maintainAll(driver.journal, 1);
  };
  await driver.keep({ conversation: "#1", message: "old words" }, { conversation: "#2", message: "old words" });
  maintain();
  now += DAY;
  await driver.keep({ conversation: "#1", message: "newer words" });
  maintain();
  now += DAY;
  maintain();
  assert.deepEqual(await driver.messages({ conversation: "#1" }), ["newer words"]);
  assert.deepEqual(await driver.messages({ conversation: "#2" }), []);
  assert.deepEqual(await driver.messages({ conversation: "#1", text: "words" }), ["newer words"]);
  now += 5 * DAY;
  maintain();
  assert.deepEqual(await driver.messages({ conversation: "#1" }), []);
  const { next } = driver.journal;
  await driver.journal.close();
  driver = open({ keepDays: 2, ...clocks });
  assert.ok(driver.journal.next >= next);
});

on("maintain deletes what later records have replaced or undone", async (open, path) => {
  const driver = open(),
    count = () => {
      let n = 0;
      tamper(path, (db) => n = db.prepare("SELECT count(*) AS n FROM records").get()!.n as number);
      return n;
    };
  const ann = await driver.keep(account("ann")),
    session = { kind: "session", account: ann, is: true, since: 1 } as const;
  for (let i = 0; i < 10; i++) {
    await driver.keep({ kind: "cursor", account: ann, last: i }, { ...session, hash: `${i}`, used: i });
  }
  assert.equal(count(), 21);
  driver.journal.maintain(1);
  assert.equal(count(), 12);
  await driver.keep({ kind: "password", account: ann, password: "new" });
  driver.journal.maintain(1);
  assert.equal(count(), 3);
  await driver.keep({ kind: "removal", of: ann });
  driver.journal.maintain(1);
  assert.equal(count(), 1);
});

// Law: no id is given twice, whatever is kept, pruned, discarded and reopened, though the clock says nothing of it.

const days = fc.array(
  fc.oneof(
    fc.record({ rooms: fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 5 }) }),
    fc.record({ contact: fc.nat({ max: 1 }), isLost: fc.boolean() }),
    fc.record({ days: fc.nat({ max: 3 }) }),
    fc.constant("reopen" as const),
  ),
  { maxLength: 15 },
);

on("ids only go up, whatever is kept, pruned, discarded and reopened", async (open, path) => {
  let round = 0;
  await fc.assert(
    fc.asyncProperty(days, async (steps) => {
      let now = 100 * DAY, last = 0;
      const options = { path: path.replace("data", `${round++}`), keepDays: 2, wall: () => now, now: () => now };
      let driver = open(options);
      driver.journal.snapshot();
      for (const step of steps) {
        if (step === "reopen") {
          await driver.journal.close();
          driver = open(options);
          driver.journal.snapshot();
          driver.journal.take();
        } else if ("days" in step) {
          now += step.days * DAY;
          maintainAll(driver.journal, 1);
        } else {
          const said = "rooms" in step
            ? step.rooms.map((room) => ({ conversation: `#${room}`, message: "x" }))
            : [{ kind: "contact", account: 1, name: `${step.contact}`, is: true } as const];
          const first = await driver.keep(...said);
          assert.ok(first > last);
          last = first + said.length - 1;
          if ("isLost" in step && step.isLost) driver.journal.discard([last]);
        }
        assert.ok(driver.journal.next > last);
      }
      await driver.journal.close();
    }),
    { numRuns: 8 },
  );
});

// Law: the records that are left, compacted and judged once, make the same state as all that were appended.

const steps = fc.array(
  fc.oneof(
    { weight: 10, arbitrary: step },
    { weight: 1, arbitrary: fc.constantFrom("maintain" as const, "reopen" as const, "other" as const) },
  ),
  { maxLength: 25 },
);

on("the records that are left make the same state as all that were appended", async (open, path) => {
  let round = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      const at = path.replace("data", `${round++}`), past: { id: number; kind: StateRecord["kind"] }[] = [];
      let driver = open({ path: at }), state = new State();
      driver.journal.snapshot();
      const take = (committed: readonly Committed[]) => {
        for (const { records, stands } of committed as Kept[]) driver.journal.discard(applyAll(state, records, stands));
      };
      const reopen = async () => {
        await driver.journal.close();
        [driver, state] = [open({ path: at }), new State()];
        driver.journal.discard(applyAll(state, driver.journal.snapshot(), true));
        take(driver.journal.take());
      };
      for (const each of [...steps, "reopen"] as const) {
        if (each === "maintain") driver.journal.maintain(1);
        else if (each === "reopen") {
          driver.journal.poll();
          take(driver.journal.take());
          const before = dump(state);
          await reopen();
          assert.deepEqual(dump(state), before);
        } else if (each === "other") {
          const tool = open({ path: at, beside: true });
          tool.journal.snapshot();
          tool.journal.take();
          await tool.keep(MOTD);
          await tool.journal.close();
        } else {
          const known = driver.taken.length;
          past.push({ id: await driver.keep(proposalOf(each, past)), kind: each.kind });
          take(driver.taken.slice(known));
        }
      }
      await driver.journal.close();
    }),
    { numRuns: 8 },
  );
});
