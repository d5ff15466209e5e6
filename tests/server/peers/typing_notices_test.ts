// Notices of writers who are guests: no journal has their messages, so those that came with a notice tell whether it is late.

import assert from "node:assert/strict";
import { Chat } from "../../../server/chat/chat.ts";
import type { RequestContext } from "../../../server/chat/effects.ts";
import { State } from "../../../server/chat/state.ts";
import { between, guestSide } from "../../../server/journal/conversation.ts";
import type { JournalGuard } from "../../../server/journal_guard.ts";
import type { Connection } from "../../../server/net/connection.ts";
import { encodeNotice, receiveTyping } from "../../../server/peers/typing_notices.ts";
import { makeConnection } from "../fake.ts";

const RULES = { registration: true, guests: true, devices: 9, rooms: 9, replay: 100, sessionDays: 30, editMinutes: 60 };

Deno.test("a notice is told to nobody if a message between the same guests has come with it", () => {
  const chat = new Chat<Connection>(RULES, new State()), eve = makeConnection("eve", true);
  eve.name = undefined;
  chat.state.apply({ ...chat.entrance(eve, "eve", undefined), id: 1 }, true);
  chat.features.add(eve, ["typing"]);
  const told = (is: boolean, ...unstored: { from: string; to: string }[]): boolean => {
    const notice = { conversation: between(guestSide("zoe"), guestSide("eve")), to: "eve", from: "zoe", side: "", is };
    let isTold = false;
    const effects = { announce: () => isTold = true };
    const context = () => ({ effects, now: 1 }) as unknown as RequestContext<Connection>;
    const said = unstored.map((each) => ({ ...each, id: 1, action: "msg", time: 1, message: "hi" }) as const);
    receiveTyping(encodeNotice(notice), said, chat, context, {} as JournalGuard);
    return isTold;
  };
  assert.equal(told(true), true);
  assert.equal(told(true, { from: "zoe", to: "EVE" }), false);
  assert.equal(told(false, { from: "zoe", to: "eve" }), true, "the writing is over in any case");
  assert.equal(told(true, { from: "zoe", to: "ann" }, { from: "ann", to: "eve" }), true);
});
