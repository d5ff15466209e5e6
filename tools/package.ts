/**
 * Builds the npm packages into `dist/`. `hanita` is the programs as bundles, with the page and all libraries in them, and the
 * command that starts them on npm's Deno; `jim-chat` is the library. Needs npm, unless the files are to stay unpacked.
 *
 *     deno task package [--unpacked]
 */
import { commandLine, dashed, fail, flag, type Option, untranslated } from "../cli/mod.ts";
import { VERSION } from "../cli/version.ts";
import config from "../deno.json" with { type: "json" };
import { program as account } from "./account.ts";
import { program as backup } from "./backup.ts";
import { program as check } from "./check.ts";
import { program as classes } from "./class.ts";
import { program as configTool } from "./config.ts";
import { program as doctor } from "./doctor.ts";
import { program as inspect } from "./inspect_options.ts";
import { completionScripts } from "./package/completion.ts";
import { program as restore } from "./restore.ts";
import { program as client } from "../client/options.ts";
import { program as server } from "../server/options.ts";
import { packLibrary } from "./package/library.ts";
import { BuildFailed, packFolder, run, writeJson } from "./package/steps.ts";

type Grants = Readonly<Record<string, boolean | readonly string[]>>;
type Kind = "read" | "write" | "net";

const ROOT = new URL("../", import.meta.url);
/** As it is called everywhere, which .ci/run compares. */
const DENO = "deno@2.9.6";
const OUT = "dist/npm";

const program = {
  name: "hanita-package",
  summary: untranslated("Builds the npm package hanita into dist/."),
  options: {
    unpacked: flag(untranslated("Build its files only, without npm; a container takes the programs from them.")),
  },
};

/** A program of the package. */
interface Packaged {
  readonly source: string;
  readonly task: keyof typeof config.tasks;
  readonly summary: string;
  readonly grants: Grants;
  /** Its options, where their values name files, folders or addresses. */
  readonly options: Readonly<Record<string, Option<unknown>>>;
  /** What is granted for the folder of its first positional. */
  readonly positional?: readonly Kind[];
}

const { permissions: sets } = config;
const PROGRAMS: Readonly<Record<string, Packaged>> = {
  server: {
    source: "server.ts",
    task: "server",
    summary: "The server; with --broker one of several servers of a chat.",
    grants: sets.cluster,
    options: server.options,
  },
  chat: {
    source: "client.ts",
    task: "client",
    summary: "The client in a terminal, or in a pipe.",
    grants: sets.client,
    options: client.options,
  },
  account: tool("account", "Accounts: add, passwd, promote, remove, list, …", account.options),
  class: tool("class", "Makes the accounts of a class, with cards to print.", classes.options, ["read", "write"]),
  config: tool("config", "Checks a configuration file, or shows it.", { ...server.options, ...configTool.options }, [
    "read",
  ]),
  backup: tool("backup", "Copies all that a server keeps into one file.", backup.options, ["read", "write"]),
  restore: tool("restore", "Puts a backup into a data folder.", restore.options, ["read"]),
  check: tool("check", "Checks that what a server keeps is whole.", check.options),
  inspect: tool("inspect", "Shows all traffic of a server.", inspect.options),
  doctor: tool("doctor", "Tests any JIM server.", doctor.options),
};
/** Other words for the programs. */
const SYNONYMS = { client: "chat", serve: "server", accounts: "account" };
/** What `hanita` alone is. */
const DEFAULT = ["server", "--web"];

function tool(
  task: keyof typeof config.tasks & keyof typeof sets,
  summary: string,
  options: Packaged["options"],
  positional?: readonly Kind[],
): Packaged {
  return {
    source: `tools/${task}.ts`,
    task,
    summary,
    grants: sets[task],
    options,
    ...(positional === undefined ? {} : { positional }),
  };
}

if (import.meta.main) {
  const { unpacked } = commandLine(program);
  try {
    if (unpacked) await build(OUT);
    console.log(unpacked ? OUT : await pack(OUT, "dist"));
    if (!unpacked) console.log(await packLibrary("dist/jim-chat", "dist"));
  } catch (error) {
    if (error instanceof BuildFailed) fail("package", error.message);
    throw error;
  }
}

/**
 * Builds the package.
 *
 * @param folder for its files; what is there is removed
 * @param to the folder for the archive
 * @returns the path of the archive
 */
export async function pack(folder: string, to: string): Promise<string> {
  await build(folder);
  return await packFolder(folder, to);
}

/** Builds the files of the package. */
export async function build(folder: string): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch(() => {}); // it may not be there
  await Deno.mkdir(`${folder}/bin`, { recursive: true });
  await bundle(folder);
  for (
    const [from, name] of [
      ["packaging/npm/bin/hanita.cjs", "bin/hanita.cjs"],
      ["packaging/npm/bin/hanita.mjs", "bin/hanita.mjs"],
      ["packaging/npm/README.md", "README.md"],
      ["LICENSE", "LICENSE"],
    ] as const
  ) {
    await Deno.copyFile(new URL(from, ROOT), `${folder}/${name}`);
  }
  await Deno.mkdir(`${folder}/completion`);
  for (const [shell, script] of Object.entries(completionScripts(Object.entries(PROGRAMS), SYNONYMS, DEFAULT[0]!))) {
    await Deno.writeTextFile(`${folder}/completion/${shell}`, script);
  }
  const programs = Object.fromEntries(Object.entries(PROGRAMS).map(([name, program]) => [name, described(program)]));
  await writeJson(`${folder}/programs.json`, { version: VERSION, default: DEFAULT, synonyms: SYNONYMS, programs });
  await writeJson(`${folder}/package.json`, {
    name: "hanita",
    version: VERSION,
    description: "A chat that any program can join: JSON objects over TCP. Server, web page, terminal client.",
    license: "MIT",
    type: "module",
    bin: { hanita: "bin/hanita.cjs" },
    files: ["bin", "completion", "programs", "programs.json"],
    engines: { node: ">=20" },
    dependencies: Object.fromEntries([DENO.split("@")]),
  });
}

/** What the command needs to know of a program. */
function described({ source, task, summary, grants, options, positional = [] }: Packaged) {
  const named = Object.entries(options).flatMap(([key, option]) => {
    const kinds = kindsOf(key, option);
    return kinds.length === 0
      ? []
      : [key, option.short].flatMap((name) =>
        name === undefined ? [] : [[name === key ? `--${dashed(key)}` : `-${name}`, kinds]]
      );
  });
  const words = config.tasks[task].command.split(" "), script = source.replace(/\.ts$/, ".js");
  return {
    script: `programs/${script}`,
    summary,
    flags: words.filter((word) => word.startsWith("--v8-flags")),
    env: Object.fromEntries(words.filter((word) => /^[A-Z_]+=/.test(word)).map((word) => word.split("="))),
    grants,
    options: Object.fromEntries(named),
    positional,
  };
}

/** What the value of an option lets a program do. */
function kindsOf(key: string, { value }: Option<unknown>): readonly Kind[] {
  if (value === "FILE") return key === "sheet" ? ["read", "write"] : ["read"];
  if (value === "DIR") return ["read", "write"];
  return key === "address" || key === "broker" ? ["net"] : [];
}

/** Bundles all programs at once, so that they share what is common. Their texts name the command and not the tasks. */
async function bundle(folder: string): Promise<void> {
  const map = `${folder}/import_map.json`, inRoot = (path: string) => new URL(path, ROOT).href;
  const imports = { ...config.imports, [inRoot("cli/launcher.ts")]: inRoot("packaging/npm/launcher.ts") };
  await writeJson(map, { imports });
  const sources = Object.values(PROGRAMS).map(({ source }) => source);
  const out = await Deno.realPath(folder), flags = ["-q", "--platform", "deno", "--code-splitting", "--frozen"];
  await run("deno", [
    "bundle",
    ...flags,
    "--import-map",
    `${out}/import_map.json`,
    "--outdir",
    `${out}/programs`,
    ...sources,
  ], ROOT);
  await Deno.remove(map);
  for await (const path of scripts(`${folder}/programs`)) {
    const code = await Deno.readTextFile(path);
    await Deno.writeTextFile(
      path,
      code.replace(/\bdeno task client\b/g, "hanita chat").replace(/\bdeno task (?=[a-z])/g, "hanita "),
    );
  }
}

async function* scripts(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* scripts(`${folder}/${name}`);
    else yield `${folder}/${name}`;
  }
}
