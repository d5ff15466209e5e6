/**
 * Hanita's client. It reads the options, opens the log and the connection, and starts a loop: client/pipe/loop.ts in a
 * pipe, client/terminal/loop.ts at a terminal.
 *
 * Exit status: 0 when all went well; 1 when anything was refused or lost, or the server went away; 2 for a mistake on the
 * command line. What is lost is said on standard error.
 */
import { commandLine, notPermitted } from "./cli/mod.ts";
import { systemReason } from "./cli/system.ts";
import { connect, ConnectError, type Connection } from "./client/connect.ts";
import { type Options, optionsOf, program } from "./client/options.ts";
import { runPipe } from "./client/pipe/loop.ts";
import { catalogues } from "./client/words.ts";
import { LogError, logger, openLog } from "./log/mod.ts";

const { info } = logger("client");

if (import.meta.main) Deno.exit(await main(optionsOf(commandLine(program), Math.random)));

async function main(options: Options): Promise<number> {
  if (!openLogFile(options)) return 1;
  const opened = await openConnection(options);
  if (opened === undefined) return 1;
  const { connection, options: reached } = opened;
  if (options.send !== undefined) {
    const { sendOneFile } = await import("./client/pipe/send_file.ts");
    return await sendOneFile(connection, options.send, reached);
  }
  if (!isInteractive(options)) return await runPipe(connection, reached);
  const { runTerminal } = await import("./client/terminal/loop.ts"); // a pipe has 3 MB less without
  return await runTerminal(connection, reached);
}

/** A person sits at a terminal, to read and to write; anything else is a pipe, in which nothing but the chat belongs. */
function isInteractive({ only, json }: Options): boolean {
  return only === undefined && !json && Deno.stdin.isTerminal() && Deno.stdout.isTerminal();
}

/** A log that cannot be written ends the program only if `--data` was given. */
function openLogFile({ data, logLevel, lang }: Options): boolean {
  try {
    openLog({ program: "client", dir: data ?? "./data", level: logLevel, console: "none" });
    return true;
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    const forbidden = error.cause instanceof Deno.errors.NotCapable;
    const texts = catalogues[lang], { cause } = error;
    const said = lang === "en" || !(cause instanceof Error)
      ? error.message
      : texts.cannotLog(`${data ?? "./data"}/log`, systemReason(cause.message, lang));
    if (data === undefined) console.error(texts.goingOn(said));
    else if (!forbidden) console.error(said);
    else console.error(notPermitted(data, "client", "client.ts", lang));
    return data === undefined;
  }
}

/** Connects to the first server that can be reached; it is the first of the options that are returned. */
async function openConnection(options: Options): Promise<{ connection: Connection; options: Options } | undefined> {
  const { address, port, tls } = options, servers = [{ address, port }, ...options.others], failures: string[] = [];
  for (const [i, server] of servers.entries()) {
    const reached = { ...options, ...server, others: [...servers.slice(i + 1), ...servers.slice(0, i)] };
    try {
      const connection = await connect(reached);
      info("connected", `${server.address} port ${server.port}${tls ? ", encrypted" : ""}`);
      return { connection, options: reached };
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
      info("connected", error.message);
      failures.push(error.message);
    }
  }
  console.error(failures.join("; "));
  return undefined;
}
