// Makes client/emoji/emoji.txt of the package emojibase-data, which has Unicode's names and keywords and GitHub's shortcodes. The
// package has 60 MB, so the repository keeps what is made of it. `npm pack emojibase-data`, unpack it, then
// `deno run --allow-read --allow-write=client/emoji tools/emoji_table.ts DIR`, with the folder `package` as DIR.

import { asEmoji } from "../jim/mod.ts";

interface Entry {
  readonly hexcode: string;
  readonly emoji: string;
  readonly label: string;
  readonly tags?: readonly string[];
  readonly group?: number;
  readonly order?: number;
  readonly version: number;
}

/** The groups of Unicode, as emojibase numbers them; 2 has the parts of others. */
const GROUPS = [0, 1, 3, 4, 5, 6, 7, 8, 9];
/** Newer emoji are boxes on many devices. */
const NEWEST = 15.1;
/** The person without a gender stands for the man and the woman. */
const GENDERED = /\u200d[\u2640\u2642]/;
/** Keywords in a language beside the name. */
const KEYWORDS = 5;

const [folder = "package"] = Deno.args;
const english = read<Entry[]>("en/data.json"), russian = read<Entry[]>("ru/data.json");
const codes = read<Record<string, string | string[]>>("en/shortcodes/github.json");
const more = read<Record<string, string | string[]>>("en/shortcodes/emojibase.json");
const translated = new Map(russian.map((entry) => [entry.hexcode, entry]));

const lines: string[] = [];
for (const group of GROUPS) {
  const entries = english.filter((each) => each.group === group).sort((one, other) => one.order! - other.order!);
  lines.push(`#${group}`);
  for (const { hexcode, emoji: written, version, ...entry } of entries) {
    const emoji = asEmoji(written);
    if (version > NEWEST || emoji === undefined || GENDERED.test(emoji)) continue;
    const names = [codes[hexcode] ?? more[hexcode] ?? []].flat();
    const other = translated.get(hexcode);
    lines.push([emoji, names.join(" "), words(entry), other === undefined ? "" : words(other)].join("\t"));
  }
}
Deno.writeTextFileSync(new URL("../client/emoji/emoji.txt", import.meta.url), `${lines.join("\n")}\n`);
console.log(`${lines.length - GROUPS.length} emoji`);

function read<T>(name: string): T {
  return JSON.parse(Deno.readTextFileSync(`${folder}/${name}`));
}

/** Name and keywords, each word once. */
function words({ label, tags = [] }: Pick<Entry, "label" | "tags">): string {
  const all = [label, ...tags.slice(0, KEYWORDS)].join(" ").toLowerCase().split(/[^\p{L}\p{N}+-]+/u).filter(Boolean);
  return [...new Set(all)].join(" ");
}
