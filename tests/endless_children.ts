// A test that starts a broker and a shell with a child of its own, writes down which processes they are, and does not end.
// For the test of what a run that is ended leaves behind. `PIDS_FILE=FILE deno test -P=test endless_children.ts`

import { hasBroker, startBroker } from "./nats_server.ts";
import { may } from "./may.ts";

Deno.test("it never ends", { ignore: !may("run", "env", "read", "write", "net") }, async () => {
  const pids: number[] = [];
  const broker = hasBroker ? await startBroker() : undefined;
  if (broker !== undefined) pids.push(broker.pid);
  const shell = new Deno.Command("sh", { args: ["-c", "sleep 1000 & echo $!; wait"], stdout: "piped" }).spawn();
  const { value } = await shell.stdout.pipeThrough(new TextDecoderStream()).getReader().read();
  Deno.writeTextFileSync(Deno.env.get("PIDS_FILE")!, `${[...pids, shell.pid, Number(value)].join(" ")}\n`);
  await new Promise((resolve) => setTimeout(resolve, 1_000_000));
});
