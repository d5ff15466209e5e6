// Two people at their browsers and one at a terminal.

import assert from "node:assert/strict";
import { cannot as noTerminal, terminal } from "../terminal/terminal.ts";
import { connect } from "../chat/peer.ts";
import { browse, cannot, PASSWORD, startWithPage } from "./browser.ts";

Deno.test(
  "page chats with another page and with a terminal: in the common chat, in a room and in private",
  { ignore: cannot || noTerminal },
  async () => {
    await using server = await startWithPage();
    await using browser = await browse();
    const [ann, bob] = [await browser.open(server.url), await browser.open(server.url)];
    await ann.join("ann");
    await bob.join("bob");
    await using cat = terminal(["127.0.0.1", String(server.port), "-n", "cat"]);
    await cat.shows(/Joined/);

    await ann.say("hello all");
    await bob.hears("hello all");
    await cat.shows(/ann │ hello all/);
    await cat.type("hello from a terminal\r");
    for (const page of [ann, bob]) await page.hears("hello from a terminal");

    await ann.go("#cats");
    await ann.say("nobody hears this yet");
    await bob.go("#cats");
    await bob.hears("nobody hears this yet");
    await cat.type("/join #cats\r");
    await cat.shows((rows) => rows.at(-1) === "#cats ›");
    await cat.type("meow\r");
    for (const page of [ann, bob]) await page.hears("meow");
    await bob.say("purr");
    await ann.hears("purr");
    await cat.shows(/bob │ purr/);
    await cat.type("/topic Which of them is asleep\r");
    await cat.shows(/#cats is about: Which of them is asleep/);
    for (const page of [ann, bob]) await page.page.locator(".title").getByText("Which of them is asleep").waitFor();

    await ann.page.getByRole("complementary").getByRole("button", { name: "bob", exact: true }).click();
    await ann.say("psst, bob");
    await bob.page.getByRole("navigation").getByRole("button", { name: /^ann ?, 1 unread/ }).click();
    await bob.hears("psst, bob");
    await bob.say("yes?");
    await ann.hears("yes?");
    await bob.go("cat");
    await bob.say("and you?");
    await cat.shows(/@bob │ and you\?/);
    await cat.type("/msg ann no\r");
    await ann.page.getByRole("button", { name: /^cat ?, 1 unread/ }).click();
    await ann.hears("no");

    for (const page of [ann, bob]) {
      await page.go("#cats");
      assert.deepEqual(await page.said(), ["nobody hears this yet", "meow", "purr"]);
      assert.deepEqual(page.wrong, []);
    }
  },
);

Deno.test(
  "page counts unread messages and mentions, and marks where the new ones begin",
  { ignore: cannot },
  async () => {
    await using server = await startWithPage();
    await using browser = await browse();
    const ann = await browser.open(server.url), bob = await server.join("bob");
    await ann.join("ann");
    const says = (message: string) => bob.sayOk({ action: "msg", time: 1764000000, to: "#all", message });
    await says("seen");
    await ann.hears("seen");
    await ann.go("#cats");
    await says("not seen");
    await says("@ann, look!");
    const everybody = ann.page.getByRole("navigation").getByRole("button", { name: "Everybody", exact: true });
    await ann.page.getByRole("button", { name: /^Everybody ?, 2 unread.*mentioned/ }).click();
    await ann.page.locator(".named mark", { hasText: "@ann" }).waitFor();
    await everybody.waitFor();
    const rows = await ann.page.locator(".log li").allTextContents();
    assert.equal(rows.findIndex((row) => row === "New"), rows.findIndex((row) => row.includes("not seen")) - 1);
  },
);

Deno.test(
  "page shows an account the same on two tabs, and what it missed when it comes back",
  { ignore: cannot },
  async () => {
    await using server = await startWithPage();
    await using browser = await browse();
    const ann = await browser.open(server.url), bob = await browser.open(server.url);
    await ann.register("ann");
    await bob.register("bob");
    const other = await browser.beside(ann, server.url);
    await other.field.waitFor(); // it is logged in already
    await ann.page.bringToFront(); // one that is behind another draws once a second
    await ann.go("bob");
    await ann.say("from the first tab");
    await other.page.bringToFront();
    await other.page.getByRole("button", { name: /^bob/ }).first().click();
    await other.hears("from the first tab");
    await other.say("from the second");
    await ann.page.bringToFront();
    await ann.hears("from the second");
    await ann.go("#cats");
    await ann.page.locator(".title p", { hasText: "1 person here" }).waitFor(); // the server has let her in
    await ann.page.close();
    await other.page.close();
    await bob.go("ann");
    assert.deepEqual(await bob.said(), ["from the first tab", "from the second"]);
    await bob.say("are you there?");
    await bob.page.getByText("Delivered when they are back online").waitFor();
    const again = await browser.open(server.url);
    await again.logIn("ann");
    await again.page.getByRole("button", { name: /^bob ?, 1 unread/ }).click();
    await again.hears("are you there?");
    await again.page.getByRole("navigation").getByRole("button", { name: "cats" }).waitFor();
    assert.deepEqual([...ann.wrong, ...bob.wrong, ...other.wrong, ...again.wrong], []);
  },
);

Deno.test("page shows who enters a room and who leaves it", { ignore: cannot }, async () => {
  await using server = await startWithPage();
  await using browser = await browse();
  const ann = await browser.open(server.url);
  await ann.join("ann");
  await ann.go("#cats");
  const shows = async (...people: string[]) => {
    const count = people.length === 1 ? "1 person here" : `${people.length} people here`;
    await ann.page.locator(".title p", { hasText: count }).waitFor();
    const names = await ann.page.getByRole("complementary").locator(".place .name").allTextContents();
    assert.deepEqual(names, people);
  };
  await shows("ann");
  using bob = await connect(server.port);
  using zoe = await connect(server.port);
  for (const [peer, name] of [[bob, "bob"], [zoe, "zoe"]] as const) {
    await peer.enter(name);
    await peer.sayOk({ action: "join", time: 1764000000, room: "#Cats" });
  }
  await shows("ann", "bob", "zoe");
  await bob.sayOk({ action: "leave", time: 1764000000, room: "#cats" });
  await shows("ann", "zoe");
  await zoe.sayOk({ action: "presence", time: 1764000000, user: { account_name: "eve", status: "" } });
  await ann.page.getByRole("complementary").getByText("eve").waitFor();
  await shows("ann", "eve");
  await zoe.end();
  await shows("ann");
  assert.deepEqual(ann.wrong, []);
});

Deno.test(
  "page of a guest who registers keeps its rooms and its conversations, and goes on hearing in them",
  { ignore: cannot },
  async () => {
    await using server = await startWithPage();
    await using browser = await browse();
    const ann = await browser.open(server.url), bob = await server.join("bob");
    const says = (to: string, message: string) => bob.say({ action: "msg", time: 1764000000, to, message });
    const hears = async (message: string) => {
      while ((await bob.hear()).message !== message);
    };
    await ann.join("ann");
    await ann.go("#cats");
    await bob.say({ action: "join", time: 1764000000, room: "#cats" });
    await says("#cats", "before");
    await ann.hears("before");
    await ann.page.getByRole("button", { name: "Settings" }).click();
    await ann.page.getByRole("dialog").getByLabel("Password").fill(PASSWORD);
    await ann.page.getByRole("dialog").getByRole("button", { name: "Register" }).click();
    await ann.page.getByText("created; welcome, ann").waitFor();
    await says("#cats", "after");
    await ann.hears("after");
    await ann.say("I can hear you");
    await hears("I can hear you");
    await says("ann", "psst");
    await ann.page.getByRole("navigation").getByRole("button", { name: /^bob ?, 1 unread/ }).click();
    await ann.hears("psst");
    await ann.say("what?");
    await hears("what?");
    await ann.go("#cats");
    assert.deepEqual(await ann.said(), ["before", "after", "I can hear you"]);
    assert.deepEqual(ann.wrong, []);
  },
);
