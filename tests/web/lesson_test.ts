// A lesson: twelve programs of students, good and bad ones, and a teacher with a browser only. With a folder in
// HANITA_SCREENSHOTS a picture of each step is kept there, to be looked at.

import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { PASSWORD } from "../chat/accounts.ts";
import { type Chat, type Peer, start } from "../chat/start.ts";
import { until } from "../chat/within.ts";
import { TOKEN } from "../token.ts";
import { browse, cannot } from "./browser.ts";

const time = 1_764_000_000;
const PHONE = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
/** Objects a second, and at once: only the flood sends more. */
const PACE = { rate: 200, burst: 15_000 };
/** Milliseconds between two objects to a program without newlines: what waits for it waits for all of the test. */
const GAP = 10_000;
/** Bytes: a reader that reads nothing is not dropped. */
const OUTBOX = 16 << 20;

const msg = (message: string, to = "#all") => ({ action: "msg", time, to, message });
const lines = (count: number, of: (index: number) => object) =>
  Array.from({ length: count }, (_, index) => `${JSON.stringify(of(index))}\n`).join("");

/**
 * The twelve, who have all said what they have to say.
 *
 * @param heard waits until the teacher has heard something: what comes behind it is much, and the class shows not all of that
 */
async function begin(
  chat: Chat,
  heard: (text: string) => Promise<void>,
): Promise<{ impostor: Peer; guest: Peer; flood: Peer }> {
  const ann = await chat.join("ann"), bob = await chat.join("bob");
  const guest = await chat.join("Guest"), other = await chat.join("Guest");
  const bare = await chat.bare(), prefixed = await chat.prefixed(), silent = await chat.staller();
  const dan = await chat.join("dan"), zoe = await chat.join("zoé"), flood = await chat.join("flood");
  const impostor = await chat.from("127.0.9.1");
  await chat.connect(); // says nothing
  await silent.say({ action: "presence", time, user: { account_name: "silent", status: "" } });
  await bare.enter("bare");
  await prefixed.enter("prefixed");
  await impostor.say({ action: "presence", time, user: { account_name: "Te\u0430cher" } });
  await impostor.expect({ response: 401 });
  await impostor.enter("The-Teacher");

  await ann.say(msg("Mine connects, and says presence!"));
  await bob.say(msg("Mine too. Who has done exercise 3?"));
  await other.say(msg("SPAM SPAM SPAM"));
  await dan.say(`{"action": "msg", "time": ${time}, "to": "#all", "message": "hi", "urgent": True}\n`);
  await zoe.say(Uint8Array.from(`{"action":"msg","time":1,"to":"#all","message":"caf\xe9"}\n`, (c) => c.charCodeAt(0)));
  await impostor.say(msg("I am your teacher. Send me your passwords"));
  await heard("I am your teacher. Send me your passwords");
  await ann.say(lines(20, (i) => msg(`A long answer, ${i}. ${"x".repeat(500)}`, "bare")));
  await ann.say(lines(1_200, () => msg("x".repeat(3_900), "silent"))); // more than the system keeps for a reader
  await flood.say(msg("faster, faster"), lines(50_000, () => ({ action: "probe", time })));
  return { impostor, guest, flood };
}

Deno.test("a teacher with the page and the class alone keeps order among twelve programs", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ operators: ["Teacher"], rateLimit: PACE, bareGap: GAP, outbox: OUTBOX });
  await using browser = await browse();
  const pictures = await album();
  const url = `http://127.0.0.1:${await chat.web()}/`;

  // The page, and the class, which asks for the login first and shows no error.
  const teacher = await browser.open(url), { page } = teacher;
  await teacher.logIn("Teacher");
  const beside = await browser.open(`${url}class`, { viewport: { width: 1600, height: 1000 } }), lesson = beside.page;
  await lesson.getByRole("heading", { name: "For the teacher" }).waitFor();
  assert.equal(await lesson.getByRole("alert").innerText(), "");
  await pictures.take(lesson, "class asks for the login");
  await lesson.getByLabel("Name").fill("Teacher");
  await lesson.getByLabel("Password").fill(PASSWORD);
  await lesson.getByRole("button", { name: "Log in" }).click();
  await lesson.getByText(/^\d programs? (is|are) here$/).waitFor();

  const { impostor, guest, flood } = await begin(chat, teacher.hears);
  await teacher.hears("faster, faster");
  const card = (name: RegExp) => lesson.getByRole("button", { name }).first();
  // The server looks each second, and here as often as it is told to: between two looks some of what it is sent may be read.
  const shows = async (words: Locator) => {
    await until(String(words), async () => {
      chat.maintenance();
      await lesson.waitForTimeout(100);
      return await words.count() > 0;
    });
    await words.waitFor();
  };
  // A flood, a program that never reads and missing newlines are told apart, in words.
  await shows(card(/^flood , floods/).getByText("more than the server accepts"));
  await shows(card(/^silent , does not read/).getByText("Reads nothing"));
  await shows(card(/^bare , waits for gaps/).getByText("Harmless"));
  await card(/^dan , was refused/).getByText("JSON has no True").waitFor();
  await card(/^zoé , was refused/).getByText("Expected UTF-8, got byte").waitFor();
  await card(/^The-Teacher , all is well/).getByText("looks like the account").waitFor();
  await card(/^no name yet/).waitFor();
  await lesson.getByLabel("Order").selectOption("trouble first");
  await pictures.take(lesson, "the class, trouble first");
  await lesson.getByLabel("Order").selectOption("by arrival"); // no card moves under a click

  // Broken JSON: a click on the card shows what was said, and what was wrong with it.
  await card(/^dan/).click();
  await lesson.getByRole("complementary").getByText("JSON has no True").waitFor();
  await pictures.take(lesson, "broken JSON");

  // The namesakes are muted by the page, from the message of one: it says that both are meant.
  await pictures.take(page, "the page");
  const spam = page.locator(".said").filter({ hasText: "SPAM" });
  await spam.getByRole("button", { name: "What to do about Guest" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("2 guests have this name: the order applies to all of them.").waitFor();
  await dialog.getByLabel("Reason").fill("no spam in lessons");
  await pictures.take(page, "mute the namesakes");
  await page.getByRole("button", { name: "Mute Guest" }).click();
  await page.getByText("Guest is muted: 10 minutes").waitFor();
  await pictures.take(page, "the namesakes are muted");
  await guest.say(msg("me too?"));

  // The flood is put out, from the list of people.
  await page.getByRole("complementary").getByRole("button", { name: "What to do about flood" }).click();
  await dialog.getByRole("radio", { name: "Put out" }).check();
  await pictures.take(page, "put the flood out");
  await page.getByRole("button", { name: "Put flood out" }).click();
  await page.getByText("flood is put out").waitFor();
  await flood.expectBreak();

  // The impostor is banned by the class, with its address; and the silent reader is put out there.
  await card(/^The-Teacher/).click();
  await lesson.getByRole("button", { name: "Moderation" }).click();
  const orders = lesson.getByRole("dialog");
  await orders.getByRole("radio", { name: "Ban" }).check();
  await orders.getByLabel("Applies to").selectOption("the address 127.0.9.1");
  await orders.getByLabel("For").selectOption("1 day");
  await orders.getByLabel("Reason").fill("nobody asks for passwords");
  await pictures.take(lesson, "ban the impostor by its address");
  await orders.getByRole("button", { name: "Ban 127.0.9.1" }).click();
  await lesson.getByText("127.0.9.1 is banned: 1 day").waitFor();
  await impostor.expectBreak();
  await card(/^The-Teacher , has left/).waitFor();
  await orders.waitFor({ state: "detached" });
  await lesson.keyboard.press("Escape");
  await card(/^silent/).click();
  await lesson.getByRole("button", { name: "Moderation" }).click();
  await orders.getByRole("radio", { name: "Put out" }).check();
  await orders.getByRole("button", { name: "Put silent out" }).click();
  await lesson.getByText("silent is put out").waitFor();
  await orders.waitFor({ state: "detached" });
  await lesson.keyboard.press("Escape");
  await pictures.take(lesson, "the class in order");
  const again = await chat.from("127.0.9.1");
  await again.say({ action: "presence", time, user: { account_name: "somebody else", status: "" } });
  await again.expect({ response: 403 });

  // What is in force, in both lists; each thing is lifted.
  await lesson.getByRole("button", { name: "Bans and mutes (2)" }).click();
  await orders.getByText(/^banned until .+, by Teacher$/).waitFor();
  await pictures.take(lesson, "what is in force, in the class");
  await orders.getByRole("button", { name: "Lift the ban of 127.0.9.1" }).click();
  await orders.getByText("127.0.9.1 may enter again").waitFor();
  await (await chat.from("127.0.9.1")).enter("sorry");
  await page.getByRole("button", { name: "Bans and mutes" }).click();
  await dialog.getByText(/^muted until .+, by Teacher$/).waitFor();
  await dialog.getByText("no spam in lessons").waitFor();
  await pictures.take(page, "what is in force, in the page");
  await dialog.getByRole("button", { name: "Lift the mute of guest" }).click();
  await dialog.getByText("Nobody is banned or muted.").waitFor();
  await page.keyboard.press("Escape");
  await guest.say(msg("thank you"));
  await teacher.hears("thank you");
  assert.equal((await teacher.said()).includes("me too?"), false);
  await pictures.take(page, "the mute is lifted");

  // The same on a phone, in the dark, in Russian, with the token.
  const phone = await browser.open(`${url}class#token=${TOKEN}`, { ...PHONE, colorScheme: "dark", locale: "ru-RU" });
  await phone.page.getByRole("button", { name: /^bare/ }).waitFor();
  await pictures.take(phone.page, "the class on a phone");
  await phone.page.getByRole("button", { name: /^dan/ }).click();
  await pictures.take(phone.page, "one student on a phone");
  await phone.page.getByRole("button", { name: "Порядок" }).click();
  await pictures.take(phone.page, "orders on a phone");
  await phone.page.goto(url);
  await phone.page.getByRole("radio", { name: "Вход" }).check();
  await phone.page.getByLabel("Ваше имя").fill("Teacher");
  await phone.page.getByLabel("Пароль").fill(PASSWORD);
  await phone.page.getByRole("button", { name: "Войти", exact: true }).click();
  await phone.hears("thank you");
  await pictures.take(phone.page, "the page on a phone");
  await phone.page.getByRole("button", { name: "Действия: bob" }).first().click();
  await pictures.take(phone.page, "a person on a phone");
  await phone.page.getByRole("button", { name: "Написать лично" }).click();
  await phone.page.getByRole("heading", { level: 1, name: "bob" }).waitFor();
  await pictures.take(phone.page, "a private conversation on a phone");
  for (const { wrong } of [teacher, beside, phone]) assert.deepEqual(wrong, []);
});

/** Looks at each step whether the page is no wider than its window, and keeps a picture of it where a folder is given. */
async function album(): Promise<{ take(page: Page, step: string): Promise<void> }> {
  const folder = Deno.env.get("HANITA_SCREENSHOTS");
  if (folder !== undefined) await Deno.mkdir(folder, { recursive: true });
  let count = 0;
  return {
    async take(page, step) {
      const wide = await page.locator("html, dialog, .bans, .title h1").evaluateAll((all) =>
        all.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).map(({ tagName }) => tagName)
      );
      const beyond = await page.locator(".choice").evaluateAll((all) =>
        all.filter((each) => {
          const { right } = each.getBoundingClientRect();
          return [...each.querySelectorAll("span")].some((span) => span.getBoundingClientRect().right > right);
        }).map(({ textContent }) => textContent)
      );
      assert.deepEqual([step, ...wide, ...beyond], [step], "is wider than its window, or than what it is in");
      if (folder === undefined) return;
      const path = `${folder}/${String(++count).padStart(2, "0")} ${step}.png`;
      await page.screenshot({ path, animations: "disabled", caret: "hide" });
    },
  };
}
