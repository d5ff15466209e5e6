/**
 * Prints all traffic of a server, live: what each connection sends, in which framing and dialect, what it is sent, and why it
 * is refused. For an operator, or a teacher with the server's token, which is in the data folder on the server's own machine.
 *
 *     deno task inspect [HOST [PORT]] [--tls [--ca FILE]] [--data DIR] [--token-file FILE]
 *     deno task inspect [HOST [PORT]] --login NAME                            (asks for the password, or reads a line)
 */
import { commandLine, fail } from "../cli/mod.ts";
import { systemReason } from "../cli/system.ts";
import { hasColour } from "../cli/tint.ts";
import { connect, ConnectError } from "../client/connect.ts";
import { type Fields, read as parsed, text as textIn, whole } from "../jim/client/fields.ts";
import { decodeText, encode, escapeInvisible, Framer } from "../jim/mod.ts";
import { line } from "../server/observe/trace.ts";
import { readTraceEvent } from "../web/class/trace_event.ts";
import { askKnownPassword } from "./account/password.ts";
import { program } from "./inspect_options.ts";
import { Refused } from "./refused.ts";
import { catalogues } from "./words.ts";

const { login, data, tokenFile, ...server } = commandLine(program), texts = catalogues[server.lang];
const now = () => Math.floor(Date.now() / 1000);
const password = login === undefined ? "" : await passwordOf(login); // before the server waits for it
const conn = await connect(server).catch((error) => {
  if (!(error instanceof ConnectError)) throw error;
  fail(program.name, error.message);
});
if (login !== undefined) {
  await conn.write(encode({ action: "authenticate", time: now(), user: { account_name: login, password } }));
}
await conn.write(encode({ action: "inspect", time: now(), ...login === undefined ? { token: readToken() } : {} }));

const framer = new Framer(), decoder = new TextDecoder();
/** Objects from the server that are not known here. */
let skipped = 0;
for (let count = await read(); count !== null; count = await read()) {
  framer.commit(count);
  for (let found = framer.next(); found !== undefined; found = framer.next()) {
    if (typeof found !== "string") show(parsed(decoder.decode(found)));
  }
}
fail(program.name, skipped === 0 ? texts.closed : `${texts.closed}; ${texts.skippedInAll(skipped)}`);

/** Asks for the password; a line that is piped in and is not UTF-8 ends the program. */
function passwordOf(name: string): Promise<string> {
  return askKnownPassword(texts.passwordOf(escapeInvisible(name)), texts).catch((error) => {
    if (!(error instanceof Refused)) throw error;
    fail(program.name, error.message);
  });
}

/** The token of the server that was named. That of this machine's own is sent to no other, unless its folder was named. */
function readToken(): string {
  const own = /^(localhost|127(\.\d+){3}|::1)$/.test(server.address);
  const file = tokenFile ?? (data !== undefined || own ? `${data ?? "./data"}/token` : undefined);
  if (file === undefined) fail(program.name, texts.tokenExpected, 2);
  try {
    return decodeText(Deno.readFileSync(file)).trim();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) {
      fail(program.name, texts.tokenNotPermitted(file));
    }
    if (!(error instanceof Error)) throw error;
    fail(program.name, texts.noToken(file, systemReason(error.message, server.lang)));
  }
}

function read(): Promise<number | null> {
  return conn.read(framer.reserve()).catch(() => null);
}

function show(object: Fields): void {
  const { action, response, error } = object, sight = action === "trace" ? readTraceEvent(object) : undefined;
  if (sight !== undefined) console.log(line(sight, hasColour(Deno.stdout)));
  else if (response !== undefined) {
    if ((whole(response) ?? 0) >= 400) fail(program.name, textIn(error) || texts.refused);
  } else if (action === "probe") {
    const user = { account_name: login ?? "inspector", status: "" }; // another name than the account's would be refused
    void conn.write(encode({ action: "presence", time: now(), user }));
  } else if (action === "trace" || login === undefined) skip(object); // an account is told what is said in the chat, too
}

/** Of a server that is newer than this program only the first object that is not known is told. */
function skip({ action, way }: Fields): void {
  if (skipped++ === 0) {
    console.error(texts.skipped(escapeInvisible(JSON.stringify((action === "trace" ? way : action) ?? ""))));
  }
}
