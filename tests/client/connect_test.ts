// How the client meets servers that it cannot trust, or that speak something else: one line of what is wrong and what
// would be right.

import assert from "node:assert/strict";
import { connect, ConnectError } from "../../client/connect.ts";
import { within } from "../chat/within.ts";
import { may } from "../may.ts";
import { pathOf, pem } from "../server/net/tls/certificates.ts";

const cannot = !may("net", "read");
const AUTHORITY = pathOf("authority.pem");

interface Server extends Disposable {
  readonly port: number;
}

/** A server that shows this certificate, and says what it hears. */
function showing(name: string): Server {
  const cert = pem(`${name}.pem`), key = pem(`${name}.key`);
  return serving(Deno.listenTls({ hostname: "127.0.0.1", port: 0, cert, key }), echo);
}

function serving(listener: Deno.Listener, meet: (conn: Deno.Conn) => Promise<void>): Server {
  const conns: Deno.Conn[] = [];
  const over = (async () => {
    for await (const conn of listener) {
      conns.push(conn);
      meet(conn).catch(() => {}); // it is gone, and the test knows why
    }
  })();
  return {
    port: (listener.addr as Deno.NetAddr).port,
    [Symbol.dispose]() {
      listener.close();
      for (const conn of conns) conn.close();
      over.catch(() => {});
    },
  };
}

async function echo(conn: Deno.Conn): Promise<void> {
  const into = new Uint8Array(100);
  for (let count; (count = await conn.read(into)) !== null;) await conn.write(into.subarray(0, count));
}

for (const [address, ca] of [["localhost", AUTHORITY], ["127.0.0.1", AUTHORITY]] as const) {
  Deno.test(`connect trusts a server at ${address} if it is given the authority`, { ignore: cannot }, async () => {
    using server = showing("first");
    using conn = await connect({ address, port: server.port, tls: true, ca });
    await conn.write(new Uint8Array([7]));
    const into = new Uint8Array(1);
    assert.equal(await within("an echo", conn.read(into)), 1);
    assert.equal(into[0], 7);
  });
}

const distrusted: [what: string, show: string, address: string, ca: string | undefined, why: string][] = [
  [
    "that nobody vouches for",
    "first",
    "localhost",
    undefined,
    "its certificate is signed by an unknown authority, expected --ca FILE with the certificate of that authority",
  ],
  [
    "that another authority vouches for",
    "first",
    "localhost",
    pathOf("second.pem"),
    `its certificate is not signed by the one in "${
      pathOf("second.pem")
    }", expected --ca with the certificate of its authority`,
  ],
  [
    "that shows its authority's certificate",
    "authority",
    "localhost",
    AUTHORITY,
    "its certificate is an authority's, expected a server's, made with basicConstraints=critical,CA:FALSE",
  ],
];

for (const [what, show, address, ca, why] of distrusted) {
  Deno.test(`connect distrusts a server ${what}`, { ignore: cannot }, async () => {
    using server = showing(show);
    const { port } = server;
    await assert.rejects(connect({ address, port, tls: true, ca }), (error) => {
      assert.ok(error instanceof ConnectError);
      assert.equal(error.message, `Cannot connect to ${address} port ${port}: ${why}`);
      return true;
    });
  });
}

Deno.test("connect names the certificate's owner when it is another server", {
  ignore: cannot,
}, async () => {
  using server = showing("elsewhere");
  const { port } = server;
  await assert.rejects(connect({ address: "127.0.0.1", port, tls: true, ca: AUTHORITY }), {
    message: `Cannot connect to 127.0.0.1 port ${port}: its certificate is not for 127.0.0.1, expected chat.example`,
  });
});

Deno.test("connect says that a certificate has ended", { ignore: cannot }, async () => {
  using server = showing("ended");
  const { port } = server;
  await assert.rejects(connect({ address: "localhost", port, tls: true, ca: AUTHORITY }), {
    message: `Cannot connect to localhost port ${port}: its certificate has ended, expected a new one`,
  });
});

const strangers: [what: string, meet: (conn: Deno.Conn) => Promise<void>, why: string][] = [
  [
    "answers in the clear",
    (conn) => conn.write(new TextEncoder().encode('{"response":400}\n')).then(() => {}),
    "it does not speak TLS, expected a server with --tls-cert, or no --tls here",
  ],
  [
    "hangs up",
    (conn) => conn.read(new Uint8Array(1000)).then(() => conn.closeWrite()),
    "it does not speak TLS, expected a server with --tls-cert, or no --tls here",
  ],
  [
    "stays silent",
    () => Promise.resolve(),
    "it begins no TLS, expected a server with --tls-cert, or no --tls here",
  ],
];

for (const [what, meet, why] of strangers) {
  Deno.test(`connect says that a server which ${what} speaks no TLS`, { ignore: cannot }, async () => {
    using server = serving(Deno.listen({ hostname: "127.0.0.1", port: 0 }), meet);
    const where = { address: "localhost", port: server.port, tls: true, ca: undefined };
    await assert.rejects(within("an outcome", connect(where, what === "stays silent" ? 1_500 : undefined)), {
      message: `Cannot connect to localhost port ${server.port}: ${why}`,
    });
  });
}

for (const [file, why] of [["none.pem", "No such file or directory"], ["make.sh", "expected a certificate, as PEM"]]) {
  Deno.test(`connect refuses to trust ${file}, before it connects`, { ignore: cannot }, async () => {
    const ca = pathOf(file!);
    await assert.rejects(connect({ address: "localhost", port: 1, tls: true, ca }), {
      message: `Cannot use --ca "${ca}": ${why}`,
    });
  });
}
