import assert from "node:assert/strict";
import { Session } from "../../../jim/client/session.ts";

Deno.test("Session answers a probe that comes before the answer to its login by the name that it logs in by", () => {
  const none = () => {};
  const handlers = { message: none, event: none, ready: none, over: none, wall: () => 0, random: () => 0.5 };
  const options = { login: { name: "ann" }, rooms: [], after: undefined, features: [], pauses: undefined };
  const session = new Session(["server"], options, handlers);
  const hear = (object: object) => session.receive(new TextEncoder().encode(JSON.stringify(object)), 0);
  const said = () => new TextDecoder().decode(session.link.requests.take(0));
  session.connected();
  const login = said();
  hear({ action: "probe", time: 0 });
  hear({ response: 200, alert: "ok" });
  assert.equal(said(), login);
});
