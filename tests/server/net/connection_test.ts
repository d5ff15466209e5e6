import assert from "node:assert/strict";
import { plain } from "../../../jim/mod.ts";
import { closeSocket, configureSocket, isPeerGone } from "../../../server/net/connection.ts";
import { fakeSocket, makeConnection } from "../fake.ts";

Deno.test("Connection is bare until a newline has come after an object", () => {
  const connection = makeConnection("ann");
  const bare = (text: string) => {
    connection.framer.push(new TextEncoder().encode(text));
    while (connection.framer.next() !== undefined);
    connection.detectFraming();
    return connection.bare;
  };
  assert.deepEqual([bare("\n"), bare("{}"), bare("{}"), bare("\r\n"), bare("{}")], [true, true, true, false, false]);
});

Deno.test("Connection owes what waits, what is held back and what is on its way", () => {
  const connection = makeConnection("ann");
  assert.equal(connection.unsentBytes, 0);
  connection.outbox.addWhole(new Uint8Array(5));
  connection.writing = new Uint8Array(30);
  assert.equal(connection.unsentBytes, 35);
});

Deno.test("Connection hears plain relays when it speaks plain JIM by lines", () => {
  const bare = makeConnection("ann"), line = makeConnection("bob", true), other = makeConnection("eve", true);
  other.dialect = { ...plain, name: "other" };
  assert.deepEqual([bare, line, other].map(({ takesPlainRelays: hearsPlain }) => hearsPlain), [false, true, false]);
});

/** An error of the system, as Deno throws it: some have a class of their own, all have a code. */
function systemError(code: string, error: Error = new Error(code)): Error {
  return Object.assign(error, { code });
}

const gone: [what: string, error: Error][] = [
  ["was closed by us", new Deno.errors.BadResource("Bad resource ID")],
  ["was closed meanwhile", new Deno.errors.Interrupted("operation canceled")],
  ["was reset", systemError("ECONNRESET", new Deno.errors.ConnectionReset())],
  ["is not connected any more", systemError("ENOTCONN", new Deno.errors.NotConnected())],
  ["was reset, on macOS", systemError("EINVAL", new TypeError("Invalid argument"))],
  ["is broken in another way", systemError("EHOSTUNREACH")],
];
for (const [what, error] of gone) {
  Deno.test(`prepare and shut take it for gone that a socket ${what}`, () => {
    const fail = () => {
      throw error;
    };
    assert.equal(configureSocket(Object.assign(fakeSocket(1), { setNoDelay: fail })), false);
    assert.equal(configureSocket(Object.assign(fakeSocket(1), { setKeepAlive: fail })), false);
    closeSocket(Object.assign(fakeSocket(1), { close: fail }));
  });
}

Deno.test("prepare and shut let a bug through", () => {
  for (const bug of [new TypeError("x is not a function"), systemError("ERR_INVALID_ARG_TYPE", new TypeError())]) {
    const fail = () => {
      throw bug;
    };
    assert.throws(() => configureSocket(Object.assign(fakeSocket(1), { setNoDelay: fail })), bug);
    assert.throws(() => closeSocket(Object.assign(fakeSocket(1), { close: fail })), bug);
  }
  assert.equal(configureSocket(fakeSocket(1)), true);
});

Deno.test("isPeerGone tells a peer that has broken off from a system that has no descriptor left", () => {
  const { NotConnected, ConnectionAborted, ConnectionReset, BadResource } = Deno.errors;
  const peers = [new NotConnected(), new ConnectionAborted(), new ConnectionReset(), systemError("EINVAL")];
  for (const error of peers) assert.equal(isPeerGone(error), true, error.name);
  for (const error of [systemError("EMFILE"), systemError("ENFILE"), systemError("ENOBUFS"), new BadResource()]) {
    assert.equal(isPeerGone(error), false);
  }
});
