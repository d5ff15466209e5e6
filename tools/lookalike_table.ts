// Makes server/chat/lookalike.json of the table of the package `unhomoglyph`, which is Unicode's confusables.txt. The server loads
// what is made of it: it is two fifths of the table, with code points as keys, which take no strings.
// `deno run --allow-write=server/chat tools/lookalike_table.ts`
import table from "unhomoglyph/data.json" with { type: "json" };

const prototypes: Record<number, string> = {};
for (const [letter, prototype] of Object.entries(table)) {
  if ([...letter].length > 1 || letter.normalize("NFKD") !== letter) continue; // it is in no text that is looked at
  prototypes[letter.codePointAt(0)!] = prototype;
}
const text = JSON.stringify(prototypes, null, 2).replace(/[^ -~\n]/g, (unit) => {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
});
Deno.writeTextFileSync(new URL("../server/chat/lookalike.json", import.meta.url), `${text}\n`);
