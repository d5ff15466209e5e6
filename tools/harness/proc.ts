// What Linux says of a process, under /proc. Deno reads there for programs with all permissions only, so `cat` reads it:
// a command that the permissions name is less than everything. Where there is no /proc, there are no figures.

/** Ticks of the clock in which Linux counts processor time; all of its machines have 100 a second. */
const TICKS = 100;

export interface Usage {
  /** Processor seconds, user and system. */
  readonly cpu: number;
  /** Bytes of memory, now and at most so far. */
  readonly rss: number;
  readonly peak: number;
}

/** Undefined where it is not to be had. */
export async function usage(pid: number | undefined): Promise<Usage | undefined> {
  if (pid === undefined) return undefined;
  const text = await read(`/proc/${pid}/stat`, `/proc/${pid}/status`);
  const rss = /^VmRSS:\s*(\d+) kB/m.exec(text), peak = /^VmHWM:\s*(\d+) kB/m.exec(text);
  if (rss === null || peak === null) return undefined;
  // Behind the name, which is in brackets and may hold anything: state is field 3, utime 14, stime 15.
  const fields = text.slice(text.indexOf(") ") + 2).split(" ");
  const cpu = (Number(fields[11]) + Number(fields[12])) / TICKS;
  return { cpu, rss: Number(rss[1]) * 1024, peak: Number(peak[1]) * 1024 };
}

/** How many files this process, and a server that it starts, may have open. */
export async function fileLimit(): Promise<number> {
  const limit = /^Max open files\s+(\d+)/m.exec(await read("/proc/self/limits"));
  return limit === null ? Infinity : Number(limit[1]);
}

async function read(...files: string[]): Promise<string> {
  if (Deno.build.os !== "linux") return "";
  const { stdout } = await new Deno.Command("cat", { args: files, stderr: "null" }).output();
  return new TextDecoder().decode(stdout);
}
