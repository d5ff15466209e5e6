/**
 * Formats texts. The module that finds the formatting is loaded after the page, since it weighs half as much; until it is
 * there, and when it can't be loaded, texts are shown as they were written.
 */
import { late, useLate } from "./late.ts";
import type { Part } from "./markdown.ts";

/** What every formatting has: without any of these signs a text is plain. */
const SIGNS = /[*_~`>[]|^[ \t]*(?:-|\d{1,3}[.)])/m;

/** The address is no literal: the bundler leaves the module in a file of its own. */
const formatter = late<typeof import("./markdown.ts")>(() => import(new URL("markdown.js", document.baseURI).href));

/** Loads the module, if it is not there. */
export const loadFormatter = formatter.load;

/** Whether texts are formatted; a part of the page that uses it is drawn again when they are. */
export function useFormatter(): boolean {
  return useLate(formatter).value !== undefined;
}

/** The parts of a text; `undefined` for one without formatting, and before the module is there. */
export function partsOf(text: string): readonly Part[] | undefined {
  return SIGNS.test(text) ? formatter.value?.parse(text) : undefined;
}
