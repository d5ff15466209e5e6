// Takes the pictures of docs/page.md: `deno run -P=test tests/web/screenshots.ts`. Look at them before keeping them.

import { browse, serve, type Tab } from "./browser.ts";

const DOCS = new URL("../../docs/", import.meta.url);
const PHONE = { viewport: { width: 390, height: 780 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

await using server = await serve();
await using browser = await browse();
const ann = await browser.open(server.url, { colorScheme: "light" });
const boris = await browser.open(server.url, { colorScheme: "dark" });
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
await ann.field.fill("You are all welcome");
await shoot(ann, "page-light");
await shoot(boris, "page-dark");
await shoot(lena, "page-phone");

/** One picture, with nothing blinking in it. */
async function shoot({ page }: Tab, name: string): Promise<void> {
  await page.screenshot({ path: new URL(`${name}.png`, DOCS).pathname, animations: "disabled", caret: "hide" });
}
