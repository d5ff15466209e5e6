// What this run may do. A test names what it needs with `ignore: !may("read", "write")`, so that `deno test` without any
// permission ignores it instead of failing or asking.

import { delimiter, join } from "node:path";
import { superviseChildren } from "./orphans.ts";

const WHAT: Record<string, Deno.PermissionDescriptor> = {
  read: { name: "read" },
  write: { name: "write" },
  net: { name: "net", host: "127.0.0.1" },
  run: { name: "run", command: "deno" },
  sh: { name: "run", command: "sh" },
  env: { name: "env" },
  sys: { name: "sys" },
};

if (granted("run") && granted("env") && granted("sh")) superviseChildren();

/** Whether all of these are granted: files anywhere, sockets on the loopback, running `deno` and ending it again. */
export function may(...needs: ("read" | "write" | "net" | "run" | "env" | "sys")[]): boolean {
  return needs.every((need) => granted(need) && (need !== "run" || endsWhenTold()));
}

/** Whether another program may be run, and is there: one that says its version. */
export function has(command: string, ...args: string[]): boolean {
  if (Deno.permissions.querySync({ name: "run", command }).state !== "granted") return false;
  try {
    return new Deno.Command(command, { args, stdout: "null", stderr: "null" }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function granted(need: string): boolean {
  return Deno.permissions.querySync(WHAT[need]!).state === "granted";
}

/**
 * Where npm runs no install scripts, the `deno` that `npx` puts on the PATH is a script in front of the program, and a
 * signal ends that script only: each server that a test had started would stay.
 */
function endsWhenTold(): boolean {
  if (!granted("env") || !granted("read")) return false;
  for (const folder of (Deno.env.get("PATH") ?? "").split(delimiter)) {
    for (const name of Deno.build.os === "windows" ? ["deno.exe", "deno.cmd"] : ["deno"]) {
      try {
        return /(^|[\\/])deno(\.exe)?$/.test(Deno.realPathSync(join(folder, name)));
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) throw error;
      }
    }
  }
  return false;
}
