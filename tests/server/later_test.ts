import assert from "node:assert/strict";
import { Later } from "../../server/later.ts";

Deno.test("events are posted in order, by one timer, and not at once", async () => {
  const posted: number[] = [], { promise, resolve } = Promise.withResolvers<void>();
  const later = new Later<number>((event) => posted.push(event) === 4 && resolve());
  later.add(1);
  later.add(2);
  await Promise.resolve();
  assert.deepEqual(posted, []);
  later.add(3);
  setTimeout(() => later.add(4), 0);
  await promise;
  assert.deepEqual(posted, [1, 2, 3, 4]);
});

Deno.test("an event that is added while others are posted goes with the next", async () => {
  const posted: string[] = [], { promise, resolve } = Promise.withResolvers<void>();
  const later = new Later<string>((event) => {
    posted.push(event);
    if (event === "first") later.add("next");
    if (event === "next") resolve();
  });
  later.add("first");
  later.add("second");
  await promise;
  assert.deepEqual(posted, ["first", "second", "next"]);
});

Deno.test("what is not posted when the loop ends is dropped, and no timer is left", async () => {
  const later = new Later<number>(() => assert.fail("nothing may be posted"));
  later.add(1);
  later.cancel();
  await new Promise((resolve) => setTimeout(resolve, 0)); // a timer that was set later fires later
});
