// What incoming hooks send: the examples are in server/web/hook_payload.ts and tests/chat/77_hooks_test.ts.
import assert from "node:assert/strict";
import { textIn } from "../../../server/web/hook_payload.ts";
import { catalogues } from "../../../server/words/mod.ts";

const read = (payload: unknown) =>
  textIn(new TextEncoder().encode(JSON.stringify(payload)), "application/json", catalogues.en.hooks);

Deno.test("links and names that never end cost no time: a million of them are read in one go", () => {
  for (const unit of ["<http:", "<@", "<!x|", "<mailto:x|", "<@|<", "&lt;", "<http:x|<@"]) {
    const text = unit.repeat(1_000_000);
    assert.equal((read({ text }) as { text: string }).text, text.replaceAll("&lt;", "<"));
  }
});

Deno.test("a link ends before the next one begins", () => {
  assert.deepEqual(read({ text: "<http:a <https://b.example|b> <@U1|ann> <!here> <#C1|cats>" }), {
    text: "<http:a b (https://b.example) @ann @here #cats",
  });
});

Deno.test("of many attachments the first twenty are read", () => {
  const attachments = Array.from({ length: 21 }, (_, at) => ({ text: `${at + 1}` }));
  const text = Array.from({ length: 20 }, (_, at) => `${at + 1}`).join("\n");
  assert.deepEqual(read({ attachments }), { text });
});
