// What every store must do, asked of each of them.
import assert from "node:assert/strict";
import fc from "fast-check";
import { accountSide, between, guestSide } from "../../../server/chat/conversation.ts";
import { type Query, type Store } from "../../../server/store/contract.ts";
import { memoryStore } from "../../../server/store/memory.ts";
import { openStore } from "../../../server/store/sqlite.ts";
import { makeFolder } from "../../log/folder.ts";
import { may } from "../../may.ts";
import { idsOf, read, type Said, toAll, turn } from "./said.ts";

const stores: Record<string, { needs: Parameters<typeof may>; open: (dir: string) => Store }> = {
  memoryStore: { needs: [], open: () => memoryStore() },
  openStore: { needs: ["read", "write"], open: (dir) => openStore({ path: `${dir}/hanita.db`, sync: "normal" }) },
};

/** One test for each store, with a new one. */
function each(name: string, act: (store: Store, fresh: () => Store) => void | Promise<void>): void {
  for (const [which, { needs, open }] of Object.entries(stores)) {
    Deno.test({
      name: `${which} ${name}`,
      ignore: !may(...needs),
      fn: async () => {
        using folder = needs.length > 0 ? makeFolder() : undefined;
        const opened: Store[] = [];
        const fresh = () => {
          const store = open(`${folder?.path}/${opened.length}`);
          opened.push(store);
          return store;
        };
        try {
          await act(fresh(), fresh);
        } finally {
          for (const store of opened) await store.close();
        }
      },
    });
  }
}

each("begins empty", async (store) => {
  assert.deepEqual(store.snapshot(), {
    accounts: [],
    rooms: [],
    contacts: [],
    bans: [],
    tokens: [],
    motd: "",
    lastId: 0,
  });
  assert.deepEqual(await idsOf(store), []);
});

each("remembers bans, with and without an end, and the greeting", (store) => {
  store.putBan({ kind: "name", who: "eve'--", until: Infinity });
  store.putBan({ kind: "mute", who: "eve'--", until: 1 });
  store.putBan({ kind: "mute", who: "eve'--", until: 1_764_000_000.5 });
  store.putBan({ kind: "address", who: "10.0.0.7", until: 2 });
  store.removeBan("address", "10.0.0.7");
  store.putMotd("hello");
  store.putMotd("Привет");
  const { bans, motd } = store.snapshot();
  assert.deepEqual(bans.toSorted((a, b) => a.kind < b.kind ? -1 : 1), [
    { kind: "mute", who: "eve'--", until: 1_764_000_000.5 },
    { kind: "name", who: "eve'--", until: Infinity },
  ]);
  assert.equal(motd, "Привет");
});

each("bans and mutes of an account go with it to another name, and those of its old name to nobody else", (store) => {
  const account = (name: string) => store.putAccount({ name, password: "hash", operator: false, seen: 0 })!.id;
  const eve = account("Eve"), order = { by: "op", reason: "spam", since: 1 };
  store.putBan({ kind: "name", who: "eve", until: Infinity, ...order });
  store.putBan({ kind: "mute", who: "eve", until: 5, ...order });
  store.putBan({ kind: "name", who: "eva", until: 7 });
  store.putBan({ kind: "mute", who: "eva", until: 7 });
  store.putBan({ kind: "address", who: "eve", until: 3 });
  assert.equal(store.changeAccount(eve, { name: "EVE" }), undefined);
  assert.equal(store.changeAccount(eve, { name: "Eva" }), undefined);
  const { bans } = store.snapshot(), text = ({ kind, who }: { kind: string; who: string }) => `${kind} ${who}`;
  assert.deepEqual(bans.toSorted((a, b) => text(a) < text(b) ? -1 : 1), [
    { kind: "address", who: "eve", until: 3 },
    { kind: "mute", who: "eva", until: 7 },
    { kind: "name", who: "eva", until: Infinity, ...order },
  ]);
});

each("remembers accounts, rooms, members and contacts, whatever is in their names", (store) => {
  const names = ["ann", "Robert'); DROP TABLE accounts;--", '"', "%_\\", "привет 👍", "constructor", "null"];
  const ids = names.map((name) => {
    const { id } = store.putAccount({ name, password: `hash of ${name}`, operator: name === "ann", seen: 3 })!;
    store.putRoom(`#${name}`);
    store.putMember(`#${name}`, id, `#${name.toUpperCase()}`);
    store.putContact(id, name);
    return id;
  });
  const { accounts, rooms, contacts } = store.snapshot();
  const sorted = names.toSorted();
  assert.deepEqual(
    accounts.toSorted((a, b) => a.name < b.name ? -1 : 1),
    sorted.map((name) => ({
      id: ids[names.indexOf(name)],
      name,
      password: `hash of ${name}`,
      operator: name === "ann",
      seen: 3,
      since: 3,
      guestPeriods: [],
    })),
  );
  assert.deepEqual(
    rooms.toSorted((a, b) => a.name < b.name ? -1 : 1),
    sorted.map((name) => ({
      name: `#${name}`,
      members: [{ account: ids[names.indexOf(name)], spelling: `#${name.toUpperCase()}` }],
    })),
  );
  assert.deepEqual(
    contacts.toSorted((a, b) => a.name < b.name ? -1 : 1),
    sorted.map((name) => ({ owner: ids[names.indexOf(name)], name })),
  );
});

each("changes nothing when the same is put twice", (store) => {
  const put = () => {
    store.putAccount({ name: "ann", password: "x", operator: false, seen: 0 });
    store.putRoom("#one");
    store.putMember("#one", 1);
    store.putContact(1, "bob");
  };
  put();
  const before = store.snapshot();
  put();
  assert.deepEqual(store.snapshot(), before);
});

each("changes an account, and notes what was seen of accounts only", (store) => {
  const guestPeriods = [{ name: "an", after: 5, last: 7 }, { name: "ann", after: 7, last: 8 }];
  const { id } = store.putAccount({ name: "ann", password: "x", operator: false, seen: 0, guestPeriods })!;
  assert.equal(store.changeAccount(id, { password: "y" }), undefined);
  assert.equal(store.changeAccount(id, { operator: true }), undefined);
  assert.equal(store.changeAccount(id + 1, { password: "z", operator: true }), "removed");
  assert.equal(store.removeAccount(id + 1), "removed");
  store.putSeen(new Map([[id, 9], [id + 1, 5]]));
  assert.deepEqual(store.snapshot().accounts, [
    { id, name: "ann", password: "y", operator: true, seen: 9, since: 0, guestPeriods },
  ]);
});

each("leaves an operator where one is to be left, whatever was known when the change was decided", (store) => {
  const [one, other, plain] = ["one", "other", "plain"].map((name) =>
    store.putAccount({ name, password: "x", operator: name !== "plain", seen: 0 })!.id
  ) as [number, number, number];
  assert.equal(store.changeAccount(one, { operator: false }, true), undefined);
  assert.equal(store.changeAccount(other, { operator: false }, true), "last operator");
  assert.equal(store.removeAccount(other, true), "last operator");
  assert.equal(store.removeAccount(plain, true), undefined);
  const operators = () => store.snapshot().accounts.map(({ name, operator }) => [name, operator]);
  assert.deepEqual(operators(), [["one", false], ["other", true]]);
  assert.equal(store.changeAccount(other, { operator: false }), undefined);
  assert.equal(store.removeAccount(other, true), undefined, "it is none any more");
  assert.deepEqual(operators(), [["one", false]]);
});

each("remembers session tokens and their last use, until they end or their account is another", (store) => {
  const [ann, bob, eve] = ["ann", "bob", "eve"].map((name) =>
    store.putAccount({ name, password: "x", operator: false, seen: 0 })!.id
  );
  const tokens = [ann, ann, bob, eve].map((account, n) => ({ hash: `'${n}--`, account: account!, since: n, used: n }));
  for (const token of tokens) store.putToken(token);
  const kept = () => store.snapshot().tokens.toSorted((one, other) => one.since - other.since);
  assert.deepEqual(kept(), tokens);
  store.removeTokens(["'0--", "unknown"]);
  store.useTokens(["'0--", "'1--", "'2--"], 1_764_000_000);
  const [, one, two, three] = tokens;
  assert.deepEqual(kept(), [{ ...one, used: 1_764_000_000 }, { ...two, used: 1_764_000_000 }, three]);
  store.changeAccount(ann!, { operator: true });
  store.changeAccount(99, { password: "y" });
  assert.equal(kept().length, 3);
  store.changeAccount(ann!, { password: "y" });
  store.removeAccount(bob!);
  assert.deepEqual(kept(), [three]);
});

each("gives an account another name, which nobody else has, also among the contacts of others", (store) => {
  const [ann, bob] = ["an\u200bn", "bob"].map((name) =>
    store.putAccount({ name, password: "x", operator: false, seen: 0 })!.id
  ) as [number, number];
  store.putContact(bob, "an\u200bn");
  assert.equal(store.changeAccount(ann, { name: "BOB" }), "taken");
  assert.equal(store.changeAccount(ann, { name: "Ann" }), undefined);
  assert.equal(store.changeAccount(ann, { name: "ANN" }), undefined, "it is its own name");
  const { accounts, contacts } = store.snapshot();
  assert.deepEqual(accounts.map(({ id, name, password }) => [id, name, password]), [[ann, "ANN", "x"], [
    bob,
    "bob",
    "x",
  ]]);
  assert.deepEqual(contacts, [{ owner: bob, name: "ANN" }]);
  assert.equal(store.putAccount({ name: "ann", password: "y", operator: false, seen: 0 }), undefined);
});

each("replaces no account, however its name is spelt, and gives no id again", (store) => {
  const ann = store.putAccount({ name: "Ann", password: "x", operator: true, seen: 0 })!;
  for (const name of ["Ann", "ann", "ANN", "A\u200bnn"]) {
    assert.equal(store.putAccount({ name, password: "y", operator: false, seen: 0 }), undefined, name);
  }
  const decomposed = store.putAccount({ name: "zoe\u0308", password: "x", operator: false, seen: 0 })!;
  assert.equal(store.putAccount({ name: "Zoë", password: "x", operator: false, seen: 0 }), undefined);
  assert.deepEqual(store.snapshot().accounts, [ann, decomposed]);
  for (const { id } of [ann, decomposed]) store.removeAccount(id);
  const next = store.putAccount({ name: "ann", password: "x", operator: false, seen: 0 })!;
  assert.ok(next.id > Math.max(ann.id, decomposed.id));
});

each("makes an account with the rooms and contacts that it has already", (store) => {
  store.putRoom("#cats");
  const rooms = [{ room: "#cats", spelling: "#Cats" }];
  const { id } = store.putAccount({ name: "zoe", password: "x", operator: false, seen: 7, rooms, contacts: ["bob"] })!;
  const taken = { name: "ZOE", password: "x", operator: false, seen: 8, rooms, contacts: ["eve"] };
  assert.equal(store.putAccount(taken), undefined);
  const { rooms: kept, contacts } = store.snapshot();
  assert.deepEqual(kept, [{ name: "#cats", members: [{ account: id, spelling: "#Cats" }] }]);
  assert.deepEqual(contacts, [{ owner: id, name: "bob" }]);
});

each("forgets an account with its memberships and contacts, and keeps its room", (store) => {
  for (const [index, name] of ["ann", "bob"].entries()) {
    store.putAccount({ name, password: "x", operator: false, seen: 0 });
    store.putRoom("#one");
    store.putMember("#one", index + 1);
    store.putContact(index + 1, "zed");
  }
  store.removeAccount(1);
  const { accounts, rooms, contacts } = store.snapshot();
  assert.deepEqual(accounts.map(({ name }) => name), ["bob"]);
  assert.deepEqual(rooms, [{ name: "#one", members: [{ account: 2, spelling: "#one" }] }]);
  assert.deepEqual(contacts, [{ owner: 2, name: "zed" }]);
  store.removeMember("#one", 2);
  store.removeContact(2, "zed");
  assert.deepEqual([store.snapshot().rooms[0]!.members, store.snapshot().contacts], [[], []]);
});

each("forgets rooms with their members, and lets nobody read what was said there", async (store) => {
  const { id } = store.putAccount({ name: "ann", password: "x", operator: false, seen: 0 })!;
  for (const room of ["#one", "#two", "#three"]) {
    store.putRoom(room);
    store.putMember(room, id);
  }
  const said = (id: number) =>
    ["#one", "#two"].map((conversation, i) => ({ id: id + i, conversation, message: "word" }));
  store.commit(turn(said(1)));
  store.removeRooms([]);
  store.removeRooms(["#one", "#three", "#none"]);
  assert.deepEqual(store.snapshot().rooms, [{ name: "#two", members: [{ account: id, spelling: "#two" }] }]);
  assert.deepEqual(await idsOf(store, { conversation: "#one" }), []);
  assert.deepEqual(await idsOf(store, { conversation: "#two" }), [2]);
  store.putRoom("#one");
  assert.deepEqual(store.snapshot().rooms.find(({ name }) => name === "#one")!.members, []);
  store.commit(turn(said(3)));
  assert.deepEqual(await idsOf(store, { conversation: "#one" }), [3]);
  assert.deepEqual(await idsOf(store, { conversation: "#one", text: "word" }), [3]);
  assert.equal(store.snapshot().lastId, 4);
});

each("lets nobody read what was said to an account that was removed", async (store) => {
  for (const name of ["ann", "bob"]) store.putAccount({ name, password: "x", operator: false, seen: 0 });
  const [ann, bob, zed] = [accountSide(1), accountSide(2), guestSide("zed")];
  store.commit(turn([
    { id: 1, conversation: between(ann, bob), message: "secret" },
    { id: 2, conversation: between(bob, zed), message: "secret" },
  ]));
  store.commit(toAll(3, "not secret"));
  assert.deepEqual(await store.conversations(bob, 1), [between(bob, zed)]);
  assert.deepEqual((await store.conversations(bob, 0)).toSorted(), [between(ann, bob), between(bob, zed)].toSorted());
  store.removeAccount(1);
  assert.deepEqual(await idsOf(store, { conversation: between(ann, bob) }), []);
  assert.deepEqual(await idsOf(store, { conversation: between(ann, bob), text: "secret" }), []);
  assert.deepEqual(await idsOf(store, { conversation: between(bob, zed) }), [2]);
  assert.deepEqual(await idsOf(store), [3]);
  const next = accountSide(store.putAccount({ name: "ann", password: "x", operator: false, seen: 3 })!.id);
  store.commit(turn([{ id: 4, conversation: between(next, bob), message: "another ann" }]));
  assert.deepEqual(await idsOf(store, { conversation: between(next, bob) }), [4]);
});

each("gives a page oldest first: the latest, those before, those after", async (store) => {
  store.commit(toAll(1, "a", "b", "c"));
  store.commit(toAll(4, "d", "e"));
  assert.deepEqual(await idsOf(store, { limit: 4 }), [2, 3, 4, 5]);
  assert.deepEqual(await idsOf(store, { limit: 2, before: 5 }), [3, 4]);
  assert.deepEqual(await idsOf(store, { limit: 2, after: 0 }), [1, 2]);
  assert.deepEqual(await idsOf(store, { limit: 2, after: 2 }), [3, 4]);
  assert.deepEqual(await idsOf(store, { limit: 2, after: 1, before: 5 }), [2, 3]);
  assert.deepEqual(await idsOf(store, { after: 5 }), []);
  assert.deepEqual(await read(store, { conversation: "#all", limit: 1 }), [{ id: 5, message: "e" }]);
});

each("keeps conversations apart", async (store) => {
  store.commit(turn([
    { id: 1, conversation: "#all", message: "one" },
    { id: 2, conversation: between("bob", "ann"), message: "two" },
    { id: 3, conversation: "#all", message: "three" },
    { id: 4, conversation: "ann", message: "four" },
  ]));
  assert.deepEqual(await idsOf(store), [1, 3]);
  assert.deepEqual(await idsOf(store, { before: 3 }), [1]);
  assert.deepEqual(await idsOf(store, { after: 1 }), [3]);
  assert.deepEqual(await idsOf(store, { conversation: between("ann", "bob") }), [2]);
  assert.deepEqual(await idsOf(store, { conversation: "bob" }), []);
  assert.deepEqual(await idsOf(store, { conversation: "#all", text: "two" }), []);
});

each("finds what was said a moment ago, in any script, and takes no text for a query", async (store) => {
  store.commit(
    toAll(1, "Привет, мир", "Café OR bar", "你好世界", "snow ☃ man", "a-b NEAR c*", "'; DROP TABLE search;--"),
  );
  const found = (text: string) => idsOf(store, { text });
  assert.deepEqual(await found("МИР привет"), [1]);
  assert.deepEqual(await found("cafe"), [2]);
  assert.deepEqual(await found("caf*"), []);
  assert.deepEqual(await found("nothing OR bar"), []);
  assert.deepEqual(await found("世界"), [3]);
  assert.deepEqual(await found("☃"), [4]);
  assert.deepEqual(await found("a AND c"), []);
  assert.deepEqual(await found('NEAR("a" c)'), [5]);
  assert.deepEqual(await found("drop table search"), [6]);
  assert.deepEqual(await found("words: bar"), []);
  assert.deepEqual(await found("§1"), []);
  assert.deepEqual(await found('"'), []);
  assert.deepEqual(await found(""), []);
  assert.deepEqual(await found("bar ".repeat(10_000)), [2]);
  assert.deepEqual(await found(Array.from({ length: 3000 }, (_, i) => `w${i}`).join(" ")), []);
});

each("counts its last id from what it was given", (store) => {
  store.commit(turn([
    { id: 5, conversation: "#one", message: "" },
    { id: 6, conversation: "#two", message: "" },
    { id: 9, conversation: "#one", message: "" },
  ]));
  assert.equal(store.snapshot().lastId, 9);
  store.commit(toAll(2 ** 51, "far"));
  assert.equal(store.snapshot().lastId, 2 ** 51);
});

// Laws: a store and the plainest model agree, whatever was said and is asked.

const CONVERSATIONS = ["#all", "#room", between("ann", "bob")];
const WORDS = ["red", "green", "blue", "Синий"];

const turns = fc.array(
  fc.array(
    fc.record({
      gap: fc.nat({ max: 2 }),
      conversation: fc.constantFrom(...CONVERSATIONS),
      message: fc.array(fc.constantFrom(...WORDS), { maxLength: 3 }).map((some) => some.join(", ")),
    }),
    { minLength: 1, maxLength: 8 },
  ),
  { minLength: 1, maxLength: 8 },
);

const bound = fc.option(fc.nat({ max: 120 }), { nil: undefined });
const queries = fc.array(
  fc.record({
    conversation: fc.constantFrom(...CONVERSATIONS),
    before: bound,
    after: bound,
    limit: fc.integer({ min: 1, max: 20 }),
    text: fc.option(fc.subarray(WORDS, { minLength: 1 }).map((some) => some.join(" ").toUpperCase()), {
      nil: undefined,
    }),
  }),
  { minLength: 1, maxLength: 10 },
);

each("answers every query as the plainest model does", async (_, fresh) => {
  await fc.assert(
    fc.asyncProperty(turns, queries, fc.boolean(), async (turns, queries, tended) => {
      const store = fresh();
      const all: Said[] = [];
      let id = 0;
      for (const each of turns) {
        const said = each.map(({ gap, ...rest }) => ({ id: id += 1 + gap, ...rest }));
        all.push(...said);
        await store.commit(turn(said));
        if (tended) store.tend(0);
      }
      for (const query of queries) {
        assert.deepEqual(await read(store, query as Query), model(all, query as Query));
      }
    }),
    { numRuns: 40 },
  );
});

function model(all: Said[], { conversation, before, after, limit, text }: Query): { id: number; message: string }[] {
  const wanted = text?.toLowerCase().split(" ") ?? [];
  const fits = all.filter((said) =>
    said.conversation === conversation && said.id < (before ?? Infinity) && said.id > (after ?? -1) &&
    wanted.every((word) => said.message.toLowerCase().split(", ").includes(word))
  );
  const page = after === undefined ? fits.slice(-limit) : fits.slice(0, limit);
  return page.map(({ id, message }) => ({ id, message }));
}
