import assert from "node:assert/strict";
import fc from "fast-check";
import { mentions } from "../../jim/mention.ts";
import { pieces } from "../../web/text.ts";

/** The links in a text. */
function links(text: string): string[] {
  return pieces(text, "ann").filter(({ href }) => href !== undefined).map(({ text }) => text);
}

Deno.test("pieces together are the text, whatever it is, and lead to nothing but http and https", () => {
  const word = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom(
      "https://",
      "http://a.b/(c)",
      "javascript:alert(1)",
      "ann",
      "@ann",
      "\u202e",
      "data:,x",
      "HTTPS://X",
      ".",
      ")",
    ),
  );
  fc.assert(fc.property(fc.array(word), (words) => {
    const text = words.join(""), found = pieces(text, "ann");
    assert.equal(found.map((each) => each.text).join(""), text);
    for (const { href = "https:" } of found) assert.match(href, /^https?:/);
  }));
});

Deno.test("pieces ends a link before the sentence does, and after a bracket that it has opened", () => {
  const table: Record<string, string[]> = {
    "see https://deno.com.": ["https://deno.com"],
    "(see https://deno.com/a)": ["https://deno.com/a"],
    "https://en.wikipedia.org/wiki/Select_(Unix)": ["https://en.wikipedia.org/wiki/Select_(Unix)"],
    "(https://x.org/a_(b)), and http://y.org/?q=1&r=2#s!": ["https://x.org/a_(b)", "http://y.org/?q=1&r=2#s"],
    '"https://x.org"': ["https://x.org"],
    "<https://x.org>": ["https://x.org"],
    "https://": [],
    "javascript:alert(1) data:text/html,x ftp://x.org file:///etc/passwd": [],
    "https://x.org\u202egnp": ["https://x.org"],
    "https://пример.рф/путь": ["https://пример.рф/путь"],
    "https://youtu.be/dQw4w9WgXc_": ["https://youtu.be/dQw4w9WgXc_"],
    "https://docs.google.com/d/1-_abc-, https://x.org/~ann/=": [
      "https://docs.google.com/d/1-_abc-",
      "https://x.org/~ann/=",
    ],
    "https://en.wikipedia.org/wiki/Occam's_razor": ["https://en.wikipedia.org/wiki/Occam's_razor"],
    "https://x.org/it’s 'https://x.org/a' “https://x.org/b” «https://x.org/c»": [
      "https://x.org/it’s",
      "https://x.org/a",
      "https://x.org/b",
      "https://x.org/c",
    ],
    "https://en.wikipedia.org/wiki/Michelson–Morley https://ru.wikipedia.org/wiki/Закон_Бойля_—_Мариотта": [
      "https://en.wikipedia.org/wiki/Michelson–Morley",
      "https://ru.wikipedia.org/wiki/Закон_Бойля_—_Мариотта",
    ],
    "https://x.org/—и https://x.org/a—and https://x.org/b…": ["https://x.org/", "https://x.org/a", "https://x.org/b"],
    "看https://x.org/a，然后 https://x.org/b。（https://x.org/c）、https://x.org/d！": [
      "https://x.org/a",
      "https://x.org/b",
      "https://x.org/c",
      "https://x.org/d",
    ],
    "https://x.org/؟ https://x.org/a، https://x.org/b।": ["https://x.org/", "https://x.org/a", "https://x.org/b"],
    "(https://ru.wikipedia.org/wiki/Чат_(значения)),": ["https://ru.wikipedia.org/wiki/Чат_(значения)"],
    "[see](https://x.org/a) [https://x.org/b] **https://x.org/c** `https://x.org/d` https://x.org/e?!": [
      "https://x.org/a",
      "https://x.org/b",
      "https://x.org/c",
      "https://x.org/d",
      "https://x.org/e",
    ],
    "https://x.org/?a[]=1&b[0]=2;": ["https://x.org/?a[]=1&b[0]=2"],
    "https://web.archive.org/web/2020/https://x.org/": ["https://web.archive.org/web/2020/https://x.org/"],
    "http://localhost:8000, http://my_server:80/a http://[::1]:8080/b http://127.0.0.1/": [
      "http://localhost:8000",
      "http://my_server:80/a",
      "http://[::1]:8080/b",
      "http://127.0.0.1/",
    ],
    "https://ann@x.org/": ["https://ann@x.org/"],
  };
  for (const [text, expected] of Object.entries(table)) assert.deepEqual(links(text), expected, text);
});

Deno.test("mentions finds a name as a word of its own, in any case, and a short one only with an @", () => {
  for (const text of ["ann", "@Ann, hi", "hello, ANN!", "(ann)"]) assert.ok(mentions(text, "ann"), text);
  for (const text of ["anna", "joann", "ann_2", "@annie", "x@ann"]) assert.ok(!mentions(text, "ann"), text);
  assert.ok(mentions("привет, Ёжик!", "ёжик"));
  assert.ok(!mentions("I am a b", "a") && mentions("@a is here", "a"));
  assert.ok(mentions("what (a+b)?", "(a+b)"));
});
