/**
 * All that passes through a server, as it passes: what each connection says, in which framing and dialect, what it is told,
 * why it was refused. For a teacher at the server's own machine, or an operator.
 *
 *     deno task inspect [HOST [PORT]] [--login NAME]      (the password is read from standard input)
 */
import { commandLine, fail, type Place, text, whole } from "../cli/mod.ts";
import { encode, Framer } from "../jim/mod.ts";
import { line, type Sight } from "../server/trace.ts";

const program = {
  name: "hanita-inspect",
  does: "Shows what every client of a Hanita server says and is told, and what it gets wrong.",
  options: {
    login: text("An operator's account; not needed at the server's own machine.", undefined, { value: "NAME" }),
  },
  places: {
    host: { ...text("Where the server is.", "127.0.0.1"), value: "HOST" } as Place<string>,
    port: { ...whole("Its port.", 7777, { min: 1, max: 65535 }), value: "PORT" } as Place<number>,
  },
};

const { host, port, login } = commandLine(program);
const now = () => Math.floor(Date.now() / 1000);
const conn = await Deno.connect({ hostname: host, port }).catch((error: Error) =>
  fail(program.name, `Cannot connect to ${host} port ${port}: ${error.message}`)
);
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
  if (object.action === "trace") console.log(line(object, !Deno.noColor && Deno.stdout.isTerminal()));
  else if (object.response !== undefined && object.response >= 400) fail(program.name, object.error ?? "refused");
  else if (object.action === "probe" as string) {
    void conn.write(encode({ action: "presence", time: now(), user: { account_name: "inspector", status: "" } }));
  }
}
