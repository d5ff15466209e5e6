import assert from "node:assert/strict";
import { plain } from "../../jim/mod.ts";
import { makeConnection } from "./fake.ts";

Deno.test("Connection is bare until a newline has come after an object", () => {
  const connection = makeConnection("ann");
  const bare = (text: string) => {
    connection.framer.push(new TextEncoder().encode(text));
    while (connection.framer.next() !== undefined);
    connection.shows();
    return connection.bare;
  };
  assert.deepEqual([bare("\n"), bare("{}"), bare("{}"), bare("\r\n"), bare("{}")], [true, true, true, false, false]);
});

Deno.test("Connection owes what waits, what is held back and what is on its way", () => {
  const connection = makeConnection("ann");
  assert.equal(connection.owed, 0);
  connection.outbox.addWhole(new Uint8Array(5));
  connection.writing = new Uint8Array(30);
  assert.equal(connection.owed, 35);
});

Deno.test("Connection hears plain relays when it speaks plain JIM by lines", () => {
  const bare = makeConnection("ann"), line = makeConnection("bob", true), other = makeConnection("eve", true);
  other.dialect = { ...plain, name: "other" };
  assert.deepEqual([bare, line, other].map(({ hearsPlain }) => hearsPlain), [false, true, false]);
});
