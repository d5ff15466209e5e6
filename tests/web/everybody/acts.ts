// What is done in a step of the dialogue, and how a page shows it.

import type { Locator } from "playwright-core";
import { until } from "../../chat/within.ts";
import type { Tab } from "../browser.ts";
import type { Cast } from "./step.ts";

type Page = "ann" | "boris";
type Typist = "vera" | "pavel" | "python";
type Act = (cast: Cast) => Promise<unknown>;

/** Writes in the conversation that is open on a page. */
export const says = (who: Page, text: string): Act => ({ [who]: tab }) => tab.say(text);

/** Types a line, and Enter. */
export const types = (who: Typist, line: string): Act => (cast) =>
  who === "python" ? cast.python.type(line) : cast[who].type(`${line}\r`);

/** Does all of it, in this order. */
export const inTurn = (...acts: readonly Act[]): Act => async (cast) => {
  for (const act of acts) await act(cast);
};

/** Presses a button beside a message that has this text. */
export const presses = (who: Page, text: string, name: string): Act => async ({ [who]: tab }) => {
  await row(tab, text).hover();
  await row(tab, text).getByRole("toolbar").getByRole("button", { name, exact: true }).click();
};

/** Does something in a dialog of a page, which is opened by a button. It is closed then, unless it closes itself. */
export function inDialog(
  who: Page,
  opener: string,
  act: (dialog: Locator, tab: Tab) => Promise<unknown>,
  closesItself = false,
): Act {
  return async ({ [who]: tab }) => {
    const { page } = tab, dialog = page.getByRole("dialog");
    await page.getByRole("button", { name: opener, exact: true }).first().click();
    await dialog.waitFor();
    await act(dialog, tab);
    if (!closesItself) await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  };
}

/** Goes to another conversation. */
export const goes = (who: Page, key: string): Act => ({ [who]: tab }) => tab.go(key);

const row = ({ page }: Tab, text: string) =>
  page.locator(".said").filter({ has: page.locator(".text", { hasText: text }) }).last();

/** A message on a page, or a part of it. */
export const message = (text: string, part = "") => `.log .said:has(.text:has-text(${JSON.stringify(text)})) ${part}`;

/** A conversation in the list of a page. */
export const place = (name: string) => `nav button:has-text(${JSON.stringify(name)})`;

/** A text anywhere on a page. */
export const text = (text: string) => `text=${text}`;

/** The title of a page, as the browser shows it. */
export const title = (text: string) => ({ page }: Tab) =>
  until(`the title ${text}`, async () => await page.title() === text);

/** Waits for a picture that the browser has loaded. */
export const picture = (name: string) => async ({ page }: Tab) => {
  await page.getByRole("img", { name }).waitFor();
  const isLoaded = "[...document.images].every((each) => each.complete && each.naturalWidth > 0)";
  await until(name, () => page.evaluate<boolean>(isLoaded));
};
