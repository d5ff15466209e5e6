// Files and pictures on the page: chosen, pasted and dropped; with the keyboard alone, and without a finding by axe-core.
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Page } from "playwright-core";
import { until } from "../chat/within.ts";
import { PNG } from "../chat/uploading.ts";
import { makeFolder } from "../log/folder.ts";
import { browse, cannot, startWithPage } from "./browser.ts";
import { violations } from "./violations.ts";

/** A picture of 400 by 200 pixels, which the browser makes. */
const PAINT = `(() => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [400, 200];
  const context = canvas.getContext("2d");
  context.fillStyle = "#1f6b62";
  context.fillRect(0, 0, 400, 200);
  return canvas.toDataURL("image/png").split(",")[1];
})()`;

/** Pastes or drops a file, as a browser does. */
async function hand(page: Page, how: "paste" | "drop", target: string, file: object): Promise<void> {
  await page.evaluate(`(() => {
    const data = new DataTransfer(), { name, type, bytes } = ${JSON.stringify(file)};
    data.items.add(new File([new Uint8Array(bytes)], name, { type }));
    const about = { bubbles: true, cancelable: true };
    document.querySelector("${target}").dispatchEvent("${how}" === "paste"
      ? new ClipboardEvent("paste", { ...about, clipboardData: data })
      : new DragEvent("drop", { ...about, dataTransfer: data }));
  })()`);
}

Deno.test("page sends files that are chosen, pasted and dropped, and shows pictures in their proportions", {
  ignore: cannot,
}, async () => {
  using folder = makeFolder();
  await using server = await startWithPage({ files: { folder: folder.path } });
  await using browser = await browse();
  const ann = await browser.open(server.url),
    bob = await browser.open(server.url, { viewport: { width: 390, height: 844 } });
  await ann.join("ann");
  await bob.join("bob");
  const chooser = ann.page.waitForEvent("filechooser"), button = ann.page.getByRole("button", { name: "Send files" });
  await button.focus();
  await ann.page.keyboard.press("Enter");
  const wide = Buffer.from(await ann.page.evaluate<string>(PAINT), "base64");
  const choice = await chooser;
  await ann.go("#cats"); // the files are for the conversation that was open when the choice began
  await choice.setFiles([{ name: "wide cat.png", mimeType: "image/png", buffer: wide }]);
  await ann.page.keyboard.press("Alt+ArrowUp");
  for (const { page } of [ann, bob]) {
    const shown = page.getByRole("img", { name: "wide cat.png" });
    await shown.waitFor();
    const { width, height } = (await shown.boundingBox())!;
    assert.ok(Math.abs(width / height - 2) < 0.02, `${width} by ${height}`);
    // The page itself may run no text, as `waitForFunction` would have it do behind its first look.
    const isDrawn = "[...document.images].every((each) => each.complete && each.naturalWidth > 0)";
    await until("the pictures", () => page.evaluate<boolean>(isDrawn));
  }
  await hand(ann.page, "paste", "#field", { name: "dot.png", type: "image/png", bytes: [...PNG] });
  await bob.page.getByRole("img", { name: "dot.png" }).waitFor();
  await hand(ann.page, "drop", "main", { name: "<b>notes.txt", type: "text/plain", bytes: [104, 105] });
  const link = bob.page.getByRole("link", { name: "<b>notes.txt" });
  const download = bob.page.waitForEvent("download");
  await link.focus();
  await bob.page.keyboard.press("Enter");
  assert.equal((await download).suggestedFilename().endsWith(".txt"), true);
  // A picture opens as large as the window, by the keyboard too, and Escape closes it.
  for (const { page } of [ann, bob]) {
    await page.getByRole("link", { name: "wide cat.png" }).focus();
    await page.keyboard.press("Enter");
    const viewer = page.getByRole("dialog", { name: "wide cat.png" });
    await viewer.getByRole("link", { name: "Download" }).waitFor();
    assert.deepEqual(await violations(page), []);
    const folder = Deno.env.get("HANITA_SHOTS"); // to be looked at
    if (folder !== undefined) await page.screenshot({ path: `${folder}/viewer-${page.viewportSize()!.width}.png` });
    await page.keyboard.press("Escape");
    await viewer.waitFor({ state: "detached" });
  }
  // The picture of a page that is loaded again comes from the history.
  await bob.page.reload();
  await bob.page.getByRole("img", { name: "wide cat.png" }).waitFor();
  for (const { page, wrong } of [ann, bob]) {
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(wrong, []);
  }
});

Deno.test("page says why a file is refused, shows one on its way, and takes it back", { ignore: cannot }, async () => {
  using folder = makeFolder();
  await using server = await startWithPage({ files: { folder: folder.path, limit: 1000 } });
  await using browser = await browse();
  const ann = await browser.open(server.url);
  await ann.join("ann");
  await hand(ann.page, "paste", "#field", { name: "big.bin", type: "", bytes: Array(1001).fill(7) });
  const tooLarge = "The file is larger than 1,000 bytes, the most that can be sent here";
  await ann.page.getByRole("alert").filter({ hasText: tooLarge }).waitFor();
  await hand(ann.page, "paste", "#field", { name: "empty.txt", type: "", bytes: [] });
  await ann.page.getByRole("alert").filter({ hasText: "The file is empty" }).waitFor();
  assert.equal(await ann.page.getByRole("button", { name: "Send again" }).count(), 0);
  assert.deepEqual(await violations(ann.page), []);
  for (const name of ["empty.txt", "big.bin"]) {
    await ann.page.getByRole("button", { name: `Do not send ${name}` }).press("Enter");
  }
  await ann.page.locator(".uploads").waitFor({ state: "detached" });
  // The bytes do not arrive: what is on its way can be taken back.
  await ann.page.route("**/uploads/*", () => {});
  await hand(ann.page, "paste", "#field", { name: "slow.bin", type: "", bytes: [1, 2, 3] });
  await ann.page.getByRole("progressbar", { name: "Sending slow.bin" }).waitFor();
  assert.deepEqual(await violations(ann.page), []);
  await ann.page.getByRole("button", { name: "Do not send slow.bin" }).press("Enter");
  await ann.page.locator(".uploads").waitFor({ state: "detached" });
  await ann.page.unroute("**/uploads/*");
  await ann.say("nothing was sent");
  assert.deepEqual(await ann.said(), ["nothing was sent"]);
});

Deno.test(
  "page that is loaded again goes on with a file where the server has stopped",
  { ignore: cannot },
  async () => {
    using folder = makeFolder();
    await using server = await startWithPage({ files: { folder: folder.path } });
    await using browser = await browse();
    const ann = await browser.open(server.url), { page } = ann;
    await ann.join("ann");
    const offsets: (string | undefined)[] = [];
    // Some bytes arrive, and none any more until the page is loaded again.
    const part = Promise.withResolvers<void>();
    let isCut = true;
    await page.route("**/uploads/*", async (route) => {
      if (!isCut) return await route.continue();
      const headers = { "upload-offset": "0" };
      await fetch(route.request().url(), { method: "PUT", headers, body: "half " }).then((each) => each.body?.cancel());
      await route.abort();
      part.resolve();
    });
    await hand(page, "drop", "main", { name: "notes.txt", type: "text/plain", bytes: [...Buffer.from("half a text")] });
    await part.promise;
    page.once("framenavigated", () => {
      isCut = false;
      page.on("request", (each) => each.method() === "PUT" && offsets.push(each.headers()["upload-offset"]));
    });
    await page.reload();
    const link = page.getByRole("link", { name: "notes.txt" });
    await link.waitFor();
    assert.deepEqual(offsets, ["5"]);
    const file = await fetch(new URL((await link.getAttribute("href"))!, server.url));
    assert.equal(await file.text(), "half a text");

    // A browser that has not kept the file says so.
    await page.unroute("**/uploads/*");
    await page.route("**/uploads/*", () => {});
    await hand(page, "drop", "main", { name: "more.txt", type: "text/plain", bytes: [1, 2, 3] });
    await page.getByRole("progressbar", { name: "Sending more.txt" }).waitFor();
    await page.evaluate(`new Promise((resolve) => {
    indexedDB.open("hanita-files").onsuccess = ({ target: { result } }) =>
      result.transaction("files", "readwrite").objectStore("files").clear().onsuccess = resolve;
  })`);
    await page.reload();
    await page.getByRole("alert").filter({ hasText: "choose it again" }).waitFor();
    await page.getByRole("button", { name: "Do not send more.txt" }).click();
    await page.locator(".uploads").waitFor({ state: "detached" });
    assert.deepEqual(ann.wrong.filter((each) => !each.includes("ERR_FAILED")), []);
  },
);
