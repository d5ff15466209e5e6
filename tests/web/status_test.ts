// Read state on two devices, writers, and what people say of themselves: by mouse, by the keyboard alone, and on a phone.

import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { browse, cannot, startWithPage } from "./browser.ts";
import { violations } from "./violations.ts";

Deno.test("page has the same counts on each device, shows who writes, and what people say of themselves", {
  ignore: cannot,
}, async () => {
  await using server = await startWithPage();
  await using browser = await browse();
  const ann = await browser.open(server.url, { bypassCSP: true }), bob = await browser.open(server.url);
  await ann.register("ann");
  await bob.register("bob");
  await ann.go("#cats");
  await bob.go("#cats");
  await ann.page.getByRole("navigation").getByRole("button", { name: /Everybody/ }).click();
  const place = (tab: typeof ann, name: RegExp) => tab.page.getByRole("navigation").getByRole("button", { name });

  // Unread on two devices, read on one of them.
  await bob.say("Which of them is asleep, Ann?");
  await bob.say("And which is not?");
  await place(ann, /^cats ?, 2 unread messages, you are mentioned$/).waitFor();
  const phone = await browser.open(server.url, { viewport: { width: 390, height: 800 }, bypassCSP: true });
  await phone.logIn("ann");
  await phone.page.getByRole("button", { name: "Menu, 2 unread messages", exact: true }).click();
  await place(phone, /^cats ?, 2 unread messages, you are mentioned$/).click();
  await phone.hears("And which is not?");
  const rows = await phone.page.locator(".log li").allTextContents();
  assert.equal(rows.findIndex((row) => row === "New"), rows.findIndex((row) => row.includes("Which of them")) - 1);
  await place(ann, /^cats$/).waitFor();
  await ann.page.reload();
  await place(ann, /^cats$/).waitFor();

  // Who writes.
  await ann.go("#cats");
  const typing = (tab: typeof ann) => tab.page.getByText("bob is typing…");
  await typeUntil(bob.field, typing(ann));
  await typing(phone).waitFor();
  assert.equal(await bob.page.getByText("is typing").count(), 0);
  await bob.field.fill("");
  for (const each of [ann, phone]) await typing(each).waitFor({ state: "detached" });
  await typeUntil(bob.field, typing(ann));
  assert.deepEqual(await violations(ann.page), []);
  await shoot(ann.page, "typing");
  await shoot(phone.page, "typing-phone");
  await bob.say("Neither");
  await ann.hears("Neither");
  await typing(ann).waitFor({ state: "detached" });

  // A status, by the keyboard alone.
  const { page } = bob;
  await page.getByRole("button", { name: "Settings" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("textbox", { name: "An emoji" }).focus();
  await page.keyboard.type("\u{1F35D}");
  await page.keyboard.press("Tab");
  await page.keyboard.type("at lunch");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await ann.page.locator(".people").getByText("away, \u{1F35D} at lunch").waitFor();
  await ann.page.getByRole("complementary").getByRole("button", { name: "What to do about bob" }).click();
  await ann.page.getByRole("dialog").getByText("away, \u{1F35D} at lunch").waitFor();
  assert.deepEqual(await violations(ann.page), []);
  await shoot(ann.page, "person");
  await ann.page.keyboard.press("Escape");
  await ann.page.locator(".people").getByRole("button", { name: /^bob/ }).click();
  await ann.page.locator(".title").getByText("away, \u{1F35D} at lunch").waitFor();
  await place(ann, /^bob ?, away, \u{1F35D} at lunch/u).waitFor();
  await shoot(ann.page, "status");
  assert.deepEqual(await violations(ann.page), []);
  await ann.page.emulateMedia({ colorScheme: "dark" });
  await shoot(ann.page, "status-dark");

  // One that is refused, and taking it back.
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByRole("textbox", { name: "An emoji" }).fill("no emoji");
  await page.getByRole("button", { name: "Set", exact: true }).click();
  await page.getByText(/emoji: expected one emoji/).waitFor();
  await page.getByRole("button", { name: "Settings" }).click();
  await shoot(page, "settings");
  await page.getByRole("button", { name: "Clear", exact: true }).click();
  await ann.page.locator(".title").getByText("at lunch").waitFor({ state: "detached" });
  await phone.page.getByRole("button", { name: "Menu" }).click();
  await shoot(phone.page, "status-phone");
  assert.deepEqual([...ann.wrong, ...bob.wrong, ...phone.wrong], []);
});

/** Types until somebody is told: the server tells once in three seconds. */
async function typeUntil(field: Locator, shown: Locator): Promise<void> {
  for (;;) {
    await field.press("x");
    const isShown = await shown.waitFor({ timeout: 1_000 }).then(() => true, () => false);
    if (isShown) return;
  }
}

/** Screenshots, to be looked at. */
async function shoot(page: Page, name: string): Promise<void> {
  const folder = Deno.env.get("HANITA_SHOTS");
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` });
}
