// `deno task pair [ADDR [PORT]] [--tls [--ca FILE]] [--lang en|ru]`: a reader and a writer in one terminal, as the
// original Hanita began. What is typed goes to the writer, and what the reader receives appears below it. When one of
// the two ends, the other one does, too.

import { commandLine, lang } from "../cli/mod.ts";
import { eachLine, startClient, terminate } from "./harness/client_process.ts";
import { encryption, type Peer, peer } from "../client/options.ts";
import { joinHostPort } from "../jim/mod.ts";
import { statusOf } from "./refused.ts";
import { catalogues } from "./words.ts";

/** Characters of what the writer said last, a few lines. */
const MEMORY = 4_000;

const program = {
  name: "hanita-pair",
  summary: { en: "A reader and a writer in one terminal.", ru: "Читатель и писатель в одном терминале." },
  options: { ...encryption, lang },
  positionals: peer,
};

if (import.meta.main) Deno.exit(await statusOf(pair(commandLine(program))));

/** Runs both. Returns the exit status of the one that ended first: the other ends because of it. */
async function pair(server: Peer): Promise<number> {
  if (Deno.stdin.isTerminal()) {
    console.error(catalogues[server.lang ?? "en"].pair(joinHostPort(server.address, server.port)));
  }
  const reader = startClient(server, ["-r"], { stdin: "null", stdout: "inherit", stderr: "piped" });
  const writer = startClient(server, ["-w"], { stdin: "inherit", stdout: "inherit", stderr: "piped" });
  const both = [reader, writer];
  const stop = () => both.forEach(terminate);

  // What befalls the connection, both say. So the writer speaks, and the reader has the last word if that is a new one.
  let spoken = "", unspoken = "";
  const complaints = [
    eachLine(writer.stderr, (line) => {
      console.error(line);
      spoken = `${spoken}\n${line}`.slice(-MEMORY);
    }),
    eachLine(reader.stderr, (line) => unspoken = line),
  ];

  // A terminal tells the children itself; this one only has to outlive them.
  Deno.addSignalListener("SIGINT", stop);
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", stop);
  const { code } = await Promise.race(both.map((child) => child.status));
  stop();
  await Promise.all([...both.map((child) => child.status), ...complaints]);
  if (!spoken.includes(unspoken)) console.error(unspoken);
  return code;
}
