// The sound of new messages in a browser that lets a page play none before the first click.

import assert from "node:assert/strict";
import { may } from "../may.ts";
import { withGlobals } from "./globals.ts";

/** A tab: its module by its address, since tests know no types of a browser. */
async function openTab(name: string): Promise<{ playSound(id?: number): Promise<void> }> {
  return await import(new URL(`../../web/notify.ts?${name}`, import.meta.url).href);
}

/** What a browser has for sounds; counts the notes that are played. */
function newAudio(clicked: Promise<void>) {
  const played = { notes: 0 };
  const level = { value: 0, setValueAtTime: () => {}, exponentialRampToValueAtTime: () => {} };
  const node = { frequency: level, gain: level, connect: (to: unknown) => to, stop: () => {} };
  class AudioContext {
    readonly currentTime = 0;
    readonly destination = {};
    readonly resume = () => clicked;
    readonly createGain = () => node;
    readonly createOscillator = () => ({ ...node, start: () => played.notes++ });
  }
  return { played, AudioContext };
}

Deno.test("sounds that wait for the first click are one sound", { ignore: !may("read") }, async () => {
  const { playSound } = await openTab("alone");
  const { promise: clicked, resolve: click } = Promise.withResolvers<void>();
  const { played, AudioContext } = newAudio(clicked);
  using _browser = withGlobals({ AudioContext });
  const waiting = [playSound(), playSound(), playSound()];
  click();
  await Promise.all(waiting);
  assert.equal(played.notes, 2);
  await playSound();
  assert.equal(played.notes, 4);
});

Deno.test("of several tabs one plays the sound of a message", { ignore: !may("read") }, async () => {
  const tabs = [await openTab("one"), await openTab("two")], { played, AudioContext } = newAudio(Promise.resolve());
  const held = new Set<string>();
  const locks = {
    async request(name: string, _: object, act: (lock: object | null) => unknown): Promise<void> {
      await Promise.resolve();
      const isFree = !held.has(name);
      held.add(name);
      act(isFree ? {} : null); // and is held from now on
    },
  };
  using _browser = withGlobals({ AudioContext, navigator: { locks }, setTimeout: () => 0 });
  for (const id of [7, 8]) await Promise.all(tabs.map(({ playSound }) => playSound(id)));
  assert.equal(played.notes, 4);
  Reflect.deleteProperty(navigator, "locks"); // as in a page without encryption
  for (const { playSound } of tabs) await playSound(9);
  assert.equal(played.notes, 8);
});
