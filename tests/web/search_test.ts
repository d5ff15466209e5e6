// The search on the page: in the open conversation and in all, with operators, neighbours and jumps, by the keyboard alone.

import assert from "node:assert/strict";
import { connect } from "../chat/peer.ts";
import { browse, cannot, startWithPage } from "./browser.ts";
import { violations } from "./violations.ts";

Deno.test(
  "page searches all conversations, shows what was said around, and jumps there",
  { ignore: cannot },
  async () => {
    await using server = await startWithPage();
    await using browser = await browse();
    using bob = await connect(server.port);
    await bob.enter("bob");
    const ann = await browser.open(server.url, { bypassCSP: true });
    await ann.register("ann");
    const { page } = ann;
    const send = (to: string, message: string, more: object = {}) =>
      bob.sayOk({ action: "msg", time: 1764000000, to, message, ...more });
    await bob.say({ action: "join", time: 1, room: "#cats" });
    await bob.expect({ response: 201 });
    await ann.go("#cats");
    for (const text of ["before it", "the homework of cats", "behind it"]) await send("#cats", text);
    await send("#all", "homework for all");
    await send("ann", "private homework");
    await ann.hears("behind it");

    const found = page.locator(".found li"), box = page.getByRole("searchbox");
    const search = async (text: string, count: number) => {
      await box.fill(text);
      await box.press("Enter");
      await page.getByRole("status").getByText(count === 1 ? "1 message found" : `${count} messages found`).waitFor();
    };
    await page.getByRole("button", { name: "Search", exact: true }).focus();
    await page.keyboard.press("Enter");
    await search("homew*", 1);
    assert.deepEqual(await found.locator(".near").allTextContents(), ["bob: before it", "bob: behind it"]);

    // The arrow keys choose where; what was typed is looked for there.
    await page.getByRole("radio", { name: "#cats" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.getByRole("status").getByText("3 messages found").waitFor();
    const texts = await found.locator(".text").allTextContents();
    assert.deepEqual(texts, ["private homework", "homework for all", "the homework of cats"]);
    assert.deepEqual(await violations(page), []);
    await search("homework from:bob in:bob", 1);
    await box.fill("homework before:2020-01-01");
    await box.press("Enter");
    await page.getByRole("status").getByText("Nothing found").waitFor();
    await box.fill("homework before:noon");
    await box.press("Enter");
    await page.getByText('before: expected a day such as 2026-11-30, got "noon"').waitFor();

    // A result of another conversation opens it; the results stay.
    await search("homework", 3);
    await found.nth(1).getByRole("button").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Everybody" }).waitFor();
    await page.locator(".said.target").getByText("homework for all").waitFor();
    assert.equal(await found.count(), 3);
    await found.nth(2).getByRole("button").click();
    await page.getByRole("heading", { level: 1, name: "#cats" }).waitFor();
    await page.locator(".said.target").getByText("the homework of cats").waitFor();
    assert.deepEqual(ann.wrong, []);
  },
);
