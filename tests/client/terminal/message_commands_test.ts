import assert from "node:assert/strict";
import { JIM, meet, OK, seen } from "./meet.ts";

const ID = 1_764_000_000_000_000;
const msg = (id: number, from: string, message: string, more: object = {}) => ({
  action: "msg",
  time: 5,
  to: "#all",
  from,
  message,
  id: ID + id,
  ...more,
});

/** A controller that has shown two messages. */
function listener() {
  const all = meet("ann", { columns: 160 });
  all.connect(JIM);
  all.serve();
  all.hear(msg(1, "bob", "Tea, or coffee?\nThere is no milk."), msg(2, "eve", "x".repeat(100)));
  all.said();
  return all;
}

Deno.test("the client names replies, edits and reactions", () => {
  const { connect, serve, asked } = meet();
  connect(JIM);
  serve();
  const { features } = asked.find(({ features }) => features !== undefined)!;
  for (const each of ["replies", "edits", "reactions"]) assert.ok((features as string[]).includes(each), each);
});

Deno.test("/reply answers what somebody has said last, and shows its first words", () => {
  const { type, said, hear, look } = listener();
  type("/reply bob Tea, please\r");
  const [{ action, message, reply_to, to }] = said() as [Record<string, unknown>];
  assert.deepEqual([action, message, reply_to, to], ["msg", "Tea, please", ID + 1, "#all"]);
  hear({ response: 200, id: ID + 3 });
  assert.equal(seen(look(), /ann › > bob: Tea, or coffee\?$/), 1);
  assert.equal(seen(look(), /› Tea, please$/), 1);
  hear(msg(4, "bob", "With milk?", { reply_to: ID + 3 }), msg(5, "bob", "Hm", { reply_to: ID }));
  assert.equal(seen(look(), /bob │ > ann: Tea, please$/), 1);
  assert.equal(seen(look(), /│ With milk\?$/), 1);
  assert.equal(seen(look(), /bob │ > an earlier message$/), 1);
});

Deno.test("/edit and /delete are about one's own last message", () => {
  const { type, said, hear, look } = listener();
  type("/edit too early\r");
  assert.equal(seen(look(), /! No message of ann is known in #all; \/history shows some$/), 1);
  type("helo\r");
  said();
  hear({ response: 200, id: ID + 3 });
  type("/edit hello\r");
  const [edit] = said();
  assert.deepEqual([edit!.action, edit!.to, edit!.id, edit!.message], ["edit", "#all", ID + 3, "hello"]);
  hear({ response: 200, id: ID + 4 });
  assert.equal(seen(look(), /ann › ✎ hello$/), 1);
  type("/edit \r");
  assert.deepEqual(said(), []);
  assert.equal(seen(look(), /! Expected \/edit text; \/delete deletes your last message$/), 1);
  type("/delete\r");
  const [deletion] = said();
  assert.deepEqual([deletion!.action, deletion!.id], ["delete", ID + 3]);
  hear({ response: 200, id: ID + 5 });
  assert.equal(seen(look(), /· Deleted: "ann: hello"$/), 1);
  type("/delete bob\r");
  assert.equal(said()[0]!.id, ID + 1);
  hear({ response: 403, error: "id: expected one of your own" });
  assert.equal(seen(look(), /! The server refuses \/delete: id: expected one of your own$/), 1);
});

Deno.test("a refusal shows the first words of a message in place of its id", () => {
  const { type, said, hear, look } = listener();
  const refuses = (command: string, error: string): string => {
    type(`${command}\r`);
    said();
    hear({ response: 404, error });
    return look().findLast((line) => line.includes("The server refuses"))!;
  };
  assert.match(
    refuses("/delete bob", `id: the message ${ID + 1} was deleted`),
    /refuses \/delete: id: the message "bob: Tea, or coffee\?" was deleted$/,
  );
  assert.match(
    refuses(
      "/reply bob Tea",
      `reply_to: expected the id of a message of this conversation, got ${ID + 9}; history has the ids`,
    ),
    /refuses "Tea": reply_to: .* got an earlier message; history has the ids$/,
  );
  assert.match(
    refuses("/react bob 👍", `id: ${ID}0 and a${ID + 1} are no ids`),
    new RegExp(`${ID}0 and a${ID + 1} are no ids$`),
  );
});

Deno.test("/react puts an emoji on what somebody has said last, and takes it away", () => {
  const { type, said, hear, look } = listener();
  type("/react bob 👍\r");
  const [react] = said();
  assert.deepEqual([react!.action, react!.id, react!.emoji, react!.is], ["react", ID + 1, "👍", true]);
  hear(OK);
  assert.equal(seen(look(), /· ann: 👍 on "bob: Tea, or coffee\?"$/), 1);
  type("/react bob 👍 -\r");
  assert.equal(said()[0]!.is, false);
  hear(OK);
  assert.equal(seen(look(), /· ann: no 👍 any more on "bob: Tea, or coffee\?"$/), 1);
  for (const line of ["/react bob", "/react", "/react bob 👍 off", "/reply bob"]) {
    type(`${line}\r`);
    assert.match(look().at(-2)!, /expected \/(react NAME EMOJI \[-\]|reply NAME text)$/);
  }
});

Deno.test("what others do with messages is told, unless they are ignored", () => {
  const { type, hear, look } = listener();
  const about = (action: string, of: number, more: object = {}) => ({
    action,
    time: 5,
    to: "#all",
    from: "bob",
    of: ID + of,
    id: ID + 9,
    ...more,
  });
  hear(about("edit", 1, { message: "Tea?" }));
  assert.equal(seen(look(), /bob │ ✎ Tea\?$/), 1);
  hear(about("reaction", 1, { emoji: "🎉", is: true, from: "eve" }));
  assert.equal(seen(look(), /· eve: 🎉 on "bob: Tea\?"$/), 1);
  hear(about("reaction", 2, { emoji: "🎉", is: false }));
  assert.equal(seen(look(), /· bob: no 🎉 any more on "eve: x{30,}/), 1);
  hear(about("delete", 1), about("delete", 7));
  assert.equal(seen(look(), /· bob has deleted "bob: Tea\?"$/), 1);
  assert.equal(seen(look(), /· bob has deleted "an earlier message"$/), 1);
  type("/ignore bob\r");
  hear(about("edit", 2, { message: "spam" }), about("reaction", 2, { emoji: "🍕", is: true }));
  assert.equal(seen(look(), /spam|🍕/), 0);
});

Deno.test("a page of the past has edited and deleted messages as they are now", () => {
  const { type, said, hear, look } = listener();
  type("/history\r");
  said();
  const rows = [msg(3, "bob", "better", { edited: 6 }), msg(4, "eve", "", { deleted: true })];
  hear({ response: 202, quantity: 2 }, ...rows);
  assert.equal(seen(look(), /bob │ ✎ better$/), 1);
  assert.equal(seen(look(), /eve │ \(deleted\)$/), 1);
  type("/reply bob yes\r");
  assert.equal(said()[0]!.reply_to, ID + 3);
});
