/**
 * All that passes through a server, as it passes: what each connection says, in which framing and dialect, what it is told,
 * why it was refused. For an operator, or a teacher who has the server's token: on its own machine it is read from the data
 * folder.
 *
 *     deno task inspect [HOST [PORT]] [--tls [--ca FILE]] [--data DIR] [--token-file FILE]
 *     deno task inspect [HOST [PORT]] --login NAME                            (the password is read from standard input)
 */
import { commandLine, fail, text } from "../cli/mod.ts";
import { hasColour } from "../cli/tint.ts";
import { connect, NotConnected } from "../client/connect.ts";
import { encryption, peer } from "../client/options.ts";
import { encode, Framer, textOf } from "../jim/mod.ts";
import { line, type Sight } from "../server/trace.ts";

const program = {
  name: "hanita-inspect",
  does: "Shows what every client of a Hanita server says and is told, and what it gets wrong.",
  options: {
    data: text("The server's data folder, which has its token; ./data by default, on this machine.", undefined, {
      value: "DIR",
    }),
    tokenFile: { ...text("A file with the server's token.", undefined, { value: "FILE" }), not: "login" },
    login: text("An operator's account, instead of the token.", undefined, { value: "NAME" }),
    ...encryption,
  },
  places: { ...peer, address: { ...peer.address, value: "HOST" } },
};

const { login, data, tokenFile, ...server } = commandLine(program);
const now = () => Math.floor(Date.now() / 1000);
const conn = await connect(server).catch((error) => {
  if (!(error instanceof NotConnected)) throw error;
  fail(program.name, error.message);
});
if (login !== undefined) {
  const [password = ""] = (await new Response(Deno.stdin.readable).text()).split(/\r?\n/);
  await conn.write(encode({ action: "authenticate", time: now(), user: { account_name: login, password } }));
}
await conn.write(encode({ action: "inspect", time: now(), ...login === undefined ? { token: readToken() } : {} }));

const framer = new Framer(), decoder = new TextDecoder();
for (let count = await read(); count !== null; count = await read()) {
  framer.wrote(count);
  for (let found = framer.next(); found !== undefined; found = framer.next()) {
    if (typeof found !== "string") show(JSON.parse(decoder.decode(found)));
  }
}
fail(program.name, "The server has closed the connection");

/** The token of the server that was named. That of this machine's own is sent to no other, unless its folder was named. */
function readToken(): string {
  const own = /^(localhost|127(\.\d+){3}|::1)$/.test(server.address);
  const file = tokenFile ?? (data !== undefined || own ? `${data ?? "./data"}/token` : undefined);
  if (file === undefined) fail(program.name, "Expected --token-file FILE, or --login NAME of an operator", 2);
  try {
    return textOf(Deno.readFileSync(file)).trim();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) {
      fail(program.name, `Cannot read ${file}: not permitted, add --allow-read=./data,${file} to "deno run"`);
    }
    if (!(error instanceof Error)) throw error;
    const why = error.message.replace(/ \(os error \d+\).*/, "");
    fail(program.name, `Cannot read ${file}: ${why}; expected --data DIR of the server, --token-file or --login`);
  }
}

function read(): Promise<number | null> {
  return conn.read(framer.space()).catch(() => null);
}

function show(object: Sight & { response?: number; error?: string }): void {
  if (object.action === "trace") console.log(line(object, hasColour(Deno.stdout)));
  else if (object.response !== undefined && object.response >= 400) fail(program.name, object.error ?? "refused");
  else if (object.action === "probe" as string) {
    void conn.write(encode({ action: "presence", time: now(), user: { account_name: "inspector", status: "" } }));
  }
}
