// What is typed, pasted and copied: the message is what its writer meant, and a copy is what was said.

import assert from "node:assert/strict";
import { connect } from "../chat/peer.ts";
import type { Options } from "../chat/start.ts";
import { browse, cannot, startWithPage } from "./browser.ts";

const CODE = "    if x:\n        return 1\n\n    return 2";

Deno.test(
  "page sends pasted code with the indentation of its first line, and shows it so",
  { ignore: cannot },
  async () => {
    await using chat = await annAndBob();
    const { ann, bob } = chat;
    await ann.field.fill(`\n  \n${CODE}  \n\n`);
    await ann.field.press("Enter");
    assert.equal((await bob.hear()).message, CODE);
    await ann.hears(CODE);
    const first = await ann.page.locator(".said .text").evaluate((text) => {
      const range = text.ownerDocument.createRange();
      range.setStart(text.firstChild!, 4);
      range.setEnd(text.firstChild!, 5);
      return range.getBoundingClientRect().left - text.closest(".bubble")!.getBoundingClientRect().left;
    });
    assert.ok(first > 25, `The first letter stands ${first} pixels from the edge`);
    await ann.field.fill("  \n ");
    await ann.field.press("Enter");
    await ann.say("not empty");
    assert.deepEqual(await ann.said(), [CODE, "not empty"]);
  },
);

Deno.test(
  "page leaves the Enter that ends the composing of a letter to the input method",
  { ignore: cannot },
  async () => {
    await using server = await startWithPage();
    await using browser = await browse();
    const ann = await browser.open(server.url);
    await ann.join("ann");
    await ann.field.fill("にほん");
    // Chromium tells that it is composing; Safari has ended that before it tells of the key, which has a code of its own.
    for (const how of [{ isComposing: true, keyCode: 13 }, { isComposing: false, keyCode: 229 }]) {
      await ann.field.dispatchEvent("keydown", { key: "Enter", code: "Enter", ...how });
    }
    await ann.page.keyboard.press("Control+k");
    const go = ann.page.getByRole("combobox");
    await go.fill("#にほん");
    await go.dispatchEvent("keydown", { key: "Enter", code: "Enter", keyCode: 229 });
    await ann.page.getByRole("dialog").waitFor();
    await go.press("Escape");
    await ann.page.getByRole("dialog").waitFor({ state: "detached" }); // until then the field takes no keys
    assert.equal(await ann.field.inputValue(), "にほん");
    await ann.field.press("Enter");
    await ann.hears("にほん");
    assert.deepEqual(await ann.said(), ["にほん"]);
  },
);

Deno.test("page copies who said what, and neither initials nor times", { ignore: cannot }, async () => {
  await using chat = await annAndBob();
  const { ann, bob, server } = chat;
  await bob.sayOk({ action: "msg", time: 1764000000, to: "#all", message: "for x in y:\n\tprint(x)" });
  using cat = await connect(server.port);
  await cat.enter("cat");
  await cat.sayOk({ action: "msg", time: 1764000001, to: "#all", message: "thanks, https://x.org/a" });
  await ann.hears("thanks, https://x.org/a");
  await ann.say("well");
  const { page } = ann;
  const texts = page.locator(".said .text");
  const [first, last] = [await page.locator(".said .face").first().boundingBox(), await texts.last().boundingBox()];
  await page.mouse.move(first!.x - 3, first!.y + 3);
  await page.mouse.down();
  await page.mouse.move(last!.x + last!.width - 1, last!.y + last!.height - 3, { steps: 5 });
  await page.mouse.up();
  await page.keyboard.press("Control+c");
  await ann.field.focus();
  await page.keyboard.press("Control+v");
  const copied = await ann.field.inputValue();
  assert.equal(copied, "bob:\nfor x in y:\n\tprint(x)\ncat:\nthanks, https://x.org/a\nToday\nann: well");
  await ann.field.fill("");
  await texts.first().click({ clickCount: 3 });
  await page.keyboard.press("Control+c");
  await ann.field.focus();
  await page.keyboard.press("Control+v");
  assert.match(await ann.field.inputValue(), /^for x in y:\n\n?(\tprint\(x\))?$/);
});

Deno.test(
  "page asks before it sends what is a command elsewhere, and sends it when that is confirmed",
  { ignore: cannot },
  async () => {
    await using chat = await annAndBob();
    const { ann, bob } = chat;
    const question = ann.page.getByRole("alert").filter({ hasText: "The page has no commands: /msg" });
    await ann.field.fill("/msg bob psst");
    for (let presses = 0; presses < 2; presses++) {
      await ann.field.press("Enter");
      await question.waitFor();
    }
    assert.equal(await ann.field.inputValue(), "/msg bob psst");
    await ann.field.fill("// no command");
    await question.waitFor({ state: "detached" });
    await ann.field.press("Enter");
    assert.equal((await bob.hear()).message, "// no command");
    await ann.field.fill("/join means to enter");
    await ann.field.press("Enter");
    await ann.page.getByRole("button", { name: "Send it as a message", exact: true }).click();
    assert.equal((await bob.hear()).message, "/join means to enter");
    assert.equal(await ann.field.inputValue(), "");
    assert.deepEqual(ann.wrong, []);
  },
);

Deno.test(
  "page sends what is written to the conversation that is on the screen, and what is typed on after that is gone to nobody",
  { ignore: cannot },
  async () => {
    await using chat = await annAndBob({ accounts: ["op"] });
    const { ann, bob, server } = chat, { page, field } = ann;
    using owner = await server.login("op");
    await owner.say({ action: "join", time: 1764000000, room: "#cats" });
    await owner.expect({ response: 201 });
    await ann.go("#cats");
    await field.fill("for the cats");
    // A quick Enter comes before the next frame: it finds the field of the other conversation, which is empty.
    await page.evaluate(`for (const keys of [{ key: "ArrowUp", altKey: true }, { key: "Enter" }]) {
      document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { ...keys, bubbles: true }));
    }`);
    await page.getByRole("heading", { level: 1, name: "Everybody" }).waitFor();
    await ann.go("#cats");
    assert.equal(await field.inputValue(), "for the cats");
    await field.press("Enter");
    await ann.hears("for the cats");
    await field.fill("and more for the c");
    await owner.say({ action: "kick", time: 1764000000, room: "#cats", user_id: "ann" });
    await page.getByRole("heading", { level: 1, name: "Everybody" }).waitFor();
    await page.keyboard.type("ats");
    await page.keyboard.press("Enter");
    assert.equal(await field.inputValue(), "");
    await ann.say("to all");
    assert.equal((await bob.hear()).message, "to all");
    assert.deepEqual(await ann.said(), ["to all"]);
  },
);

/** A server with ann on its page in a browser, and with bob, a program. */
async function annAndBob(options: Options = {}) {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startWithPage(options)), browser = stack.use(await browse());
  const bob = stack.use(await connect(server.port));
  await bob.enter("bob");
  const ann = await browser.open(server.url);
  await ann.join("ann");
  const opened = stack.move();
  return { server, ann, bob, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}
