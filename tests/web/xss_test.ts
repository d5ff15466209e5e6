// Text is text: whatever anybody sends as a message, a name or a room is shown as it was written, runs nothing, opens
// nothing, and asks no other host for anything.

import assert from "node:assert/strict";
import { connect } from "../chat/peer.ts";
import { browse, cannot, startWithPage } from "./browser.ts";

/** What has been tried on pages; `pwned` is what it would set. */
const PAYLOADS: Readonly<Record<string, string>> = {
  "a script": "<script>pwned=1</script>",
  "the end of a script": "</script><script>pwned=1</script>",
  "an image": "<img src=x onerror=pwned=1>",
  "another host's image": "<img src=//evil.example/x.png>",
  "a drawing": "<svg onload=pwned=1>",
  "a frame": "<iframe src=javascript:parent.pwned=1></iframe>",
  "a style": "<style>*{background:url(//evil.example)}</style>",
  "an attribute's end": "\"' onfocus=pwned=1 autofocus x='",
  "a link that runs": "javascript:pwned=1",
  "a link that runs, hidden in one": 'https://example.com/"onmouseover="pwned=1',
  "a link of data": "data:text/html,<script>parent.pwned=1</script>",
  "a template": "${pwned=1} {{pwned=1}} `${pwned=1}`",
  "entities": "&lt;b&gt; &#x3c;b&#x3e; &amp;",
  "a prototype": "__proto__",
  "text turned around": "\u202egnp.exe\u202c \u2067abc\u2066",
  "nothing to see": "a\u200b\u200d\ufeff\u2060b",
  "letters on letters": `Z${"\u0351\u0334\u0323".repeat(40)}algo`,
  "500 emoji": "🦊".repeat(500),
  "families": "👩‍👩‍👧‍👦".repeat(100),
  "a long word": "w".repeat(3_900),
  "a control character": "bell\u0007 null\u0000 escape\u001b[31m",
  "many lines": "one\n\n\n\ntwo",
};

Deno.test("page shows each payload as text, be it a message, a name or a room", { ignore: cannot }, async (t) => {
  await using server = await startWithPage();
  await using browser = await browse();
  const ann = await browser.open(server.url);
  await ann.join("ann");
  const { page } = ann;

  async function harmless(): Promise<void> {
    const seen = await page.evaluate(() => {
      // deno-lint-ignore no-explicit-any -- the page's own globals
      const { document, pwned } = globalThis as any;
      const all = (selector: string) => [...document.querySelectorAll(selector)];
      const html = document.documentElement, column = document.querySelector(".log").getBoundingClientRect();
      return {
        pwned,
        elements: all(".chat :is(script, img, iframe, style, object, embed, [onerror], [onload])").length,
        wider: html.scrollWidth - html.clientWidth,
        hrefs: all(".log a").map((link) => link.getAttribute("href")),
        outside: all(".log .bubble").map((each) => each.getBoundingClientRect())
          .filter(({ left, right }) => left < column.left || right > column.right).length,
      };
    });
    assert.equal(seen.pwned, undefined);
    assert.deepEqual(ann.wrong, []);
    assert.equal(seen.elements, 0);
    assert.equal(seen.wider, 0, "The page has become wider than its window");
    for (const href of seen.hrefs) assert.match(href!, /^https?:\/\//);
    assert.equal(seen.outside, 0, "A message has left its column");
  }

  for (const [what, payload] of Object.entries(PAYLOADS)) {
    await t.step(what, async () => {
      using mallory = await connect(server.port);
      await mallory.enter("mallory");
      await mallory.sayOk({ action: "msg", time: 1764000000, to: "#all", message: payload });
      await ann.hears(payload);
      assert.equal((await ann.said()).at(-1), payload);
      await harmless();

      // As a name: the server takes it, and then it is shown, or says why it does not, and that is shown.
      using guest = await connect(server.port);
      await guest.say({ action: "presence", time: 1764000000, user: { account_name: payload, status: "" } });
      const { response } = await guest.hear();
      if (response === 200) {
        await page.getByRole("complementary").getByText(payload, { exact: true }).waitFor();
        await guest.sayOk({ action: "msg", time: 1764000000, to: "#all", message: `by ${what}` });
        await ann.hears(`by ${what}`);
        assert.equal(await page.locator(".from bdi").last().textContent(), payload);
        await guest.sayOk({ action: "msg", time: 1764000000, to: "ann", message: "psst" });
        await page.getByRole("navigation").getByText(payload, { exact: true }).click();
        await ann.hears("psst");
      }
      await harmless();

      await page.keyboard.press("Control+k");
      await page.getByRole("combobox").fill(`#${payload}`);
      await page.getByRole("option").last().waitFor();
      await harmless();
      await page.getByRole("option").last().click();
      await page.locator(".options").waitFor({ state: "detached" });
      await harmless();
      await page.keyboard.press("Alt+ArrowUp");
      await page.getByRole("navigation").getByRole("button", { name: /^Everybody/ }).click();
    });
  }
});

Deno.test("page says why a name does not do, as text", { ignore: cannot }, async () => {
  await using server = await startWithPage();
  await using browser = await browse();
  const ann = await browser.open(server.url);
  await ann.page.getByLabel("Your name").fill("<img src=x onerror=pwned=1 alt=far-too-long>");
  await ann.page.getByRole("button", { name: "Join the chat" }).click();
  await ann.page.getByRole("alert").filter({ hasText: "<img src=x onerror=pwned=1" }).waitFor();
  await ann.page.getByLabel("Your name").fill("ann");
  await ann.page.getByRole("button", { name: "Join the chat" }).click();
  await ann.field.waitFor();
  assert.deepEqual(ann.wrong, []);
});
