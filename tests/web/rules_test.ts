// What the server does not allow is not offered, by the entrance and by the settings.

import assert from "node:assert/strict";
import { browse, cannot, serve } from "./browser.ts";

for (
  const [args, ways] of [
    [[], ["Guest", "Log in", "Register"]],
    [["--registration", "closed"], ["Guest", "Log in"]],
    [["--guests", "no"], ["Log in", "Register"]],
    [["--registration", "closed", "--guests", "no"], []], // there is one way, and nothing to choose
  ] as const
) {
  Deno.test(`page offers the ways in that there are with ${args.join(" ") || "no option"}`, {
    ignore: cannot,
  }, async () => {
    await using server = await serve(...args);
    await using browser = await browse();
    const ann = await browser.open(server.url), { page } = ann;
    await page.getByLabel("Your name").waitFor();
    assert.deepEqual(await page.locator(".choice").first().locator("label").allTextContents(), [
      ...ways.length > 0 ? ways : ["English", "Русский"], // the choice of a language comes behind
    ]);
    const isGuest = (ways as readonly string[]).includes("Guest");
    assert.equal(await page.getByLabel("Password").count(), isGuest ? 0 : 1);
    if (isGuest) {
      await ann.join("ann");
      await page.getByRole("button", { name: "Settings" }).click();
      await page.getByRole("dialog").waitFor();
      assert.equal(
        await page.getByRole("dialog").getByLabel("Password").count(),
        (ways as readonly string[]).includes("Register") ? 1 : 0,
      );
    }
    assert.deepEqual(ann.wrong, []);
  });
}
