// What the account tool does beside a server: it decides on the newest state, and never half.
import assert from "node:assert/strict";
import { State } from "../../../server/chat/state.ts";
import { JournalFailure } from "../../../server/journal/contract.ts";
import type { StateProposal } from "../../../server/journal/records.ts";
import { Accounts } from "../../../tools/account/accounts.ts";
import { type Command, type CommandName, execute } from "../../../tools/account/command.ts";
import { Refused } from "../../../tools/refused.ts";
import { english } from "../../../tools/words/english.ts";
import { applyAll, dump } from "../../server/chat/dump.ts";
import { on, type Open, tamper } from "../../server/journal/disk.ts";
import type { Kept } from "../../server/journal/driver.ts";
import { FakeJournal } from "../../server/journal/fake.ts";
import { between } from "../../../server/journal/conversation.ts";

const account = (name: string, operator = false): StateProposal => ({ kind: "account", name, password: "x", operator });

/** A server and the tool, on one journal. */
function both(open: Open) {
  const server = open(), state = new State();
  applyAll(state, server.journal.snapshot(), true);
  const tool = open({ beside: true }), accounts = new Accounts(tool.journal);
  let typed = 0;
  const deps = {
    accounts,
    texts: english,
    warn: () => {},
    newPassword: () => Promise.resolve({ hash: `hash ${++typed}` }),
  };
  return {
    server,
    tool,
    accounts,
    /** What the server's state has of the tool's changes by now. */
    get state() {
      server.journal.poll();
      for (const { records, stands } of server.journal.take() as Kept[]) applyAll(state, records, stands);
      return state;
    },
    /** The server appends something, and knows what came before. */
    async keep(...proposals: StateProposal[]): Promise<number> {
      const known = server.taken.length, id = await server.keep(...proposals);
      for (const { records, stands } of server.taken.slice(known) as Kept[]) applyAll(state, records, stands);
      return id;
    },
    run: async (command: CommandName, name = "", more: Partial<Command> = {}, others = deps) =>
      await execute(others, { command, name, newName: "", operator: false, force: false, ...more }),
    deps,
  };
}

const refuses = (message: string) => (error: Error) => {
  assert.ok(error instanceof Refused, `${error}`);
  assert.equal(error.message, message);
  return true;
};

on(
  "a command is decided on what the server has appended a moment before, and the server knows it at once",
  async (open) => {
    const all = both(open), { run, keep } = all;
    await keep(account("ann", true), account("bob", true));
    assert.equal(await run("demote", "ann"), "ann is no operator any more");
    assert.deepEqual([...all.state.accounts()].map(({ operator }) => operator), [false, true]);
    await assert.rejects(run("demote", "BOB"), refuses(english.lastOperator("bob")));
    await assert.rejects(run("remove", "bob"), refuses(english.lastOperator("bob")));
    await keep({ kind: "operator", account: all.state.account("ann")!.id, is: true });
    assert.equal(await run("remove", "bob"), "removed bob");
    await assert.rejects(run("remove", "ann"), refuses(english.lastOperator("ann")));
    assert.equal(await run("demote", "ann", { force: true }), "ann is no operator any more");
    assert.deepEqual(dump(all.state), dump(all.accounts.state));
  },
);

on("what changes while a password is typed counts", async (open) => {
  const all = both(open), { deps, keep, run } = all;
  const meanwhile = (...proposals: StateProposal[]) => ({
    ...deps,
    newPassword: async () => {
      await keep(...proposals);
      return { hash: "hash" };
    },
  });
  await assert.rejects(run("add", "Ann", {}, meanwhile(account("ann"))), refuses(english.hasAccount("ann")));
  const of = all.state.account("ann")!.id;
  await assert.rejects(
    run("passwd", "Ann", {}, meanwhile({ kind: "removal", of })),
    refuses(english.noAccountAnyMore("ann")),
  );
  assert.equal(await run("add", "Ann", { operator: true }, meanwhile(account("bob"))), "added Ann");
  const ann = all.state.account("ann")!;
  assert.deepEqual([ann.operator, ann.password, ann.cursor, ann.since], [true, "hash", ann.id, ann.id]);
  assert.ok(ann.id > all.state.account("bob")!.id);
});

on("a password for the first login is printed, and marked as such", async (open) => {
  const all = both(open), { run, deps } = all;
  const once = { ...deps, newPassword: () => Promise.resolve({ hash: "hash", oneTime: "3nd-xxh-3bw" }) };
  assert.equal(await run("add", "ann", {}, once), "added ann\npassword for the first login: 3nd-xxh-3bw");
  assert.equal(all.state.account("ann")!.hasOneTimePassword, true);
  assert.equal(await run("passwd", "ann"), "ann has a new password");
  assert.equal(all.state.account("ann")!.hasOneTimePassword, false);
  assert.match(await run("passwd", "ann", {}, once), /^ann has a new password\npassword for the first login: 3nd/);
  assert.equal(all.state.account("ann")!.hasOneTimePassword, true);
});

on("a new password ends sessions, and may make an operator in the same batch", async (open) => {
  const all = both(open), { run, keep, tool } = all, id = await keep(account("ann"));
  await keep({ kind: "session", account: id, hash: "h", is: true, since: 1, used: 1 });
  assert.equal(await run("passwd", "ANN", { operator: true }), "ann has a new password");
  const { password, operator, tokens: sessions, revision } = all.state.account("ann")!;
  assert.deepEqual([password, operator, sessions.size, revision], ["hash 1", true, 0, 1]);
  assert.equal(await run("passwd", "ann", { operator: true }), "ann has a new password");
  assert.deepEqual([...all.state.accounts()].map(({ operator }) => operator), [true]);
  assert.equal(tool.journal.take().length, 0);
});

on("a rename takes contacts, bans and mutes along, and leaves those of an old name to nobody else", async (open) => {
  const all = both(open), { run, keep } = all, eve = await keep(account("Eve"), account("ann"), account("bob"));
  const ban = (what: "name" | "mute" | "address", who: string, until?: number): StateProposal => ({
    kind: "ban",
    what,
    who,
    is: true,
    ...(until === undefined ? {} : { until }),
  });
  const contact = (account: number, name: string) => ({ kind: "contact", account, name, is: true }) as const;
  await keep(contact(eve + 1, "Eve"), contact(eve + 2, "eva"), contact(eve + 2, "Eve"));
  await keep(ban("name", "eve"), ban("mute", "eve", 5), ban("name", "eva", 7), ban("mute", "eva", 7));
  await keep(ban("address", "eve", 3));
  assert.equal(await run("rename", "eve", { newName: "EVE" }), "Eve is EVE now");
  assert.equal(await run("rename", "eve", { newName: "Eva" }), "EVE is Eva now");
  const { state } = all, contacts = [...state.accounts()].map(({ contacts }) => [...contacts.values()]);
  assert.deepEqual(contacts, [[], ["Eva"], ["Eva"]]);
  const bans = [...state.bans()].map(({ kind, who, until }) => `${kind} ${who} ${until}`).sort();
  assert.deepEqual(bans, ["address eve 3", "mute eva 7", "name eva Infinity"]);
  await assert.rejects(run("rename", "Eva", { newName: "ANN" }), refuses(english.taken));
  await assert.rejects(run("rename", "eve", { newName: "ann" }), refuses(english.noAccount("eve")));
  await all.server.journal.close();
  const again = open(), reopened = new State();
  applyAll(reopened, again.journal.snapshot(), true);
  for (const { records } of again.journal.take() as Kept[]) assert.deepEqual(applyAll(reopened, records), []);
  assert.deepEqual(dump(reopened), dump(state));
});

on("nobody reads any more what was said to an account that is removed", async (open) => {
  const all = both(open), { run, keep, server } = all, ann = await keep(account("ann"), account("bob"));
  const [one, other] = [ann, ann + 1].map((id) => all.state.accountById(id)!.side) as [string, string];
  const conversation = between(one, other);
  await server.keep({ conversation, message: "secret" }, { conversation: "#all", message: "hello" });
  assert.equal(await run("remove", "ann"), "removed ann");
  assert.deepEqual(await server.journal.conversations(other, 0), []);
  await server.journal.close();
  assert.deepEqual(await open().messages({ conversation }), []);
});

on("a journal that fails changes nothing, and says why", async (open, path) => {
  const all = both(open), { run, keep } = all;
  await keep(account("ann"));
  const locked = Promise.withResolvers<void>();
  tamper(path, (db) => {
    db.exec("BEGIN IMMEDIATE");
    locked.resolve(assert.rejects(run("promote", "ann"), (error: Error) => {
      assert.ok(error instanceof JournalFailure);
      assert.equal(error.message, "Cannot keep messages: database is locked");
      return true;
    }));
    db.exec("ROLLBACK");
  });
  await locked.promise;
  assert.equal(all.state.account("ann")!.operator, false);
  assert.equal(await run("promote", "ann"), "ann is an operator");
});

Deno.test("a change that others have overtaken is proposed once more, on what they have made", () => {
  const journal = new FakeJournal({ later: (answer) => answer() }), accounts = new Accounts(journal);
  const seen: string[][] = [];
  accounts.change(() => [account("ann", true)]);
  accounts.change((state) => {
    seen.push([...state.accounts()].map(({ name }) => name));
    if (seen.length === 1) journal.others(account("bob"));
    return [account("eve")];
  });
  assert.deepEqual(seen, [["ann"], ["ann", "bob"]]);
  assert.deepEqual([...accounts.state.accounts()].map(({ name }) => name), ["ann", "bob", "eve"]);
});
