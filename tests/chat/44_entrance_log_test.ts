// What the log says at `info` of logins, registrations, and of entrances that are refused: the address, the name, no secret.

import assert from "node:assert/strict";
import { memoryStore } from "./store.ts";
import { inspect } from "../token.ts";
import { authenticate, cheaply, PASSWORD, register } from "./accounts.ts";
import { cannot, start } from "./start.ts";

const AT = String.raw`127\.0\.0\.1:\d+`;

function presence(account_name: string) {
  return { action: "presence", time: 1, user: { account_name, status: "" } };
}

Deno.test("refused entrances are logged with address and name, and so are logins and registrations", {
  ignore: cannot,
}, async () => {
  const rules = { devices: 1 };
  await using chat = await start({ logged: true, accounts: ["ann"], rules });
  const eve = await chat.connect();
  await eve.say(authenticate("ann", "hunter2"));
  await eve.expect({ response: 402 });
  await eve.say(presence("Ann"));
  await eve.expect({ response: 401 });
  await eve.say(register("eve", "hunter2"));
  await eve.expect({ response: 400 });
  await eve.say({ action: "authenticate", time: 1, token: "hunter2" });
  await eve.expect({ response: 401 });
  await eve.say({ ...inspect, token: "hunter2" });
  await eve.expect({ response: 401 });
  const bob = await chat.connect();
  await bob.say({ ...register("bob"), token: true });
  const { token } = await bob.expect({ response: 201 });
  await bob.say({ action: "quit", time: 1 });
  await bob.expect({ response: 200 });
  await bob.expectEnd();
  const again = await chat.connect();
  await again.say({ action: "authenticate", time: 1, token });
  await again.expect({ response: 200 });
  await chat.login("ann");
  await eve.say(authenticate("ANN"));
  await eve.expect({ response: 409 });

  await chat.logged(new RegExp(`refused ${AT} as "ann": 409 `));
  for (
    const line of [
      `refused ${AT} as "ann": 402 .*`,
      `refused ${AT} as "Ann": 401 .*`,
      `refused ${AT} as "eve": 400 .*8.*`,
      `refused ${AT}: 401 token: .*`,
      `granted ${AT} registers "bob"`,
      `granted ${AT} logs in to "bob" by a session token`,
      `granted ${AT} logs in to "ann"`,
    ]
  ) {
    const found = chat.log().filter((each) => new RegExp(`^info server/entrance ${line}$`).test(each));
    assert.ok(found.length > 0, `${line}\n${chat.log().join("\n")}`);
  }
  for (const line of chat.log()) {
    assert.ok(!line.includes("hunter2") && !line.includes(PASSWORD) && !line.includes(token), line);
  }
});

Deno.test("what the rules, a ban or a limit refuses is logged", { ignore: cannot }, async () => {
  await using chat = await start({
    logged: true,
    newAccounts: 1,
    newRooms: 1,
    rules: { registration: true, guests: false },
  });
  const ann = await chat.connect(), eve = await chat.connect();
  await ann.say(register("ann"));
  await ann.expect({ response: 201 });
  await eve.say(register("eve"));
  await eve.expect({ response: 403 });
  await eve.say(presence('a\n"guest'));
  await eve.hear();
  await eve.say(presence("guest"));
  await eve.expect({ response: 401 });
  for (const [room, response] of [["#one", 201], ["#two", 403]] as const) {
    await ann.say({ action: "join", time: 1, room });
    await ann.expect({ response });
  }
  await chat.logged(new RegExp(`^info server/entrance refused ${AT} as "eve": 403 `));
  await chat.logged(new RegExp(`^info server/entrance refused ${AT} as "guest": 401 `));
  await chat.logged(new RegExp(String.raw`^info server/entrance refused "ann" \(${AT}\) as "#two": 403 `));
});

Deno.test("a closed registration and a banned name are logged", { ignore: cannot }, async () => {
  const store = memoryStore();
  store.putAccount({ name: "op", password: await cheaply(PASSWORD), operator: true, seen: 0 });
  await using chat = await start({ store, logged: true, rules: { registration: false } });
  const op = await chat.login("op"), eve = await chat.connect();
  await eve.say(register("eve"));
  await eve.expect({ response: 403 });
  await op.sayOk({ action: "ban", time: 1, user_id: "bob", for: "60s" });
  await eve.say(presence("bob"));
  await eve.expect({ response: 403 });
  await chat.logged(new RegExp(`^info server/entrance refused ${AT} as "eve": 403 `));
  await chat.logged(new RegExp(`^info server/entrance refused ${AT} as "bob": 403 `));
  await chat.logged(/^info server\/serve operator "op" .*: ban "bob" until 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
});
