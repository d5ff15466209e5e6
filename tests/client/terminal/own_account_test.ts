import assert from "node:assert/strict";
import { JIM, meet, OK, seen } from "./meet.ts";

/** A controller after its login. */
function here(columns = 80) {
  const all = meet("ann", { columns });
  all.connect(JIM);
  all.serve();
  all.said();
  return all;
}

Deno.test("/passwd asks for the old password and twice for the new one, and comes back by the new one", () => {
  const { controller, type, said, hear, look, serve, lose } = here();
  type("/passwd\r\r");
  assert.equal(seen(look(), /· Your password is as before$/), 1);
  type("/passwd\rold horse\rshort\r");
  assert.equal(look().at(-1), "New password of ann:"); // and not the chat's prompt
  type("new horse\rnew horsy\r");
  assert.equal(seen(look(), /! Another password: begin anew, or Enter to give up$/), 1);
  type("new horse\rnew horse\r");
  const [{ time: _, ...asked } = {}, ...more] = said();
  assert.deepEqual(asked, { action: "change_password", password: "old horse", new_password: "new horse" });
  assert.deepEqual(more, []);
  hear({ response: 402, error: "not that" });
  assert.equal(seen(look(), /! The server refuses \/passwd: not that$/), 1);
  type("/passwd\rold horse\rnew horse\rnew horse\r");
  said();
  hear(OK);
  assert.equal(seen(look(), /· You have a new password; your other sessions have ended$/), 1);
  serve();
  lose();
  controller.connected(0);
  assert.deepEqual(said()[0]!.user, { account_name: "ann", password: "new horse" });
  for (const password of ["old horse", "new horse"]) assert.ok(!look().join().includes(password));
});

Deno.test("/sessions lists where one is logged in, whatever a device is called, and ends one of them", () => {
  const { type, said, hear, look } = here(120);
  type("/sessions\r");
  assert.equal(said()[0]!.action, "sessions");
  const row = { action: "session_list", connections: 1 };
  hear(
    { response: 202, quantity: 4 },
    {
      ...row,
      session: "q1YyXfAZ3nVb",
      device: "desk\x1b[2J",
      since: 1_764_000_000,
      seen: 1_764_000_100,
      current: true,
    },
    { ...row, session: "7", seen: 1_764_000_100 },
    { ...row, session: "8@x", connections: 0, device: "phone", since: 1e300, seen: 0 },
    { action: "session_list" },
  );
  assert.equal(seen(look(), /q1YyXfAZ3nVb {2}desk␛\[2J, since [\d: -]+, this one$/), 1);
  assert.equal(seen(look(), /7 {2}a program without a name, connected$/), 1);
  assert.equal(seen(look(), /8@x {2}phone, since \?, last used [\d:]+$/), 1);
  type("/sessions end 7\r");
  const [{ time: _, ...asked } = {}] = said();
  assert.deepEqual(asked, { action: "end_session", session: "7" });
  hear(OK);
  assert.equal(seen(look(), /· The session 7 has ended$/), 1);
  type("/sessions 7\r");
  assert.equal(seen(look(), /! Cannot read "\/sessions 7": expected \/sessions \[end ID\]$/), 1);
});

Deno.test("/unregister says what goes and what stays, needs the password, and ends the client", () => {
  const { controller, type, said, hear, look } = here();
  type("/unregister\r");
  assert.match(look().join(" "), /What you have\s+said in rooms stays/);
  type("\r");
  assert.equal(seen(look(), /· Nothing was deleted$/), 1);
  assert.deepEqual(said(), []);
  type("/unregister\rhorse horse\r");
  const [{ time: _, ...asked } = {}] = said();
  assert.deepEqual(asked, { action: "unregister", password: "horse horse" });
  hear({ response: 403, error: "you are needed" });
  assert.equal(controller.isShuttingDown, false);
  type("/unregister\rhorse horse\r");
  said();
  hear(OK);
  assert.equal(controller.isShuttingDown, true);
  assert.deepEqual(controller.outcome(), { words: undefined, status: 0 });
});

Deno.test("/help account lists what is done with one's own account", () => {
  const { type, look } = here();
  type("/help account\r");
  for (const command of ["/passwd", "/sessions [end ID]", "/unregister"]) {
    assert.equal(look().filter((row) => row.includes(`${command} `)).length, 1, command);
  }
});
