// What a browser keeps when it has no room left.

import assert from "node:assert/strict";
import { hasOtherPending, parseSnapshot, restore, takeSnapshot } from "../../web/snapshot.ts";
import { newStore, replaceText } from "../../web/storage.ts";
import { inside, msg, OK } from "./model/model_driver.ts";

Deno.test("a text that is out of date is not kept where there is no room for another one", () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    removeItem: (key: string) => kept.delete(key),
    setItem(key: string, text: string) {
      if (text.length > 9) throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
      kept.set(key, text);
    },
  } as unknown as Storage;
  const store = newStore(() => storage);
  replaceText(store, "hanita", "unsent");
  assert.equal(store.get("hanita"), "unsent");
  replaceText(store, "hanita", "much more than fits");
  assert.equal(store.get("hanita"), null);
});

Deno.test("snapshot keeps the beginning of a draft that no browser has room for", () => {
  const { state } = inside().do({ on: "draft", text: "x".repeat(6_000_000) });
  const text = takeSnapshot(state, undefined)!;
  assert.ok(text.length < 200_000);
  assert.match(restore(7, parseSnapshot(text)!).conversations.get("#all")!.draft, /^x{100000}$/);
});

Deno.test("a snapshot is out of date when a message or a request waits, or waits no more", () => {
  const driver = inside(),
    changes = (...events: Parameters<typeof driver.do>) => {
      const before = driver.state;
      return hasOtherPending(before, driver.do(...events).state);
    };
  assert.equal(changes({ on: "draft", text: "half" }), false);
  driver.hear(OK); // to the notice that the user is typing
  assert.equal(changes({ on: "received", object: msg(1, "bob", "#all") }), false);
  assert.equal(changes({ on: "send", text: "said" }), true);
  assert.equal(changes({ on: "received", object: { response: 200, id: 2 } }), true);
  assert.equal(changes({ on: "down" }, { on: "contact", name: "bob", add: true }), true);
});
