/**
 * All that passes through a server, as it passes: what each connection says, in which framing and dialect, what it is told,
 * why it was refused. For a teacher at the server's own machine, or an operator.
 *
 *     deno task inspect [HOST [PORT]] [--tls [--ca FILE]] [--login NAME]      (the password is read from standard input)
 */
import { commandLine, fail, text } from "../cli/mod.ts";
import { hasColour } from "../cli/tint.ts";
import { connect, NotConnected } from "../client/connect.ts";
import { encryption, peer } from "../client/options.ts";
import { encode, Framer } from "../jim/mod.ts";
import { line, type Sight } from "../server/trace.ts";

const program = {
  name: "hanita-inspect",
  does: "Shows what every client of a Hanita server says and is told, and what it gets wrong.",
  options: {
    login: text("An operator's account; not needed at the server's own machine.", undefined, { value: "NAME" }),
    ...encryption,
  },
  places: { ...peer, address: { ...peer.address, value: "HOST" } },
};

const { login, ...server } = commandLine(program);
const now = () => Math.floor(Date.now() / 1000);
const conn = await connect(server).catch((error) => {
  if (!(error instanceof NotConnected)) throw error;
  fail(program.name, error.message);
});
if (login !== undefined) {
  const [password = ""] = (await new Response(Deno.stdin.readable).text()).split(/\r?\n/);
  await conn.write(encode({ action: "authenticate", time: now(), user: { account_name: login, password } }));
}
await conn.write(encode({ action: "inspect", time: now() }));

const framer = new Framer(), decoder = new TextDecoder();
for (let count = await read(); count !== null; count = await read()) {
  framer.wrote(count);
  for (let found = framer.next(); found !== undefined; found = framer.next()) {
    if (typeof found !== "string") show(JSON.parse(decoder.decode(found)));
  }
}
fail(program.name, "The server has closed the connection");

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
