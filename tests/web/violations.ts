// What axe-core has against a page: the rules that it must keep for people who do not see it, or hold no mouse.

import type { Page } from "playwright-core";

const AXE = import.meta.resolve("axe-core/axe.min.js");

/** What is wrong with the page as it is now. axe-core is a stranger's script to it: open it with `bypassCSP`. */
export async function violations(page: Page): Promise<string[]> {
  // Half a megabyte, once for each document; and of what axe-core has found only what is wrong leaves the page.
  if (!await page.evaluate("'axe' in globalThis")) await page.evaluate(await Deno.readTextFile(new URL(AXE)));
  const found = await page.evaluate(async () => {
    // deno-lint-ignore no-explicit-any -- the page's own global
    const { violations } = await (globalThis as any).axe.run({ resultTypes: ["violations"] });
    return violations;
  });
  const violations = found as { id: string; nodes: { html: string; failureSummary: string }[] }[];
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`)
  );
}
