// A page that is loaded again, or turned: it is where it was.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { isDeepStrictEqual } from "node:util";
import type { Page } from "playwright-core";
import { until } from "../chat/within.ts";
import { connect } from "../chat/peer.ts";
import { makeFolder } from "../log/folder.ts";
import { browse, cannot, startWithPage, type Tab } from "./browser.ts";

/** The message at the top of what is seen, and how far above the edge it begins. */
function top({ page }: Tab): Promise<[string, number]> {
  return page.locator(".log").evaluate((log) => {
    const edge = log.getBoundingClientRect().top;
    const row = [...log.querySelectorAll(".said")].find((each) => each.getBoundingClientRect().bottom > edge + 1)!;
    if (row === undefined) return ["", 0]; // the page was just loaded again
    return [row.querySelector(".text")!.textContent!, Math.round(row.getBoundingClientRect().top - edge)];
  });
}

Deno.test("page keeps a guest's name, room, place and draft when it is loaded again", { ignore: cannot }, async () => {
  await using server = await startWithPage();
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
  await until("the place where it was", async () => isDeepStrictEqual(await top(ann), before));
  assert.equal(await ann.field.inputValue(), "half a mess");
  await ann.field.press("End");
  await ann.field.pressSequentially("age");
  await ann.field.press("Enter");
  assert.equal((await peer.hear()).message, "half a message");
  assert.deepEqual(ann.wrong, []);
});

Deno.test("page keeps a guest's private messages when it is loaded again", { ignore: cannot }, async () => {
  await using server = await startWithPage();
  await using browser = await browse();
  const ann = await browser.open(server.url), bob = await server.join("bob");
  await ann.join("ann");
  await ann.go("bob");
  await ann.say("nobody keeps this");
  await bob.say({ action: "msg", time: 1764000000, to: "ann", message: "but we do" });
  await ann.hears("but we do");
  await ann.page.reload();
  await ann.hears("but we do");
  assert.deepEqual(await ann.said(), ["nobody keeps this", "but we do"]);
});

Deno.test(
  "page stays where its reader is when a phone is turned or a window is narrowed, and where it was on a reload",
  {
    ignore: cannot,
  },
  async () => {
    await using server = await startWithPage();
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
    const isAt = (line: string) => until(`${line} at the top`, async () => (await top(ann))[0].startsWith(line));
    await ann.page.locator(".log").evaluate((log) => log.scrollTop = 1500);
    await ann.page.getByRole("button", { name: "To the newest messages" }).waitFor();
    const before = await line();
    // The page learns of a size with the next frame: a size that is over before that would look like a scroll by the user.
    const resize = async (width: number, height: number) => {
      await ann.page.setViewportSize({ width, height });
      await ann.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
    };
    for (const [width, height] of [[420, 900], [320, 420], [1400, 900], [900, 420]] as const) {
      await resize(width, height);
      assert.equal(await line(), before, `${width} × ${height}`);
    }
    await ann.page.setViewportSize({ width: 420, height: 900 });
    await ann.page.reload();
    await isAt(before);
    await ann.page.getByRole("button", { name: "To the newest messages" }).click();
    for (const [width, height] of [[900, 420], [420, 900]] as const) {
      await resize(width, height);
      const last = ann.page.locator(".said .text").last();
      await until("the end", async () => (await last.boundingBox())!.y < height);
    }
    assert.deepEqual(ann.wrong, []);
  },
);

Deno.test("page works where the browser lets it keep nothing, or has no room left", { ignore: cannot }, async (t) => {
  await using server = await startWithPage();
  await using browser = await browse();
  const ways = {
    "is forbidden": `for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, {
      get() { throw new DOMException("Access is denied for this document.", "SecurityError"); },
    });
    globalThis.BroadcastChannel = class {
      constructor() { throw new DOMException("The operation is insecure.", "SecurityError"); }
    };
    Object.defineProperty(window, "indexedDB", { value: null });`,
    "is missing": `for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, {
      get() { return null; },
    });`,
    "is full": `Storage.prototype.setItem = () => {
      throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
    };`,
  };
  for (const [method, script] of Object.entries(ways)) {
    await t.step(method, async () => {
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

Deno.test("of a tab and its duplicate only one goes on with a file and a message on their way", {
  ignore: cannot,
}, async () => {
  using folder = makeFolder();
  await using server = await startWithPage({ files: { folder: folder.path } });
  await using browser = await browse();
  const ann = await browser.open(server.url), { page } = ann, context = page.context();
  await ann.join("ann");
  const bob = await connect(server.port);
  await bob.enter("bob");
  await ann.go("bob");
  bob.close();
  await page.locator(".people li").filter({ hasText: "bob" }).waitFor({ state: "detached" });
  await ann.field.fill("nobody reads this"); // it is refused, and waits for the user
  await ann.field.press("Enter");
  await page.locator(".fate").waitFor();
  await page.getByRole("navigation").getByRole("button", { name: /^Everybody/ }).click();
  const sent: Page[] = [], held = Promise.withResolvers<void>();
  await context.route("**/uploads/*", async (route) => {
    sent.push(route.request().frame().page());
    await held.promise;
    await route.continue();
  });
  await page.locator("input[type=file]").setInputFiles({
    name: "notes.txt",
    mimeType: "text/plain",
    buffer: Buffer.from("a text"),
  });
  await page.getByRole("progressbar", { name: "Sending notes.txt" }).waitFor();
  await ann.field.fill("half a mess");
  // As it is for a tab in the background.
  const kept = "for (const on of ['pagehide', 'pageshow']) dispatchEvent(new Event(on)); sessionStorage.hanita";
  const isKept = (page: Page) => page.evaluate<string>(kept).then((text) => text.includes("nobody reads this"));
  // The copy waits for an answer, however busy the machine is.
  await context.addInitScript("{ const after = setTimeout; setTimeout = (then, ms) => after(then, 100 * ms); }");
  // A window that another one opens gets a copy of its storage.
  const opened = page.waitForEvent("popup");
  assert.equal(await isKept(page), true);
  await page.evaluate("open(location.href); 0");
  const copy = await opened;
  await copy.locator("#field").waitFor();
  assert.equal(await copy.locator("#field").inputValue(), "half a mess");
  assert.equal(await copy.locator(".uploads").count(), 0);
  assert.equal(await isKept(copy), false);
  await page.getByRole("progressbar", { name: "Sending notes.txt" }).waitFor();
  held.resolve();
  for (const each of [page, copy]) await each.getByRole("link", { name: "notes.txt" }).waitFor();
  await copy.locator("#field").fill("after the file");
  await copy.locator("#field").press("Enter");
  await ann.hears("after the file");
  for (const each of [page, copy]) assert.equal(await each.getByRole("link", { name: "notes.txt" }).count(), 1);
  assert.deepEqual(sent.map((each) => each === page), [true]);
  assert.deepEqual(ann.wrong, []);
});
