// What the server does not allow is not offered.

import assert from "node:assert/strict";
import { JIM, meet, OK, seen } from "./meet.ts";

/** A chat that has asked for the rules, and was told these. */
function inside(rules: unknown) {
  const all = meet();
  all.connect(JIM);
  const [presence] = all.said();
  assert.ok((presence!.features as string[]).includes("rules"));
  all.hear({ ...OK, rules });
  return all;
}

Deno.test("/help and Tab have /register where anybody may make an account, and nowhere else", () => {
  for (
    const [rules, isOffered] of [
      [{ registration: true, guests: true }, true],
      [{ registration: false, guests: true }, false],
      [{ registration: false }, true], // not what the rules are
      [undefined, true], // a server that does not know the feature
    ] as const
  ) {
    const { type, look } = inside(rules);
    type("/help\r");
    assert.equal(seen(look(), /\/register/), isOffered ? 1 : 0);
    type("/reg\t");
    assert.match(look().at(-1)!, isOffered ? /\/register/ : /\/reg$/);
    type("\x15/help register\r");
    assert.equal(seen(look(), /\/register \[NAME\]/), isOffered ? 2 : 1, "who asks for it is told what it is");
  }
});
