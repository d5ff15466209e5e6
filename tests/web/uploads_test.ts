// Files that a browser cannot read when it is to send them.

import assert from "node:assert/strict";
import { may } from "../may.ts";
import { withGlobals } from "./globals.ts";

/** A browser without a database, and without a connection for what it cannot read. */
function fakeBrowser(): { readonly asked: string[] } & Disposable {
  const asked: string[] = [];
  class Request {
    readonly upload = {};
    readonly status = 0;
    readonly responseText = "";
    onloadend = () => {};
    readonly open = (method: string) => asked.push(method);
    readonly setRequestHeader = () => {};
    readonly getResponseHeader = () => null;
    readonly send = () => queueMicrotask(this.onloadend);
  }
  const globals = withGlobals({
    XMLHttpRequest: Request,
    document: { baseURI: "http://127.0.0.1/" },
    indexedDB: null, // as in Firefox, for a page that may keep nothing
    setTimeout: () => 0,
  });
  return { asked, [Symbol.dispose]: () => globals[Symbol.dispose]() };
}

Deno.test("a file that was moved or changed, or is a folder, is not taken for a broken connection", {
  ignore: !may("read"),
}, async () => {
  // By its address, since tests know no types of a browser.
  const { Uploads } = await import(new URL("../../web/uploads.ts", import.meta.url).href);
  using browser = fakeBrowser();
  const told: unknown[] = [];
  const uploads = new Uploads({
    onProgress: () => {},
    onDone: (number: number) => told.push(["done", number]),
    onGone: (number: number) => told.push(["gone", number]),
    onFailed: (number: number, why: unknown) => told.push([why, number]),
  });
  const unreadable = () => Promise.reject(new DOMException("A requested file could not be found", "NotFoundError"));
  const part: Blob = Object.assign(new Blob(["abc"]), { arrayBuffer: unreadable, slice: () => part });
  const number = uploads.add(Object.assign(new File(["abc"], "folder"), { slice: () => part }));
  await uploads.send(number, "secret", false);
  assert.deepEqual([told, browser.asked], [[["gone", number]], ["PUT"]]);
});
