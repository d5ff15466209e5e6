// Tests of what stands on a disk: each has a folder of its own.
import { DatabaseSync } from "node:sqlite";
import { sumOfRun } from "../../../server/journal/encoding.ts";
import { MESSAGE_VERSION } from "../../../server/journal/record_kinds.ts";
import { type JournalOptions, openJournal } from "../../../server/journal/sqlite.ts";
import { openLog } from "../../../log/mod.ts";
import { makeFolder } from "../../log/folder.ts";
import { may } from "../../may.ts";
import { Driver } from "./driver.ts";

/** Opens the journal of the test's folder, or of another one. */
export type Open = (options?: Partial<JournalOptions>) => Driver;

/** A test with a folder; what it opens is closed at its end. */
export function on(
  disk: string,
  act: (open: Open, path: string) => void | Promise<void>,
  needs: Parameters<typeof may> = [],
) {
  Deno.test({
    name: disk,
    ignore: !may("read", "write", ...needs),
    fn: async () => {
      using folder = makeFolder();
      const path = `${folder.path}/data/hanita.db`, opened = new Set<Driver>();
      const open: Open = (options) => {
        const driver = new Driver(() => openJournal({ path, ...options })), { journal } = driver, { close } = journal;
        journal.close = () => {
          opened.delete(driver);
          return close.call(journal);
        };
        opened.add(driver);
        return driver;
      };
      try {
        await act(open, path);
      } finally {
        for (const { journal } of opened) await journal.close();
      }
    },
  });
}

/** What the log says while something is done. */
export async function logged(
  act: () => void | Promise<void>,
  level: "info" | "warning" = "warning",
): Promise<string> {
  using folder = makeFolder();
  const log = openLog({ program: "server", dir: folder.path, level, console: "none" });
  try {
    await act();
  } finally {
    log.close();
  }
  const dir = `${folder.path}/log`;
  return [...Deno.readDirSync(dir)].map(({ name }) => Deno.readTextFileSync(`${dir}/${name}`)).join("");
}

/** Changes the database as another program, or a bad disk, does. */
export function tamper(path: string, change: (db: DatabaseSync) => void): void {
  const db = new DatabaseSync(path);
  try {
    change(db);
  } finally {
    db.close();
  }
}

/** Makes a database one from before there was an index of runs, of which the version is to be set too. */
export const WITHOUT_RUN_INDEX = `DROP VIEW runs_of; DROP TRIGGER run_removed; DROP TABLE indexed_runs;
  DELETE FROM marks WHERE name = 'indexed'; CREATE INDEX turns_of_conversation ON runs (conversation, first, count)`;

/** Turns one bit of a row's bytes. */
export function damage(path: string, table: "runs" | "records", column: "lines" | "body", at = 0): void {
  tamper(path, (db) => {
    const id = table === "runs" ? "first" : "id";
    const row = db.prepare(`SELECT ${id} AS id, ${column} AS bytes FROM ${table} ORDER BY ${id} LIMIT 1 OFFSET ?`).get(
      at,
    )!;
    const bytes = row.bytes as Uint8Array;
    bytes[bytes.length >> 1]! ^= 1;
    db.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${id} = ?`).run(bytes, row.id as number);
  });
}

/** Makes a run one that a newer Hanita has written: whole, of a version that is not known. */
export function makeNewer(path: string, first: number): void {
  tamper(path, (db) => {
    const row = db.prepare("SELECT last, count, conversation, time, lines FROM runs WHERE first = ?").get(first)!;
    const { last, count, conversation, time } = row as Record<string, number> as Record<
      "last" | "count" | "conversation" | "time",
      number
    >;
    const header = { version: MESSAGE_VERSION + 1, id: first, last, count, conversation, time };
    const change = db.prepare("UPDATE runs SET version = ?, sum = ? WHERE first = ?");
    change.run(header.version, sumOfRun(header, row.lines as Uint8Array), first);
  });
}

/** The files of the journal that have a text. */
export function filesWith(path: string, text: string): string[] {
  const folder = path.slice(0, path.lastIndexOf("/")), bytes = new TextEncoder().encode(text);
  return [...Deno.readDirSync(folder)].filter(({ isFile }) => isFile).map(({ name }) => name)
    .filter((name) => has(Deno.readFileSync(`${folder}/${name}`), bytes)).sort();
}

function has(file: Uint8Array, bytes: Uint8Array): boolean {
  for (let at = file.indexOf(bytes[0]!); at >= 0; at = file.indexOf(bytes[0]!, at + 1)) {
    if (bytes.every((byte, i) => file[at + i] === byte)) return true;
  }
  return false;
}
