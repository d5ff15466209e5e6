// What a received message costs the page: only what has changed is drawn, and the document is left alone.

import assert from "node:assert/strict";
import { start } from "../chat/start.ts";
import { browse, cannot, startWithPage } from "./browser.ts";

/** Counts what is done to the document, the badges, and the times that are formatted: one for each row that is drawn. */
const COUNT = `
  globalThis.counts = { document: 0, badges: 0, times: 0 };
  const { toISOString } = Date.prototype;
  Date.prototype.toISOString = function () {
    counts.times++;
    return toISOString.call(this);
  };
  navigator.setAppBadge = () => (counts.badges++, Promise.resolve());
  addEventListener("DOMContentLoaded", () => {
    const changes = new MutationObserver((all) => counts.document += all.length);
    changes.observe(document.documentElement, { attributes: true });
    changes.observe(document.head, { subtree: true, childList: true, attributes: true });
  });
`;

Deno.test("page draws a received message and no other row, and leaves the document and its badge", {
  ignore: cannot,
}, async () => {
  await using chat = await start();
  await using browser = await browse();
  const ann = await browser.open("about:blank"), { page } = ann;
  await page.addInitScript(COUNT);
  await page.goto(`http://127.0.0.1:${await chat.web()}/`);
  await ann.join("ann");
  await page.mouse.move(0, 0); // a row under the pointer is drawn with its buttons
  const bob = await chat.join("bob");
  const say = (message: string) => bob.sayOk({ action: "msg", time: 1764000000, to: "#all", message });
  for (let n = 1; n <= 20; n++) await say(`before ${n}`);
  await ann.hears("before 20");
  const before = await page.evaluate<Record<string, number>>("({ ...counts })");
  for (let n = 1; n <= 10; n++) {
    await say(`after ${n}`);
    await ann.hears(`after ${n}`);
  }
  const after = await page.evaluate<Record<string, number>>("counts");
  assert.deepEqual(after, { ...before, times: before.times! + 10 });
});

Deno.test("page names the days anew at midnight, though nothing happens", { ignore: cannot }, async () => {
  await using server = await startWithPage();
  await using browser = await browse();
  const ann = await browser.open("about:blank"), { clock } = ann.page;
  await clock.install({ time: new Date(2026, 10, 30, 23, 30) });
  await ann.page.goto(server.url);
  await ann.join("ann");
  await ann.say("good night");
  const day = (name: string) => ann.page.locator(".line.day", { hasText: name }).waitFor();
  await day("Today");
  await clock.pauseAt(new Date(2026, 10, 30, 23, 59, 55));
  await clock.runFor(6_000);
  await day("Yesterday");
});
