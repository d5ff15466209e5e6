// Removes the old files of the log: those of too early days, and the oldest ones while all have too many bytes.

import { dayOf } from "./format.ts";

/**
 * Removes the files of days before `first`. At a start, `isStart`, only if a later one that is not today's is kept.
 *
 * @returns whether the old files are removed now
 */
export function removeBefore(dir: string, program: string, today: string, first: string, isStart: boolean): boolean {
  const olds = namesOf(dir, program).filter(({ day }) => day < today);
  if (isStart && !olds.some(({ day }) => day >= first)) return false;
  for (const { name, day } of olds) if (day < first) remove(`${dir}/${name}`);
  return true;
}

/** Removes the oldest files until all that are older than today's have so many bytes. It needs no clock. */
export function removeBeyond(dir: string, program: string, today: string, bytes: number): void {
  const olds = namesOf(dir, program).filter(({ day }) => day < today).sort((one, other) =>
    one.day < other.day ? 1 : -1
  );
  for (const { name } of olds) {
    bytes -= sizeOf(`${dir}/${name}`);
    if (bytes < 0) remove(`${dir}/${name}`);
  }
}

/** The program's own files, each with its day. */
function namesOf(dir: string, program: string): { name: string; day: string }[] {
  return [...Deno.readDirSync(dir)].flatMap(({ name, isFile }) => {
    const [, owner, day] = /^([a-z]+)-(\d{4}-\d\d-\d\d)\.log$/.exec(name) ?? [];
    return isFile && owner === program ? [{ name, day: day! }] : [];
  });
}

function sizeOf(path: string): number {
  return unlessGone(() => Deno.statSync(path).size) ?? 0;
}

function remove(path: string): void {
  unlessGone(() => Deno.removeSync(path));
}

/** Another process may be removing the same files. */
function unlessGone<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** The first of the `days` days that end with `day`, counted on the calendar: a day of 23 hours is one too. */
export function firstDay(day: string, days: number): string {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  return dayOf(new Date(year, month - 1, date - (days - 1)));
}
