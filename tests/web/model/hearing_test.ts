import assert from "node:assert/strict";
import { COMMON } from "../../../jim/message.ts";
import { inside, no, OK } from "./scene.ts";

Deno.test("model knows who is here, from the list and from who comes and goes", () => {
  const status = (account_name: string, status: string) => ({ action: "presence", user: { account_name, status } });
  const scene = inside().hear(status("bob", "online"), status("cat", "at home"), status("bob", "offline"));
  assert.deepEqual([...scene.state.online], ["ann", "cat"]);
  scene.do({ on: "look" });
  assert.deepEqual(scene.said(), ["rooms", "who_online"]);
  scene.hear({ response: 202, quantity: 2 }, { action: "room_list", room: COMMON, member: true }, {
    action: "room_list",
    room: "#cats",
    member: false,
  });
  assert.deepEqual(scene.state.rooms, [COMMON, "#cats"]);
});

Deno.test("model keeps contacts, and says why somebody cannot be one", () => {
  const scene = inside("login").do({ on: "contact", name: "bob", add: true }).hear(OK);
  assert.deepEqual([...scene.state.contacts], ["bob"]);
  scene.do({ on: "contact", name: "bob", add: false }).hear(OK).do({ on: "contact", name: "nobody", add: true }).hear(
    no(404, "who?"),
  );
  assert.deepEqual([[...scene.state.contacts], scene.state.notice], [[], "who?"]);
});

Deno.test("model answers a probe, asks one when it is quiet, and passes over what makes no sense", () => {
  const scene = inside().hear({ action: "probe", time: 1 }).do({ on: "quiet" });
  assert.deepEqual(scene.said(), ["presence", "probe"]);
  const { state } = scene.hear(OK, OK);
  assert.deepEqual(scene.hear({ what: "is this?" }, { action: "msg", to: COMMON }).state, state);
});
