// What operators, owners and accounts order on one server holds on every other one.

import assert from "node:assert/strict";
import { authenticate } from "./accounts.ts";
import { cannot } from "./start.ts";
import { type OneServer, startServers } from "./two_servers.ts";

const time = 1;
const on = (action: string, room: string, more: object = {}) => ({ action, time, room, ...more });

Deno.test("a logout on one server ends the sessions of its token on the others", { ignore: cannot }, async () => {
  await using chat = await startServers(2, { accounts: ["ann"] });
  const [one, two] = chat.all as [OneServer, OneServer], first = await one.connect(), second = await two.connect();
  await first.say({ ...authenticate("ann"), token: true });
  const { token } = await first.expect({ response: 200 });
  const resume = { action: "authenticate", time, token };
  await second.sayOk(resume);
  await first.sayOk({ action: "logout", time });
  await first.expectEnd();
  await second.expect({ response: 401 });
  await second.expectEnd();
  const late = await two.connect();
  await late.say(resume);
  await late.expect({ response: 401 });
});

Deno.test("a ban, its end and the list of bans are the same on every server", { ignore: cannot }, async () => {
  await using chat = await startServers(2, { operators: ["op", "pam"], accounts: ["ann"] });
  const [one, two] = chat.all as [OneServer, OneServer], op = await one.login("op"), pam = await two.login("pam");
  await op.sayOk({ action: "ban", time, user_id: "ann", reason: "spam" });
  const [ban] = await pam.ask({ action: "bans", time });
  assert.deepEqual([ban.user_id, ban.reason, ban.by], ["ann", "spam", "op"]);
  const ann = await two.connect();
  await ann.say(authenticate("ann"));
  await ann.expect({ response: 403 });
  await pam.sayOk({ action: "unban", time, user_id: "ann" });
  assert.deepEqual(await op.ask({ action: "bans", time }), []);
  await one.login("ann");
});

Deno.test("an operator that is demoted on one server gives no order on another", { ignore: cannot }, async () => {
  await using chat = await startServers(2, { operators: ["op", "pam"] });
  const [one, two] = chat.all as [OneServer, OneServer], op = await one.login("op"), pam = await two.login("pam");
  await op.sayOk({ action: "demote", time, user_id: "pam" });
  await pam.expect({ response: 100 });
  await pam.say({ action: "bans", time });
  await pam.expect({ response: 403 });
});

Deno.test("the message of the day is told on every server", { ignore: cannot }, async () => {
  await using chat = await startServers(2, { operators: ["op"] });
  const [one, two] = chat.all as [OneServer, OneServer], op = await one.login("op");
  await op.sayOk({ action: "motd", time, text: "no homework" });
  await (await two.join("zoe")).expect({ response: 100, alert: "no homework" });
});

Deno.test("a contact that is removed on one server is gone on the other", { ignore: cannot }, async () => {
  await using chat = await startServers(2, { accounts: ["ann", "bob"] });
  const [one, two] = chat.all as [OneServer, OneServer], here = await one.login("ann"), there = await two.login("ann");
  await here.sayOk({ action: "add_contact", time, user_id: "bob" });
  assert.equal((await there.ask({ action: "get_contacts", time })).length, 1);
  await there.sayOk({ action: "del_contact", time, user_id: "bob" });
  assert.deepEqual(await here.ask({ action: "get_contacts", time }), []);
});

Deno.test("an invitation that is taken back, and a room that is private no more, are so on every server", {
  ignore: cannot,
}, async () => {
  await using chat = await startServers(2, { accounts: ["ann", "bob"] });
  const [one, two] = chat.all as [OneServer, OneServer], ann = await one.login("ann"), bob = await two.connect();
  await bob.sayOk({ ...authenticate("bob"), features: ["rooms"] });
  await ann.say(on("join", "#plans", { private: true }));
  await ann.expect({ response: 201 });
  await ann.sayOk(on("invite", "#plans", { user_id: "bob" }));
  await bob.expect({ action: "invite", room: "#plans", by: "ann" });
  await ann.sayOk(on("uninvite", "#plans", { user_id: "bob" }));
  await bob.expect({ action: "uninvite", room: "#plans", by: "ann" });
  await bob.say(on("history", "#plans"));
  await bob.expect({ response: 404 });
  await ann.sayOk(on("configure", "#plans", { private: false }));
  await bob.sayOk(on("join", "#plans"));
});
