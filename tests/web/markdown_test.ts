// The formatting of a text: what is formatted, what stays as it is, and the law that no letter is lost.

import assert from "node:assert/strict";
import fc from "fast-check";
import { parse, type Part } from "../../web/markdown.ts";

/** All texts of the leaves. */
function whole(parts: readonly Part[]): string {
  return parts.map((part) => "as" in part ? whole(part.parts) : part.text).join("");
}

/** Whether lists have items, and nothing else. */
function areListsWhole(parts: readonly Part[]): boolean {
  return parts.every((part) =>
    !("as" in part) || areListsWhole(part.parts) &&
      (!["bullets", "numbers"].includes(part.as) || part.parts.every((item) => "as" in item && item.as === "item"))
  );
}

/** What is seen, with the formats around it: `so <bold>very</bold> long`. */
function seen(text: string): string {
  const draw = (parts: readonly Part[]): string =>
    parts.map((part) => "as" in part ? `<${part.as}>${draw(part.parts)}</${part.as}>` : part.isMark ? "" : part.text)
      .join("");
  return draw(parse(text));
}

Deno.test("parts together are the text, its marks too, whatever it is", () => {
  const word = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 5 }),
    fc.constantFrom(
      "*",
      "**",
      "***",
      "_",
      "~~",
      "`",
      "```",
      "```js\n",
      "\n",
      "\n\n",
      "> ",
      ">",
      "- ",
      "  ",
      "    ",
      "1. ",
    ),
    fc.constantFrom(
      "[a](https://b.c)",
      "[",
      "](",
      ")",
      "https://a.b/c_d",
      "\t",
      "\r\n",
      "слово",
      "字",
      "# ",
      "<b>",
      "&amp;",
    ),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 30 }), (words) => {
      const text = words.join("");
      assert.equal(whole(parse(text)), text);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("marks of emphasis stand at a word's edge, and elsewhere are text", () => {
  const table: Record<string, string> = {
    "a **b** c": "a <bold>b</bold> c",
    "*a* _b_ ~~c~~": "<italic>a</italic> <italic>b</italic> <strike>c</strike>",
    "***both***": "<bold><italic>both</italic></bold>",
    "*a **b** c*": "<italic>a <bold>b</bold> c</italic>",
    "«*слово*», **да**.": "«<italic>слово</italic>», <bold>да</bold>.",
    "这是**重点**内容": "这是<bold>重点</bold>内容",
    "중요한 **것**은": "중요한 <bold>것</bold>은",
    "a `b*c*d` e": "a <code>b*c*d</code> e",
    "``a`b``": "<code>a`b</code>",
  };
  for (const [text, expected] of Object.entries(table)) assert.equal(seen(text), expected);
  const plain = [
    ...["2*3*4", "a * b * c", "a ** b", "*args, **kw", "snake_case_name", "__init__", "if __name__ == '__main__':"],
    ...[
      String.raw`¯\_(ツ)_/¯`,
      "*",
      "**",
      "****",
      "~no~",
      "5* hotel",
      "# no heading",
      "<b>no</b>",
      "&amp;",
      String.raw`\*`,
    ],
    ...["https://x.org/a_b_c*d*e", "a\n---\nb", "    *"],
  ];
  for (const text of plain) assert.equal(seen(text), text);
});

Deno.test("a link has a text of its own, and never one that is another address", () => {
  const link = parse("[a *b*](https://x.org/a_(b))")[0];
  assert.ok(link !== undefined && "as" in link && link.href === "https://x.org/a_(b)");
  assert.equal(seen("[a *b*](https://x.org/a_(b))"), "<link>a <italic>b</italic></link>");
  assert.equal(seen("[write](mailto:ann@example.com)"), "<link>write</link>");
  for (const text of ["[a](javascript:alert(1))", "[a](data:x)", "[https://a.org](https://b.org)", "[a](/b)", "[a]"]) {
    assert.equal(seen(text), text);
  }
});

Deno.test("blocks stand on lines of their own: code, quotes, lists", () => {
  const table: Record<string, string> = {
    "see\n```js\nif (a) {\n\n  b();\n}\n```\nmore": "see<block>if (a) {\n\n  b();\n}</block>more",
    "```\nwithout an end": "<block>without an end</block>",
    "````\n```\n````": "<block>```</block>",
    "> ann: hello\nhello, ann": "<quote>ann: hello</quote>hello, ann",
    "> a\n        b": "<quote>a</quote>        b",
    "> a\n> b": "<quote>a\nb</quote>",
    "> > a\n> b": "<quote><quote>a</quote>b</quote>",
    "> ```\n> code\n> ```": "<quote><block>code</block></quote>",
    "- a\n- b\n  - c\nd": "<bullets><item>a</item><item>b<bullets><item>c</item></bullets></item></bullets>d",
    "3. a\n4. b": "<numbers><item>a</item><item>b</item></numbers>",
  };
  for (const [text, expected] of Object.entries(table)) assert.equal(seen(text), expected);
  for (const text of [">_<", "-", "- ", "-5", "2016. A year", "+ 1", "1.", "    if x:\n        - y", ">"]) {
    assert.equal(seen(text), text);
  }
});

Deno.test("nesting of 10,000 levels neither hangs nor throws, nor is it deep", () => {
  const n = 10_000,
    depth = (parts: readonly Part[]): number =>
      Math.max(0, ...parts.map((part) => "as" in part ? 1 + depth(part.parts) : 0));
  const texts = [
    `${">".repeat(n)} a`,
    `${"> ".repeat(n)}a`,
    `${"- ".repeat(n)}a`,
    "> - ".repeat(n / 2),
    "*".repeat(n) + "a" + "*".repeat(n),
    "**a ".repeat(n / 4) + "b**".repeat(n / 4),
    "*a **b ".repeat(n / 8) + "c" + " b** a*".repeat(n / 8),
    "*_".repeat(n / 4) + "a" + "_*".repeat(n / 4),
    "[".repeat(n) + "a" + "]".repeat(n),
    "[a](".repeat(n / 4),
    `[a](http://${"(".repeat(n)}`,
    "`a ".repeat(n / 2),
    "a* ".repeat(n / 2),
    Array.from({ length: 140 }, (_, at) => `${"  ".repeat(at)}- a`).join("\n"),
    "*a ".repeat(n * 10),
  ];
  for (const text of texts) {
    const parts = parse(text);
    assert.equal(whole(parts), text);
    assert.ok(depth(parts) <= 200, `${text.slice(0, 20)} is ${depth(parts)} deep`);
  }
});
