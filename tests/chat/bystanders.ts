// Two clients that chat with each other while another misbehaves: they must not notice.

import assert from "node:assert/strict";
import type { Chat } from "./start.ts";

/** They chat until the end of the block, and then compare what was said with what was heard. */
export async function bystanders(chat: Chat): Promise<AsyncDisposable> {
  const ann = await chat.join("ann"), bob = await chat.join("bob");
  let going = true;
  const chatting = (async () => {
    for (let i = 0; going || i < 10; i++) {
      await ann.sayOk({ action: "msg", time: i, to: "bob", message: `to bob ${i}` });
      await bob.expect({ from: "ann", to: "bob", time: i, message: `to bob ${i}` });
      await bob.sayOk({ action: "msg", time: i, to: "#all", message: `to all ${i}` });
      await ann.expect({ from: "bob", to: "#all", time: i, message: `to all ${i}` });
    }
  })();
  chatting.catch(() => {}); // thrown where it is awaited
  return {
    async [Symbol.asyncDispose]() {
      going = false;
      await chatting;
      await ann.silence();
      await bob.silence();
      assert.ok(!ann.segments.join("").includes("error"));
    },
  };
}
