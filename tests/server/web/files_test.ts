import assert from "node:assert/strict";
import { file } from "../../../server/web/files.ts";

const caller = { host: "localhost:8080" };
const TEXT = "<!doctype html>" + "<p>привет".repeat(100);

function ask(headers: Record<string, string> = {}): Request {
  return new Request("http://localhost:8080/", { headers });
}

Deno.test("file is served packed to a browser that takes that, and plain to others", async () => {
  const answer = await file("page.html", TEXT);
  for (const encodings of ["gzip, deflate, br", "br;q=1, gzip;q=0.5"]) {
    const packed = await answer(ask({ "accept-encoding": encodings }), caller);
    assert.equal(packed.headers.get("content-encoding"), "gzip");
    const bytes = new Blob([await packed.bytes()]).stream().pipeThrough(new DecompressionStream("gzip"));
    assert.equal(await new Response(bytes).text(), TEXT);
  }
  for (const encodings of ["", "br", "gzip;q=0, br", "gzip; q=0.0"]) {
    const plain = await answer(ask({ "accept-encoding": encodings }), caller);
    assert.equal(plain.headers.get("content-encoding"), null);
    assert.equal(await plain.text(), TEXT);
  }
});

Deno.test("file is not sent again to a browser that has it, and is to one that has another version", async () => {
  const answer = await file("page.html", TEXT), other = await file("page.html", "other");
  const etag = (await answer(ask(), caller)).headers.get("etag")!;
  for (const known of [etag, `"x", ${etag}`]) {
    const again = await answer(ask({ "if-none-match": known }), caller);
    assert.deepEqual([again.status, await again.text(), again.headers.get("etag")], [304, "", etag]);
  }
  assert.equal((await other(ask({ "if-none-match": etag }), caller)).status, 200);
});

Deno.test("file may do nothing but load from its own server and talk to it", async () => {
  const { headers } = await (await file("page.js", "1"))(ask(), caller);
  assert.equal(
    headers.get("content-security-policy"),
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; manifest-src 'self'; " +
      "connect-src 'self' ws://localhost:8080 wss://localhost:8080; " +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  const moving = await file("page.js", "1", ["https://two.example", "http://three.example:8080"]);
  assert.match(
    (await moving(ask(), caller)).headers.get("content-security-policy")!,
    / wss:\/\/localhost:8080 wss:\/\/two\.example ws:\/\/three\.example:8080; base-uri/,
  );
  assert.equal(headers.get("x-content-type-options"), "nosniff");
  assert.equal(headers.get("referrer-policy"), "no-referrer");
  assert.equal(headers.get("content-type"), "text/javascript; charset=utf-8");
});
