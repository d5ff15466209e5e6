// The server of a page goes away or accepts nothing more: nothing is lost or doubled, and what was done meanwhile is made up
// for.

import assert from "node:assert/strict";
import { register } from "../chat/accounts.ts";
import { connect } from "../chat/peer.ts";
import { startIn } from "../chat/program.ts";
import { browse, cannot, ownAddresses, PASSWORD, serve, startWithPage, urlOf } from "./browser.ts";

Deno.test(
  "page outlives a server that is killed: nothing is lost, nothing doubled, what was written meanwhile is sent",
  { ignore: cannot },
  async () => {
    const addresses = ownAddresses();
    await using first = await serve(...addresses);
    await using browser = await browse();
    const ann = await browser.open(first.url), bob = await browser.open(first.url);
    await ann.join("ann");
    await bob.register("bob");
    for (const page of [ann, bob]) await page.go("#cats");
    await ann.say("one");
    await bob.hears("one");
    await bob.say("two");
    await ann.hears("two");
    first.kill("SIGKILL");
    await first.ended;
    for (const page of [ann, bob]) await page.page.getByText("What you write is sent").waitFor();
    for (const page of [ann, bob]) await page.field.fill("while it was down");
    await ann.field.press("Enter");
    await ann.page.getByText("Waiting to be sent").waitFor();
    await using second = await startIn(first.folder, "-a", "127.0.0.1", ...addresses);
    assert.equal(urlOf(second), first.url);
    await bob.hears("while it was down");
    await bob.field.press("Enter");
    await ann.page.locator(".said:not(.own)", { hasText: "while it was down" }).waitFor();
    await ann.say("three");
    await bob.hears("three");
    const all = ["one", "two", "while it was down", "while it was down", "three"];
    assert.deepEqual(await ann.said(), all);
    assert.deepEqual(await bob.said(), all);
    await ann.page.reload();
    await ann.hears("three");
    assert.deepEqual(await ann.said(), all);
  },
);

Deno.test("page that is faster than the server allows is read more slowly, and says each message once", {
  ignore: cannot,
}, async () => {
  await using server = await startWithPage({ rateLimit: { rate: 10, burst: 10 } });
  await using browser = await browse();
  using peer = await connect(server.port);
  await peer.enter("teacher");
  const ann = await browser.open(server.url);
  await ann.join("ann");
  const all = Array.from({ length: 30 }, (_, at) => `line ${at + 1}`);
  for (const text of all) {
    await ann.field.fill(text);
    await ann.field.press("Enter");
  }
  const heard = await peer.hearAll(all.length);
  assert.deepEqual(heard.map(({ message }) => message), all);
  await ann.page.locator(".fate").first().waitFor({ state: "detached" });
  assert.deepEqual(await ann.said(), all);
});

Deno.test(
  "page does without a connection what it is asked for when there is one again: leaves a room, keeps a contact, registers",
  { ignore: cannot },
  async () => {
    const folder = await Deno.makeTempDir({ prefix: "hanita-page-" });
    const options = ["-a", "127.0.0.1", ...ownAddresses()];
    await using first = await startIn(folder, ...options);
    await using browser = await browse();
    const [ann, eve] = [await browser.open(urlOf(first)), await browser.open(urlOf(first))];
    using bob = await connect(first.port);
    await bob.enter("bob");
    await bob.say(register("bob"));
    await bob.expect({ response: 201 });
    bob.close();
    await ann.register("ann");
    await eve.join("eve");
    await ann.go("#cats");
    await ann.go("bob");
    first.kill("SIGKILL");
    await first.ended;
    for (const { page } of [ann, eve]) await page.getByText("What you write is sent").waitFor();
    const inPlaces = (name: string) => ann.page.getByRole("navigation").getByRole("button", { name, exact: true });
    await ann.page.getByRole("button", { name: "Add to contacts" }).click();
    await ann.page.getByRole("button", { name: "Remove from contacts" }).waitFor();
    await inPlaces("cats").click();
    await ann.page.getByRole("button", { name: "Leave the room" }).click();
    await inPlaces("cats").waitFor({ state: "detached" });
    await ann.go("#dogs");
    await eve.page.getByRole("button", { name: "Settings" }).click();
    const dialog = eve.page.getByRole("dialog");
    await dialog.getByText("the name is registered when the connection is back").waitFor();
    await dialog.getByLabel("Password").fill(PASSWORD);
    await dialog.getByRole("button", { name: "Register" }).click();

    await using second = await startIn(folder, ...options);
    for (const { page } of [ann, eve]) {
      await page.getByText("What you write is sent").waitFor({ state: "detached" });
    }
    await eve.page.getByText("created; welcome, eve").waitFor();
    await ann.say("in the room that was opened meanwhile");
    using peer = await connect(second.port);
    await peer.enter("someone");
    const who = { time: 1764000000, user: { account_name: "ann", password: PASSWORD } };
    await peer.sayOk({ action: "authenticate", ...who });
    const ask = async (action: string) => {
      await peer.say({ action, time: 1764000000 });
      let answer = await peer.hear();
      while (answer.quantity === undefined) answer = await peer.hear();
      const rows = [];
      for (let n = 0; n < answer.quantity; n++) rows.push(await peer.hear());
      return rows;
    };
    const rooms = await ask("rooms");
    assert.deepEqual(rooms.filter(({ member }) => member).map(({ room }) => room), ["#all", "#dogs"]);
    assert.deepEqual((await ask("get_contacts")).map(({ user_id }) => user_id), ["bob"]);
    for (const { page } of [ann, eve]) await page.getByRole("dialog").waitFor({ state: "detached" });
  },
);
