import assert from "node:assert/strict";
import { build } from "../../web/build.ts";
import { may } from "../may.ts";

const DIST = new URL("../../web/dist/", import.meta.url);
/** Bytes, gzipped, of all that the page loads. */
const MOST = 90_000;

Deno.test("web/dist is what its sources make: run `deno task web` and keep the result", {
  ignore: !may("read", "write", "run"),
}, async () => {
  const scratch = await Deno.makeTempDir();
  try {
    for (const [name, text] of await build(scratch)) {
      assert.ok(await Deno.readTextFile(new URL(name, DIST)) === text, `web/dist/${name} is stale`);
    }
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
});

for (const name of ["markdown.js", "later.js"]) {
  Deno.test(`web/dist/${name}, which is loaded later, is less than 30 kB and names no host`, {
    ignore: !may("read"),
  }, async () => {
    const text = await Deno.readTextFile(new URL(name, DIST));
    const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
    assert.ok((await new Response(packed).bytes()).length < 30_000);
    assert.doesNotMatch(text, /\bhttps?:\/\/[\w.]/);
  });
}

const pages = {
  "index.html": ["app.js", "shared.js", "style.css"],
  "class.html": ["class.js", "class.css", "style.css"],
};

for (const [page, files] of Object.entries(pages)) {
  Deno.test(`web/dist/${page} loads in less than 90 kB, names no other host, and has nothing inline`, {
    ignore: !may("read"),
  }, async () => {
    let size = 0;
    for (const name of [page, ...files]) {
      const text = await Deno.readTextFile(new URL(name, DIST));
      const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
      size += (await new Response(packed).bytes()).length;
      // Names of namespaces are no addresses, and a link's beginning is looked for in texts.
      const hosts = [...text.matchAll(/\b(?:https?|wss?):\/\/(?!www\.w3\.org\/)[\w.]+/g)].map(([url]) => url);
      assert.deepEqual(hosts, [], name);
    }
    assert.ok(size < MOST, `${size} bytes`);
    const html = await Deno.readTextFile(new URL(page, DIST));
    assert.doesNotMatch(html, /<style|<script(?![^>]* src=)|\son\w+=|\sstyle=/);
  });
}
