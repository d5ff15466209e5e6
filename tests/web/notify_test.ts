// The sound of new messages in a browser that lets a page play none before the first click.

import assert from "node:assert/strict";
import { may } from "../may.ts";
import { withGlobals } from "./globals.ts";

Deno.test("sounds that wait for the first click are one sound", { ignore: !may("read") }, async () => {
  // By its address, since tests know no types of a browser.
  const { playSound } = await import(new URL("../../web/notify.ts", import.meta.url).href);
  const { promise: clicked, resolve: click } = Promise.withResolvers<void>();
  let notes = 0;
  const level = { value: 0, setValueAtTime: () => {}, exponentialRampToValueAtTime: () => {} };
  const node = { frequency: level, gain: level, connect: (to: unknown) => to, stop: () => {} };
  class Audio {
    readonly currentTime = 0;
    readonly destination = {};
    readonly resume = () => clicked;
    readonly createGain = () => node;
    readonly createOscillator = () => ({ ...node, start: () => notes++ });
  }
  using _browser = withGlobals({ AudioContext: Audio });
  const waiting = [playSound(), playSound(), playSound()];
  click();
  await Promise.all(waiting);
  assert.equal(notes, 2);
  await playSound();
  assert.equal(notes, 4);
});
