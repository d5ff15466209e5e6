// What axe-core has against a page: the rules that it must keep for people who do not see it, or hold no mouse.

import type { Page } from "playwright-core";

const AXE = import.meta.resolve("axe-core/axe.min.js");

/** What is wrong with the page as it is now. axe-core is a stranger's script to it: open it with `bypassCSP`. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(await Deno.readTextFile(new URL(AXE)));
  // deno-lint-ignore no-explicit-any -- the page's own global
  const found = await page.evaluate(() => (globalThis as any).axe.run({ resultTypes: ["violations"] }));
  const { violations } = found as { violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] };
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`)
  );
}
