/**
 * Formats texts. The module that finds the formatting is loaded after the page, since it weighs half as much; until it is
 * there, and when it can't be loaded, texts are shown as they were written.
 */
import { useEffect, useState } from "preact/hooks";
import type { Part } from "./markdown.ts";

/** What every formatting has: without any of these signs a text is plain. */
const SIGNS = /[*_~`>[]|^[ \t]*(?:-|\d{1,3}[.)])/m;

let parse: ((text: string) => readonly Part[]) | undefined;
let loading: Promise<void> | undefined;

/** Loads the module, if it is not there. */
export function loadFormatter(): Promise<void> {
  return loading ??= load();
}

async function load(): Promise<void> {
  try {
    // The address is no literal: the bundler leaves the module in a file of its own.
    const address = new URL("markdown.js", document.baseURI).href;
    ({ parse } = await import(address) as typeof import("./markdown.ts"));
  } catch {
    loading = undefined; // the next list of messages tries again
  }
}

/** Whether texts are formatted; a part of the page that uses it is drawn again when they are. */
export function useFormatter(): boolean {
  const [isLoaded, setLoaded] = useState(parse !== undefined);
  useEffect(() => {
    if (!isLoaded) loadFormatter().then(() => setLoaded(parse !== undefined));
  }, []);
  return isLoaded;
}

/** The parts of a text; `undefined` for one without formatting, and before the module is there. */
export function partsOf(text: string): readonly Part[] | undefined {
  return SIGNS.test(text) ? parse?.(text) : undefined;
}
