import assert from "node:assert/strict";
import { log } from "../../log/decorator.ts";
import { openLog } from "../../log/open.ts";
import { may } from "../may.ts";
import { makeFolder } from "./folder.ts";

const ignore = !may("read", "write");

/** What is logged at debug level while `act` runs, from the module on. */
async function logged(act: () => unknown): Promise<string[]> {
  using folder = makeFolder();
  const now = () => new Date(2026, 10, 22, 12);
  using _log = openLog({ program: "server", dir: folder.path, level: "debug", now });
  await act();
  return folder.lines("log/server-2026-11-22.log").map((line) => line.replace(/^\S+ debug /, "").replace(/:\d+$/, ""));
}

class Chat {
  #names: string[] = [];

  @log
  join(name: string, options?: object): string {
    this.#names.push(name);
    return `${this.#names.length} ${name} ${options ? "with" : "without"}`;
  }

  @log
  async answer(question: string): Promise<string> {
    await Promise.resolve();
    return `${this.#names.join()}: ${question}`;
  }

  @log
  fail(): never {
    throw new TypeError("No such room");
  }

  @log
  async failLater(): Promise<void> {
    await Promise.resolve();
    throw new TypeError("No such person");
  }

  @log.in("rooms")
  static open(room: string): string {
    return `${this.name} ${room}`;
  }

  @log
  get size(): number {
    return this.#names.length;
  }

  joinTwice(name: string): void {
    this.join(name);
    this.join(name);
  }
}

const add = log(function add(a: number, b: number): number {
  return a + b;
});

Deno.test("log leaves this, results, errors and promises as they are, whether it is off or on", async () => {
  const use = async () => {
    const chat = new Chat();
    assert.equal(chat.join("Ann"), "1 Ann without");
    assert.equal(chat.join("Bob", {}), "2 Bob with");
    assert.equal(await chat.answer("who?"), "Ann,Bob: who?");
    assert.throws(() => chat.fail(), new TypeError("No such room"));
    await assert.rejects(chat.failLater(), new TypeError("No such person"));
    assert.equal(Chat.open("#all"), "Chat #all");
    assert.equal(chat.size, 2);
    assert.equal(add(1, 2), 3);
  };
  await use();
  if (!ignore) await logged(use);
});

Deno.test("log keeps the name and the length of what it wraps", () => {
  assert.deepEqual([add.name, add.length], ["add", 2]);
  assert.deepEqual([Chat.prototype.join.name, Chat.prototype.join.length], ["join", 2]);
});

Deno.test({
  name: "log writes the name, the arguments and the function that called, the module being the file or what was said",
  ignore,
  fn: async () => {
    const chat = new Chat();
    function onTurn() {
      chat.join("Ann", { room: "#all" });
      Chat.open("#all");
      chat.size;
      chat.joinTwice("Bob");
      add(1, 2);
    }
    assert.deepEqual(await logged(onTurn), [
      'decorator_test join called with ["Ann", {room: "#all"}] from onTurn decorator_test.ts',
      'rooms open called with ["#all"] from onTurn decorator_test.ts',
      "decorator_test size called with [] from onTurn decorator_test.ts",
      'decorator_test join called with ["Bob"] from Chat.joinTwice decorator_test.ts',
      'decorator_test join called with ["Bob"] from Chat.joinTwice decorator_test.ts',
      "decorator_test add called with [1, 2] from onTurn decorator_test.ts",
    ]);
  },
});

Deno.test({
  name: "log finds the caller when it is decorated itself, asynchronous, a constructor, or behind a built-in",
  ignore,
  fn: async () => {
    const chat = new Chat();
    const outer = log(function outer() {
      add(1, 2);
    });
    async function later() {
      await Promise.resolve();
      await chat.answer("?");
    }
    class Maker {
      constructor() {
        add(3, 4);
      }
    }
    function each() {
      [5, 6].reduce(add);
    }
    const lines = await logged(async () => {
      outer();
      await later();
      new Maker();
      each();
    });
    const callers = lines.map((line) => line.replace(/.* from /, "").replace(" decorator_test.ts", ""));
    assert.deepEqual(callers.slice(1), ["outer", "later", "new Maker", "each"]);
  },
});

Deno.test({
  name: "log says the runtime when nobody called",
  ignore,
  fn: async () => {
    const lines = await logged(() => new Promise<void>((resolve) => queueMicrotask(log(resolve))));
    assert.match(lines[0]!, / called with \[\] from the runtime$/);
  },
});

Deno.test({
  name: "log hides a secret, as a field of an argument and as a parameter",
  ignore,
  fn: async () => {
    const verify = log(function verify(name: string, password: string) {
      return name + password;
    });
    const register = log(function register(name: string, _at = Number(String(1)), password = "") {
      return name + password;
    });
    const lines = await logged(() => {
      new Chat().join("Ann", { user: { password: "hunter2" } });
      verify("Ann", "hunter2");
      register("Ann", 5, "hunter2");
    });
    assert.match(lines[0]!, /called with \["Ann", \{user: \{password: \*\*\*\}\}\]/);
    assert.match(lines[1]!, /called with \*\*\* from /);
    assert.match(lines[2]!, /register called with \*\*\* from /);
  },
});
