// Code and formatting on the page: what is seen, what is copied, and pasted code that becomes a block.

import assert from "node:assert/strict";
import { connect } from "../chat/peer.ts";
import { browse, cannot, startWithPage } from "./browser.ts";
import { violations } from "./violations.ts";

const CODE = "for i in range(3):\n    print(i)\n\nprint('done')";
const LETTER = `**Lesson 7** is *soon*, ~~tomorrow~~ today; call \`ann()\`:
\`\`\`python
${CODE}
\`\`\`
> ann: 2*3*4 is not __init__
see [the *handout*](https://example.com/a_(b)) or https://deno.com
- one
- two
  1. and a half`;
const LONG = `\`\`\`\n${Array.from({ length: 60 }, (_, at) => `line ${at + 1};`).join("\n")}\n\`\`\``;

Deno.test("page formats a message, and every letter of it stays", { ignore: cannot }, async () => {
  await using server = await startWithPage();
  await using browser = await browse();
  using bob = await connect(server.port);
  await bob.enter("bob");
  const ann = await browser.open(server.url, { bypassCSP: true, permissions: ["clipboard-read", "clipboard-write"] });
  await ann.join("ann");
  const { page, field } = ann, last = page.locator(".said .text").last();
  const send = async (message: string) => {
    await bob.sayOk({ action: "msg", time: 1764000000, to: "#all", message });
    await ann.hears(message);
  };
  const copied = () => page.evaluate<string>("navigator.clipboard.readText()");

  // Elements, and the text as it was written.
  await send(LETTER);
  const elements = ["strong", "em", "s", "code", "pre", "blockquote", "ul > li", "ul ol > li", "a"];
  for (const element of elements) await last.locator(element).first().waitFor();
  assert.equal(await last.textContent(), LETTER);
  const links = await last.locator("a").evaluateAll((all) => all.map((each) => [each.title, each.target, each.rel]));
  const [target, rel] = ["_blank", "noopener noreferrer"];
  assert.deepEqual(links, [["https://example.com/a_(b)", target, rel], ["https://deno.com/", target, rel]]);
  const widths = await last.locator(".sign").evaluateAll((all) =>
    all.map((each) => each.getBoundingClientRect().width)
  );
  assert.deepEqual(widths.filter((width) => width > 0), [], "marks are not seen");

  // By the keyboard alone: the code of the block, and nothing else.
  await last.getByRole("button", { name: "Copy the code" }).focus();
  await page.keyboard.press("Enter");
  await last.getByRole("button", { name: "Copied" }).waitFor();
  assert.equal(await copied(), CODE);

  // A long block is folded until its button is pressed.
  await send(LONG);
  const height = async () => (await last.locator("pre").boundingBox())!.height;
  const folded = await height(), unfold = last.getByRole("button", { name: "Show all 60 lines" });
  await unfold.focus();
  await page.keyboard.press("Enter");
  await last.getByRole("button", { name: "Show less", expanded: true }).waitFor();
  assert.ok(await height() > 3 * folded);
  assert.deepEqual(await violations(page), []);

  // Pasted code is offered as a block, a pasted letter is not.
  const offer = page.getByRole("button", { name: "Make it a block of code" });
  const paste = async (text: string) => {
    await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
    await field.focus();
    await page.keyboard.press("Control+v");
  };
  await paste("Dear bob,\nsee you tomorrow.");
  assert.equal(await offer.count(), 0);
  await field.fill("why? ");
  await paste(CODE);
  await offer.focus();
  await page.keyboard.press("Enter");
  assert.equal(await field.inputValue(), `why?\n\`\`\`\n${CODE}\n\`\`\``);
  await offer.waitFor({ state: "detached" });
  await page.keyboard.press("Enter"); // the focus is in the field again
  await bob.expect({ action: "msg", from: "ann", message: `why?\n\`\`\`\n${CODE}\n\`\`\`` });
  await page.locator(".said.own pre").waitFor();
  await paste(CODE);
  await offer.waitFor();
  await field.fill("");
  await offer.waitFor({ state: "detached" });

  // Nesting of thousands of levels is a message like any other; a copied message has its marks.
  for (const message of [`${"> ".repeat(1_900)}deep`, `${"*_".repeat(900)}deep${"_*".repeat(900)}`]) {
    await send(message);
  }
  await send("so **very** *long*");
  await last.click({ clickCount: 3 });
  await page.keyboard.press("Control+c");
  assert.match(await copied(), /^so \*\*very\*\* \*long\*\s*$/);
  assert.deepEqual(ann.wrong, []);
});

Deno.test("page without its formatter shows texts as they were written", { ignore: cannot }, async () => {
  await using server = await startWithPage();
  await using browser = await browse();
  const ann = await browser.open(server.url);
  await ann.page.route("**/markdown.js", (route) => route.abort());
  await ann.page.reload();
  await ann.join("ann");
  await ann.say(LETTER);
  assert.equal(await ann.page.locator(".said .text").innerText(), LETTER);
  await ann.page.unroute("**/markdown.js");
  await ann.go("#later");
  await ann.say("**bold**");
  await ann.page.locator(".said strong").waitFor();
});
