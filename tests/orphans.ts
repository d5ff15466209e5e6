// Ends what the tests have started when `deno test` is ended in the middle of them, by Ctrl C, by a signal or by `kill -9`:
// a child of Deno outlives it, and a server or a broker would stay for days.

/** Each process that a test starts, and each that such a one starts, has this variable, with the pid of `deno test`. */
const MARK = "STARTED_BY_TESTS";

/**
 * Waits for the end of the process $1, and kills all that have its mark, until there are none. A program that overwrites its
 * environment, as nginx does, is not found; a test ends it by a pipe.
 */
const SUPERVISOR = `
trap "" INT TERM HUP QUIT
tail --pid="$1" -f /dev/null
for round in 1 2 3; do
  for each in $(grep -lsaE "(^|[^A-Z_])${MARK}=$1([^0-9]|$)" /proc/[0-9]*/environ); do
    each=\${each#/proc/}
    kill -9 "\${each%/environ}"
  done
done 2>/dev/null`;

/** Starts the supervisor, once for all test files of a process: they share its environment. Elsewhere than on Linux it does nothing. */
export function superviseChildren(): void {
  const self = `${Deno.pid}`;
  if (Deno.build.os !== "linux" || Deno.env.get(MARK) === self) return;
  Deno.env.set(MARK, self);
  new Deno.Command("sh", {
    args: ["-c", SUPERVISOR, "supervisor", self],
    env: { PATH: Deno.env.get("PATH") ?? "" },
    clearEnv: true, // so that it has no mark itself
    cwd: "/",
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn().unref();
}
