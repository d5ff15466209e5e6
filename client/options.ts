// What can be said to the client on its command line.

import { object, or } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { map, optional, withDefault } from "@optique/core/modifiers";
import { argument, flag, option } from "@optique/core/primitives";
import { choice, port, string } from "@optique/core/valueparser";
import { encode, explain, parse } from "../jim/mod.ts";
import { levels, type LogLevel } from "../log/mod.ts";
import { type CommandLine, commandLine } from "./command_line.ts";
import { guestName } from "./guest.ts";

/** What the user wants. */
export interface Options {
  /** Where the server is: a name, an IPv4 or an IPv6 address. */
  readonly address: string;
  readonly port: number;
  /** `-r` only reads the chat, `-w` only writes to it. */
  readonly only: "read" | "write" | undefined;
  readonly name: string;
  /** Print the objects of messages as they came. */
  readonly json: boolean;
  /** The data folder, where it was named. */
  readonly data: string | undefined;
  readonly logLevel: LogLevel;
}

/** The first argument of whoever connects to a server. */
const server = string({ metavar: "ADDR" });

/** The second. */
const portOfServer = withDefault(
  argument(port({ metavar: "PORT", min: 1 }), { description: message`The server's port` }),
  7777,
);

const missing = message`ADDR: Expected the server's address, as in ${"127.0.0.1"}.`;

const client = object({
  address: argument(server, {
    description: message`The server's name or address`,
    errors: { endOfInput: missing },
  }),
  port: portOfServer,
  only: optional(or(
    map(flag("-r", { description: message`Only read the chat` }), () => "read" as const),
    map(
      flag("-w", { description: message`Only write: each line of standard input is a message` }),
      () => "write" as const,
    ),
  )),
  name: optional(option("-n", string({ metavar: "NAME" }), { description: message`Your name; guest-… by default` })),
  json: option("--json", { description: message`Print messages as JSON, one a line` }),
  data: optional(option("--data", string({ metavar: "DIR" }), {
    description: message`The data folder, for the log; ./data by default`,
  })),
  logLevel: withDefault(
    option("--log-level", choice(levels, { metavar: "LEVEL" }), { description: message`How much the log says` }),
    "info" as const,
  ),
}, { errors: { endOfInput: missing } });

/** Where a server is. */
export type Peer = Pick<Options, "address" | "port">;

/** The optional `[ADDR [PORT]]` of the launchers: this machine by default. */
export const peer = object({
  address: withDefault(argument(server, { description: message`The server's name or address` }), "127.0.0.1"),
  port: portOfServer,
});

/**
 * Reads the client's command line.
 *
 * @param random makes up a name, see {@linkcode guestName}
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const read = readOptions(["[::1]", "8888", "-r", "-n", "Ann"], Math.random);
 * assert.ok("options" in read);
 * assert.deepEqual([read.options.address, read.options.port, read.options.only], ["::1", 8888, "read"]);
 * ```
 */
export function readOptions(args: readonly string[], random: () => number): CommandLine<Options> {
  const command = "deno task client";
  const read = commandLine(command, message`Chats in a terminal with a server that speaks JIM.`, client, args);
  if ("status" in read) return read;
  const { address, name = guestName(random), ...rest } = read.options;
  const mistake = wrongIn(name);
  if (mistake !== undefined) return { status: 2, text: `${command}: -n: ${mistake}. Try --help` };
  return { options: { ...rest, name, address: address.replace(/^\[(.*)\]$/, "$1") } };
}

/** What a server would have against a name. */
function wrongIn(name: string): string | undefined {
  const read = parse(encode({ action: "presence", time: 0, user: { account_name: name } }));
  return "refusal" in read ? explain(read.refusal).replace("user.account_name: ", "") : undefined;
}
