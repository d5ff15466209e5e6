// What the page costs a user: the bytes of each file, as they travel, and the time from the address to a caret in the
// first field, with an empty cache, from a server on this machine. `deno task bench:page [ROUNDS]`.

import { launch, serve } from "../tests/web/browser.ts";
import { big, median, row } from "./table.ts";

const FILES = ["index.html", "app.js", "shared.js", "style.css"], LATER = ["later.js", "markdown.js"];

let all = 0, packed = 0;
console.log(row(["bytes", "gzipped", "file"]));
for (const name of [...FILES, ...LATER]) {
  const bytes = await Deno.readFile(new URL(`../web/dist/${name}`, import.meta.url));
  const gzip = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  const { length } = await new Response(gzip).bytes();
  const isLater = LATER.includes(name);
  if (!isLater) [all, packed] = [all + bytes.length, packed + length];
  console.log(row([big(bytes.length), big(length), isLater ? `${name}, loaded later` : name]));
}
console.log(row([big(all), big(packed), "all that the page loads first"]));

const rounds = Number(Deno.args[0] ?? 15);
const painted: number[] = [], ready: number[] = [];
await using server = await serve();
const browser = await launch();
for (let round = 0; round < rounds; round++) {
  const context = await browser.newContext(); // with nothing in its cache
  const page = await context.newPage();
  await page.goto(server.url);
  await page.locator("input[name=name]:focus").waitFor();
  const paint = await page.evaluate(() =>
    new Promise<number>((resolve) => {
      const seen = new PerformanceObserver((list) => resolve(list.getEntries()[0]!.startTime));
      seen.observe({ type: "paint", buffered: true });
    })
  );
  const caret = await page.evaluate(() => performance.getEntriesByName("ready")[0]!.startTime);
  painted.push(paint);
  ready.push(caret);
  await context.close();
}
await browser.close();
console.log(`\n${row(["median ms", "worst", "after the address was entered"])}`);
console.log(row([big(median(painted)), big(Math.max(...painted)), "something is seen"]));
console.log(row([big(median(ready)), big(Math.max(...ready)), "one can type and click"]));
console.log(`${rounds} cold loads from this machine`);
