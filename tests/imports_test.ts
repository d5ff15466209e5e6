// Imports go in one direction: no file needs itself, through others, not even for a type.

import assert from "node:assert/strict";
import { may } from "./may.ts";

const ROOT = new URL("../", import.meta.url);
const FOLDERS = ["bench", "cli", "client", "jim", "log", "select", "server", "tests", "tools", "web"];
/** `import … from "./file.ts"` and `export … from "./file.ts"`, at the beginning of a line. */
const IMPORT = /^(?:import|export)\s(?:[^"';]*?\sfrom\s+)?"(\.[^"]+)"/gm;
/** Examples in them import, too. */
const COMMENT = /\/\*[^]*?\*\//g;

function* sources(folder: URL): Generator<URL> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory && name !== "dist") yield* sources(new URL(`${name}/`, folder));
    else if (/\.tsx?$/.test(name)) yield new URL(name, folder);
  }
}

function importsOf(file: URL): string[] {
  const text = Deno.readTextFileSync(file).replace(COMMENT, "");
  return Array.from(text.matchAll(IMPORT), ([, path]) => new URL(path!, file).href);
}

/** The first circle that a walk from a file comes to, with the file that it begins with at its end again. */
function circleFrom(
  file: string,
  graph: ReadonlyMap<string, readonly string[]>,
  done: Set<string>,
  path: readonly string[],
): readonly string[] | undefined {
  if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
  if (done.has(file)) return undefined;
  for (const next of graph.get(file) ?? []) {
    const circle = circleFrom(next, graph, done, [...path, file]);
    if (circle !== undefined) return circle;
  }
  done.add(file);
  return undefined;
}

Deno.test("no file imports itself through others, not even for a type", { ignore: !may("read") }, () => {
  const files = FOLDERS.flatMap((folder) => [...sources(new URL(`${folder}/`, ROOT))]);
  const graph = new Map(files.map((file) => [file.href, importsOf(file)])), done = new Set<string>();
  assert.ok(graph.size > 500 && [...graph.values()].flat().length > graph.size, "the imports are found");
  for (const file of graph.keys()) {
    const circle = circleFrom(file, graph, done, []);
    assert.equal(circle?.map((each) => each.slice(ROOT.href.length)).join(" -> "), undefined);
  }
});
