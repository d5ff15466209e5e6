// The past on the page: it is found, shown where it was said, and filled up to the present.

import assert from "node:assert/strict";
import { connect } from "../chat/peer.ts";
import { browse, cannot, startWithPage } from "./browser.ts";
import { violations } from "./violations.ts";

Deno.test("page finds old messages, and goes to where one was said", { ignore: cannot }, async () => {
  await using server = await startWithPage();
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

  // Loaded again, it asks for one older page, although its list scrolls while that page has arrived and is not drawn.
  const asked: string[] = [];
  ann.page.on("websocket", (socket) => {
    socket.on("framesent", ({ payload }) => payload.includes('"before"') && asked.push(`${payload}`));
  });
  await ann.page.addInitScript(`{
    const draw = requestAnimationFrame;
    globalThis.requestAnimationFrame = (run) => draw(() => {
      document.querySelector(".log")?.dispatchEvent(new Event("scroll"));
      run();
    });
  }`);
  await ann.page.reload();
  await ann.hears("line 200");
  assert.equal(asked.length, 1, asked.join("\n"));

  // All of it is saved as one file.
  await ann.page.getByRole("button", { name: "Save the conversation" }).click();
  const dialog = ann.page.getByRole("dialog", { name: "Save a conversation" });
  const download = ann.page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Save a conversation" }).click();
  const file = await download, html = await Deno.readTextFile(await file.path());
  assert.match(file.suggestedFilename(), /^hanita-all-\d{4}-\d\d-\d\d\.html$/);
  assert.deepEqual([...html.matchAll(/<p dir="auto">(.*)<\/p>/g)].map(([, text]) => text), [
    ...Array.from({ length: 200 }, (_, at) => `line ${at + 1}`),
  ]);
  await dialog.getByText("Saved: 200 messages.").waitFor();
  const folder = Deno.env.get("HANITA_SHOTS"); // to be looked at
  if (folder !== undefined) await ann.page.screenshot({ path: `${folder}/transcript.png` });
  await ann.page.keyboard.press("Escape");

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
  await using server = await startWithPage();
  await using browser = await browse();
  using peer = await connect(server.port);
  await peer.enter("teacher");
  const COUNT = 900, texts = Array.from({ length: COUNT }, (_, at) => `line ${at + 1}`);
  texts[9] = "the needle";
  for (let at = 0; at < COUNT; at += 100) {
    await peer.say(
      ...texts.slice(at, at + 100).map((message) => ({ action: "msg", time: 1764000000, to: "#all", message })),
    );
    for (const { response } of await peer.hearAll(100)) assert.equal(response, 200);
  }
  const ann = await browser.open(server.url, { bypassCSP: true });
  await ann.join("ann");
  await ann.hears("line 900");
  const { page } = ann, shown = async () => (await ann.said()).map((text) => texts.indexOf(text) + 1);
  const find = async (text: string) => {
    if (await page.getByRole("searchbox").count() === 0) await page.getByRole("button", { name: "Search" }).click();
    await page.getByRole("searchbox").fill(text);
    await page.keyboard.press("Enter");
  };
  await find("needle");
  await page.getByRole("button", { name: /the needle$/ }).click();
  const found = page.locator(".target .text");
  await found.waitFor();
  const box = await found.boundingBox();
  assert.ok(box !== null && box.y > 0 && box.y < 800);
  const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);
  assert.deepEqual(await shown(), [...span(1, 510), ...span(851, 900)]);

  await page.getByRole("button", { name: "Show what came next" }).click();
  await ann.hears("line 610");
  await page.getByText("Messages between these are not shown").waitFor();
  await page.getByRole("button", { name: "Show what came before" }).press("Enter");
  await ann.hears("line 751");
  assert.deepEqual(await shown(), [...span(1, 610), ...span(751, 900)]);
  await peer.sayOk({ action: "msg", time: 1764000000, to: "#all", message: "something new" });
  await ann.hears("something new");
  await page.keyboard.press("Escape");
  await page.getByRole("searchbox").waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  await page.locator(".gap").waitFor({ state: "detached" });
  assert.deepEqual((await ann.said()).slice(-2), ["line 900", "something new"]);
  await page.getByRole("button", { name: "To the newest messages" }).waitFor({ state: "detached" });

  // Found again, and filled until nothing is missing.
  await find("line");
  await page.getByText("The latest 50 are shown, and there are more").waitFor();
  for (const count of [100, 150]) {
    await page.getByRole("button", { name: "Show more" }).click();
    await page.getByText(`The latest ${count} are shown, and there are more`).waitFor();
  }
  assert.equal(await page.locator(".found li").count(), 150);
  await find("needle");
  await page.getByRole("button", { name: /the needle$/ }).click();
  await page.locator(".target").waitFor();
  const gap = page.locator(".gap");
  await page.reload();
  await gap.waitFor();
  await ann.hears("the needle");
  const again = await page.locator(".said .text", { hasText: "the needle" }).boundingBox();
  assert.ok(again !== null && again.y > 0 && again.y < 800, "A reload is where it was");
  assert.deepEqual(await violations(page), []); // here, where few messages are shown, each of which is judged
  const messages = page.locator(".said .text");
  while (await gap.count() > 0) {
    const before = await messages.count();
    await page.getByRole("button", { name: "Show what came next" }).click();
    await messages.nth(before).or(page.locator("body:not(:has(.gap))")).first().waitFor();
  }
  assert.deepEqual((await ann.said()).slice(0, -1), texts);
  assert.deepEqual(ann.wrong, []);
});
