// What the account tool does to a chat of several servers: one entry of their log, on the newest state, exactly once.
import assert from "node:assert/strict";
import type { State } from "../../../server/chat/state.ts";
import { JournalFailure } from "../../../server/journal/contract.ts";
import type { OpenLog } from "../../../server/journal/nats/log.ts";
import type { StateProposal } from "../../../server/journal/records.ts";
import { Refused } from "../../../tools/refused.ts";
import { execute } from "../../../tools/account/command.ts";
import { SharedAccounts } from "../../../tools/account/shared_accounts.ts";
import { english } from "../../../tools/words/english.ts";
import { ChatLog } from "../../chat/shared_log.ts";
import { until } from "../../chat/within.ts";
import { type FakeLogOptions, type FakeMember, type Fault } from "../../server/journal/nats/fake_log.ts";

const account = (name: string): StateProposal => ({ kind: "account", name, password: "x", operator: false });
const names = (state: State) => [...state.accounts()].map(({ name }) => name).sort();
const WAITS = { settle: 0, patience: 300 };

/** The tool on a log, and its link. */
async function opened(log: ChatLog, waits = WAITS) {
  let link: FakeMember | undefined;
  const openLog: OpenLog = async (options) => {
    const { log: member, peers } = await log.hub.open(options);
    link = member;
    return { log: member, peers };
  };
  const accounts = await SharedAccounts.open(openLog, english, waits);
  return {
    accounts,
    link: link!,
    [Symbol.asyncDispose]: () => accounts.close(),
  };
}

Deno.test("a change is one entry of the log, decided on all that is there", async () => {
  const log = new ChatLog();
  log.say(account("ann"), { kind: "motd", text: "hello" });
  await using tool = await opened(log);
  assert.deepEqual(names(tool.accounts.state), ["ann"]);
  log.say(account("bob"));
  const { last } = log.hub, seen: string[][] = [];
  await tool.accounts.change((state) => {
    seen.push(names(state));
    return [account("eve")];
  });
  assert.deepEqual(seen, [["ann", "bob"]]);
  assert.equal(log.hub.last, last + 1);
  for (const state of [log.state(), tool.accounts.state]) assert.deepEqual(names(state), ["ann", "bob", "eve"]);
  await tool.accounts.change(() => []);
  assert.equal(log.hub.last, last + 1, "nothing to change");
});

Deno.test("a record that has lost to one of a server is decided anew", async () => {
  const log = new ChatLog();
  await using tool = await opened(log);
  log.hub.held = [];
  const changed = tool.accounts.change((state) => {
    if (state.account("ann") !== undefined) throw new Refused("taken");
    return [account("Ann")];
  });
  changed.catch(() => {});
  await until("the change's entry", () => log.hub.held!.length > 0);
  log.say(account("ann"));
  for (const arrive of log.hub.held.splice(0)) arrive();
  log.hub.held = undefined;
  await assert.rejects(changed, new Refused("taken"));
  assert.deepEqual(names(log.state()), ["ann"]);
});

for (const command of ["demote", "remove"] as const) {
  Deno.test(`two tools that ${command} the last two operators at once leave one`, async () => {
    const log = new ChatLog();
    log.say(
      { ...account("ann"), operator: true } as StateProposal,
      { ...account("bob"), operator: true } as StateProposal,
    );
    await using one = await opened(log);
    await using two = await opened(log);
    const newPassword = () => Promise.resolve({ hash: "" }), warn = () => {};
    log.hub.held = [];
    const order = async (tool: typeof one, name: string) =>
      await execute({ accounts: tool.accounts, texts: english, newPassword, warn }, {
        command,
        name,
        newName: "",
        operator: false,
        force: false,
      });
    const both = Promise.allSettled([order(one, "ann"), order(two, "bob")]);
    await until("both entries", () => log.hub.held!.length >= 2);
    for (const arrive of log.hub.held.splice(0)) arrive();
    log.hub.held = undefined;
    const results = await both;
    assert.deepEqual(results.map(({ status }) => status), ["fulfilled", "rejected"]);
    assert.match(`${(results[1] as PromiseRejectedResult).reason.message}`, /bob is the last operator/);
    assert.equal([...log.state().accounts()].filter(({ operator }) => operator).length, 1);
  });
}

const faults: [Fault, FakeLogOptions?][] = [["unanswered"], ["swallow"]];
for (const [fault] of faults) {
  Deno.test(`a change of which the entry is ${fault} is made once when the link works again`, async () => {
    const log = new ChatLog();
    await using tool = await opened(log, { settle: 0, patience: 10_000 });
    tool.link.failNext(fault);
    const changed = tool.accounts.change(() => [account("ann")]);
    await until("the change's entry to be under way", () => tool.link.busy);
    await new Promise((resolve) => setTimeout(resolve, 5));
    tool.link.repair();
    await changed;
    assert.deepEqual(names(log.state()), ["ann"]);
    assert.equal(log.records().length, 1);
  });
}

Deno.test("a change that the log refuses is a failure, and one without an answer is told so", async () => {
  const log = new ChatLog();
  await using tool = await opened(log);
  tool.link.failNext("refuse");
  await assert.rejects(tool.accounts.change(() => [account("ann")]), JournalFailure);
  await using other = await opened(log);
  other.link.failNext("swallow");
  await assert.rejects(other.accounts.change(() => [account("ann")]), new Refused(english.changeUnknown));
  assert.deepEqual(names(log.state()), []);
});

Deno.test("nothing is appended while the servers have more of the log than the broker", async () => {
  const log = new ChatLog(), server = log.hub.join();
  const answer = () => {
    for (const { from, kind } of server.peers.take()) {
      const bytes = new Uint8Array(24), view = new DataView(bytes.buffer);
      view.setFloat64(0, log.base);
      view.setFloat64(8, log.hub.last + 5);
      if (kind === "progress?") server.peers.send(from, "applied", bytes);
    }
  };
  const timer = setInterval(answer, 1);
  try {
    await using tool = await opened(log, { settle: 20, patience: 300 });
    const { last } = log.hub;
    await assert.rejects(tool.accounts.change(() => [account("ann")]), new Refused(english.brokerSilent));
    assert.equal(log.hub.last, last);
  } finally {
    clearInterval(timer);
    await server.close();
  }
});

Deno.test("an entry that is larger than the broker takes goes in in parts", async () => {
  const log = new ChatLog();
  await using tool = await opened(log);
  Object.defineProperty(tool.link, "maxBytes", { value: 200 });
  await tool.accounts.change(() => Array.from({ length: 20 }, (_, i) => account(`account ${i}`)));
  assert.equal(names(log.state()).length, 20);
  assert.equal(names(tool.accounts.state).length, 20);
});

Deno.test("a log that no server has begun is refused", async () => {
  const log = new ChatLog();
  log.hub.entries = [];
  await assert.rejects(opened(log), new Refused(english.chatNotBegun));
});
