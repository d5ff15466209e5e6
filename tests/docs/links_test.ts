// Each link from one document to another leads to a file that is there, and to a heading that it has.

import assert from "node:assert/strict";
import { exists } from "./exists.ts";
import { dirname, join, normalize } from "node:path/posix";
import { may } from "../may.ts";
import { documents } from "./commands.ts";

Deno.test("each link in the documents leads to a file, and to a heading in it", { ignore: !may("read") }, () => {
  const texts = documents(), broken: string[] = [];
  for (const [path, text] of texts) {
    for (const [, target] of withoutBlocks(text).replace(/`[^`]*`/g, "").matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target!)) continue; // another site
      const [file = "", heading] = target!.split("#");
      const linked = file === "" ? path : normalize(join(dirname(path), file));
      const isThere = exists(linked) && (heading === undefined || anchorsOf(texts.get(linked) ?? "").includes(heading));
      if (!isThere) broken.push(`${path}: ${target}`);
    }
  }
  assert.deepEqual(broken, []);
});

/** Code may have brackets that are no link, and comments that are no heading. */
function withoutBlocks(text: string): string {
  return text.replace(/^```.*?^```$/gms, "");
}

/** The names that GitHub gives to the headings. */
function anchorsOf(text: string): string[] {
  return [...withoutBlocks(text).matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title!.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-")
  );
}
