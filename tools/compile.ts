/**
 * Builds `dist/hanita-server` and `dist/hanita-client`: each one file, for machines that have no Deno. What the programs
 * may do is baked in, as `deno.json` grants it; the sets are written out as flags, because a set would bake in this
 * folder's path where a flag's `./data` means the folder that the program is started in.
 *
 *     deno task compile [--target TARGET ...] [--allow-net=… and the like, in place of the set's own]
 */
import { parseArgs } from "node:util";
import { fail } from "../cli/mod.ts";
import { VERSION } from "../cli/version.ts";
import config from "../deno.json" with { type: "json" };

type Grants = Readonly<Record<string, boolean | readonly string[]>>;

const PROGRAMS: Readonly<Record<string, Grants>> = {
  server: config.permissions.server,
  client: config.permissions.client,
};

const USAGE = "deno task compile [--target TARGET ...] [--allow-net=HOST ...] [--allow-read=PATH ...] " +
  "[--allow-write=PATH ...]";

if (import.meta.main) {
  const { targets, instead } = readArguments(Deno.args);
  for (const target of targets) {
    for (const [name, grants] of Object.entries(PROGRAMS)) {
      const place = `dist/${target === undefined ? "" : `${target}/`}hanita-${name}`;
      await compile(`${name}.ts`, place, target, flags({ ...grants, ...instead }));
      console.log(place);
    }
  }
}

/** One set of permissions as the flags that grant it. */
export function flags(grants: Grants): string[] {
  return Object.entries(grants)
    .filter(([, what]) => what !== false)
    .map(([kind, what]) => `--allow-${kind}${what === true ? "" : `=${(what as readonly string[]).join(",")}`}`);
}

/** `undefined` is this machine's own target. */
function readArguments(args: readonly string[]): { targets: (string | undefined)[]; instead: Grants } {
  const many = { type: "string", multiple: true } as const;
  try {
    const { help, version, target, ...allowed } = parseArgs({
      args: [...args],
      options: {
        help: { type: "boolean", short: "h" },
        version: { type: "boolean" },
        target: many,
        "allow-net": many,
        "allow-read": many,
        "allow-write": many,
      },
    }).values;
    if (help) {
      console.log(`Builds hanita-server and hanita-client into dist/.\n\nUsage: ${USAGE}`);
      Deno.exit(0);
    }
    if (version) {
      console.log(`compile ${VERSION}`);
      Deno.exit(0);
    }
    const instead = Object.entries(allowed).map(([flag, what]) => [flag.replace("allow-", ""), what]);
    return { targets: target ?? [undefined], instead: Object.fromEntries(instead) };
  } catch (error) {
    if (error instanceof TypeError) fail("compile", `${error.message}; expected ${USAGE}`, 2);
    throw error;
  }
}

async function compile(source: string, place: string, target: string | undefined, grants: string[]): Promise<void> {
  const aim = target === undefined ? [] : ["--target", target];
  const { success, stderr } = await new Deno.Command("deno", {
    args: ["compile", "-q", "--no-prompt", "--exclude-unused-npm", ...aim, ...grants, "-o", place, source],
    env: { NO_COLOR: "1" },
    stdout: "inherit",
    stderr: "piped",
  }).output();
  if (success) return;
  const said = new TextDecoder().decode(stderr);
  const why = said.includes("base binary")
    ? `the base binary of Deno ${Deno.version.deno} could not be fetched; it comes from Deno's own site, not from npm`
    : said.replace(/^error: /, "").split("\n\nStack backtrace")[0]!.trim();
  fail("compile", `Cannot build ${place}: ${why}`);
}
