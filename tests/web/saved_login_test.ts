// An account in a real browser: it stays logged in over a reload and in a second tab by a token, and never by its password.

import assert from "node:assert/strict";
import { connect } from "../chat/peer.ts";
import { startIn } from "../chat/program.ts";
import { browse, cannot, ownAddresses, PASSWORD, serve, startWithPage, type Tab, urlOf } from "./browser.ts";

const OVER = "You have been logged out, so enter your password again. What you have written is still here.";

/** All that the browser keeps for the page, as one text. */
function stored({ page }: Tab): Promise<string> {
  return page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
}

async function tokenOf({ page }: Tab): Promise<string> {
  return JSON.parse((await page.evaluate(() => localStorage.getItem("hanita-session")))!).token;
}

/** Ends a token, as another device would that has it. */
async function end(port: number, token: string): Promise<void> {
  using peer = await connect(port);
  await peer.say({ action: "logout", time: 1764000000, token });
  assert.equal((await peer.hear()).response, 200);
}

async function logOut({ page }: Tab): Promise<void> {
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Log out" }).click();
}

Deno.test("page keeps an account logged in over a reload and in a second tab, until it logs out", {
  ignore: cannot,
}, async () => {
  await using server = await startWithPage();
  await using browser = await browse();
  const ann = await browser.open(server.url);
  await ann.register("Ann");
  await ann.go("#cats");
  await ann.say("mine");
  await ann.field.fill("half a mess");
  await ann.page.reload();
  await ann.hears("mine");
  assert.equal(await ann.field.inputValue(), "half a mess");
  const other = await browser.beside(ann, server.url);
  await other.field.waitFor();
  await other.go("#cats");
  await other.say("from the other tab");
  await ann.hears("from the other tab");
  await ann.page.reload();
  await ann.hears("from the other tab");
  for (const tab of [ann, other]) assert.ok(!(await stored(tab)).includes(PASSWORD));
  const token = await tokenOf(ann);

  await logOut(other);
  await other.page.getByRole("button", { name: "Join the chat" }).waitFor();
  await ann.page.bringToFront();
  await ann.page.getByRole("alert").getByText(OVER).waitFor();
  for (const tab of [ann, other]) assert.ok(!(await stored(tab)).includes(token));
  using peer = await connect(server.port);
  await peer.say({ action: "authenticate", time: 1764000000, token });
  assert.equal((await peer.hear()).response, 401);
  await ann.page.getByLabel("Password").fill(PASSWORD);
  await ann.page.keyboard.press("Enter");
  await ann.hears("from the other tab");
  assert.equal(await ann.field.inputValue(), "half a mess");
  for (const tab of [ann, other]) assert.deepEqual(tab.wrong, []);
});

Deno.test("page says in both languages that its token was refused, and has lost nothing", {
  ignore: cannot,
}, async () => {
  await using server = await startWithPage();
  await using browser = await browse();
  const ann = await browser.open(server.url);
  await ann.register("ann");
  await ann.go("#cats");
  await ann.field.fill("half a mess");
  const token = await tokenOf(ann);
  await ann.page.goto("about:blank");
  await end(server.port, token);
  for (let load = 1; load <= 2; load++) {
    await ann.page.goto(server.url);
    await ann.page.getByLabel("Password").waitFor();
    if (load === 1) await ann.page.getByRole("alert").getByText(OVER).waitFor();
    assert.ok(!(await stored(ann)).includes(token));
  }
  await ann.page.getByRole("radio", { name: "Русский" }).check();
  assert.equal(await ann.page.getByLabel("Ваше имя").inputValue(), "ann");
  await ann.page.getByRole("radio", { name: "English" }).check();
  await ann.page.getByLabel("Password").fill(PASSWORD);
  await ann.page.keyboard.press("Enter");
  await ann.page.getByRole("heading", { level: 1, name: "#cats" }).waitFor();
  assert.equal(await ann.field.inputValue(), "half a mess");

  // In the middle of a chat, while something is being written.
  await ann.field.fill("another half");
  await end(server.port, await tokenOf(ann));
  await ann.page.getByRole("alert").getByText(OVER).waitFor();
  await ann.page.getByRole("radio", { name: "Русский" }).check();
  await ann.page.getByText("Сеанс завершён: введите пароль ещё раз. Всё, что вы написали, сохранилось.").waitFor();
  await ann.page.reload();
  await ann.page.getByRole("radio", { name: "English" }).check();
  await ann.page.getByLabel("Password").fill(PASSWORD);
  await ann.page.keyboard.press("Enter");
  await ann.page.getByRole("heading", { level: 1, name: "#cats" }).waitFor();
  assert.equal(await ann.field.inputValue(), "another half");
  assert.deepEqual(ann.wrong, []);
});

Deno.test("page keeps a tab's own account, and a guest, where another account has logged in beside", {
  ignore: cannot,
}, async () => {
  await using server = await startWithPage();
  await using browser = await browse();
  const ann = await browser.open(server.url);
  await ann.join("zoe");
  const bob = await browser.beside(ann, server.url);
  await bob.register("bob");
  await ann.page.bringToFront(); // one that is not seen is drawn seldom
  await ann.page.reload();
  await ann.say("a guest as before");
  await ann.page.getByRole("button", { name: "Settings" }).click();
  await ann.page.getByRole("dialog").getByLabel("Password").fill(PASSWORD);
  await ann.page.getByRole("dialog").getByRole("button", { name: "Register" }).click();
  await ann.page.getByText("created; welcome, zoe").waitFor();
  for (const [tab, text] of [[ann, "I am zoe"], [bob, "I am bob"]] as const) {
    await tab.page.bringToFront();
    await tab.page.reload();
    await tab.say(text);
  }
  const who = (text: string) => ann.page.locator(".said", { hasText: text });
  await ann.hears("I am bob");
  assert.match((await who("I am bob").textContent())!, /bob/);
  assert.equal(await who("I am bob").evaluate((row) => row.classList.contains("own")), false);
});

Deno.test("page that may store nothing stays logged in over a break of the connection, and not over a reload", {
  ignore: cannot,
}, async () => {
  const addresses = ownAddresses();
  await using first = await serve(...addresses);
  await using browser = await browse();
  const ann = await browser.open("data:,");
  await ann.page.context().addInitScript(`
    for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, {
      get() { throw new DOMException("Access is denied for this document.", "SecurityError"); },
    });`);
  await ann.page.goto(first.url);
  await ann.register("ann");
  await ann.say("before");
  first.kill("SIGKILL");
  await first.ended;
  await ann.page.getByText("What you write is sent").waitFor();
  await using second = await startIn(first.folder, "-a", "127.0.0.1", ...addresses);
  assert.equal(urlOf(second), first.url);
  await ann.page.getByText("What you write is sent").waitFor({ state: "detached" });
  await ann.say("after");
  await ann.page.reload();
  await ann.page.getByRole("button", { name: "Join the chat" }).waitFor();
});

Deno.test("page that is not to stay logged in keeps its token in the tab alone", { ignore: cannot }, async () => {
  await using server = await startWithPage();
  await using browser = await browse();
  const ann = await browser.open(server.url);
  await ann.page.getByRole("radio", { name: "Register", exact: true }).check();
  await ann.page.getByRole("checkbox", { name: "Stay logged in on this computer" }).uncheck();
  await ann.register("ann");
  await ann.page.reload();
  await ann.say("still here");
  assert.equal(await ann.page.evaluate(() => localStorage.getItem("hanita-session")), null);
  const other = await browser.beside(ann, server.url);
  await other.page.getByRole("button", { name: "Join the chat" }).waitFor();
});
