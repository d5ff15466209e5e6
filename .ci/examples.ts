// The examples in comments and documents as tests: reads paths from standard input, writes a module for each example into the
// folder named, and one that imports them all to standard output. `deno test --doc` loads every example in a worker of its
// own, and 365 of them take 40 s of a processor's time; here they share one and take two. As there, an example may use what
// its file exports.

const [folder] = Deno.args;
const root = new URL("..", import.meta.url);
const EXAMPLE = /^( *\* |)```ts\n([^]*?)^ *(?:\* |)```$/gm;
const EXPORT = /^export (?:(?:abstract |async )?(?:function\*?|class|const) (\w+)|\{([^}]+)\})/gm;

const paths = (await new Response(Deno.stdin.readable).text()).trimEnd().split("\n");
let count = 0;
for (const path of paths) {
  const file = new URL(path, root), text = Deno.readTextFileSync(file);
  const exported = [...text.matchAll(EXPORT)].flatMap(([, name, list]) =>
    name ?? list!.split(",").map((each) => each.trim())
  )
    .filter((name) => /^\w+$/.test(name)); // no type
  for (const { 1: margin = "", 2: body = "", index } of text.matchAll(EXAMPLE)) {
    const name = `${path}:${text.slice(0, index).split("\n").length}`;
    const module = `${folder}/${count++}.ts`;
    Deno.writeTextFileSync(module, test(name, file, margin === "" ? body : body.replace(/^ *\* ?/gm, ""), exported));
    console.log(`import "file://${module}";`);
  }
}

/** An example as a module: its imports, those of what its file exports and it uses, and all else in a test. */
function test(name: string, file: URL, example: string, exported: readonly string[]): string {
  const imports: string[] = [];
  const body = example.replace(/^import [^;]+;$/gm, (each) => (imports.push(each), ""));
  const has = (text: string, word: string) => new RegExp(`\\b${word}\\b`).test(text);
  const used = exported.filter((each) => has(body, each) && !has(imports.join(), each) && !has(body, `const ${each}`));
  if (used.length > 0) imports.push(`import { ${used.join(", ")} } from "${file}";`);
  return `${imports.join("\n")}\nDeno.test(${JSON.stringify(name)}, async () => {\n${body}});\n`
    .replace(/(\bfrom |\bimport\()"(\.[^"]+)"/g, (_, before, path) => `${before}"${new URL(path, file)}"`);
}
