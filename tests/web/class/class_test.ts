// The teacher's page in a browser, with programs that speak well and badly.

import assert from "node:assert/strict";
import { PASSWORD } from "../../chat/accounts.ts";
import { connect } from "../../chat/peer.ts";
import { type Program, startIn } from "../../chat/program.ts";
import { type Chat, start } from "../../chat/start.ts";
import { inspect, TOKEN } from "../../token.ts";
import { until } from "../../chat/within.ts";
import { browse, cannot, ownAddresses, urlOf as pageOf } from "../browser.ts";
import { violations } from "../violations.ts";

const PRESENCE = JSON.stringify({ action: "presence", time: 1, user: { account_name: "ann" } }, null, 2);
const ATTACK = {
  action: "msg",
  time: 1,
  to: "<b>bold</b>",
  message: '<img src=x onerror="alert(1)"><script>alert(2)</script>',
};

/** Where the page is, and what opens it. */
const urlOf = async (chat: Chat, token = `#token=${TOKEN}`) => `http://127.0.0.1:${await chat.web()}/class${token}`;

/** The same of a server of its own, as it says it on a terminal. */
const classOf = (server: Program) =>
  `${pageOf(server)}class#token=${Deno.readTextFileSync(`${server.folder}/token`).trim()}`;

Deno.test("class shows what each program says and gets wrong, as text", {
  ignore: cannot,
}, async () => {
  await using chat = await start();
  await using browser = await browse();
  const tab = await browser.open(await urlOf(chat), { bypassCSP: true }), { page } = tab;
  const card = (name: string | RegExp) => page.getByRole("button", { name });
  const clean = async (what: string) => assert.deepEqual([what, ...await violations(page)], [what]);
  await page.getByText("Nobody is here yet.").waitFor();
  await clean("nobody is here");

  const ann = await chat.connect(), eve = await chat.bare();
  await ann.sayOk(`${PRESENCE}\n`);
  await card(/^ann , all is well/).filter({ hasText: "✓ 200 welcome, ann" }).waitFor();
  await eve.say("{'action': 'presence'}");
  await eve.expect({ response: 400 });
  await card(/^no name yet , was refused, 1 refusal no newlines/).filter({ hasText: "Expected valid JSON" })
    .waitFor();
  await clean("one was refused");
  await eve.enter("eve");
  await card(/^eve , all is well, 1 refusal/).waitFor();
  await ann.say(ATTACK);
  await card(/^ann , was refused/).filter({ hasText: '404 to: nobody here has the name "<b>bold</b>"' }).click();

  const detail = page.getByRole("complementary", { name: "Traffic of ann" });
  await detail.getByText(PRESENCE).waitFor();
  await detail.getByText(JSON.stringify(ATTACK)).waitFor();
  assert.equal(await page.locator("img, script:not([src]), b:text('bold')").count(), 0);
  assert.equal(await detail.getByRole("listitem").count(), 3);
  await page.getByLabel("What is shown").selectOption("refusals");
  assert.equal(await detail.getByRole("listitem").count(), 1);
  await clean("a conversation");
  await page.getByRole("button", { name: "Moderation" }).click();
  const orders = page.getByRole("dialog", { name: "ann", exact: true });
  assert.equal(await orders.getByRole("button", { name: "Make an operator" }).count(), 0, "the token makes none");
  await page.keyboard.press("Enter"); // the focus is in the form: ann is muted
  await page.getByText("ann is muted: 10 minutes").waitFor();
  await orders.waitFor({ state: "detached" });
  await clean("ann is muted");
  await page.getByRole("button", { name: "Bans and mutes (1)" }).click();
  await page.getByRole("dialog").getByText(/^muted until .+, by the class page$/).waitFor();
  await clean("what is in force");
  await page.getByRole("dialog").getByRole("button", { name: "Lift the mute of ann" }).click();
  await page.getByText("Nobody is banned or muted.").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" }); // until then the field takes no keys

  await page.getByRole("searchbox").fill("EV");
  await card(/^ann/).waitFor({ state: "detached" });
  await page.getByRole("searchbox").fill("");
  await page.getByLabel("Order").selectOption("trouble first");
  assert.match(await page.locator(".student").first().innerText(), /ann/);
  ann.close();
  await card(/^ann , has left/).waitFor();
  assert.deepEqual(tab.wrong, []);
});
Deno.test("class stands still while it is paused, and then shows all that was said", { ignore: cannot }, async () => {
  await using chat = await start();
  await using browser = await browse();
  const { page } = await browser.open(await urlOf(chat));
  const ann = await chat.join("ann");
  await page.getByRole("button", { name: /^ann/ }).waitFor();
  await page.getByRole("button", { name: "Pause" }).click();
  await ann.say("nonsense\n");
  await ann.expect({ response: 400 });
  await page.getByText(/^Paused; \d+ waiting$/).waitFor();
  assert.equal(await page.getByText("nonsense").count(), 0);
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByText("nonsense", { exact: true }).waitFor();
});

Deno.test("class keeps all programs in sight while it is paused, those that have left before, too", {
  ignore: cannot,
}, async () => {
  await using chat = await start();
  await using browser = await browse();
  const { page } = await browser.open("about:blank"), nameless = page.getByRole("button", { name: /^no name yet/ });
  await page.clock.install();
  await page.goto(await urlOf(chat));
  const gone = await chat.connect();
  await nameless.waitFor();
  gone.close();
  await page.getByRole("button", { name: /^no name yet , has left/ }).waitFor();
  await page.getByRole("button", { name: "Pause" }).click();
  await page.clock.fastForward(60_000);
  await page.clock.runFor(2_000);
  assert.equal(await nameless.count(), 1);
  await page.getByRole("button", { name: "Go on" }).click();
  await nameless.waitFor({ state: "detached" });
});

Deno.test("class asks what is in force when its list is opened", { ignore: cannot }, async () => {
  await using chat = await start();
  await using browser = await browse();
  const { page } = await browser.open(await urlOf(chat));
  await page.addInitScript("globalThis.setInterval = () => 0"); // it asks every few seconds, too
  await page.reload();
  await chat.join("ann");
  await page.getByRole("button", { name: /^ann/ }).waitFor();
  const other = await chat.connect();
  await other.sayOk(inspect);
  await other.say({ action: "mute", time: 1, user_id: "zoe" });
  while ((await other.hear()).response !== 200);
  await page.getByRole("button", { name: /^Bans and mutes/ }).click();
  await page.getByRole("dialog").getByText("zoe").waitFor();
});

Deno.test("class is used by the keyboard alone", { ignore: cannot }, async () => {
  await using chat = await start();
  await using browser = await browse();
  const { page } = await browser.open(await urlOf(chat));
  for (const name of ["ann", "bob", "eve"]) await chat.join(name);
  await page.getByRole("button", { name: /^eve/ }).waitFor();
  const focused = (name: RegExp) => page.getByRole("button", { name }).and(page.locator(":focus")).waitFor();
  await page.getByLabel("Language").focus();
  await page.keyboard.press("Tab");
  await focused(/^ann/);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowLeft");
  await focused(/^bob/);
  await page.keyboard.press("Enter");
  await page.getByRole("complementary", { name: "Traffic of bob" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("complementary").waitFor({ state: "detached" });
  await focused(/^bob/);
});

Deno.test("class page without a token shows an operator's login form, in the browser's language", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ operators: ["op"], accounts: ["ann"] });
  await using browser = await browse();
  const { page, wrong } = await browser.open(await urlOf(chat, ""), { locale: "ru-RU", bypassCSP: true });
  const logIn = async (name: string, password: string) => {
    await page.getByLabel("Имя").fill(name);
    await page.getByLabel("Пароль").fill(password);
    await page.getByRole("button", { name: "Войти" }).click();
  };
  await page.getByRole("heading", { name: "Для преподавателя" }).waitFor();
  assert.equal(await page.getByRole("alert").innerText(), "");
  assert.deepEqual(await violations(page), []);
  await logIn("op", "a guess");
  await page.getByText('no account "op" with that password').waitFor();
  await logIn("ann", PASSWORD);
  await page.getByText("Эта страница для преподавателя, а у этой учётной записи нет прав оператора.").waitFor();
  await logIn("op", PASSWORD);
  await page.getByText("Пока никого нет.").waitFor();
  const bob = await chat.join("bob");
  await page.getByRole("button", { name: /^bob/ }).waitFor();
  await bob.say({ action: "msg", time: 2, to: "#all", message: "a mistake" });
  await bob.expect({ response: 200 });
  await page.getByRole("button", { name: /^bob/ }).click();
  const row = page.locator(".event").filter({ hasText: "a mistake" });
  await row.getByRole("button", { name: "Удалить…" }).click();
  await row.getByText("Удалить это сообщение у всех?").waitFor();
  assert.deepEqual(await violations(page), []);
  await row.getByRole("button", { name: "Удалить", exact: true }).click();
  await row.getByText("удалено", { exact: true }).waitFor();
  await bob.say({ action: "history", time: 3, limit: 1 });
  await bob.expect({ response: 202, quantity: 1 });
  await bob.expect({ message: "(this message was deleted)" });
  await bob.sayOk({ action: "msg", time: 4, to: "#all", message: "the answer" });
  await page.getByRole("button", { name: "Сохранить беседу" }).click();
  const dialog = page.getByRole("dialog", { name: "Сохранить беседу" });
  const download = page.waitForEvent("download");
  await dialog.getByRole("radio", { name: "Markdown" }).check();
  await dialog.getByRole("button", { name: "Сохранить беседу" }).click();
  const saved = await Deno.readTextFile(await (await download).path());
  assert.match(saved, /> _\\\(удалено\\\)_\n\n\*\*bob\*\* [\d:]+\n\n> the answer\n/);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.reload(); // it is logged in by a session token
  await page.getByRole("button", { name: /^bob/ }).waitFor();
  const stored = await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
  assert.ok(!stored.includes(PASSWORD));
  assert.deepEqual(wrong, []);
});

Deno.test("class page says what an order applies to, why a program has no name, and which one gets no messages", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ operators: ["Teacher"] });
  await using browser = await browse();
  const { page, wrong } = await browser.open(await urlOf(chat), { viewport: { width: 1500, height: 900 } });
  const card = (name: RegExp) => page.getByRole("button", { name });
  const dialog = page.getByRole("dialog");
  await page.getByText("Nobody is here yet.").waitFor();
  for (let each = 0; each < 2; each++) await chat.login("Teacher");
  await chat.join("Guest");
  const second = await chat.join("Guest"), impostor = await chat.connect(), seed = await chat.bare();

  await impostor.say({ action: "presence", time: 1, user: { account_name: "Te\u0430cher" } });
  await impostor.expect({ response: 401 });
  await impostor.say({ action: "msg", time: 1, to: "#all", message: "hello" });
  await impostor.expect({ response: 401 });
  await card(/^no name yet , was refused/).getByText(/^Why it has no name: .*looks like the account/).waitFor();

  await seed.say({ action: "presence", time: 1, type: "status", user: { accaunt_name: "seed", status: "" } });
  await seed.expect({ response: 200 });
  await seed.say({ action: "msg", time: 1, to: "#all", from: "seed", message: "hello" });
  await seed.expect({ response: 200 });
  await card(/^seed/).getByText("Gets answers but no messages").waitFor();

  await second.say({ action: "msg", time: 1, to: "#all", message: "hello" });
  await card(/^Guest #1 ,/).waitFor();
  await card(/^Guest #2 ,/).click();
  await page.getByRole("button", { name: "Moderation" }).click();
  await dialog.getByText("2 guests have this name: the order applies to all of them.").waitFor();
  await dialog.getByRole("radio", { name: "Ban" }).check();
  await dialog.getByLabel("Applies to").selectOption("the address 127.0.0.1");
  await dialog.getByText("6 programs are connected from it, among them the operator Teacher.").waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await card(/^Teacher/).first().click();
  await page.getByRole("button", { name: "Moderation" }).click();
  await dialog.getByText("2 programs are logged in to this account: the order applies to all of them.").waitFor();
  assert.deepEqual(wrong, []);
});

Deno.test("class comes back when its server does, and a program goes on in its card", { ignore: cannot }, async () => {
  const folder = await Deno.makeTempDir({ prefix: "hanita-class-" });
  const options = ["-a", "127.0.0.1", ...ownAddresses()];
  const first = await startIn(folder, ...options);
  const { port } = first;
  await using browser = await browse();
  const { page } = await browser.open(classOf(first));
  const enters = async (words: string) => {
    const ann = await connect(port);
    await ann.enter("ann");
    await ann.say(`${words}\n`);
    await ann.expect({ response: 400 });
    await page.getByRole("button", { name: /^ann , was refused/ }).filter({ hasText: words }).waitFor();
    return ann;
  };
  using _one = await enters("before");
  first.kill("SIGKILL");
  await first.ended;
  await page.getByText(/^No connection/).waitFor();
  await using second = await startIn(folder, ...options);
  await page.getByText("The server was restarted").waitFor();
  await page.goto(classOf(second)); // in the very tab: nothing is loaded again
  await page.getByText("0 programs are here").waitFor();
  using _two = await enters("after");
  await page.getByRole("button", { name: /^ann , was refused, 2 refusals/ }).click();
  for (const words of ["before", "after"]) {
    await page.getByRole("complementary").getByText(words, { exact: true }).waitFor();
  }
  assert.equal(await page.locator(".student").count(), 1);
});

Deno.test("class takes the token out of the address bar, and needs it no more in that tab", {
  ignore: cannot,
}, async () => {
  await using chat = await start();
  await using browser = await browse();
  const url = await urlOf(chat), { page, wrong } = await browser.open(url);
  for (let loads = 1; loads <= 3; loads++) {
    await page.getByText("Nobody is here yet.").waitFor();
    assert.equal(page.url(), url.slice(0, url.indexOf("#")));
    if (loads < 3) await page.reload();
  }
  assert.deepEqual(wrong, []);
});

Deno.test("class says of a muted program that it floods, in words too", { ignore: cannot }, async () => {
  await using chat = await start({ rateLimit: { rate: 20, burst: 200 } });
  await using browser = await browse();
  const { page } = await browser.open(await urlOf(chat));
  const flood = await chat.join("flood"), card = page.getByRole("button", { name: /^flood/ });
  await card.click();
  await page.getByRole("button", { name: "Moderation" }).click();
  await page.getByRole("button", { name: "Mute flood" }).click();
  await page.getByText("flood is muted: 10 minutes").waitFor();
  await card.getByText("muted", { exact: true }).waitFor();
  void flood.say(`${JSON.stringify({ action: "msg", time: 1, message: "me too" })}\n`.repeat(1_000)).catch(() => {});
  await flood.expect({ response: 403 });
  const words = page.getByRole("button", { name: /^flood , floods, *muted/ }).getByText("more than the server accepts");
  // The server looks each second who floods, and here as often as it is told to: after the second time it says so.
  await until("the words", async () => {
    chat.maintenance();
    await page.waitForTimeout(50);
    return await words.count() > 0;
  });
  await words.waitFor();
});
