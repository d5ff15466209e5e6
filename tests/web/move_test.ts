// A page of one of several servers of a chat goes on at another one when its own is gone.

import assert from "node:assert/strict";
import { startServers } from "../chat/two_servers.ts";
import { browse, cannot } from "./browser.ts";

Deno.test("page moves to another server of the chat when its own stops, and loses and doubles nothing", {
  ignore: cannot,
}, async () => {
  await using chat = await startServers(2);
  const [one, two] = chat.all, admitted: string[] = [];
  const there = `http://127.0.0.1:${await two!.web(admitted)}`;
  const here = `http://127.0.0.1:${await one!.web([], [there])}`;
  admitted.push(here);
  await using browser = await browse();
  const ann = await browser.open(`${here}/`), bob = await browser.open(`${there}/`);
  await ann.join("ann");
  await bob.join("bob");
  await bob.say("before");
  await ann.hears("before");
  one!.stop();
  await one!.over;
  await bob.say("meanwhile");
  await ann.hears("meanwhile");
  await ann.say("here again");
  await bob.hears("here again");
  await bob.say("after");
  await ann.hears("after");
  const all = ["before", "meanwhile", "here again", "after"];
  assert.deepEqual(await ann.said(), all);
  assert.deepEqual(await bob.said(), all);
});
