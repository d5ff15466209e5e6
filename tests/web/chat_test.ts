// Two people at their browsers and one at a terminal.

import assert from "node:assert/strict";
import { cannot as noTerminal, terminal } from "../terminal/terminal.ts";
import { connect } from "../chat/peer.ts";
import { within } from "../chat/within.ts";
import { browse, cannot, PASSWORD, serve } from "./browser.ts";
import { violations } from "./violations.ts";

Deno.test(
  "page chats with another page and with a terminal: in the common chat, in a room and in private",
  { ignore: cannot || noTerminal },
  async () => {
    await using server = await serve();
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
  "page counts what is unread and who is named, and marks where the new begins",
  { ignore: cannot },
  async () => {
    await using server = await serve();
    await using browser = await browse();
    const [ann, bob] = [await browser.open(server.url), await browser.open(server.url)];
    await ann.join("ann");
    await bob.join("bob");
    await bob.say("seen");
    await ann.hears("seen");
    await ann.go("#cats");
    await bob.say("not seen");
    await bob.say("@ann, look!");
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
    await using server = await serve();
    await using browser = await browse();
    const ann = await browser.open(server.url), bob = await browser.open(server.url);
    await ann.register("ann");
    await bob.register("bob");
    const other = await browser.beside(ann, server.url);
    await other.field.waitFor(); // it is logged in already
    await ann.go("bob");
    await ann.say("from the first tab");
    await other.page.getByRole("button", { name: /^bob/ }).first().click();
    await other.hears("from the first tab");
    await other.say("from the second");
    await ann.hears("from the second");
    await ann.go("#cats");
    await ann.page.close();
    await other.page.close();
    await bob.go("ann");
    assert.deepEqual(await bob.said(), ["from the first tab", "from the second"]);
    await bob.say("are you there?");
    await bob.page.getByText("They will get it when they are back").waitFor();
    const again = await browser.open(server.url);
    await again.logIn("ann");
    await again.page.getByRole("button", { name: /^bob ?, 1 unread/ }).click();
    await again.hears("are you there?");
    await again.page.getByRole("navigation").getByRole("button", { name: "cats" }).waitFor();
    assert.deepEqual([...ann.wrong, ...bob.wrong, ...other.wrong, ...again.wrong], []);
  },
);

Deno.test("page shows who enters a room and who leaves it", { ignore: cannot }, async () => {
  await using server = await serve();
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

Deno.test("page finds old messages, and goes to where one was said", { ignore: cannot }, async () => {
  await using server = await serve("--rate", "0");
  await using browser = await browse();
  using peer = await connect(server.port);
  await peer.enter("teacher");
  for (let n = 1; n <= 200; n++) {
    await peer.sayOk({ action: "msg", time: 1764000000 + n, to: "#all", message: `line ${n}` });
  }
  const ann = await browser.open(server.url);
  await ann.join("ann");
  await ann.hears("line 200");
  assert.ok(!(await ann.said()).includes("line 3"));
  await ann.page.getByRole("button", { name: "Search" }).click();
  await ann.page.getByRole("searchbox").fill("line 3");
  await ann.page.getByRole("searchbox").press("Enter");
  await ann.page.getByText("1 message found").waitFor();
  await ann.page.getByRole("button", { name: /line 3$/ }).click();
  const found = ann.page.locator(".target .text");
  await found.waitFor();
  assert.equal(await found.textContent(), "line 3");
  const box = await found.boundingBox();
  assert.ok(box !== null && box.y > 0 && box.y < 800);
  assert.deepEqual((await ann.said()).slice(-198), Array.from({ length: 198 }, (_, at) => `line ${at + 3}`));
});

Deno.test("page jumps to a very old message, fills the gap to what is new, and returns to the present with a key", {
  ignore: cannot,
}, async () => {
  await using server = await serve("--rate", "0");
  await using browser = await browse();
  using peer = await connect(server.port);
  await peer.enter("teacher");
  const COUNT = 1_300, texts = Array.from({ length: COUNT }, (_, at) => `line ${at + 1}`);
  texts[9] = "the needle";
  for (let at = 0; at < COUNT; at += 100) {
    await peer.say(
      ...texts.slice(at, at + 100).map((message) => ({ action: "msg", time: 1764000000, to: "#all", message })),
    );
    for (const { response } of await peer.hearAll(100)) assert.equal(response, 200);
  }
  const ann = await browser.open(server.url, { bypassCSP: true });
  await ann.join("ann");
  await ann.hears("line 1300");
  const { page } = ann, shown = async () => (await ann.said()).map((text) => texts.indexOf(text) + 1);
  const find = async (text: string) => {
    if (await page.getByRole("searchbox").count() === 0) await page.getByRole("button", { name: "Search" }).click();
    await page.getByRole("searchbox").fill(text);
    await page.keyboard.press("Enter");
  };
  const isAccessible = async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      assert.deepEqual(await violations(page), [], colorScheme);
    }
  };
  await find("needle");
  await page.getByRole("button", { name: /the needle$/ }).click();
  const found = page.locator(".target .text");
  await found.waitFor();
  const box = await found.boundingBox();
  assert.ok(box !== null && box.y > 0 && box.y < 800);
  const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);
  assert.deepEqual(await shown(), [...span(1, 510), ...span(1_251, 1_300)]);

  await page.getByRole("button", { name: "Show what came next" }).click();
  await ann.hears("line 610");
  await page.getByText("Messages between these are not shown").waitFor();
  await isAccessible();
  await page.getByRole("button", { name: "Show what came before" }).press("Enter");
  await ann.hears("line 1151");
  assert.deepEqual(await shown(), [...span(1, 610), ...span(1_151, 1_300)]);
  await peer.sayOk({ action: "msg", time: 1764000000, to: "#all", message: "something new" });
  await ann.hears("something new");
  await page.keyboard.press("Escape");
  await page.getByRole("searchbox").waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  await page.locator(".gap").waitFor({ state: "detached" });
  assert.deepEqual((await ann.said()).slice(-2), ["line 1300", "something new"]);
  await page.getByRole("button", { name: "To the newest messages" }).waitFor({ state: "detached" });

  // Found again, and filled until nothing is missing.
  await find("line");
  await page.getByText("The latest 50 are shown, and there are more").waitFor();
  for (const count of [100, 150]) {
    await page.getByRole("button", { name: "Show more" }).click();
    await page.getByText(`The latest ${count} are shown, and there are more`).waitFor();
  }
  assert.equal(await page.locator(".found li").count(), 150);
  await isAccessible();
  await find("needle");
  await page.getByRole("button", { name: /the needle$/ }).click();
  await page.locator(".target").waitFor();
  const gap = page.locator(".gap");
  await page.reload();
  await gap.waitFor();
  await ann.hears("the needle");
  const again = await page.locator(".said .text", { hasText: "the needle" }).boundingBox();
  assert.ok(again !== null && again.y > 0 && again.y < 800, "A reload is where it was");
  while (await gap.count() > 0) {
    const before = (await ann.said()).length;
    await page.getByRole("button", { name: "Show what came next" }).click();
    await within(
      "more messages",
      (async () => {
        while ((await ann.said()).length === before && await gap.count() > 0);
      })(),
    );
  }
  assert.deepEqual((await ann.said()).slice(0, -1), texts);
  assert.deepEqual(ann.wrong, []);
});

Deno.test(
  "page of a guest who registers keeps its rooms and its conversations, and goes on hearing in them",
  { ignore: cannot },
  async () => {
    await using server = await serve();
    await using browser = await browse();
    const [ann, bob] = [await browser.open(server.url), await browser.open(server.url)];
    await ann.join("ann");
    await bob.join("bob");
    for (const page of [ann, bob]) await page.go("#cats");
    await bob.say("before");
    await ann.hears("before");
    await ann.page.getByRole("button", { name: "Settings" }).click();
    await ann.page.getByRole("dialog").getByLabel("Password").fill(PASSWORD);
    await ann.page.getByRole("dialog").getByRole("button", { name: "Register" }).click();
    await ann.page.getByText("created; welcome, ann").waitFor();
    await bob.say("after");
    await ann.hears("after");
    await ann.say("I can hear you");
    await bob.hears("I can hear you");
    await bob.go("ann");
    await bob.say("psst");
    await ann.page.getByRole("navigation").getByRole("button", { name: /^bob ?, 1 unread/ }).click();
    await ann.hears("psst");
    await ann.say("what?");
    await bob.hears("what?");
    await ann.go("#cats");
    assert.deepEqual(await ann.said(), ["before", "after", "I can hear you"]);
    for (const page of [ann, bob]) assert.deepEqual(page.wrong, []);
  },
);
