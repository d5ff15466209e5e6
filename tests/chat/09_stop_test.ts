// How the server goes: everybody is told in the way that it understands, what is owed is written, and the status says how
// it was.

import assert from "node:assert/strict";
import { connect } from "./peer.ts";
import { cannotRun, startProgram } from "./program.ts";
import { cannot, start } from "./start.ts";
import { within } from "./within.ts";

const msg = (message: string) => ({ action: "msg", time: 1, to: "#all", message });
const NOTICE = { response: 100, alert: "the server is stopping" };
/** Signals as far apart as this are two: the server takes those within 500 ms for one. */
const APART = 700;

Deno.test(
  "a stop tells line speakers, and a bare listener gets the end of its stream",
  { ignore: cannot },
  async () => {
    await using chat = await start({ logged: true });
    const ann = await chat.join("ann"), silent = await chat.connect(), bob = await chat.bare();
    await bob.enter("bob");
    await ann.sayOk(msg("one"));
    await bob.expect({ message: "one" });
    chat.stop();
    await ann.expect(NOTICE);
    await ann.expectEnd();
    await bob.expectEnd();
    await silent.expectEnd(); // has not shown how it speaks, so counts as bare
    for (const each of [ann, bob, silent]) each.close();
    await chat.over;
    assert.match(chat.log().at(-1)!, / stopped; 0 bytes could not be sent/);
  },
);

Deno.test("a server that stops accepts no connection, and needs no client to leave", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.join("ann");
  chat.stop();
  await ann.expect(NOTICE);
  await assert.rejects(connect(chat.port), Deno.errors.ConnectionRefused);
  await ann.say(msg("too late"));
  await ann.expectEnd();
  await chat.over; // although ann does not close
});

Deno.test("a stop waits half a second for a peer that does not close, and not five", { ignore: cannot }, async () => {
  await using chat = await start({ frozen: true });
  const ann = await chat.join("ann");
  chat.stop();
  await ann.expect(NOTICE);
  await ann.expectEnd();
  chat.pass(500);
  await within("the stop", chat.over);
});

Deno.test("a stop writes pending output first, with the gaps of bare listeners", { ignore: cannot }, async () => {
  await using chat = await start({ bareGap: 20 });
  const ann = await chat.join("ann"), bob = await chat.bare(), late = await chat.staller();
  await bob.enter("bob");
  await late.say({ action: "presence", time: 1, user: { account_name: "late" } });
  await ann.silence();
  await ann.say(...Array.from({ length: 30 }, (_, i) => msg(`${i} ${"x".repeat(900)}`)));
  await ann.hearAll(30);
  chat.stop();
  late.listen();
  for (const each of [bob, late]) {
    if (each === late) await late.expect({ response: 200 });
    for (let i = 0; i < 30; i++) assert.equal((await each.hear()).message.split(" ")[0], String(i));
  }
  await late.expect(NOTICE);
  await late.expectEnd();
  await bob.expectEnd();
  await chat.over;
});

Deno.test("a stop waits five seconds for a client that does not read, and says how much was not sent", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ logged: true, frozen: true, bareGap: 50 });
  const ann = await chat.join("ann"), bob = await chat.bare();
  await bob.enter("bob");
  await ann.say(msg("one"), msg("two"));
  await ann.hearAll(2);
  chat.stop();
  await ann.expect(NOTICE);
  await ann.expectEnd();
  chat.pass(5000);
  await chat.over;
  const relay = {
    action: "msg",
    time: 1,
    to: "#all",
    from: "ann",
    encoding: "utf-8",
    message: "one",
    id: Date.now() * 1000,
  };
  const size = JSON.stringify(relay).length + 1; // both are of one length
  assert.match(chat.log().at(-1)!, new RegExp(` stopped; ${2 * size} bytes could not be sent`));
});

Deno.test("a stop in the very moment in which a client connects does not wait for it", { ignore: cannot }, async () => {
  await using chat = await start();
  const connecting = connect(chat.port).catch(() => undefined);
  chat.stop();
  using stranger = await connecting;
  await chat.over;
  await stranger?.expectBreak();
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} stops the server in peace, with status 0`, { ignore: cannotRun }, async () => {
    await using server = await startProgram();
    using ann = await connect(server.port), bob = await connect(server.port, { lineEnd: "" });
    await ann.enter("ann");
    await bob.enter("bob");
    server.kill(signal);
    await ann.expect(NOTICE);
    await ann.expectEnd();
    await bob.expectEnd();
    const { code, out, err } = await server.ended;
    assert.deepEqual([code, out, err], [0, `${server.ready}\n`, ""]);
    assert.match(
      server.log(),
      / info server\/serve serve stopped; 0 bytes could not be sent to clients that were still here\n$/,
    );
  });
}

Deno.test("a second signal at once is the same one, a later one ends the server with 130", {
  ignore: cannotRun,
}, async () => {
  for (const later of [false, true]) {
    await using server = await startProgram("--rate", "0", "--outbox", "100000000");
    using ann = await connect(server.port), late = await connect(server.port, { readsLater: true });
    await ann.enter("ann");
    await late.say({ action: "presence", time: 1, user: { account_name: "late" } });
    await ann.silence();
    // More than the system keeps for a reader, so that the server has something to wait for.
    const MANY = 100, PIECES = 40;
    for (let i = 0; i < MANY; i++) {
      await ann.say(...Array.from({ length: PIECES }, () => msg("x".repeat(4000))));
      await ann.hearAll(PIECES);
    }
    if (!later) late.listen(); // it has five seconds from the signal
    server.kill("SIGINT");
    if (!later) server.kill("SIGTERM"); // at once: half a second may pass while something is waited for
    await ann.expect(NOTICE);
    if (later) {
      await new Promise((resolve) => setTimeout(resolve, APART));
      server.kill("SIGINT");
    } else {
      await late.expect({ response: 200 });
      for (let i = 0; i < MANY * PIECES; i++) await late.expect({ from: "ann" });
      await late.expect(NOTICE);
      await late.expectEnd();
      late.close();
      ann.close();
    }
    assert.equal((await server.ended).code, later ? 130 : 0);
  }
});
