/**
 * The npm package `jim-chat`: the language JIM and its client, as ES modules with types, for Node.js, Deno, Bun and browsers.
 */
import jim from "../../jim/deno.json" with { type: "json" };
import { packFolder, run, writeJson } from "./steps.ts";

const ROOT = new URL("../../", import.meta.url);
/** Writes the declarations. It is in no lock, so that a server does not fetch its 23 MB. */
const TYPESCRIPT = "npm:typescript@5.9.3/tsc";

const SOURCES = Object.values(jim.exports).map((path) => `jim/${path.slice(2)}`);

/** Builds and packs the library; see {@linkcode packFolder}. */
export async function packLibrary(folder: string, to: string): Promise<string> {
  await buildLibrary(folder);
  return await packFolder(folder, to);
}

/** Builds the files of the library; what is in the folder is removed. */
export async function buildLibrary(folder: string): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch(() => {}); // it may not be there
  await Deno.mkdir(folder, { recursive: true });
  const out = await Deno.realPath(folder);
  await Promise.all([bundleLibrary(`${out}/js`), declare(`${out}/types`)]);
  await Deno.copyFile(new URL("jim/client/README.md", ROOT), `${folder}/README.md`);
  await Deno.copyFile(new URL("LICENSE", ROOT), `${folder}/LICENSE`);
  await writeJson(`${folder}/package.json`, {
    name: "jim-chat",
    version: jim.version,
    description:
      "A client of JIM, a chat of JSON objects over TCP or WebSocket: it reconnects, and loses and doubles nothing.",
    license: jim.license,
    type: "module",
    sideEffects: false,
    engines: { node: ">=20" },
    files: ["js", "types"],
    exports: Object.fromEntries(
      Object.entries(jim.exports).map(([name, path]) => {
        const module = path.slice(2, -".ts".length);
        return [name, { types: `./types/${module}.d.ts`, default: `./js/${module}.js` }];
      }),
    ),
  });
}

/** The modules, as scripts that browsers load as they are; `tcp` is for the others. */
export async function bundleLibrary(folder: string): Promise<void> {
  const flags = ["-q", "--platform", "browser", "--code-splitting", "--frozen", "--outdir", folder];
  await run("deno", ["bundle", ...flags, ...SOURCES], ROOT);
}

/** The types of all modules. `deno check` has checked the sources. */
async function declare(folder: string): Promise<void> {
  const permissions = ["--allow-read", "--allow-env", `--allow-write=${folder}`];
  const what = ["--declaration", "--emitDeclarationOnly", "--noCheck", "--allowImportingTsExtensions"];
  const language = ["--target", "esnext", "--module", "nodenext", "--lib", "esnext,dom"];
  const flags = ["run", "-q", "--no-prompt", "--no-lock", "--no-config", ...permissions, TYPESCRIPT];
  await run("deno", [...flags, ...what, ...language, "--outDir", folder, "--rootDir", "jim", ...SOURCES], ROOT);
  for await (const path of declarations(folder)) {
    const text = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, text.replace(/(from |import\()"(\.[^"]+)\.ts"/g, '$1"$2.js"'));
  }
}

async function* declarations(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* declarations(`${folder}/${name}`);
    else yield `${folder}/${name}`;
  }
}
