// What docs/page.md says that the page weighs, to a tenth: another commit need not change it.

import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { may } from "../may.ts";

const ROOT = new URL("../../", import.meta.url);

Deno.test("the page weighs what docs/page.md says, to a tenth", { ignore: !may("read") }, () => {
  const text = Deno.readTextFileSync(new URL("docs/page.md", ROOT));
  const rows = [...text.matchAll(/^\| (`\S+`|all) +\| +([\d.]+) \| +([\d.]+) \|$/gm)];
  const sums = [0, 0];
  for (const [, file, ...told] of rows) {
    const bytes = file === "all" ? undefined : Deno.readFileSync(new URL(`web/dist/${file!.slice(1, -1)}`, ROOT));
    const weighed = bytes === undefined ? sums : [bytes.length, gzipSync(bytes).length];
    weighed.forEach((is, at) => {
      const says = 1000 * Number(told[at]);
      assert.ok(Math.abs(is - says) < says / 10 + 100, `${file}: the document says ${says} bytes, and it has ${is}`);
      if (bytes !== undefined) sums[at]! += is;
    });
  }
  assert.equal(rows.length, 7);
});
