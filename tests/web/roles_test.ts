// Everybody sees the role of a person and the number of a guest; no name can imitate them.

import assert from "node:assert/strict";
import { COMMON_ROOM } from "../../jim/message.ts";
import { currentConversation } from "../../web/model/state.ts";
import { browse, cannot } from "./browser.ts";
import { inside, ModelDriver, msg, OK } from "./model/model_driver.ts";
import { serveOdd } from "./odd_server.ts";
import { violations } from "./violations.ts";

const WHO = [
  { action: "online_list", user_id: "ann", role: "guest" },
  { action: "online_list", user_id: "bob", role: "account" },
  { action: "online_list", user_id: "eve ✓ operator", role: "guest" },
  { action: "online_list", user_id: "Guest", role: "guest", guests: 2 },
  { action: "online_list", user_id: "teacher", role: "operator" },
];
const PAST = [
  { ...msg(1, "bob", COMMON_ROOM, "before there were roles"), id: 1 },
  { ...msg(2, "bob", COMMON_ROOM, "by an account"), id: 2, role: "account" },
  { ...msg(3, "teacher", COMMON_ROOM, "by an operator"), id: 3, role: "operator" },
  { ...msg(4, "eve ✓ operator", COMMON_ROOM, "by a guest"), id: 4 },
  { ...msg(5, "odd", COMMON_ROOM, "by anything"), id: 5, role: { toString: "" }, guest: "2" },
];

Deno.test("page shows what people are, in words too, and nothing of it in a name", {
  ignore: cannot,
}, async () => {
  await using server = serveOdd(PAST, {
    who_online: () => [{ response: 202, quantity: WHO.length }, ...WHO],
    presence: () => [{ ...OK, role: "guest" }],
  });
  await using browser = await browse();
  const ann = await browser.open(server.url, { bypassCSP: true });
  await ann.join("ann");
  await ann.hears("by anything");
  server.tell({ ...msg(6, "Guest", COMMON_ROOM, "by the first"), guest: 1 });
  server.tell({ ...msg(7, "Guest", COMMON_ROOM, "by the second"), guest: 2 });
  server.tell({ ...msg(8, "Guest", COMMON_ROOM, "by the second again"), guest: 2 });
  server.tell({ ...msg(9, "ann", COMMON_ROOM, "by another ann"), guest: 2 });
  server.tell({ ...msg(10, "teacher", "ann", "psst"), role: "operator" });
  await ann.hears("by another ann");
  const { page } = ann;
  const senders = await page.locator(".said:not(.own) .from").evaluateAll((all) =>
    all.map((each) => [
      each.querySelector("bdi")!.textContent,
      [...each.querySelectorAll(".badge span:not([aria-hidden])")].map(({ textContent }) => textContent).join(),
    ])
  );
  assert.deepEqual(senders, [
    ["bob", ""],
    ["bob", "account"],
    ["teacher", "operator"],
    ["eve ✓ operator", ""],
    ["odd", ""],
    ["Guest", "guest number 1 by this name"],
    ["Guest", "guest number 2 by this name"],
    ["ann", "guest number 2 by this name"],
  ]);
  const faces = page.locator(".said.first:not(.own) .face").filter({ hasText: "G" });
  const [one, two] = await faces.evaluateAll((all) => all.map(({ className }) => className));
  assert.notEqual(one, two, "Guests by one name have colours of their own");
  assert.deepEqual(
    await page.locator(".people li .place").allInnerTexts().then((all) =>
      all.map((text) => text.replace(/\s+/g, " ").slice(2))
    ),
    [
      "ann you",
      "bob account",
      "eve ✓ operator",
      "Guest ×2 2 guests by this name",
      "teacher operator",
    ],
  );
  await page.getByText("6 people here").waitFor();
  assert.deepEqual(await violations(page), []);
  await page.getByRole("navigation").getByRole("button", { name: /^teacher ?, 1 unread message ?operator/ }).click();
  await ann.hears("psst");
  await page.getByText("operator, online", { exact: true }).waitFor();
  assert.deepEqual(await violations(page), []);
  server.tell({ ...msg(11, "Guest", "ann", "psst from the first"), guest: 1 });
  server.tell({ ...msg(12, "Guest", "ann", "psst from the second"), guest: 2 });
  await ann.go("Guest");
  await ann.hears("psst from the second");
  const inPrivate = await page.locator(".said:not(.own) .from").evaluateAll((all) =>
    all.map((each) => each.querySelector(".badge .unseen")?.textContent)
  );
  assert.deepEqual(inPrivate, ["guest number 1 by this name", "guest number 2 by this name"]);
  await page.getByText("guest, 2 guests by this name, online", { exact: true }).waitFor();
  await page.keyboard.press("Control+k");
  await page.getByRole("option", { name: /teacher/ }).getByText("operator", { exact: true }).waitFor();
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(ann.wrong, []);
});
Deno.test("model learns what people are from lists, notices, messages and its own coming in", () => {
  const driver = new ModelDriver().do({ on: "enter", me: { name: "ANN", method: "login", password: "x" } }, {
    on: "up",
  });
  driver.hear({ ...OK, role: "operator", account_name: "ann" });
  assert.equal(driver.state.me?.name, "ann");
  const role = (name: string) => driver.state.roles.get(name)?.role;
  driver.hear(OK, { response: 202, quantity: 0 }); // the presence, and that it is an account
  const came = {
    action: "presence",
    user: { account_name: "bob", status: "offline" },
    state: "online",
    role: "account",
  };
  driver.hear({ response: 202, quantity: 0 }, { response: 202, quantity: 1 }, {
    action: "online_list",
    user_id: "Guest",
    role: "guest",
    guests: 3,
  });
  driver.hear({ response: 202, quantity: 0 }, { response: 202, quantity: 0 }, came, {
    ...msg(5, "eve", COMMON_ROOM),
    role: "account",
  });
  assert.deepEqual(["ann", "bob", "eve", "Guest", "nobody"].map(role), [
    ...["operator", "account", "account", "guest", undefined],
  ]);
  assert.deepEqual([driver.state.roles.get("Guest")?.guests, driver.state.online.has("bob")], [3, true]);
  driver.hear(msg(6, "eve", COMMON_ROOM)); // now by a guest: the account was removed
  assert.equal(role("eve"), "guest");
});

Deno.test("model takes the name that the server gives it, and comes back by it", () => {
  const driver = inside().hear({ response: 101, alert: "ann has an account now", account_name: "ann (guest)" });
  assert.deepEqual([driver.state.me?.name, driver.state.notice], ["ann (guest)", { words: "ann has an account now" }]);
  driver.do({ on: "down" }, { on: "up" });
  const [knock] = driver.done();
  assert.deepEqual((knock as { user: object }).user, { account_name: "ann (guest)", status: "" });
});

Deno.test("model has one conversation with a person, and one of a room, in whatever spelling", () => {
  const driver = inside().hear(msg(3, "Bob", "ann", "psst")).do({ on: "open", key: "BOB" });
  assert.deepEqual([driver.state.open, currentConversation(driver.state).messages.length], ["Bob", 1]);
  driver.do({ on: "open", key: "#Lesson7" }, { on: "open", key: COMMON_ROOM }, { on: "open", key: "#lesson7" });
  assert.equal(driver.state.open, "#Lesson7");
  driver.hear(msg(4, "bob", "ann", "psst again"));
  assert.deepEqual([...driver.state.conversations.keys()], [COMMON_ROOM, "Bob", "#Lesson7"]);
  const other = inside().do({ on: "open", key: "#Lesson7" }).hear(OK, { response: 202, quantity: 0 }).do({
    on: "refreshLists",
  });
  other.hear({ response: 202, quantity: 0 }, { response: 202, quantity: 1 }, {
    action: "room_list",
    room: "#LESSON7",
    member: true,
  });
  assert.deepEqual([...other.state.conversations.keys()], [COMMON_ROOM, "#Lesson7"]);
});

Deno.test("model takes a message of its own, which an old connection has brought, for its own", () => {
  const driver = inside().do({ on: "send", text: "hello" });
  const [said] = driver.done() as { time: number }[];
  driver.do({ on: "down" }, { on: "up" }).hear(OK);
  driver.hear(
    { ...msg(9, "ann", COMMON_ROOM, "hello"), time: said!.time, guest: 1 },
    msg(10, "ann", COMMON_ROOM, "by another"),
  );
  const early = driver.state.conversations.get(COMMON_ROOM)!.early;
  assert.deepEqual(early.map(({ guest }) => guest), [undefined, undefined]);
  driver.hear({ ...msg(11, "ann", COMMON_ROOM, "by another"), guest: 2 });
  assert.equal(driver.state.conversations.get(COMMON_ROOM)!.early.at(-1)?.guest, 2);
});
