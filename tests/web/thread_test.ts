// Threads on the page: a message and its replies at the side, those that are older than what is loaded, too.

import assert from "node:assert/strict";
import { connect } from "../chat/peer.ts";
import { browse, cannot, startWithPage, type Tab } from "./browser.ts";
import { violations } from "./violations.ts";

Deno.test({ name: "page", ignore: cannot }, async (t) => {
  await using server = await startWithPage();
  await using browser = await browse();
  const ann = await browser.open(server.url, { bypassCSP: true });
  const boris = await browser.open(server.url);
  await ann.register("Ann");
  await boris.register("Boris");
  const row = ({ page }: Tab, text: string) =>
    page.locator(".log .said").filter({ has: page.locator(".text", { hasText: text }) }).last();
  const thread = ({ page }: Tab) => page.getByRole("complementary", { name: "Thread" });
  const inThread = (tab: Tab) => thread(tab).locator(".said .text").allTextContents();
  const reply = (tab: Tab) => thread(tab).getByLabel("Reply in the thread");

  await t.step("shows a message and its replies at the side, and answers there, by keyboard alone", async () => {
    await ann.say("Tea, or coffee?");
    await boris.hears("Tea, or coffee?");
    await boris.field.press("Shift+Tab"); // to the list of messages, past the button of the person
    await boris.page.locator(".log").focus();
    await boris.page.keyboard.press("ArrowUp");
    await boris.page.locator(".said:focus").waitFor();
    await boris.page.keyboard.press("t");
    await reply(boris).and(boris.page.locator(":focus")).waitFor();
    await boris.page.keyboard.type("Tea");
    await boris.page.keyboard.press("Enter");
    await row(ann, "Tea").filter({ has: ann.page.locator(".quote") }).waitFor();
    await ann.say("Something else");
    await row(ann, "Tea, or coffee?").getByRole("button", { name: "1 reply" }).click();
    await reply(ann).fill("With milk?");
    await reply(ann).press("Enter");
    await thread(boris).locator(".text", { hasText: "With milk?" }).waitFor();
    assert.deepEqual(await inThread(boris), ["Tea, or coffee?", "Tea", "With milk?"]);
    assert.deepEqual(await inThread(ann), ["Tea, or coffee?", "Tea", "With milk?"]);
    await row(ann, "Tea, or coffee?").getByRole("button", { name: "2 replies" }).waitFor();
    assert.deepEqual(await violations(ann.page), []);
  });

  await t.step("keeps the draft of the message field, and a reply to a reply is in the thread", async () => {
    await boris.field.fill("a draft");
    await row(ann, "With milk?").hover();
    await row(ann, "With milk?").getByRole("button", { name: "Reply", exact: true }).click();
    await ann.say("Or lemon?");
    await thread(boris).locator(".text", { hasText: "Or lemon?" }).waitFor();
    await reply(boris).fill("Lemon");
    await reply(boris).press("Enter");
    await thread(ann).locator(".text", { hasText: /^Lemon$/ }).waitFor();
    assert.equal(await boris.field.inputValue(), "a draft");
    await boris.field.fill("");
  });

  await t.step("keeps what is half written in a thread while that is closed", async () => {
    await reply(boris).fill("half a re");
    await boris.go("#cats");
    await boris.page.keyboard.press("Alt+ArrowUp");
    await row(boris, "Tea, or coffee?").getByRole("button", { name: / replies$/ }).click();
    assert.equal(await reply(boris).inputValue(), "half a re");
  });

  await t.step("says at the side that a reply was refused, too, and lets it be discarded there", async () => {
    await reply(boris).fill("x".repeat(4_001));
    await reply(boris).press("Enter");
    const refusal = thread(boris).getByRole("alert").filter({ hasText: "Not sent" });
    await refusal.waitFor();
    await refusal.getByRole("button", { name: /^Discard/ }).click();
    await refusal.waitFor({ state: "detached" });
  });

  await t.step("finds replies that are older than what is loaded, after a reload", async () => {
    using peer = await connect(server.port);
    await peer.enter("filler");
    const filler = (at: number) => ({ action: "msg", time: 1764000000, to: "#all", message: `filler ${at}` });
    // More than a page and what the page has not marked as read before the reload.
    await peer.say(...Array.from({ length: 170 }, (_, at) => filler(at)));
    for (const each of [ann, boris]) await each.hears("filler 169");
    await ann.page.reload();
    await ann.hears("filler 169");
    await reply(boris).fill("At last, tea");
    await reply(boris).press("Enter");
    await ann.hears("At last, tea");
    assert.equal(await row(ann, "Or lemon?").count(), 0);
    await row(ann, "At last, tea").hover();
    await row(ann, "At last, tea").getByRole("button", { name: "Thread", exact: true }).click();
    await thread(ann).locator(".text", { hasText: "Or lemon?" }).waitFor();
    await thread(ann).locator(".text", { hasText: "Tea, or coffee?" }).waitFor();
    const whole = ["Tea, or coffee?", "Tea", "With milk?", "Or lemon?", "Lemon", "At last, tea"];
    assert.deepEqual(await inThread(ann), whole);
    await row(boris, "At last, tea").hover();
    await row(boris, "At last, tea").getByRole("button", { name: "Edit", exact: true }).click();
    await boris.page.getByLabel("Edit the message").fill("At last, coffee");
    await boris.page.getByLabel("Edit the message").press("Enter");
    await thread(ann).locator(".text", { hasText: "At last, coffee" }).waitFor();
    await thread(ann).getByRole("button", { name: "Show it in the conversation" }).click();
    await ann.page.locator(".log .said.target").filter({ hasText: "Tea, or coffee?" }).waitFor();
    await thread(ann).getByRole("button", { name: "Close" }).click();
    await thread(ann).waitFor({ state: "detached" });
  });

  assert.deepEqual([...ann.wrong, ...boris.wrong], []);
});
