// What a page tells of new messages: in its title and icon, by a sound, by notifications of the system; per conversation.

import assert from "node:assert/strict";
import { browse, cannot, startWithPage } from "./browser.ts";

/** Stands for what a browser without a screen lacks, and notes what the page does with it. */
const BROWSER = `
  globalThis.told = [];
  globalThis.isLookedAt = true;
  document.hasFocus = () => globalThis.isLookedAt;
  globalThis.Notification = class {
    static permission = "default";
    static async requestPermission() {
      told.push("asked");
      return this.permission = "granted";
    }
    constructor(title, { body }) {
      told.push(title + ": " + body);
      globalThis.lastPopup = this;
    }
    close() {}
  };
  const { resume } = AudioContext.prototype;
  AudioContext.prototype.resume = function () {
    told.push("sound");
    return resume.call(this);
  };
`;

Deno.test({ name: "page", ignore: cannot }, async (t) => {
  await using server = await startWithPage({ accounts: ["Boris"] });
  await using browser = await browse();
  // waitForFunction runs a text, which the policy of the page forbids.
  const ann = await browser.open("about:blank", { bypassCSP: true });
  const { page } = ann;
  await page.addInitScript(BROWSER);
  await page.goto(server.url);
  await ann.register("Ann");
  const boris = await server.login("Boris");
  const says = (message: string, to = "#cats") => boris.say({ action: "msg", time: 1764000000, to, message });
  const told = () => page.evaluate("told.splice(0)");
  const title = (text: string) => page.waitForFunction(`document.title === ${JSON.stringify(text)}`);
  const icon = () => page.locator("link[rel=icon]").getAttribute("href");
  const choose = async (level: string) => {
    await page.getByRole("button", { name: /^Notifications/ }).click();
    await page.getByRole("radio", { name: level, exact: true }).check();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  };
  await ann.go("#cats");
  await boris.say({ action: "join", time: 1764000000, room: "#cats" });
  await ann.go("#dogs");

  await t.step("shows unread messages in the title, and in the icon whether it is called", async () => {
    assert.equal(await icon(), "icon.svg");
    await says("meow");
    await title("(1) Hanita");
    assert.equal(await icon(), "icon-unread.svg");
    await says("meow, Ann");
    await title("(2) Hanita");
    assert.equal(await icon(), "icon-called.svg");
    await ann.go("#cats");
    await title("Hanita");
    assert.equal(await icon(), "icon.svg");
    assert.deepEqual(await told(), []);
  });

  await t.step("asks for the permission only at a click, and has a sound", async () => {
    await page.getByRole("button", { name: "Notifications: Mentions" }).click();
    await page.getByLabel("Play a sound").check();
    const popups = page.getByLabel("Show notifications of the system while I look elsewhere");
    await popups.click(); // it is checked when the browser has the permission
    await page.waitForFunction("told.includes('asked')");
    await popups.and(page.locator(":checked")).waitFor();
    assert.deepEqual(await told(), ["sound", "asked"]);
    await page.keyboard.press("Escape");
  });

  await t.step(
    "tells of mentions in a room, of all or of nothing, as the user has chosen, also after a reload",
    async () => {
      await ann.go("#dogs");
      await says("nothing for anybody");
      await says("hello Ann");
      await title("(2) Hanita");
      assert.deepEqual(await told(), ["sound"]); // she looks at the page
      await page.evaluate("isLookedAt = false");
      await says("@Ann, well?");
      await title("(3) Hanita");
      assert.deepEqual(await told(), ["sound", "Boris, #cats: @Ann, well?"]);
      await page.evaluate("lastPopup.onclick()");
      await page.getByRole("heading", { level: 1, name: "#cats" }).waitFor();
      await choose("All");
      await ann.go("#dogs");
      await says("anybody?");
      await title("(1) Hanita");
      assert.deepEqual(await told(), ["sound", "Boris, #cats: anybody?"]);
      await ann.go("#cats");
      await choose("Nothing");
      await ann.go("#dogs");
      await page.reload();
      await ann.field.waitFor();
      await page.evaluate("isLookedAt = false");
      await says("Ann! Ann!");
      await says("psst", "Ann");
      await title("(1) Hanita");
      await page.evaluate("Notification.permission = 'granted'");
      await says("are you there?", "Ann");
      await title("(2) Hanita");
      assert.deepEqual(await told(), ["sound", "sound", "Boris: are you there?"]);
    },
  );

  await t.step("is the same on another device of the account", async () => {
    const phone = await browser.open(server.url);
    await phone.logIn("Ann");
    await phone.go("#cats");
    await phone.page.getByRole("button", { name: "Notifications: Nothing" }).waitFor();
    await ann.go("#cats");
    await choose("Mentions");
    await phone.page.getByRole("button", { name: "Notifications: Mentions" }).waitFor();
  });

  await t.step("is the same in another tab, which does not bring back what was chosen before", async () => {
    const other = await browser.beside(ann, server.url);
    await other.field.waitFor();
    await other.go("#cats");
    await ann.go("#cats");
    await choose("Nothing");
    await page.getByRole("button", { name: "What to do about Boris" }).first().click();
    await page.getByRole("button", { name: "Ignore", exact: true }).click();
    await page.keyboard.press("Escape");
    await other.page.getByRole("button", { name: "Notifications: Nothing" }).waitFor();
    // It saves its own choices with the next click.
    await other.page.getByRole("button", { name: "Settings" }).click();
    await other.page.getByRole("radio", { name: "Dark" }).check();
    await other.page.getByText("Ignored people").waitFor();
    await page.locator("html[data-theme=dark]").waitFor();
    const kept = await page.evaluate<string>("localStorage['hanita-notifications'] + localStorage['hanita-ignored']");
    assert.match(kept, /"#cats":"none".*\["Boris"\]/);
  });

  await t.step("has a manifest with icons, which the server serves", async () => {
    const manifest = await (await fetch(new URL("manifest.json", server.url))).json();
    assert.equal(manifest.name, "Hanita");
    for (const { src, type } of manifest.icons) {
      const response = await fetch(new URL(src, server.url));
      assert.ok(response.headers.get("content-type")!.startsWith(type));
      await response.body!.cancel();
    }
  });

  assert.deepEqual(ann.wrong.filter((each) => !each.startsWith("A request to")), []);
});
