// docs/how-it-works.md names functions, types and files. Each of them is in the code, so the document follows a rename.

import assert from "node:assert/strict";
import { exists } from "./exists.ts";
import { dirname, join, normalize } from "node:path/posix";
import { may } from "../may.ts";
import { documents } from "./commands.ts";

const ROOT = new URL("../../", import.meta.url), PAGE = "docs/how-it-works.md";
const FOLDERS = ["bench", "cli", "client", "jim", "log", "select", "server", "tools", "web"];
const ignore = !may("read");
const texts = ignore ? new Map<string, string>() : documents(), text = texts.get(PAGE) ?? "";

Deno.test("each file of the code that a document names is there", { ignore }, () => {
  const missing: string[] = [];
  for (const [path, document] of texts) {
    for (const name of spansOf(document)) {
      if (!isPath(name) || name.includes("NAME") || exists(name) || exists(normalize(join(dirname(path), name)))) {
        continue;
      }
      missing.push(`${path}: ${name}`);
    }
  }
  assert.deepEqual(missing, []);
});

Deno.test(`each name in ${PAGE} is in the code, and in a row with one file in that file`, { ignore }, () => {
  const code = new Set(FOLDERS.flatMap((folder) => sources(`${folder}/`)).flatMap(wordsOf)), missing: string[] = [];
  for (const name of spansOf(text)) {
    for (const word of partsOf(name)) if (!code.has(word)) missing.push(`${name} is nowhere`);
  }
  for (const row of text.match(/^\|.*$/gm) ?? []) {
    const [first = "", second = ""] = row.split("|").slice(1), [path, ...others] = spansOf(second).filter(isPath);
    if (path === undefined || path.endsWith("/") || others.length > 0) continue;
    const there = new Set(wordsOf(path));
    for (const name of spansOf(first)) {
      for (const word of partsOf(name)) if (!there.has(word)) missing.push(`${name} is not in ${path}`);
    }
  }
  assert.deepEqual(missing, []);
});

Deno.test(`the code in ${PAGE} is the code of the loop`, { ignore }, () => {
  const loop = Deno.readTextFileSync(new URL("server/serve.ts", ROOT)).replace(/^ +/gm, "");
  const [, sample] = /^```ts\n(.*?)^```$/ms.exec(text)!;
  assert.ok(loop.includes(sample!), sample);
});

/** What stands in backquotes in the sentences. */
function spansOf(document: string): string[] {
  return [...document.replace(/^```.*?^```$/gms, "").matchAll(/`([^`]+)`/g)].map(([, span]) => span!);
}

/** A file of the code, or a folder of it. */
function isPath(name: string): boolean {
  return /^[\w./-]+\.tsx?$/.test(name) || FOLDERS.includes(/^([a-z]+)\/[\w./-]*$/.exec(name)?.[1] ?? "");
}

/** The parts of a name of the code, such as `State.apply`; nothing for anything else. */
function partsOf(name: string): string[] {
  return /^[A-Za-z]\w*(?:\.\w+)*$/.test(name) && !isPath(name) && name !== "deno.json" ? name.split(".") : [];
}

function wordsOf(path: string): string[] {
  return Deno.readTextFileSync(new URL(path, ROOT)).match(/\w+/g) ?? [];
}

/** All files of the code in a folder. */
function sources(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, ROOT))].flatMap(({ name, isDirectory }) => {
    if (isDirectory) return name === "dist" ? [] : sources(`${folder}${name}/`);
    return /\.tsx?$/.test(name) ? [`${folder}${name}`] : [];
  });
}
