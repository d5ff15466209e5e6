// Accessibility: the page by the keyboard alone, and what axe-core finds in it.

import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { connect } from "../chat/peer.ts";
import { start } from "../chat/start.ts";
import { browse, cannot, PASSWORD, serve, startWithPage } from "./browser.ts";
import { violations, violationsOnPhone } from "./violations.ts";

/** Its dialogs are judged below, and the search, the threads and other parts in the tests of these. */
Deno.test("page has nothing that axe-core finds wrong, in either theme", { ignore: cannot }, async () => {
  await using server = await serve();
  await using browser = await browse();
  // axe-core is a script of another origin to the page's policy, and only a test may put it in.
  const ann = await browser.open(server.url, { bypassCSP: true });
  const { page } = ann;
  const clean = async (what: string) => assert.deepEqual([what, ...await violations(page)], [what]);
  const button = (name: string | RegExp) => page.getByRole("button", { name });

  await clean("the entrance");
  await page.getByRole("radio", { name: "Register" }).check();
  await clean("the entrance, to register");
  await ann.register("ann");
  using bob = await connect(server.port);
  await bob.enter("bob");
  const says = (message: string, to = "#all") => bob.say({ action: "msg", time: 1764000000, to, message });
  await says("Hello @ann, see https://example.com/");
  await ann.hears("Hello @ann, see https://example.com/");
  await ann.say("hello");
  await clean("the chat");
  await ann.go("#cats");
  await clean("an empty room");
  await says("ann, are you there?");
  await says("psst", "ann");
  await button(/^bob ?, 1 unread/).waitFor();
  await clean("something unread");
  await button(/^bob ?, 1 unread/).click();
  await ann.hears("psst");
  await clean("a private conversation");
  await button(/^Everybody ?, 1 unread/).click();
  await ann.hears("ann, are you there?");
  await clean("the line above what is new");
  await page.setViewportSize({ width: 390, height: 780 });
  await clean("a phone");
  await button("Menu").click();
  await clean("a phone's menu");
  await page.keyboard.press("Escape");
  server.kill("SIGKILL");
  await page.getByText("What you write is sent").waitFor();
  await ann.field.fill("waits");
  await ann.field.press("Enter");
  await page.getByText("Waiting to be sent").waitFor();
  await clean("no connection");
});
/** A dialog: what opens it with Enter, or with a key on the last message; its name; and the dialog that the opener is in. */
type DialogRow = readonly [opener: string | RegExp, dialog: string, key?: string | undefined, within?: string];

/** All dialogs of the chat, but for pictures, which files_test.ts opens. */
const DIALOGS: readonly DialogRow[] = [
  ["Rooms and people", "Rooms and people"],
  ["Write to several people", "Write to several people", undefined, "Rooms and people"],
  [/^Notifications/, "Notifications"],
  ["About this room", "#cats"],
  ["What to do about eve", "eve"],
  ["Bans and mutes", "Bans and mutes"],
  ["Greeting", "Greeting"],
  ["Emoji", "Choose an emoji"],
  ["Save the conversation", "Save a conversation"],
  ["Settings", "Settings"],
  ["another reaction", "Choose an emoji", "+"],
  ["a deletion", "Delete this message?", "Delete"],
];

/** All dialogs of the class view. */
const CLASS_DIALOGS: readonly DialogRow[] = [
  ["Bans and mutes", "Bans and mutes"],
  ["Greeting", "Greeting"],
  ["Save a conversation", "Save a conversation"],
  ["Moderation", "eve"],
];

/** Opens each dialog by the keyboard, looks for faults, and leaves it: the focus is then where it was, or at `other`. */
async function tryDialogs(t: Deno.TestContext, page: Page, rows: readonly DialogRow[], other: Locator): Promise<void> {
  const { keyboard } = page, focused = page.locator(":focus");
  const button = (name: string | RegExp) => page.getByRole("button", { name }).first();
  const seen = new Set<string>();
  for (const [opener, name, key, within] of rows) {
    await t.step(`${name}, by ${opener}`, async () => {
      const back = key === undefined ? button(within ?? opener) : page.locator(".said.own");
      if (!await back.isVisible()) await button("Who is here").click(); // a phone had no room for the people
      await back.focus();
      await keyboard.press(key ?? "Enter");
      if (within !== undefined) {
        await button(opener).focus();
        await keyboard.press("Enter");
      }
      const dialog = page.getByRole("dialog", { name, exact: true });
      await dialog.and(page.locator(":focus-within")).waitFor();
      await dialog.getByText("Loading…").waitFor({ state: "detached" });
      if (!seen.has(name)) {
        // Of the emoji of a kind a row is judged, and not all 1,900: to look at these takes seconds.
        await dialog.locator(".cells button:nth-child(n + 9)").evaluateAll((all) =>
          all.forEach((each) => each.remove())
        );
        assert.deepEqual([...await violations(page), ...await violationsOnPhone(page, "dialog[open]")], []);
      }
      seen.add(name);
      await keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      await focused.and(back.or(other)).waitFor();
    });
  }
}

Deno.test("page has no dialog that the keyboard cannot open and leave, or that axe-core finds a fault in", {
  ignore: cannot,
}, async (t) => {
  await using chat = await start({ operators: ["op"] });
  await using browser = await browse();
  const url = `http://127.0.0.1:${await chat.web()}/`, op = await browser.open(url, { bypassCSP: true }), { page } = op;
  await op.logIn("op");
  await op.go("#cats");
  const eve = await chat.join("eve");
  await eve.sayOk({ action: "join", time: 1, room: "#cats" });
  await op.say("look");
  await page.locator(".said.own").hover();
  await page.getByRole("button", { name: "Pin in the room" }).click();
  await tryDialogs(t, page, DIALOGS, op.field.or(page.locator(".log")));
  assert.deepEqual(op.wrong, []);

  await page.goto(`${url}class`);
  await page.getByLabel("Name").fill("op");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /^eve/ }).click();
  assert.deepEqual(await violationsOnPhone(page, "body"), []);
  await tryDialogs(t, page, CLASS_DIALOGS, page.locator("body"));
});

Deno.test(
  "page is used by the keyboard alone: joins, writes, changes rooms, reads, leaves",
  { ignore: cannot },
  async () => {
    await using server = await startWithPage();
    await using browser = await browse();
    const bob = await server.join("bob");
    const ann = await browser.open(server.url);
    const { keyboard } = ann.page;
    /** What has the focus, by its role and name. */
    const focused = () => ann.page.locator(":focus");

    // The caret is in the name already, and Enter is enough.
    await ann.page.getByLabel("Your name").and(focused()).waitFor();
    await keyboard.press("Control+a");
    await keyboard.type("ann");
    await keyboard.press("Enter");
    await ann.field.and(focused()).waitFor();
    await keyboard.type("hello");
    await keyboard.press("Shift+Enter");
    await keyboard.type("there");
    await keyboard.press("Enter");
    await bob.expect({ action: "msg", message: "hello\nthere" });

    await keyboard.press("Control+k");
    await ann.page.getByRole("combobox").and(focused()).waitFor();
    await keyboard.type("#cats");
    await keyboard.press("ArrowDown");
    await ann.page.getByRole("option", { selected: true }).filter({ hasText: "Make the room #cats" }).waitFor();
    await keyboard.press("Enter");
    await ann.page.getByRole("heading", { level: 1, name: "#cats" }).waitFor();
    await ann.field.and(focused()).waitFor();
    await keyboard.type("meow");
    await keyboard.press("Enter");
    await ann.hears("meow");
    await keyboard.press("Alt+ArrowUp");
    await ann.page.getByRole("heading", { level: 1, name: "Everybody" }).waitFor();
    await bob.say({ action: "msg", time: 1764000000, to: "#all", message: "still here?" });
    await keyboard.press("Control+k");
    await ann.page.getByRole("option", { name: /bob/ }).waitFor();
    await keyboard.type("o");
    await keyboard.press("ArrowDown");
    await ann.page.getByRole("option", { selected: true }).filter({ hasText: "bob" }).waitFor();
    await keyboard.press("Enter");
    await ann.page.getByRole("heading", { level: 1, name: "bob" }).waitFor();
    await keyboard.press("Alt+ArrowDown");
    await ann.page.getByRole("heading", { level: 1, name: "Everybody" }).waitFor();

    // All that can be clicked is reached by Tab, and none of it holds the focus.
    const names: string[] = [];
    await ann.field.focus();
    do {
      await keyboard.press("Tab");
      names.push(await focused().evaluateAll(([each]) => each?.getAttribute("aria-label") ?? each?.textContent ?? ""));
    } while (!(await ann.field.evaluate((field) => field === field.ownerDocument.activeElement)) && names.length < 40);
    // Bob's face has a letter of its own, which is not read out.
    const expected = ["Skip to the message field", "Rooms and peopleCtrl K", "#cats", "Bbob", "Settings", "Search"];
    assert.deepEqual(expected.filter((name) => !names.includes(name)), [], `Tab reaches ${names}`);
    assert.ok(names.includes("Messages, Everybody"), `Tab reaches ${names}`);
    await ann.page.getByRole("link", { name: "Skip to" }).focus();
    await keyboard.press("Enter");
    await ann.field.and(focused()).waitFor();
    await ann.page.getByRole("button", { name: "Search" }).focus();
    await keyboard.press("Enter");
    await ann.page.getByRole("searchbox").and(focused()).waitFor();
    await keyboard.press("Escape");
    await ann.field.and(focused()).waitFor();
    await ann.page.getByRole("button", { name: "Settings" }).focus();
    await keyboard.press("Enter");
    await ann.page.getByRole("dialog").waitFor();
    await ann.page.getByRole("dialog").getByLabel("Password").focus();
    await keyboard.type(PASSWORD);
    await keyboard.press("Enter");
    await ann.page.getByText("created; welcome, ann").waitFor();
    assert.deepEqual(ann.wrong, []);
  },
);
