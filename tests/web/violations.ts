// What axe-core has against a page: the rules that it must keep for people who do not see it, or hold no mouse.

import type { Page } from "playwright-core";

const AXE = import.meta.resolve("axe-core/axe.min.js");

/** The rules about colours, in which alone the themes differ. */
const OF_COLOURS = ["color-contrast", "link-in-text-block"];

/**
 * What is wrong with the page as it is now, in its light theme, and with the colours of its dark one. axe-core is a stranger's
 * script to the page: open it with `bypassCSP`.
 */
export async function violations(page: Page): Promise<string[]> {
  const inLight = await run(page, "light", {});
  const inDark = await run(page, "dark", { runOnly: { type: "rule", values: OF_COLOURS } });
  await page.emulateMedia({ colorScheme: "light" }); // still without motion: colours on their way back would be judged next time
  return [...inLight, ...inDark];
}

const PHONE = { width: 390, height: 780 };

/** The same of a part of the page, in the theme that it has, on a phone; and what is wider than the phone. */
export async function violationsOnPhone(page: Page, part: string): Promise<string[]> {
  const before = page.viewportSize()!;
  await page.setViewportSize(PHONE);
  const found = await findings(page, part, {});
  const wide = await page.locator(part).evaluate(
    (part, width) =>
      [part, ...part.querySelectorAll("*")].filter((each) => each.getBoundingClientRect().right > width)
        .map((each) => each.outerHTML),
    PHONE.width,
  );
  await page.setViewportSize(before);
  return [...found.map((each) => `phone: ${each}`), ...wide.map((each) => `phone: too wide: ${each}`)];
}

/** Of what axe-core has found only what is wrong leaves the page. */
async function run(page: Page, colorScheme: "light" | "dark", options: object): Promise<string[]> {
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" }); // no colour is on its way to another one
  return (await findings(page, "html", options)).map((each) => `${colorScheme}: ${each}`);
}

async function findings(page: Page, part: string, options: object): Promise<string[]> {
  // Half a megabyte, once for each document.
  if (!await page.evaluate("'axe' in globalThis")) await page.evaluate(await Deno.readTextFile(new URL(AXE)));
  const found = await page.evaluate(async ([part, options]) => {
    // deno-lint-ignore no-explicit-any -- the page's own global
    const { violations } = await (globalThis as any).axe.run(part, {
      ...options,
      resultTypes: ["violations"],
      selectors: false, // its HTML tells where a fault is
    });
    return violations;
  }, [part, options] as const);
  const violations = found as { id: string; nodes: { html: string; failureSummary: string }[] }[];
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`)
  );
}
