// The documents repeat figures of the code. Each is compared with the constant that it comes from, so the two cannot differ.
// Defaults of options are not here: running_test.ts compares them with `--help`.

import assert from "node:assert/strict";
import {
  BARE_BYTES,
  DEFAULT_LIMITS,
  MAX_PAGE,
  MAX_TIME,
  MIN_PASSWORD,
  SHORT_TEXT,
  STRICT_LIMITS,
} from "../../jim/mod.ts";
import { may } from "../may.ts";
import { documents } from "./commands.ts";

const ROOT = new URL("../../", import.meta.url), KIB = 1024, MIB = 1024 * KIB;
const ignore = !may("read");

/** A sentence with its figure as a group, and the figure that the code has. */
type Figure = readonly [document: string, sentence: RegExp, expected: number];

Deno.test("each measured figure of docs/choosing.md is one of bench/RESULTS.md", { ignore }, () => {
  const results = Deno.readTextFileSync(new URL("bench/RESULTS.md", ROOT)), text = documents().get("docs/choosing.md")!;
  const figures = text.match(/\d{1,3}(?:,\d{3})+|\d+\.\d+/g) ?? [];
  assert.ok(figures.length > 15);
  assert.deepEqual(
    figures.filter((figure) => !new RegExp(`(?<![\\d.,])${RegExp.escape(figure)}(?!\\d)`).test(results)),
    [],
  );
});

Deno.test("each figure of a document that the code has too is the code's", { ignore }, () => {
  const texts = documents();
  const figures: readonly Figure[] = [
    ["jim/README.md", /`limit` is brought into 1 to ([\d,]+)/, MAX_PAGE],
    ["jim/README.md", /and is ([\d,]+) by default\. A search/, constant("jim/values.ts", "PAGE")],
    ["jim/README.md", /in `text`, of at most ([\d,]+) characters/, constant("jim/fields/queries.ts", "SEARCHED")],
    ["jim/README.md", /one line of at most ([\d,]+) characters/, SHORT_TEXT],
    ["docs/protocol.md", /A password has at least ([\d,]+) characters/, MIN_PASSWORD],
    ["docs/protocol.md", /characters of a new password \| \| at least ([\d,]+)/, MIN_PASSWORD],
    ["docs/protocol.md", /at most ([\d,]+) characters, without control characters/, SHORT_TEXT],
    ["docs/protocol.md", /The person reads the `reason`, of at most ([\d,]+) characters/, SHORT_TEXT],
    ["docs/protocol.md", /`limit` is ([\d,]+) by default/, constant("jim/values.ts", "PAGE")],
    ["docs/protocol.md", /by default, and is brought into 1 to ([\d,]+)/, MAX_PAGE],
    ["docs/protocol.md", /The text has at most ([\d,]+) characters/, constant("jim/fields/queries.ts", "SEARCHED")],
    ["docs/protocol.md", /rows of a page of the past \| \| ([\d,]+)/, constant("jim/values.ts", "PAGE")],
    ["docs/protocol.md", /rows of a page of the past \| \| [\d,]+ \| at most ([\d,]+)/, MAX_PAGE],
    ["docs/protocol.md", /beyond what a clock can show \(([\d.e]+)\)/, MAX_TIME],
    [
      "docs/protocol.md",
      /contacts of one account or guest \| \| ([\d,]+)/,
      constant("server/chat/contacts.ts", "MOST"),
    ],
    [
      "docs/protocol.md",
      /session tokens of one account \| \| ([\d,]+)/,
      constant("server/chat/session_tokens.ts", "PER_ACCOUNT"),
    ],
    ["docs/protocol.md", /of at most ([\d,]+) bytes, with a gap/, BARE_BYTES],
    ["docs/how-it-works.md", /at most ([\d,]+) bytes, with a gap/, BARE_BYTES],
    ["docs/dialects.md", /at most ([\d,]+) bytes, `--bare-gap`/, BARE_BYTES],
    ["docs/how-it-works.md", /its relays by ([\d,]+) KiB/, constant("server/net/output_batch.ts", "TURN_BYTES") / KIB],
    ["docs/how-it-works.md", /After ([\d,]+) ms of turns/, constant("server/later.ts", "BETWEEN_POLLS")],
    ["docs/how-it-works.md", /those of one connection by ([\d,]+) ms/, constant("server/net/input.ts", "SHARE")],
    ["docs/how-it-works.md", /up to ([\d,]+) MiB/, constant("server/net/output_batch.ts", "GATHERED_BYTES") / MIB],
    ["docs/how-it-works.md", /\*\*slab\*\* of ([\d,]+) KiB/, constant("server/net/slab.ts", "SIZE") / KIB],
    ["docs/how-it-works.md", /the next ([\d,]+) KiB of rows/, constant("server/pages.ts", "SLICE") / KIB],
    ["docs/running.md", /\| an object \| ([\d,]+) KiB/, DEFAULT_LIMITS.objectBytes / KIB],
    ["docs/running.md", /\| an object \| [\d,]+ KiB, ([\d,]+) brackets/, DEFAULT_LIMITS.depth],
    ["docs/running.md", /\| a text \| ([\d,]+) characters/, DEFAULT_LIMITS.text],
    ["docs/running.md", /\| a name, an action \| ([\d,]+) characters/, DEFAULT_LIMITS.name],
    [
      "docs/running.md",
      /relays in one turn of the loop \| ([\d,]+) KiB/,
      constant("server/net/output_batch.ts", "TURN_BYTES") / KIB,
    ],
    ["docs/running.md", /handout: ([\d,]+) characters an object/, STRICT_LIMITS.object],
    ["docs/running.md", /characters an object, ([\d,]+) a text/, STRICT_LIMITS.text],
    ["docs/terminal.md", /a password of at least ([\d,]+) characters/, MIN_PASSWORD],
    ["docs/page.md", /up to ([\d,]+) seconds, with/, constant("web/connection.ts", "longest") / 1000],
    ["docs/page.md", /After ([\d,]+) seconds of silence/, constant("web/connection.ts", "QUIET") / 1000],
    ...Object.entries(
      {
        "bytes of an object": "objectBytes",
        "characters of an object": "object",
        "brackets inside each other": "depth",
        "characters of a text or status": "text",
        "characters of a name or room": "name",
        "characters of an action": "action",
      } as const,
    ).flatMap(([what, limit]): Figure[] => [
      ["jim/README.md", new RegExp(String.raw`\| ${what} \| ([\d,]+)`), DEFAULT_LIMITS[limit]],
      ["jim/README.md", new RegExp(String.raw`\| ${what} \| [\d,]+ \| ([\d,]+)`), STRICT_LIMITS[limit]],
    ]),
  ];
  const wrong: string[] = [];
  for (const [document, sentence, expected] of figures) {
    const found = sentence.exec(texts.get(document)!.replace(/\s+/g, " "))?.[1];
    if (found === undefined) wrong.push(`${document}: no sentence is like ${sentence}: has it other words now?`);
    else if (Number(found.replaceAll(",", "")) !== expected) wrong.push(`${document}: ${found}, expected ${expected}`);
  }
  assert.deepEqual(wrong, []);
});

/** A number that a file keeps to itself, such as `const SIZE = 128 * 1024` or `longest: 20_000`. */
function constant(path: string, name: string): number {
  const text = Deno.readTextFileSync(new URL(path, ROOT));
  const [, product] = new RegExp(String.raw`\b${name}\b(?: =|:) ([\d_]+(?: \* [\d_]+)*)`).exec(text) ?? [];
  assert.ok(product !== undefined, `${path} has no constant ${name}`);
  return product.replaceAll("_", "").split(" * ").map(Number).reduce((one, other) => one * other);
}
