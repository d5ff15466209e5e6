// What a program does in the function that is called for each event of a chat: it may throw, or close the chat.

import assert from "node:assert/strict";
import { connect } from "../../../jim/client/mod.ts";
import { FakeServer } from "./fake_server.ts";

Deno.test("a chat goes on when the program's own function throws, and the error is the program's", async () => {
  const server = new FakeServer(), thrown: string[] = [];
  const note = (event: ErrorEvent) => {
    event.preventDefault();
    thrown.push(event.error.message);
  };
  addEventListener("error", note);
  try {
    await using chat = await connect(server.opener(), {
      name: "ann",
      onEvent({ kind }) {
        throw new Error(`at ${kind}`);
      },
    });
    assert.ok((await chat.say("hello")).id! > 0);
    assert.deepEqual(thrown, ["at connected"]);
  } finally {
    removeEventListener("error", note);
  }
});
