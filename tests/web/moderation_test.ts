// An operator keeps order from the page, and anybody ignores somebody; by the keyboard too.

import assert from "node:assert/strict";
import { start } from "../chat/start.ts";
import { inspect } from "../token.ts";
import { browse, cannot } from "./browser.ts";
import { violations } from "./violations.ts";

const time = 1_764_000_000;

Deno.test("page orders in words: mutes, refuses, lifts, appoints", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ operators: ["op"], accounts: ["ann"] });
  await using browser = await browse();
  const { page, ...op } = await browser.open(`http://127.0.0.1:${await chat.web()}/`, {
    bypassCSP: true,
  });
  const clean = async (what: string) => assert.deepEqual([what, ...await violations(page)], [what]);
  const dialog = (name: string) => page.getByRole("dialog", { name, exact: true });
  const button = (name: string | RegExp) => page.getByRole("button", { name });
  await op.logIn("op");
  const eve = await chat.join("eve"), ann = await chat.login("ann");
  await eve.say({ action: "msg", time, message: "buy watches" });
  await op.hears("buy watches");

  // By the keyboard alone: the row of eve, mute, the reason, Enter.
  await page.getByRole("complementary").getByRole("button", { name: "What to do about eve" }).focus();
  await page.keyboard.press("Enter");
  await dialog("eve").getByRole("radio", { name: "Mute" }).and(page.locator(":focus")).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.type("no spam");
  await page.keyboard.press("Enter");
  await page.getByText("eve is muted: 10 minutes", { exact: true }).waitFor();
  await button("What to do about eve").and(page.locator(":focus")).waitFor();

  // What is in force is in the dialog of the person and in the list, with who, why and until when.
  await button("Bans and mutes (1)").click();
  const row = dialog("Bans and mutes").getByRole("listitem");
  await row.getByText(/^muted until .*\d\d:\d\d, by op$/).waitFor();
  await row.getByText("no spam").waitFor();
  await clean("what is in force");
  await button("Lift the mute of eve").click();
  await page.getByText("eve may write again").first().waitFor();
  await page.getByText("Nobody is banned or muted.").waitFor();
  await page.keyboard.press("Escape");

  // A refusal is said in the dialog, in the server's words.
  eve.close();
  await page.getByRole("complementary").getByRole("button", { name: /eve/ }).first().waitFor({ state: "detached" });
  await page.getByRole("log").getByRole("button", { name: "What to do about eve" }).click();
  await dialog("eve").getByRole("radio", { name: "Put out" }).check();
  await button("Put eve out").click();
  await dialog("eve").getByRole("alert").getByText('user_id: nobody here has the name "eve"').waitFor();
  await clean("a refusal");
  await dialog("eve").getByRole("radio", { name: "Ban" }).check();
  await dialog("eve").getByLabel("For").selectOption("until it is lifted");
  await button("Ban eve").click();
  await page.getByText("eve is banned: until it is lifted", { exact: true }).waitFor();
  const late = await chat.connect();
  await late.say({ action: "presence", time, user: { account_name: "EVE" } });
  await late.expect({ response: 403 });

  // The greeting is read, changed and, with no text, taken away.
  for (const text of ["Lesson 7 begins at ten", ""]) {
    await button(/^Greeting$/).click();
    await dialog("Greeting").getByRole("textbox", { name: "Greeting" }).fill(text);
    await button("Save the greeting").click();
    await page.getByText("The greeting is saved", { exact: true }).waitFor();
    await button(/^Greeting$/).click();
    const field = dialog("Greeting").getByRole("textbox", { name: "Greeting" });
    await field.waitFor();
    assert.equal(await field.inputValue(), text);
    await page.keyboard.press("Escape");
  }

  await page.getByRole("complementary").getByRole("button", { name: "What to do about ann" }).click();
  await button("Make an operator").click();
  await page.getByText("ann is an operator now").waitFor();
  await ann.expect({ message: "buy watches" });
  await ann.expect({ response: 100, role: "operator" });
  assert.deepEqual(op.wrong, []);
});
Deno.test("page of a user without operator rights has no orders, and hides ignored people until they are shown again", {
  ignore: cannot,
}, async () => {
  await using chat = await start();
  await using browser = await browse();
  const ann = await browser.open(`http://127.0.0.1:${await chat.web()}/`), { page } = ann;
  await ann.join("ann");
  const eve = await chat.join("eve"), bob = await chat.join("bob");
  const say = (who: typeof eve, message: string, to = "#all") => who.say({ action: "msg", time, to, message });
  await say(eve, "spam");
  await ann.hears("spam");
  // An end that the server tells in UTC is shown as the reader's clock has it.
  const late = await browser.open(`http://127.0.0.1:${await chat.web()}/`), op = await chat.connect();
  await late.join("zoe");
  await op.sayOk(inspect);
  await op.say({ action: "mute", time, user_id: "zoe", for: "3d", reason: "no spam" });
  await late.page.getByText(/^You may not write here until \d{1,2} \w+ \d{4}, \d\d:\d\d: no spam$/).waitFor();
  await page.getByRole("log").getByRole("button", { name: "What to do about eve" }).click();
  const dialog = page.getByRole("dialog", { name: "eve", exact: true });
  assert.equal(await dialog.getByRole("radio").count(), 0);
  await dialog.getByRole("button", { name: "Ignore" }).click();
  await dialog.getByText("You ignore eve").waitFor();
  await page.keyboard.press("Escape");
  await say(eve, "more spam");
  await say(eve, "psst", "ann");
  for (let said = 0; said < 3; said++) await eve.expect({ response: 200 }); // all are there before the next one
  await say(bob, "hello");
  await ann.hears("hello");
  assert.deepEqual(await ann.said(), ["hello"]);
  assert.equal(await page.getByRole("navigation").getByText("eve", { exact: true }).count(), 0);

  await page.reload();
  await ann.hears("hello");
  assert.deepEqual(await ann.said(), ["hello"]);
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Show again: eve" }).click();
  await page.keyboard.press("Escape");
  await ann.hears("more spam");
  assert.deepEqual(await ann.said(), ["spam", "more spam", "hello"]);
  assert.deepEqual(ann.wrong, []);
});
