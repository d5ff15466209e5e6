// The commands and the samples of code that the documents give their readers.

const ROOT = new URL("../../", import.meta.url);
/** What a command begins with, behind variables of its environment. */
const PROGRAMS =
  /^(?:[A-Z_]+=\S+ )*(?:apt|bash|cp|curl|deno|install|kill|nc|npx|openssl|pkill|python3?|sqlite3|ssh|systemctl|tail) \S/;
const SHELLS = /^```(?:sh|bash|console|powershell)\n(.*?)^```$/gms;

/** A text, and where it stands, as in `docs/running.md:12`. */
export interface Quoted {
  readonly text: string;
  readonly place: string;
}

/** All documents, by their paths in the project. */
export function documents(): Map<string, string> {
  const docs = [...Deno.readDirSync(new URL("docs/", ROOT))].map(({ name }) => `docs/${name}`).sort();
  const paths = ["README.md", "README.ru.md", ...docs.filter((path) => path.endsWith(".md")), "jim/README.md"];
  return new Map(paths.map((path) => [path, Deno.readTextFileSync(new URL(path, ROOT))]));
}

/**
 * The commands of a document: each line of its shell blocks, without the lines that are comments, and each piece of code in
 * a sentence that begins with a program and has an argument. One with `…` in it is a form, not a command.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const fence = "`".repeat(3), text = `Run \`deno task ok\`, or:\n\n${fence}sh\n# Now:\nopenssl rand \\\n  -hex 24\n${fence}\n`;
 * assert.deepEqual(commandsIn(text, "a.md"), [
 *   { text: "openssl rand -hex 24", place: "a.md:3" },
 *   { text: "deno task ok", place: "a.md:1" },
 * ]);
 * ```
 */
export function commandsIn(document: string, path: string): Quoted[] {
  const quoted = (text: string, index: number) => ({ text: text.replace(/\s+/g, " ").trim(), place: at(index) });
  const at = (index: number) => `${path}:${document.slice(0, index).split("\n").length}`;
  const blocks = [...document.matchAll(SHELLS)].flatMap(({ 1: block, index }) =>
    block!.replaceAll("\\\n", " ").split("\n").filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => quoted(line, index))
  );
  const sentences = document.replace(/^```.*?^```$/gms, (block) => block.replace(/[^\n]/g, " "));
  const inline = [...sentences.matchAll(/`([^`]+)`/g)].map(({ 1: code, index }) => quoted(code!, index))
    .filter(({ text }) => PROGRAMS.test(text) && !text.includes("…"));
  return [...blocks, ...inline];
}

/** The blocks of a language. */
export function samplesIn(document: string, path: string, language: string): Quoted[] {
  return [...document.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))].map(({ 1: text, index }) => ({
    text: text!,
    place: `${path}:${document.slice(0, index).split("\n").length}`,
  }));
}
