// What waiting costs an event, each backend beside the other, and beside the same by hand: a promise awaited with nothing
// to choose from. A hundred sources, of which one is active a hundred times. `deno task bench`; with more sources, and in
// memory too, `deno task bench:select`.

import { type Select, type SelectName, selects } from "../select/mod.ts";

const SOURCES = 100, EVENTS = 100;

/** Made anew in each turn: what the race keeps for each event would fill the memory otherwise. */
async function events(select: Select<number>): Promise<void> {
  for (let i = 1; i < SOURCES; i++) select.source(() => 0, () => 0).arm(new Promise(() => {}));
  const active = select.source((value: number) => value, () => 0);
  for (let i = 0; i < EVENTS; i++) {
    active.arm(Promise.resolve(i));
    await select.wait();
  }
}

const group = `${EVENTS} events of one of ${SOURCES} sources`;
for (const name of Object.keys(selects) as SelectName[]) {
  Deno.bench(name, { group, baseline: name === "ready" }, () => events(selects[name]()));
}
Deno.bench("await one promise", { group }, async () => {
  for (let i = 0; i < EVENTS; i++) await Promise.resolve(i);
});
