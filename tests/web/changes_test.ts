// What is done with messages on the page: replies, edits, deletions and reactions, by mouse and by keyboard alone, between pages
// of two people; live, after a reload and after a break.

import assert from "node:assert/strict";
import { browse, cannot, startWithPage, type Tab } from "./browser.ts";
import { violations } from "./violations.ts";

const row = ({ page }: Tab, text: string) =>
  page.locator(".said").filter({ has: page.locator(".text", { hasText: text }) }).last();
const chip = (tab: Tab, text: string) => row(tab, text).locator(".reactions button");

Deno.test({ name: "page", ignore: cannot }, async (t) => {
  await using server = await startWithPage();
  await using browser = await browse();
  const ann = await browser.open(server.url, { bypassCSP: true });
  const boris = await browser.open(server.url);
  await ann.register("Ann");
  await boris.register("Boris");
  const act = async (tab: Tab, text: string, name: string) => {
    await row(tab, text).hover();
    await row(tab, text).getByRole("toolbar").getByRole("button", { name, exact: true }).click();
  };

  await t.step("answers a message, with its first words above the reply; a click on them goes there", async () => {
    await ann.say("Tea, or coffee?\nThere is no milk.");
    await boris.hears("Tea, or coffee?\nThere is no milk.");
    await act(boris, "Tea, or coffee?", "Reply");
    await boris.page.getByText("Reply to Ann Tea, or coffee?").waitFor();
    await boris.say("Tea, please");
    await ann.hears("Tea, please");
    const quote = row(ann, "Tea, please").locator(".quote");
    assert.equal(await quote.textContent(), "In reply to:Ann Tea, or coffee?");
    await quote.click();
    await ann.page.locator(".said.target").filter({ hasText: "no milk" }).waitFor();
    await boris.say("And cake");
    assert.equal(await row(boris, "And cake").locator(".quote").count(), 0);
  });

  await t.step("edits a message in its place, which has a mark then, and is quoted anew", async () => {
    await act(ann, "Tea, or coffee?", "Edit");
    const editor = ann.page.getByLabel("Edit the message");
    assert.equal(await editor.inputValue(), "Tea, or coffee?\nThere is no milk.");
    await editor.fill("Tea, or cocoa?");
    await ann.page.reload(); // what is typed is kept
    await editor.waitFor();
    assert.equal(await editor.inputValue(), "Tea, or cocoa?");
    await editor.press("Enter");
    await row(boris, "Tea, or cocoa?").getByText("edited").first().waitFor();
    await row(boris, "Tea, please").locator(".quote").getByText("Tea, or cocoa?").waitFor();
    await boris.page.getByText("no milk").waitFor({ state: "detached" });
  });

  await t.step("asks before a message is deleted that is edited to nothing", async () => {
    await act(ann, "Tea, or cocoa?", "Edit");
    const editor = ann.page.getByLabel("Edit the message");
    await editor.fill(" ");
    await editor.press("Enter");
    await ann.page.getByRole("dialog", { name: "Delete this message?" }).waitFor();
    await ann.page.keyboard.press("Escape"); // the editor is open still
    await ann.page.getByRole("dialog").waitFor({ state: "detached" });
    await editor.fill("Tea, or cocoa?");
    await editor.press("Enter"); // nothing was changed
    await editor.waitFor({ state: "detached" });
  });

  await t.step("puts an emoji on a message and takes it away, with counts and names", async () => {
    await act(boris, "Tea, or cocoa?", "React with 👍");
    await chip(ann, "Tea, or cocoa?").getByText("1").waitFor();
    assert.equal(await chip(ann, "Tea, or cocoa?").getAttribute("aria-label"), "👍 1: Boris");
    await chip(ann, "Tea, or cocoa?").click();
    await chip(boris, "Tea, or cocoa?").getByText("2").waitFor();
    assert.equal(await chip(boris, "Tea, or cocoa?").getAttribute("aria-label"), "👍 2: you and Ann");
    assert.equal(await chip(boris, "Tea, or cocoa?").getAttribute("aria-pressed"), "true");
    await chip(boris, "Tea, or cocoa?").click();
    await chip(ann, "Tea, or cocoa?").getByText("1").waitFor();
    assert.equal(await chip(ann, "Tea, or cocoa?").getAttribute("aria-label"), "👍 1: you");
  });

  await t.step("does all this by keyboard alone", async () => {
    const { page } = boris, { keyboard } = page;
    await boris.field.press("ArrowUp"); // the last message of one's own
    const editor = page.getByLabel("Edit the message");
    assert.equal(await editor.inputValue(), "And cake");
    await editor.press("Escape");
    await page.locator(".said:focus").filter({ hasText: "And cake" }).waitFor();
    await keyboard.press("ArrowUp");
    await page.locator(".said:focus").filter({ hasText: "Tea, please" }).waitFor();
    await keyboard.press("e");
    await editor.fill("Tea, thanks");
    await editor.press("Enter");
    await ann.hears("Tea, thanks");
    await boris.field.press("ArrowUp");
    await editor.press("Escape");
    await page.locator(".said:focus").waitFor();
    await keyboard.press("ArrowUp");
    await keyboard.press("Tab"); // to the quote of the reply
    await keyboard.press("Tab");
    await page.locator(".actions button:focus").waitFor();
    await keyboard.press("Escape");
    await boris.field.press("ArrowUp");
    await editor.press("Escape");
    await page.locator(".said:focus").waitFor();
    await keyboard.press("r");
    await boris.field.and(page.locator(":focus")).waitFor();
    await page.getByText("Reply to Boris And cake").waitFor();
    await keyboard.press("Escape"); // no reply after all
    await page.getByText("Reply to Boris And cake").waitFor({ state: "detached" });
    await boris.field.press("ArrowUp");
    await editor.press("Escape");
    await page.locator(".said:focus").waitFor();
    await keyboard.press("Delete");
    await page.getByRole("dialog", { name: "Delete this message?" }).waitFor();
    await keyboard.press("Enter");
    await row(ann, "This message was deleted").waitFor();
    assert.ok(!(await ann.page.locator(".log").innerText()).includes("And cake"));
    await page.locator(".said:focus").filter({ hasText: "This message was deleted" }).waitFor();
  });

  await t.step("shows all this after a reload, and what others have done meanwhile", async () => {
    await ann.page.context().setOffline(true);
    await act(boris, "Tea, or cocoa?", "React with ❤️");
    await boris.say("Where is Ann?");
    await act(boris, "Where is Ann?", "Reply");
    await boris.say("She is late");
    await act(boris, "Where is Ann?", "Edit");
    await boris.page.getByLabel("Edit the message").fill("Where is she?");
    await boris.page.keyboard.press("Enter");
    await row(boris, "Where is she?").getByText("edited").first().waitFor();
    await ann.page.context().setOffline(false);
    for (let time = 0; time < 2; time++) {
      await row(ann, "She is late").locator(".quote").getByText("Where is she?").waitFor();
      await chip(ann, "Tea, or cocoa?").nth(1).getByText("1").waitFor();
      assert.deepEqual(await ann.said(), [
        "Tea, or cocoa?",
        "Tea, thanks",
        "This message was deleted",
        "Where is she?",
        "She is late",
      ]);
      await ann.page.reload();
      await ann.field.waitFor();
    }
  });

  await t.step("tells why a message cannot be changed", async () => {
    const { page } = ann;
    await row(ann, "She is late").hover();
    assert.equal(await row(ann, "She is late").getByRole("button", { name: "Edit", exact: true }).count(), 0);
    assert.equal(await row(ann, "She is late").getByRole("button", { name: "Delete", exact: true }).count(), 0);
    await ann.say("First");
    await act(ann, "First", "Edit");
    await page.getByLabel("Edit the message").fill("x".repeat(70_000));
    await page.getByText("characters too many").waitFor();
    await page.keyboard.press("Escape");
    await page.getByLabel("Edit the message").waitFor({ state: "detached" });

    await using strict = await startWithPage({ rules: { editMinutes: 0 } });
    const zoe = await browser.open(strict.url);
    await zoe.join("zoe");
    await zoe.say("Second");
    await act(zoe, "Second", "Edit");
    const editor = zoe.page.getByLabel("Edit the message");
    await editor.fill("Third");
    await editor.press("Enter");
    await zoe.page.locator(".edit [role=alert]").filter({ hasText: /\w/ }).waitFor();
    assert.equal(await editor.inputValue(), "Third"); // nothing that was written is lost
    await editor.press("Escape");
    await act(zoe, "Second", "Delete");
    await zoe.page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
    await zoe.page.locator(".banner.bad").waitFor();
    assert.deepEqual(await zoe.said(), ["Second"]);
    await zoe.page.locator(".banner.bad").getByRole("button", { name: "Dismiss" }).click();
    await zoe.page.locator(".banner.bad").waitFor({ state: "detached" });
    assert.deepEqual(zoe.wrong, []);
  });

  await t.step("has nothing that axe-core objects to, with an editor and a toolbar open", async () => {
    await row(ann, "Tea, or cocoa?").hover();
    assert.deepEqual(await violations(ann.page), []);
    await act(ann, "First", "Reply");
    await act(ann, "First", "Edit");
    assert.deepEqual(await violations(ann.page), []);
  });

  assert.deepEqual(ann.wrong.filter((text) => !/ERR_INTERNET_DISCONNECTED|WebSocket/.test(text)), []);
  assert.deepEqual(boris.wrong, []);
});
