// The way to rooms and people (Ctrl K): it finds what is there, and makes nothing that was not chosen.

import assert from "node:assert/strict";
import { connect } from "../chat/peer.ts";
import { browse, cannot, startWithPage, type Tab } from "./browser.ts";
import { violations } from "./violations.ts";

async function type(tab: Tab, text: string): Promise<void> {
  await tab.page.getByRole("dialog").waitFor({ state: "detached" });
  await tab.page.keyboard.press("Control+k");
  await tab.page.getByRole("combobox").fill(text);
}

Deno.test(
  "page goes to a room or a person by some letters of the name, however it is spelt",
  { ignore: cannot },
  async () => {
    await using server = await startWithPage();
    await using browser = await browse();
    using bob = await connect(server.port);
    await bob.enter("Боб");
    for (const room of ["#cats", "#Café"]) {
      await bob.say({ action: "join", time: 1764000000, room });
      assert.equal((await bob.hear()).response, 201);
    }
    const ann = await browser.open(server.url);
    await ann.join("ann");
    const { page } = ann;
    for (
      const [typed, title] of [["at", "#cats"], ["CAFE\u0301", "#Café"], ["#CATS", "#cats"], ["бо", "Боб"], [
        "",
        "Everybody",
      ]]
    ) {
      await type(ann, typed!);
      await page.getByRole("option", { selected: true }).filter({ hasText: title!.replace("#", "") }).waitFor();
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 1, name: title!, exact: true }).waitFor();
    }
    assert.deepEqual(ann.wrong, []);
  },
);

Deno.test("a dialog stays when a selection of its text ends beside it, and a click there closes it", {
  ignore: cannot,
}, async () => {
  await using server = await startWithPage();
  await using browser = await browse();
  const ann = await browser.open(server.url);
  await ann.join("ann");
  await type(ann, "cats");
  const { mouse } = ann.page, dialog = ann.page.getByRole("dialog");
  const { x, y, width } = (await ann.page.getByRole("combobox").boundingBox())!;
  await mouse.move(x + width / 2, y + 5);
  await mouse.down();
  await mouse.move(5, y + 5);
  await mouse.up();
  await ann.page.evaluate("new Promise(requestAnimationFrame)");
  assert.equal(await dialog.count(), 1);
  await mouse.click(5, y + 5);
  await dialog.waitFor({ state: "detached" });
});

Deno.test("page makes no room and no conversation by a slip of the finger", { ignore: cannot }, async () => {
  await using server = await startWithPage();
  await using browser = await browse();
  using bob = await connect(server.port);
  await bob.enter("bob");
  await bob.say({ action: "join", time: 1764000000, room: "#cats" });
  assert.equal((await bob.hear()).response, 201);
  const ann = await browser.open(server.url, { bypassCSP: true });
  await ann.join("ann");
  const { page } = ann, selected = page.getByRole("option", { selected: true });
  const rooms = async () => (await bob.ask({ action: "rooms", time: 1764000000 })).map(({ room }) => room);
  for (const typed of ["#cts", "teacehr"]) {
    await type(ann, typed);
    await page.getByText("No room or person here has this name").waitFor();
    for (let time = 0; time < 3; time++) await page.keyboard.press("Enter");
    assert.equal(await selected.count(), 0);
    await page.keyboard.press("Escape");
  }
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.equal(await page.getByRole("navigation").locator(".place").count(), 1, "Everybody, and nothing else");
  assert.deepEqual(await rooms(), ["#all", "#cats"]);

  await type(ann, "teacehr");
  await page.getByText("No room or person here has this name").waitFor();
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("ArrowDown");
  await selected.filter({ hasText: "Make the room #teacehr" }).waitFor();
  await page.keyboard.press("ArrowUp");
  await selected.filter({ hasText: "Write to teacehr (offline)" }).waitFor();
  await page.keyboard.press("Escape");
  await type(ann, "#dogs");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "#dogs" }).waitFor();
  await ann.say("woof");
  assert.deepEqual(await rooms(), ["#all", "#cats", "#dogs"]);
  assert.deepEqual(ann.wrong, []);
});
