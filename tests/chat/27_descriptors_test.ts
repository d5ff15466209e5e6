// No file descriptor is left for one more connection: those that are in chat on, and those that wait outside come in when
// others have gone.

import assert from "node:assert/strict";
import { has } from "../may.ts";
import { connect, type Peer } from "./peer.ts";
import { cannotRun, startWithin } from "./program.ts";
import { until } from "./within.ts";

/** Open files that the server may have, its own too; and how many want to come in. */
const FILES = 100, MANY = 150;

const ignore = cannotRun || Deno.build.os === "windows" || !has("python3", "--version");

Deno.test("when no file descriptor is left accepting pauses, and goes on when there are some", { ignore }, async () => {
  await using server = await startWithin(FILES, "-a", "127.0.0.1");
  const chat = async (one: Peer, other: Peer, from: string, message: string) => {
    await one.sayOk({ action: "msg", time: 1, message });
    await other.expect({ from, message });
  };
  using ann = await connect(server.port), bob = await connect(server.port);
  await ann.enter("ann");
  await bob.enter("bob");
  const crowd: Peer[] = [];
  for (let i = 0; i < MANY; i++) crowd.push(await connect(server.port)); // the system lets them wait at the door
  await logged(/ warning server\/serve onRefused Cannot accept a connection: [^\n]+; trying again\n/);
  for (let i = 0; i < 20; i++) {
    await chat(ann, bob, "ann", `one ${i}`);
    await chat(bob, ann, "bob", `other ${i}`);
  }
  // The search index opens its file at the first maintenance after a message, and there is no descriptor for it.
  await logged(
    / warning server\/journal fail The search index does not follow, [^\n]+: Too many open files/,
  );
  await chat(ann, bob, "ann", "not indexed yet");
  const inside = [...server.log().matchAll(/onAccepted 127\.0\.0\.1:(\d+) connected/g)].map(([, port]) => Number(port));
  assert.ok(inside.length > 10 && inside.length < MANY, `${inside.length} are in`);
  for (const peer of crowd) if (inside.includes(peer.port)) peer.close();
  const outside = crowd.filter(({ port }) => !inside.includes(port));
  for (const [i, peer] of outside.slice(0, inside.length - 10).entries()) await peer.enter(`late ${i}`);
  await chat(ann, bob, "ann", "still here");
  assert.equal(server.log().split("Cannot accept").length - 1, 1, "it is said once");
  for (const peer of crowd) peer.close();
  server.kill("SIGTERM");
  assert.equal((await server.ended).code, 0);

  function logged(line: RegExp): Promise<void> {
    return until(`a line of the log like ${line}`, () => line.test(server.log()));
  }
});
