import assert from "node:assert/strict";
import { COMMON } from "../../../jim/message.ts";
import type { Fields } from "../../../web/heard.ts";
import { EMPTY, inside, msg, no, page } from "./scene.ts";

Deno.test("model goes back page by page to an old message, and gives up when there is none", () => {
  const scene = inside().hear(msg(900, "bob", COMMON)).do({ on: "reach", id: 100 });
  assert.deepEqual(scene.done().map((each) => [(each as Fields).before, (each as Fields).limit]), [[900, 500]]);
  scene.hear(...page(400, 500));
  assert.deepEqual(scene.state.target, { key: COMMON, id: 100, found: false });
  scene.hear({ response: 202, quantity: 2 }, msg(100, "bob", COMMON), msg(101, "bob", COMMON));
  assert.deepEqual(scene.state.target, { key: COMMON, id: 100, found: true });
  scene.do({ on: "reached" }, { on: "reach", id: 50 });
  scene.hear(EMPTY);
  assert.equal(scene.state.target, undefined);
});

Deno.test("model searches where it is, shows the latest first, and says why it cannot", () => {
  const scene = inside().do({ on: "search", text: "tea" });
  assert.deepEqual(scene.state.search, { key: COMMON, text: "tea", rows: undefined });
  scene.hear({ response: 202, quantity: 2 }, msg(1, "bob", COMMON, "tea?"), msg(2, "bob", COMMON, "tea!"));
  const found = () => scene.state.search;
  assert.deepEqual(found()?.rows?.map(({ text }) => text), ["tea!", "tea?"]);
  scene.do({ on: "search", text: "#" }).hear(no(400, "expected words"));
  assert.equal(found()?.trouble, "expected words");
  scene.do({ on: "unsearch" });
  assert.equal(found(), undefined);
});
