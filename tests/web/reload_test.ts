// A page that is loaded again, and a page whose server goes away: it is where it was, and nothing is lost or doubled.

import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { startIn } from "../chat/program.ts";
import { within } from "../chat/within.ts";
import { connect } from "../chat/peer.ts";
import { browse, cannot, PASSWORD, serve, type Tab, urlOf } from "./browser.ts";

/** The message at the top of what is seen, and how far above the edge it begins. */
function top({ page }: Tab): Promise<[string, number]> {
  return page.locator(".log").evaluate((log) => {
    const edge = log.getBoundingClientRect().top;
    const row = [...log.querySelectorAll(".said")].find((each) => each.getBoundingClientRect().bottom > edge + 1)!;
    return [row.querySelector(".text")!.textContent!, Math.round(row.getBoundingClientRect().top - edge)];
  });
}

Deno.test("page keeps a guest's name, room, place and draft when it is loaded again", { ignore: cannot }, async () => {
  await using server = await serve("--rate", "0");
  await using browser = await browse();
  using peer = await connect(server.port);
  await peer.enter("teacher");
  await peer.say({ action: "join", time: 1764000000, room: "#cats" });
  await peer.hear();
  for (let n = 1; n <= 150; n++) {
    await peer.sayOk({ action: "msg", time: 1764000000 + n, to: "#cats", message: `line ${n}` });
  }
  const ann = await browser.open(server.url);
  await ann.join("ann");
  await ann.go("#cats");
  await ann.hears("line 150");
  // Up, twice, as far as the past that is there: more of it comes in above, and what is seen stays.
  const log = ann.page.locator(".log");
  await log.evaluate((log) => log.scrollTop = 200);
  await ann.hears("line 90");
  await log.evaluate((log) => log.scrollTop = 300);
  await ann.hears("line 1");
  await log.evaluate((log) => log.scrollTop = 1234);
  const before = await top(ann);
  await ann.field.fill("half a mess");
  await ann.page.reload();
  await ann.hears(before[0]);
  await ann.page.getByRole("heading", { level: 1, name: "#cats" }).waitFor();
  await within(
    "the place where it was",
    (async () => {
      while (!isDeepStrictEqual(await top(ann), before));
    })(),
  );
  assert.equal(await ann.field.inputValue(), "half a mess");
  await ann.field.press("End");
  await ann.field.pressSequentially("age");
  await ann.field.press("Enter");
  assert.equal((await peer.hear()).message, "half a message");
  assert.deepEqual(ann.wrong, []);
});

Deno.test("page keeps a guest's private messages when it is loaded again", { ignore: cannot }, async () => {
  await using server = await serve();
  await using browser = await browse();
  const ann = await browser.open(server.url), bob = await browser.open(server.url);
  await ann.join("ann");
  await bob.join("bob");
  await ann.go("bob");
  await ann.say("nobody keeps this");
  await bob.page.getByRole("button", { name: /^ann ?, 1 unread/ }).click();
  await bob.say("but we do");
  await ann.hears("but we do");
  await ann.page.reload();
  await ann.hears("but we do");
  assert.deepEqual(await ann.said(), ["nobody keeps this", "but we do"]);
});

Deno.test(
  "page outlives a server that is killed: nothing is lost, nothing doubled, what was written meanwhile is sent",
  { ignore: cannot },
  async () => {
    await using first = await serve();
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
    await using second = await startIn(
      first.folder,
      ...["-a", "127.0.0.1", "-p", String(first.port), "--web", "--web-port", String(first.webPort)],
    );
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

Deno.test("page that is faster than the server allows is cut off, slows down, and says each message once", {
  ignore: cannot,
}, async () => {
  await using server = await serve("--rate", "3");
  await using browser = await browse();
  using peer = await connect(server.port);
  await peer.enter("teacher");
  const ann = await browser.open(server.url);
  await ann.join("ann");
  const all = Array.from({ length: 60 }, (_, at) => `line ${at + 1}`);
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
    const ports = ["-a", "127.0.0.1", "--web"];
    await using first = await startIn(folder, ...ports, "--web-port", "0");
    await using browser = await browse();
    const [ann, eve] = [await browser.open(urlOf(first)), await browser.open(urlOf(first))];
    const bob = await browser.open(urlOf(first));
    await bob.register("bob");
    await bob.page.close();
    await ann.register("ann");
    await eve.join("eve");
    await ann.go("#cats");
    await ann.go("bob");
    first.kill("SIGKILL");
    await first.ended;
    for (const { page } of [ann, eve]) await page.getByText("What you write is sent").waitFor();
    const inPlaces = (name: string) => ann.page.getByRole("navigation").getByRole("button", { name, exact: true });
    await ann.page.getByRole("button", { name: "Keep among the contacts" }).click();
    await ann.page.getByRole("button", { name: "Remove from the contacts" }).waitFor();
    await inPlaces("cats").click();
    await ann.page.getByRole("button", { name: "Leave the room" }).click();
    await inPlaces("cats").waitFor({ state: "detached" });
    await ann.go("#dogs");
    await eve.page.getByRole("button", { name: "Settings" }).click();
    const dialog = eve.page.getByRole("dialog");
    await dialog.getByText("it is registered when the connection is back").waitFor();
    await dialog.getByLabel("Password").fill(PASSWORD);
    await dialog.getByRole("button", { name: "Register" }).click();

    await using second = await startIn(folder, ...ports, "--web-port", String(first.webPort), "-p", String(first.port));
    for (const { page } of [ann, eve]) {
      await page.getByText("What you write is sent").waitFor({ state: "detached", timeout: 30_000 });
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

Deno.test(
  "page stays where its reader is when a phone is turned or a window is narrowed, and where it was on a reload",
  {
    ignore: cannot,
  },
  async () => {
    await using server = await serve("--rate", "0");
    await using browser = await browse();
    using peer = await connect(server.port);
    await peer.enter("teacher");
    for (let n = 1; n <= 60; n++) {
      const message = `line ${n} ${"words ".repeat(10 + n % 30)}`;
      await peer.sayOk({ action: "msg", time: 1764000000 + n, to: "#all", message });
    }
    const ann = await browser.open(server.url, { viewport: { width: 900, height: 420 } });
    await ann.join("ann");
    await ann.page.locator(".said .text", { hasText: "line 60 " }).waitFor();
    const line = async () => (await top(ann))[0].slice(0, 8);
    const isAt = (line: string) =>
      within(`${line} at the top`, until(async () => (await top(ann))[0].startsWith(line)));
    await ann.page.locator(".log").evaluate((log) => log.scrollTop = 1500);
    await ann.page.getByRole("button", { name: "To the newest messages" }).waitFor();
    const before = await line();
    for (const [width, height] of [[420, 900], [320, 420], [1400, 900], [900, 420]] as const) {
      await ann.page.setViewportSize({ width, height });
      await ann.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
      assert.equal(await line(), before, `${width} × ${height}`);
    }
    await ann.page.setViewportSize({ width: 420, height: 900 });
    await ann.page.reload();
    await isAt(before);
    await ann.page.getByRole("button", { name: "To the newest messages" }).click();
    for (const [width, height] of [[900, 420], [420, 900]] as const) {
      await ann.page.setViewportSize({ width, height });
      const last = ann.page.locator(".said .text").last();
      await within("the end", until(async () => (await last.boundingBox())!.y < height));
    }
    assert.deepEqual(ann.wrong, []);
  },
);

Deno.test("page works where the browser lets it keep nothing, or has no room left", { ignore: cannot }, async (t) => {
  await using server = await serve();
  await using browser = await browse();
  const ways = {
    "is forbidden": `for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, {
      get() { throw new DOMException("Access is denied for this document.", "SecurityError"); },
    });`,
    "is missing": `for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, {
      get() { return null; },
    });`,
    "is full": `Storage.prototype.setItem = () => {
      throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
    };`,
  };
  for (const [way, script] of Object.entries(ways)) {
    await t.step(way, async () => {
      const ann = await browser.open("data:,");
      await ann.page.context().addInitScript(script);
      await ann.page.goto(server.url);
      await ann.page.getByLabel("Your name").fill("ann");
      await ann.page.getByRole("button", { name: "Join the chat" }).click();
      await ann.say("hello");
      await ann.page.getByRole("button", { name: "Settings" }).click();
      await ann.page.getByRole("radio", { name: "Dark" }).check();
      await ann.page.locator("html[data-theme=dark]").waitFor();
      await ann.page.keyboard.press("Escape");
      await ann.page.reload();
      await ann.page.getByRole("button", { name: "Join the chat" }).waitFor();
      assert.deepEqual(ann.wrong.filter((each) => !each.startsWith("A request to")), []);
      await ann.page.close();
    });
  }
});

async function until(is: () => Promise<boolean>): Promise<void> {
  while (!await is());
}
