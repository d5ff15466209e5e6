// A program that logs numbered lines until it is killed, and after each line says on standard output how many there are.
// For the test of what `kill -9` leaves on the disk. `deno run endless_writer.ts DIR`

import { logger, openLog } from "../../log/mod.ts";

const MOST = 1_000_000; // in case nobody kills it
const { info } = logger("writer");
const encoder = new TextEncoder();

openLog({ program: "server", dir: Deno.args[0]! });
for (let n = 1; n <= MOST; n++) {
  info("main", `line ${n} привет ${"x".repeat(n % 500)} end`);
  if (n % 100 === 0) Deno.stdout.writeSync(encoder.encode(`${n}\n`));
}
