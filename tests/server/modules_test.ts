// Modules that only some servers need are loaded only by those: each is behind an import at run time.

import assert from "node:assert/strict";
import { may } from "../may.ts";

const ROOT = new URL("../../", import.meta.url).href;
/** What only one of several servers needs. */
const SEVERAL = /^server\/(?:peers|journal\/nats)\/|@nats-io\//;

interface Graph {
  readonly roots: readonly [string];
  readonly redirects: Readonly<Record<string, string>>;
  readonly modules: readonly { readonly specifier: string; readonly dependencies?: readonly Dependency[] }[];
}

interface Dependency {
  /** Absent if only its types are imported. */
  readonly code?: { readonly specifier?: string };
  readonly isDynamic?: boolean;
}

async function graphOf(program: string): Promise<Graph> {
  const args = ["info", "--json", program];
  const { stdout } = await new Deno.Command("deno", { args, cwd: new URL(ROOT), stderr: "inherit" }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** The modules that a program loads, from the root of the project. */
function loaded({ roots, redirects, modules }: Graph, isLoaded: (dependency: Dependency) => boolean): string[] {
  const bySpecifier = new Map(modules.map((module) => [module.specifier, module])), found = new Set<string>(roots);
  for (const each of found) {
    for (const dependency of bySpecifier.get(redirects[each] ?? each)?.dependencies ?? []) {
      const { specifier } = dependency.code ?? {};
      if (specifier !== undefined && isLoaded(dependency)) found.add(specifier);
    }
  }
  return [...found].map((each) => each.startsWith(ROOT) ? each.slice(ROOT.length) : each);
}

Deno.test("a server loads nothing of what works with files before there is one", {
  ignore: !may("run", "read"),
}, async () => {
  const graph = await graphOf("server.ts"),
    isOfFiles = (module: string) => /^server\/uploads\/|image-size/.test(module);
  const atStart = loaded(graph, ({ isDynamic }) => !isDynamic), all = loaded(graph, () => true);
  assert.deepEqual(atStart.filter(isOfFiles), ["server/uploads/access.ts"]);
  assert.ok(all.some((module) => /image-size/.test(module)), "the library is found");
});

Deno.test("a server loads nothing of Node's before it needs that", { ignore: !may("run", "read") }, async () => {
  const graph = await graphOf("server.ts"), isNodes = (module: string) => module.startsWith("node:");
  assert.deepEqual(loaded(graph, ({ isDynamic }) => !isDynamic).filter(isNodes), []);
  assert.ok(loaded(graph, () => true).includes("node:sqlite"), "that of the journal is found");
});

Deno.test("a server without a broker loads nothing of what only several servers need", {
  ignore: !may("run", "read"),
}, async () => {
  const graph = await graphOf("server.ts"), isSeveral = (module: string) => SEVERAL.test(module);
  const atStart = loaded(graph, ({ isDynamic }) => !isDynamic), all = loaded(graph, () => true);
  assert.ok(atStart.includes("server/committer.ts"), "modules are found");
  assert.deepEqual(atStart.filter(isSeveral), []);
  for (
    const each of [/^server\/peers\/guest_messages\.ts$/, /^server\/journal\/nats\/link\.ts$/, /@nats-io\/jetstream/]
  ) {
    assert.ok(all.some((module) => each.test(module)), `${each} is found`);
  }
});
