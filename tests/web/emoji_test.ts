// The emoji of the page: the picker, with a search, those used last and the keyboard alone; and shortcodes in the message field.

import assert from "node:assert/strict";
import { browse, cannot, startWithPage } from "./browser.ts";
import { violations } from "./violations.ts";

Deno.test({ name: "page", ignore: cannot }, async (t) => {
  await using server = await startWithPage();
  await using browser = await browse();
  const ann = await browser.open(server.url, { bypassCSP: true });
  const { page, field } = ann, { keyboard } = page;
  await ann.register("Ann");
  await ann.say("It works");
  const picker = page.getByRole("dialog", { name: "Choose an emoji" });
  const cells = picker.locator(".cells button"), sections = picker.locator("section");
  const chips = page.locator(".reactions button");

  await t.step("puts any emoji on a message, by keyboard alone, found in English or Russian", async () => {
    await field.press("ArrowUp");
    await page.getByLabel("Edit the message").press("Escape"); // to the message
    await page.locator(".said:focus").waitFor();
    await keyboard.press("+");
    await cells.first().waitFor();
    await keyboard.type("party pop");
    await sections.first().and(page.locator('[aria-label="Found"]')).waitFor();
    assert.deepEqual(await cells.allTextContents(), ["🎉"]);
    await keyboard.press("Enter");
    await picker.waitFor({ state: "detached" });
    await page.locator(".said:focus").waitFor();
    await chips.filter({ hasText: "🎉" }).waitFor();
    await keyboard.press("+");
    await cells.first().waitFor();
    await keyboard.type("хлопушка бабах");
    await page.waitForFunction("document.querySelectorAll('.cells button').length === 1");
    await keyboard.press("Escape");
    await picker.waitFor({ state: "detached" });
  });

  await t.step("has those used last first; arrows move in the grid, and a letter searches", async () => {
    await page.locator(".said:focus").waitFor();
    await keyboard.press("+");
    await sections.first().and(page.locator('[aria-label="Used last"]')).waitFor();
    assert.equal(await cells.first().textContent(), "🎉");
    const focused = () => page.locator(".cells button:focus").textContent();
    await keyboard.press("ArrowDown");
    await keyboard.press("ArrowRight");
    assert.equal(await focused(), "👍");
    await keyboard.press("End");
    await keyboard.press("ArrowDown"); // to the smileys, of which there are eight in a row
    await keyboard.press("Home");
    assert.equal(await focused(), "😀");
    await keyboard.press("ArrowUp");
    await keyboard.press("ArrowUp");
    assert.equal(await page.locator("input:focus").count(), 1);
    await keyboard.press("ArrowDown");
    await keyboard.press("f");
    await keyboard.type("ox");
    await page.waitForFunction("document.querySelector('.cells button')?.textContent === '🦊'");
    await keyboard.press("ArrowDown");
    await keyboard.press("Enter");
    await chips.filter({ hasText: "🦊" }).waitFor();
  });

  await t.step("writes emoji into the message field, where its caret is", async () => {
    await field.fill("Good morning");
    for (let at = 0; at < 8; at++) await field.press("ArrowLeft");
    await page.getByRole("button", { name: "Emoji", exact: true }).click();
    await cells.filter({ hasText: "🦊" }).first().click();
    assert.equal(await field.inputValue(), "Good🦊 morning");
    await field.fill("");
  });

  await t.step("completes shortcodes, and leaves times and smileys alone", async () => {
    const offers = page.getByRole("listbox", { name: "Emoji" }),
      option = offers.getByRole("option", { selected: true });
    await field.pressSequentially("See you at 10:30 :D :tad");
    await option.filter({ hasText: ":tada:" }).waitFor();
    assert.deepEqual(await violations(page), []);
    await field.press("Tab");
    assert.equal(await field.inputValue(), "See you at 10:30 :D 🎉 ");
    await field.pressSequentially(":hea");
    await option.waitFor();
    const [first] = await option.allTextContents();
    await field.press("ArrowDown");
    assert.notDeepEqual(await option.allTextContents(), [first]);
    await field.press("Escape");
    await offers.waitFor({ state: "detached" });
    await field.fill("");
    await field.pressSequentially("Well done :+1:");
    await page.waitForFunction("document.querySelector('#field').value === 'Well done 👍 '");
    await field.press("Enter");
    await ann.hears("Well done 👍");
  });

  assert.deepEqual(ann.wrong, []);
});
