/**
 * Builds web/dist, which the server serves: `deno task web`. The repository keeps the result, so that a chat needs no
 * build. The same sources make the same bytes; a test fails if web/dist is not up to date.
 */

import { fileURLToPath } from "node:url";

const HERE = new URL("./", import.meta.url);

/** The bundled files by their sources, and the copied files. */
const BUNDLED = {
  "markdown.js": "markdown.ts", // app.js loads it
  "class.js": "class/class.tsx",
  "style.css": "style.css",
  "class.css": "class/class.css",
};
const COPIED = { "index.html": "index.html", "class.html": "class/class.html" };
/** The bundler names parts by hashes of their texts; these names stay. `shared` is what the page and `later` both have. */
const PARTS = [["app", "app"], ["later", "later"], ["chunk", "shared"]] as const;

/**
 * Returns the files of web/dist: names and texts.
 *
 * @param scratch a folder for the bundler to write to
 */
export async function build(scratch: string | URL): Promise<Map<string, string>> {
  const made = await bundleInParts("app.tsx", scratch);
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

/** What a source imports by `import()` is in a file of its own, and what both have in a third one. */
async function bundleInParts(from: string, scratch: string | URL): Promise<Map<string, string>> {
  const folder = await Deno.makeTempDir({ dir: scratch instanceof URL ? fileURLToPath(scratch) : scratch });
  try {
    await bundle(from, "--code-splitting", "--outdir", folder);
    const files = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    const names = files.map((file) => {
      const part = PARTS.find(([begin]) => file.startsWith(begin));
      if (part === undefined) throw new Error(`The bundler has made "${file}", which has no name in web/build.ts`);
      return [file, `${part[1]}.js`] as const;
    });
    const texts = names.map(([file, name]): [string, string] => {
      const text = readable(Deno.readTextFileSync(`${folder}/${file}`));
      return [name, names.reduce((text, [from, to]) => text.replaceAll(`"./${from}"`, `"./${to}"`), text)];
    });
    const made = new Map(texts);
    if (made.size < texts.length) throw new Error(`The bundler has made two parts of one name: ${files.join(", ")}`);
    return made;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function bundle(from: string, ...more: readonly string[]): Promise<string> {
  const args = ["bundle", "-q", "--minify", "--platform", "browser", ...more, from];
  const { success, stdout, stderr } = await new Deno.Command("deno", { args, cwd: HERE }).output();
  if (!success) throw new Error(`Cannot bundle "${from}": ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}

/** The bundler escapes what is not ASCII: six bytes for a Cyrillic letter that takes two. */
function readable(code: string): string {
  return code.replace(/(?<!\\)\\u(04[0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
}

if (import.meta.main) {
  const dist = new URL("dist/", HERE);
  for (const [name, text] of await build(dist)) await Deno.writeTextFile(new URL(name, dist), text);
}
