import assert from "node:assert/strict";
import fc from "fast-check";
import { COMMON_ROOM } from "../../../jim/message.ts";
import { anyObject } from "../../client/any_object.ts";
import type { Event, LoginMethod } from "../../../web/model/state.ts";
import { EMPTY, inside, no, OK } from "./model_driver.ts";

Deno.test("model knows the people online, from the list and from presence events", () => {
  const status = (account_name: string, status: string) => ({ action: "presence", user: { account_name, status } });
  const driver = inside().hear(status("bob", "online"), status("cat", "at home"), status("bob", "offline"));
  assert.deepEqual([...driver.state.online], ["ann", "cat"]);
  driver.do({ on: "refreshLists" });
  assert.deepEqual(driver.said(), ["rooms", "who_online"]);
  driver.hear({ response: 202, quantity: 2 }, { action: "room_list", room: COMMON_ROOM, member: true }, {
    action: "room_list",
    room: "#cats",
    member: false,
  });
  assert.deepEqual(driver.state.rooms, [COMMON_ROOM, "#cats"]);
});

Deno.test("model keeps contacts, and says why somebody cannot be one", () => {
  const driver = inside("login").do({ on: "contact", name: "bob", add: true }).hear(OK);
  assert.deepEqual([...driver.state.contacts], ["bob"]);
  driver.do({ on: "contact", name: "bob", add: false }).hear(OK).do({ on: "contact", name: "nobody", add: true }).hear(
    no(404, "who?"),
  );
  assert.deepEqual([[...driver.state.contacts], driver.state.notice], [[], { words: "who?" }]);
});

Deno.test("model answers a probe, sends one when the connection is idle, and skips objects that make no sense", () => {
  const driver = inside().hear({ action: "probe", time: 1 }).do({ on: "idle" });
  assert.deepEqual(driver.said(), ["presence", "probe"]);
  const { state } = driver.hear(OK, OK);
  assert.deepEqual(driver.hear({ what: "is this?" }, { action: "msg", to: COMMON_ROOM }).state, {
    ...state,
    skipped: 2,
  });
});

Deno.test("model knows the people in the open room, from the list and from membership events", () => {
  const notice = (action: string, account_name: string, room = "#cats") => ({
    action,
    room,
    user: { account_name },
    role: "account",
  });
  const driver = inside().do({ on: "open", key: "#cats" }).hear(OK, { response: 202, quantity: 1 }, {
    action: "online_list",
    user_id: "ann",
  }, EMPTY);
  driver.hear(notice("join", "bob"), notice("join", "cat", "#Cats"), notice("join", "dan", "#dogs"));
  assert.deepEqual([...driver.state.members], ["ann", "bob", "cat"]);
  assert.equal(driver.state.roles.get("bob")?.role, "account");
  driver.hear(notice("leave", "bob"), notice("leave", "ann", "#dogs"), { ...notice("leave", "cat"), user: 7 });
  assert.deepEqual([...driver.state.members], ["ann", "cat"]);
});

Deno.test("model never throws, whatever JSON is in any field", () => {
  const events = fc.constantFrom<Event>(
    { on: "loadOlder" },
    { on: "open", key: "#cats" },
    { on: "send", text: "hi" },
    { on: "search", text: "hi" },
    { on: "down" },
    { on: "up" },
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof(anyObject, events), { maxLength: 30 }),
      fc.constantFrom<LoginMethod>("guest", "login"),
      (all, method) => {
        const driver = inside(method);
        for (const each of all) "on" in each ? driver.do(each as Event) : driver.hear(each);
        JSON.stringify(driver.done());
      },
    ),
  );
});
