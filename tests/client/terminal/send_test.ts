import assert from "node:assert/strict";
import { type Fields, JIM, meet, msg, OK, seen } from "./meet.ts";

Deno.test("Controller says a long text to a careful server in parts, and does not fall over one that was on its way", () => {
  const { connect, type, said, lose, look, pass } = meet();
  connect();
  type(`${"long ".repeat(400)}\r`);
  assert.equal(said().length, 1);
  lose();
  connect();
  assert.equal(seen(look(), /Nobody knows whether this has arrived/), 1);
  pass(1);
  assert.equal(said().length, 1);
});

Deno.test("Controller does not send a text that is too long, and leaves it on the line to be cut", () => {
  const { connect, type, said, look } = meet();
  connect();
  type(`\x1b[200~${"x".repeat(4001)}\x1b[201~\r`);
  assert.equal(seen(look(), /Not sent: expected at most 4000 characters, got 4001/), 1);
  assert.deepEqual(said(), []);
  type("\x7f\r");
  assert.notEqual(said().length, 0);
});

Deno.test("Controller puts back a text that is too long as it was typed, with its receiver", () => {
  const { connect, serve, hear, type, said } = meet();
  const texts = () => said().filter(({ action }) => action === "msg"); // and none that tells of typing
  connect(JIM);
  serve();
  hear(msg("bob", "tea?", { id: 7 }));
  const long = "x".repeat(4001),
    full = "x".repeat(4000),
    send = (line: string) => {
      type(`\x1b[200~${line}\x1b[201~\r`);
      assert.deepEqual(texts(), [], line.slice(0, 20));
      type("\x7f\r");
      const [{ to, message, reply_to }] = texts() as [Fields];
      hear(OK);
      return { to, message, reply_to };
    };
  assert.deepEqual(send(`/msg bob ${long}`), { to: "bob", message: full, reply_to: undefined });
  assert.deepEqual(send(`/reply bob ${long}`), { to: "#all", message: full, reply_to: 7 });
  assert.deepEqual(send(`//${full}`), { to: "#all", message: `/${full.slice(1)}`, reply_to: undefined });
  // Of several lines, each is a text, whatever it begins with.
  type(`\x1b[200~hi\n/${long}\x1b[201~y`);
  assert.deepEqual(texts().map(({ message }) => message), ["hi"]);
  hear(OK);
  type("\x7f\x7f\r");
  assert.deepEqual(texts().map(({ message }) => message), [`/${full.slice(1)}`]);
});

Deno.test("Controller says which text was refused, by its beginning, and what the server remarks on one it took", () => {
  const { connect, serve, type, said, hear, look } = meet();
  connect(JIM);
  serve();
  type("/msg bob psst\r/msg eve hi\r");
  said();
  hear({ response: 202, alert: "bob is offline and will hear it later" }, { response: 404, error: "nobody" });
  assert.equal(seen(look(), /· bob is offline and will hear it later$/), 1);
  assert.equal(seen(look(), /! The server refuses "hi": nobody$/), 1);
});
