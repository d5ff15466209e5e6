/**
 * Builds web/dist, which the server serves: `deno task web`. The repository keeps the result, so that a chat needs no
 * build. The same sources make the same bytes; a test fails if web/dist is not up to date.
 */

const HERE = new URL("./", import.meta.url);

/** The bundled files by their sources, and the copied files. */
const BUNDLED = {
  "app.js": "app.tsx",
  "markdown.js": "markdown.ts", // app.js loads it
  "class.js": "class/class.tsx",
  "style.css": "style.css",
  "class.css": "class/class.css",
};
const COPIED = { "index.html": "index.html", "class.html": "class/class.html" };

/** Returns the files of web/dist: names and texts. */
export async function build(): Promise<Map<string, string>> {
  const made = new Map<string, string>();
  for (const [name, from] of Object.entries(BUNDLED)) {
    if (await exists(from)) made.set(name, readable(await bundle(from)));
  }
  for (const [name, from] of Object.entries(COPIED)) {
    if (await exists(from)) made.set(name, await Deno.readTextFile(new URL(from, HERE)));
  }
  return made;
}

async function exists(name: string): Promise<boolean> {
  return await Deno.stat(new URL(name, HERE)).then(() => true, () => false);
}

async function bundle(from: string): Promise<string> {
  const args = ["bundle", "-q", "--minify", "--platform", "browser", from];
  const { success, stdout, stderr } = await new Deno.Command("deno", { args, cwd: HERE }).output();
  if (!success) throw new Error(`Cannot bundle "${from}": ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}

/** The bundler escapes what is not ASCII: six bytes for a Cyrillic letter that takes two. */
function readable(code: string): string {
  return code.replace(/(?<!\\)\\u(04[0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
}

if (import.meta.main) {
  for (const [name, text] of await build()) await Deno.writeTextFile(new URL(`dist/${name}`, HERE), text);
}
