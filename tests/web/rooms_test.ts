// The dialog of a room: its owner invites, gives ranks, makes it private, pins, renames and removes it; the others follow. Much of it
// by the keyboard alone.

import assert from "node:assert/strict";
import { about, join, make, modern, msg } from "../chat/rooms.ts";
import { start } from "../chat/start.ts";
import { until } from "../chat/within.ts";
import { browse, cannot } from "./browser.ts";
import { violations } from "./violations.ts";

const PHONE = { viewport: { width: 390, height: 780 }, isMobile: true, hasTouch: true };

Deno.test("page shows who is in a room, and what its owner does with it", { ignore: cannot }, async () => {
  await using chat = await start({ accounts: ["ann", "bob", "dan", "eve"] });
  await using browser = await browse();
  const url = `http://127.0.0.1:${await chat.web()}/`;
  const ann = await browser.open(url, { bypassCSP: true, colorScheme: "light" });
  const bob = await browser.open(url, { ...PHONE, bypassCSP: true, colorScheme: "dark" });
  await ann.logIn("ann");
  await bob.logIn("bob");
  const clean = async ({ page }: typeof ann, what: string) => {
    assert.deepEqual([what, ...await violations(page)], [what]);
    const folder = Deno.env.get("HANITA_SHOTS"); // to be looked at
    if (folder !== undefined) await page.screenshot({ path: `${folder}/rooms-${what}.png` });
  };
  const { page } = ann, dialog = (name: string) => page.getByRole("dialog", { name, exact: true });
  await ann.go("#plans");
  await ann.say("the plan");

  // By the keyboard alone: the dialog, private, an invitation.
  await page.getByRole("button", { name: "About this room" }).focus();
  await page.keyboard.press("Enter");
  await dialog("#plans").getByLabel("Rank of ann").waitFor();
  await dialog("#plans").getByLabel("Private: only invited people see it").focus();
  await page.keyboard.press("Space");
  await page.getByRole("navigation").getByRole("button", { name: /plans.*private/ }).waitFor();
  await dialog("#plans").getByRole("textbox", { name: "Invite" }).focus();
  await page.keyboard.type("bob");
  await page.keyboard.press("Enter");
  await dialog("#plans").getByRole("listitem").filter({ hasText: "bob" }).getByText("invited").waitFor();
  await clean(ann, "owner");
  await dialog("#plans").getByRole("textbox", { name: "Invite" }).fill("nobody");
  await page.keyboard.press("Enter");
  await dialog("#plans").getByRole("alert").getByText(/"nobody" has no account/).waitFor();

  // The other one comes in, and sees the members without the settings.
  await bob.page.getByText("ann invites you to #plans").waitFor();
  await clean(bob, "invited");
  await bob.page.getByRole("button", { name: "Join", exact: true }).click();
  await bob.hears("the plan");
  await bob.page.getByRole("button", { name: "About this room" }).click();
  const other = bob.page.getByRole("dialog", { name: "#plans" });
  await other.getByRole("listitem").filter({ hasText: "ann" }).getByText("owner").waitFor();
  assert.equal(await other.getByLabel(/^Rank of/).count(), 0);
  await clean(bob, "member");

  // A rank, and another name: the dialog of the other one follows.
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "About this room" }).click();
  await dialog("#plans").getByLabel("Rank of bob").selectOption("moderator");
  await other.getByRole("textbox", { name: "Invite" }).waitFor();
  await dialog("#plans").getByRole("textbox", { name: "Rename" }).fill("secret plans");
  await page.keyboard.press("Enter");
  await dialog("#secret plans").waitFor();
  await bob.page.getByRole("dialog", { name: "#secret plans" }).waitFor();
  await bob.page.keyboard.press("Escape");
  await bob.say("still here");
  await ann.hears("still here");

  // A hook: its address is shown once, and a program writes by it until it is removed.
  const secret = dialog("#secret plans");
  await secret.getByRole("textbox", { name: "Name of the hook" }).fill("ci");
  await page.keyboard.press("Enter");
  const address = await secret.locator(".secret code").innerText();
  assert.ok(address.startsWith(`${url}hooks/`));
  const say = async (text: string) =>
    (await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text }),
    })).text();
  assert.equal(await say("the build is done"), "ok");
  await bob.hears("the build is done");
  await secret.getByText(/^ci \(hook\)/).waitFor();
  await clean(ann, "hook");
  await secret.getByRole("button", { name: "Remove: ci (hook)" }).click();
  await secret.getByRole("group", { name: "Remove: ci (hook)" }).getByRole("button", { name: "Remove" }).click();
  await secret.getByText(/^ci \(hook\)/).waitFor({ state: "detached" });
  assert.match(await say("too late"), /no such hook/);

  // A mute that counts in this room only, and its end.
  await secret.getByRole("button", { name: "Moderate bob" }).click();
  await clean(ann, "orders");
  await secret.getByRole("textbox", { name: "Reason" }).fill("noise");
  await page.keyboard.press("Enter");
  await secret.getByText(/^muted until .+, by ann$/).waitFor();
  await clean(ann, "muted");
  await bob.page.getByText(/noise/).waitFor();
  await secret.getByRole("button", { name: "Lift the mute of bob" }).click();
  await secret.getByText(/^muted until/).waitFor({ state: "detached" });

  // All messages go, and then the room.
  await dialog("#secret plans").getByRole("button", { name: "Delete all messages" }).click();
  await dialog("#secret plans").getByRole("group", { name: "Delete all messages" }).getByRole("button", {
    name: "Delete all messages",
  }).click();
  await bob.page.getByText("still here", { exact: true }).waitFor({ state: "detached" });
  await bob.say("afresh");
  await ann.hears("afresh");
  await bob.page.getByText("afresh", { exact: true }).tap(); // a moderator has the buttons
  await bob.page.getByRole("button", { name: "Pin in the room" }).click();
  await dialog("#secret plans").getByRole("button", { name: "bob: afresh", exact: true }).waitFor();
  await dialog("#secret plans").getByRole("button", { name: "Unpin: bob: afresh" }).click();
  await dialog("#secret plans").getByText("Pinned").waitFor({ state: "detached" });
  await dialog("#secret plans").getByRole("button", { name: "Remove the room" }).click();
  await dialog("#secret plans").getByRole("group").getByRole("button", { name: "Remove the room" }).click();
  await bob.page.getByText("ann has removed the room #secret plans").waitFor();
  await dialog("#secret plans").waitFor({ state: "detached" });

  // What others pin is listed; a group has the names of its members; who is put out is told.
  const eve = await modern(chat, "eve");
  await make(eve, "#cats");
  const { id } = await eve.sayOk(msg("#cats", "the rules"));
  await eve.sayOk({ action: "pin", time: 1, to: "#cats", id });
  await eve.expect({ action: "pin" });
  await ann.go("#cats");
  await ann.hears("the rules");
  await page.getByRole("button", { name: "About this room" }).click();
  await dialog("#cats").getByRole("button", { name: "eve: the rules" }).click();
  await dialog("#cats").waitFor({ state: "detached" });
  await eve.sayOk(about("kick", "#cats", { user_id: "ann", reason: "noise" }));
  await page.getByText("eve has put you out of #cats: noise").waitFor();
  await eve.say({ action: "group", time: 1, users: ["ann", "bob"] });
  const { room: group } = await eve.expect({ response: 201 });
  await page.getByText("eve has taken you into a group: ann, bob, eve").waitFor();
  await page.getByRole("navigation").getByRole("button", { name: /bob, eve/ }).click();
  await ann.say("three of us");
  await eve.expect({ message: "three of us", to: group });
  await clean(ann, "group");
  await eve.sayOk(join("#cats"));

  // A group that is begun on the page, by the keyboard alone.
  await page.keyboard.press("Control+k");
  await page.getByRole("button", { name: "Write to several people" }).focus();
  await page.keyboard.press("Enter");
  const begin = dialog("Write to several people");
  await begin.getByRole("checkbox", { name: "bob" }).focus();
  await page.keyboard.press("Space");
  await begin.getByRole("textbox").focus();
  await page.keyboard.type("don"); // there is no such account
  await page.keyboard.press("Enter");
  await begin.getByRole("alert").getByText("don").waitFor();
  assert.equal(await begin.getByRole("checkbox", { name: "bob" }).isChecked(), true);
  for (let letters = 0; letters < 3; letters++) await page.keyboard.press("Backspace");
  await page.keyboard.type("dan"); // nobody here knows the account
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "bob, dan" }).waitFor();
  await ann.say("just us");
  await bob.page.getByText("ann has taken you into a group: ann, bob, dan").waitFor();
  for (const each of [ann, bob]) assert.deepEqual(each.wrong, []);
});

Deno.test("page with many rooms keeps the open one in sight, and says that unread messages are below", {
  ignore: cannot,
}, async () => {
  await using chat = await start();
  await using browser = await browse();
  const ann = await browser.open(`http://127.0.0.1:${await chat.web()}/`, { viewport: { width: 1280, height: 300 } });
  await ann.join("ann");
  for (const letter of "abch") await ann.go(`#${letter}`);
  await ann.say("meow"); // she is in the last one
  const bob = await chat.join("bob");
  await bob.sayOk(join("#h"));
  const list = ann.page.getByRole("navigation", { name: "Conversations" });
  const last = list.getByRole("button", { name: /^h/ }),
    below = list.getByRole("button", { name: "More unread below" });
  /** Whether the last room is above the user's own name, which is at the end of the list. */
  const isSeen = async () => {
    const row = await last.boundingBox(), own = await list.locator(".self").boundingBox();
    return row!.y + row!.height <= own!.y;
  };
  assert.equal(await isSeen(), true);
  await ann.go("#a");
  await until("the first rooms", async () => !await isSeen());
  await bob.sayOk(msg("#h", "psst"));
  await below.dispatchEvent("click"); // a click of Playwright scrolls the list itself, to where the button would stand
  await below.waitFor({ state: "detached" });
  assert.equal(await isSeen(), true);
  assert.deepEqual(ann.wrong, []);
});
