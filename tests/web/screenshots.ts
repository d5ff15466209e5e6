// Takes the pictures of docs/page.md: `deno run -P=test tests/web/screenshots.ts`. Look at them before keeping them.

import type { Locator } from "playwright-core";
import { browse, serve, type Tab } from "./browser.ts";

const DOCS = new URL("../../docs/", import.meta.url);
const WIDE = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 390, height: 780 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

await using server = await serve();
await using browser = await browse();
const ann = await browser.open(server.url, { ...WIDE, colorScheme: "light" });
const boris = await browser.open(server.url, { ...WIDE, colorScheme: "dark" });
const lena = await browser.open(server.url, { ...PHONE, colorScheme: "light" });
await ann.register("Ann");
await boris.register("Boris");
await lena.join("Lena");

await ann.say("Good morning! Lesson 7 begins at ten, in room 204 🦊");
await boris.say("Morning. Is the projector back?");
await lena.say("It is. I tried it yesterday, and it even shows green now");
await boris.say("A miracle");
await ann.go("#lesson-7");
await ann.say("Slides and the exercise go here");
await boris.go("#lesson-7");
await boris.say("@Ann, which port did your server listen on? Mine says:\n\n  AddrInUse: Address already in use");
await boris.say("And where was the page about select(2)?");
await ann.say("7777, and I forgot to stop it. Sorry!");
await ann.say("https://man7.org/linux/man-pages/man2/select.2.html");
await boris.hears("https://man7.org/linux/man-pages/man2/select.2.html");
await lena.go("#lesson-7");
await lena.say("Моя читает уже три комнаты сразу 🎉");
await boris.say("👏👏👏");
await boris.go("Ann");
await boris.say("Shall we have lunch after that?");
await ann.page.getByRole("navigation").getByRole("button", { name: /Boris ?, 1 unread/ }).waitFor();
await boris.go("#lesson-7");
await lena.say("Ann, спасибо за слайды!");
await ann.hears("Ann, спасибо за слайды!");
await act(boris, "Slides and the exercise", "React with 👍");
await act(lena, "Slides and the exercise", "React with ❤️");
await act(ann, "Моя читает", "React with ❤️");
await act(boris, "Моя читает", "React with ❤️");
await ann.field.fill("You are all welcome");
await ann.page.mouse.move(0, 0);
await boris.page.mouse.move(0, 0);
await lena.page.evaluate("document.activeElement.blur()");
await lena.page.keyboard.press("Escape"); // to the newest messages
await shoot(ann, "page-light");
await shoot(boris, "page-dark");
await shoot(lena, "page-phone");

// What is done with messages: the buttons of one, an editor, a thread, emoji.
await ann.field.fill("");
await act(ann, "And where was the page", "Thread");
await ann.page.getByLabel("Reply in the thread").fill("In the manual, section 2. It has an example at its end");
await ann.page.keyboard.press("Enter");
await row(boris, "And where was the page").getByRole("button", { name: "1 reply" }).click();
await boris.page.getByLabel("Reply in the thread").fill(
  "Found it, thanks! It says that select is old, and poll is better",
);
await boris.page.keyboard.press("Enter");
await ann.page.locator(".thread .text").nth(2).waitFor();
await row(ann, "poll is better").hover();
await shoot(ann, "page-thread");
await act(boris, "Found it, thanks", "Other reaction");
await boris.page.locator(".picker .cells button").first().waitFor();
await boris.page.keyboard.press("ArrowDown");
await shoot(boris, "page-emoji");
await boris.page.keyboard.press("Escape");
await row(lena, "Моя читает").locator(".text").tap();
await row(lena, "Моя читает").getByRole("toolbar").waitFor();
await shoot(lena, "page-phone-message");

/** The last message of the conversation that has this text. */
function row({ page }: Tab, text: string): Locator {
  return page.locator(".log .said").filter({ has: page.locator(".text", { hasText: text }) }).last();
}

/** Presses a button of a message. */
async function act(tab: Tab, text: string, name: string): Promise<void> {
  const message = row(tab, text), { page } = tab;
  if (await page.evaluate("matchMedia('(hover: none)').matches")) await message.locator(".text").tap();
  else await message.hover();
  await message.getByRole("toolbar").getByRole("button", { name, exact: true }).click();
}

/** One picture, with nothing blinking in it. */
async function shoot({ page }: Tab, name: string): Promise<void> {
  await page.screenshot({ path: new URL(`${name}.png`, DOCS).pathname, animations: "disabled", caret: "hide" });
}
