// Conversations that a killed server has not forgotten are, at the next start; nothing else is.
import assert from "node:assert/strict";
import { readState } from "../../server/chat/read_state.ts";
import { forgetOrphans } from "../../server/orphans.ts";
import { JournalGuard } from "../../server/journal_guard.ts";
import { accountSide, between, guestSide, roomConversation } from "../../server/journal/conversation.ts";
import { on, tamper } from "./journal/disk.ts";
import type { Driver } from "./journal/driver.ts";

const account = (name: string) => ({ kind: "account", name, password: "", operator: true }) as const;
const said = (conversation: string) => ({ conversation, message: "word" });

/** Two accounts and two rooms, with what was said there and between people. Returns the names of all conversations. */
async function fill(driver: Driver) {
  driver.journal.snapshot();
  const ann = await driver.keep(account("ann")), bob = await driver.keep(account("bob"));
  const cats = await driver.keep({ kind: "room", name: "#cats", by: ann });
  const dogs = await driver.keep({ kind: "room", name: "#dogs", by: ann });
  const names = {
    ours: between(accountSide(ann), accountSide(bob)),
    guests: between(accountSide(ann), guestSide("zoe")),
    cats: roomConversation(cats),
    dogs: roomConversation(dogs),
  };
  for (const each of ["#all", ...Object.values(names)]) await driver.keep(said(each));
  return { ann, bob, cats, dogs, names };
}

/** The conversations after a start. */
async function afterStart(driver: Driver): Promise<readonly string[]> {
  const { journal } = driver;
  forgetOrphans(new JournalGuard(journal), readState(journal));
  return await journal.allConversations();
}

on(
  "a start forgets what belongs to a room or an account that is gone, and to a room before it was cleared",
  async (open) => {
    let driver = open();
    const { bob, cats, dogs, names } = await fill(driver);
    const cleared = await driver.keep({ kind: "clearing", room: cats, by: "ann" }),
      now = roomConversation(cats, cleared);
    await driver.keep({ kind: "removal", of: dogs, by: "ann" }, said(now));
    await driver.keep({ kind: "removal", of: bob });
    await driver.journal.close(); // and nothing is forgotten, as when it is killed
    driver = open();
    assert.deepEqual([...await afterStart(driver)].sort(), ["#all", now, names.guests].sort());
  },
);

on("a start forgets nothing where all is there, or where a record cannot be read", async (open, path) => {
  let driver = open();
  const { names } = await fill(driver), old = "#Cats"; // a name of an older version, which tells no id
  await driver.keep(said(old));
  const all = ["#all", old, ...Object.values(names)].sort();
  await driver.journal.close();
  driver = open();
  assert.deepEqual([...await afterStart(driver)].sort(), all);
  await driver.journal.close();
  tamper(path, (db) => db.exec("UPDATE records SET sum = sum + 1 WHERE kind = 'room'"));
  driver = open();
  assert.deepEqual([...await afterStart(driver)].sort(), all);
  assert.equal(driver.journal.skipped.damaged, 2);
});
