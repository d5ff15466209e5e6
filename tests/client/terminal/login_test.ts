import assert from "node:assert/strict";
import { JIM, meet, seen } from "./meet.ts";

Deno.test("Controller comes back by its password, and asks for it anew when it is refused", () => {
  const { controller, connect, serve, type, said, hear, lose, look } = meet();
  connect(JIM);
  serve();
  type("/login Bob\r");
  assert.equal(look().at(-1), "Password of Bob:");
  type("secret\r");
  assert.deepEqual(said()[0]!.user, { account_name: "Bob", password: "secret" });
  hear(JIM);
  serve();
  lose();
  controller.connected(0);
  assert.deepEqual(said()[0]!.user, { account_name: "Bob", password: "secret" });
  hear({ response: 402, error: "no" });
  assert.equal(look().at(-1), "Password of Bob:");
  type("\x03");
  assert.equal(controller.isShuttingDown, true);
});

Deno.test("Controller is over when a server refuses its name, and says why", () => {
  const { controller, connect } = meet();
  connect({ response: 409, error: "taken" });
  assert.equal(controller.isShuttingDown, true);
  assert.deepEqual(controller.outcome(), { words: '127.0.0.1:7777 refuses "ann": taken', status: 1 });
});

Deno.test("Controller makes a name its own by a password that was typed twice, and by no other", () => {
  const { connect, serve, type, said, hear, look } = meet();
  connect(JIM);
  serve();
  type("/register\r\r");
  assert.match(look().at(-2)!, /Nothing was registered$/);
  type("/register Bob\rdark horse\rdark horsy\r");
  assert.match(look().at(-2)!, /! Another password: begin anew, or Enter to give up$/);
  assert.equal(look().at(-1), "New password of Bob:"); // and not the chat's prompt: a password may be typed out of habit
  type("horse\r");
  assert.match(look().at(-2)!, /Expected at least 8 characters, got 5: choose another$/);
  assert.equal(look().at(-1), "New password of Bob:");
  type("dark horse\r\r");
  assert.match(look().at(-2)!, /Nothing was registered$/);
  assert.deepEqual(said(), []);
  type("/register Bob\r");
  assert.equal(look().at(-1), "New password of Bob:");
  type("dark horse\r");
  assert.equal(look().at(-1), "Once more:");
  type("dark horse\r");
  assert.deepEqual(said()[0]!.user, { account_name: "Bob", password: "dark horse" });
  hear({ response: 201, alert: "created", jim: 1 });
  serve();
  assert.match(look().at(-2)!, /Bob is yours from now on$/);
  type("hello\r");
  assert.equal(said()[0]!.from, "Bob");
});

Deno.test("Controller says in the server's words what a login came to: a guest's name takes any password", () => {
  const { connect, serve, type, said, hear, look } = meet();
  connect(JIM);
  serve();
  type("/login\r\r");
  assert.match(look().at(-2)!, /You are not logged in$/);
  type("/login\rguess\r");
  said();
  hear({ response: 402, error: "no" });
  assert.match(look().at(-2)!, /The server refuses \/login ann: no$/);
  assert.equal(look().at(-1), "Password of ann:"); // asked for again: typed at the chat's prompt it would be a message
  type("\r");
  type("/login Bob\rguess\r");
  said();
  hear({ response: 200, alert: "anybody may use it", jim: 1 });
  assert.match(look().at(-2)!, /You are Bob now; the server says: anybody may use it$/);
});

const ONE_TIME = { response: 401, error: "choose one", new_password: true };

Deno.test("Controller that logs in by a one-time password asks for another one, twice, and logs in with both", () => {
  const { controller, connect, serve, type, said, hear, lose, look } = meet();
  connect(JIM);
  serve();
  type("/login Bob\rk7m-r3h-dwp\r");
  said();
  hear(ONE_TIME);
  assert.equal(seen(look(), /That password of Bob is for the first login only: choose/), 1);
  assert.equal(look().at(-1), "New password of Bob:");
  type("dark horse\rdark horse\r");
  const [{ user, new_password } = {}] = said();
  assert.deepEqual([user, new_password], [{ account_name: "Bob", password: "k7m-r3h-dwp" }, "dark horse"]);
  hear(JIM);
  serve();
  lose();
  controller.connected(0);
  const [again] = said();
  assert.deepEqual([again!.user, again!.new_password], [{ account_name: "Bob", password: "dark horse" }, undefined]);
  assert.ok(!look().join().includes("horse"));
});

Deno.test("Controller that comes in by a one-time password chooses another one, on the next connection if this one ends", () => {
  const { controller, connect, type, said, hear, lose, look } = meet();
  connect({ response: 401, error: "whose is it?" });
  type("k7m-r3h-dwp\r");
  said();
  hear(ONE_TIME);
  assert.equal(look().at(-1), "New password of ann:");
  lose(); // it has no presence, and typing takes time
  type("k7m-r3h-dwp\rk7m-r3h-dwp\r");
  controller.connected(0);
  assert.equal(said()[0]!.new_password, "k7m-r3h-dwp");
  hear({ response: 400, error: "new_password: expected another password" });
  assert.equal(look().at(-1), "New password of ann:");
  type("dark horse\rdark horse\r");
  assert.equal(said()[0]!.new_password, "dark horse");
  lose(); // with the answer
  controller.connected(0);
  assert.equal(said()[0]!.new_password, "dark horse");
  hear({ response: 402, error: "that password is spent" });
  const [last] = said();
  assert.deepEqual([last!.user, last!.new_password], [{ account_name: "ann", password: "dark horse" }, undefined]);
});

Deno.test("Controller asks for the password of a name that is somebody's, also on the next connection if this one ends", () => {
  const { controller, connect, serve, type, said, hear, lose, look } = meet();
  connect({ response: 401, error: "whose is it?" });
  assert.deepEqual(look().slice(-2).map((row) => row.replace(/^[\d: ]+/, "")), [
    '· "ann" needs a password here; Enter alone leaves',
    "Password of ann:",
  ]);
  lose();
  assert.equal(controller.isShuttingDown, false);
  type("secret\r");
  assert.equal(controller.link.retryAt, controller.due);
  controller.connected(0);
  assert.deepEqual(said()[0]!.user, { account_name: "ann", password: "secret" });
  hear({ response: 402, error: "no" });
  type("better\r");
  assert.deepEqual(said()[0]!.user, { account_name: "ann", password: "better" });
  hear(JIM);
  serve();
  assert.equal(look().at(-1), "#all ›");
});

Deno.test("Controller that was in before comes back to a server that refuses it for now, and not to one that bans it", () => {
  const { controller, connect, lose } = meet();
  connect();
  lose();
  connect({ response: 409, error: "there are too many of you" });
  assert.deepEqual([controller.isShuttingDown, controller.link.open, controller.link.retryAt < Infinity], [
    false,
    false,
    true,
  ]);
  connect({ response: 403, error: "banned" });
  assert.equal(controller.isShuttingDown, true);
});

Deno.test("Controller takes another name, and says what stands against it", () => {
  const { connect, serve, type, said, hear, look } = meet();
  connect(JIM);
  serve();
  type("/name Boris\r");
  assert.deepEqual((said()[0]!.user as { account_name: string }).account_name, "Boris");
  hear({ response: 200, alert: "you are Boris now", jim: 1, role: "guest" });
  serve();
  assert.match(look().at(-2)!, /· You are Boris now$/);
  type("hello\r");
  assert.equal(said()[0]!.from, "Boris");
  hear({ response: 200 });
  type("/name Vera\r");
  said();
  hear({ response: 401, error: "an account" });
  assert.match(look().at(-2)!, /! The server refuses \/name Vera: an account$/);
  type("well\r");
  assert.equal(said()[0]!.from, "Boris");
});
