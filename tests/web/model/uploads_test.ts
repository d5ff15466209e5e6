// A file on its way: announced when there is a connection, then sent, then in a message, whatever happens between.
import assert from "node:assert/strict";
import { update } from "../../../web/model.ts";
import { type Effect, type Event, newState, type State } from "../../../web/model/state.ts";
import { parseSnapshot, restore, takeSnapshot } from "../../../web/snapshot.ts";
import { uploadsOf } from "../../../web/model/uploads.ts";
import { inside } from "./model_driver.ts";

class Driver {
  state: State = newState(7);
  effects: Effect[] = [];

  on(...events: Event[]): Effect[] {
    this.effects = [];
    for (const event of events) {
      const { state, effects } = update(this.state, event, 1000);
      this.state = state;
      this.effects.push(...effects);
    }
    return this.effects;
  }

  hear(...objects: object[]): Effect[] {
    return this.on(...objects.map((object): Event => ({ on: "received", object: { ...object } })));
  }

  /** The objects with an action that were sent. */
  sent(action: string): Record<string, unknown>[] {
    return this.effects.flatMap((each) => each.do === "send" && each.object.action === action ? [each.object] : []);
  }

  get uploads() {
    return uploadsOf(this.state, "#all").map(({ name, state, sent, why }) => [name, state, sent, why]);
  }
}

function entered(): Driver {
  const driver = new Driver();
  driver.on({ on: "enter", me: { name: "ann", method: "guest", password: "" } }, { on: "up" });
  driver.hear({ response: 200, alert: "welcome", jim: 1, role: "guest", file_limit: 5000 });
  return driver;
}

const SECRET = "q1YyXfAZ3nVb0d9cK7uWQm2sL5xR8tE4hJ6gP_ozB-I";
const file = { number: 1, name: "cat.png", size: 1000 };

Deno.test("the answer to a login says how large a file may be", () => {
  assert.equal(entered().state.fileLimit, 5000);
});

Deno.test("a file that is empty or too large is not announced, nor after a reload", () => {
  const driver = new Driver();
  driver.state = { ...entered().state, isReady: true };
  for (const [number, size] of [[1, 0], [2, 5001], [3, 5000]] as const) {
    driver.on({ on: "upload", file: { number, name: `${size}`, size } });
    assert.equal(driver.sent("upload").length, size === 5000 ? 1 : 0);
  }
  const known = [["0", "empty", 0, undefined], ["5001", "large", 0, undefined]];
  assert.deepEqual(driver.uploads.slice(0, 2), known);
  driver.state = restore(7, parseSnapshot(takeSnapshot(driver.state, undefined)!)!);
  assert.deepEqual(driver.uploads.slice(0, 2), known);
});

Deno.test("a file that is refused, or that cannot be sent, can be tried again and taken back", () => {
  const driver = new Driver();
  driver.state = { ...entered().state, isReady: true };
  driver.on({ on: "upload", file });
  const [{ to, name, size } = {}] = driver.sent("upload");
  assert.deepEqual([to, name, size], ["#all", "cat.png", 1000]);
  driver.on({ on: "uploadFailed", number: 1, why: { words: "The disk is full" } });
  const failed = [["cat.png", "failed", 0, { words: "The disk is full" }]];
  assert.deepEqual(driver.uploads, failed);
  const reloaded = new Driver();
  reloaded.state = restore(7, parseSnapshot(takeSnapshot(driver.state, undefined)!)!);
  assert.deepEqual(reloaded.uploads, failed, "after a reload, too");
  driver.on({ on: "retryUpload", number: 1 });
  assert.equal(driver.sent("upload").length, 1);
  assert.deepEqual(driver.uploads, [["cat.png", "asked", 0, undefined]]);
  driver.on({ on: "down" });
  assert.deepEqual(driver.uploads, [["cat.png", "queued", 0, undefined]], "it is announced again");
  const effects = driver.on({ on: "cancelUpload", number: 1 });
  assert.deepEqual(effects.filter((each) => each.do === "cancelUpload"), [{
    do: "cancelUpload",
    number: 1,
    upload: undefined,
  }]);
  assert.deepEqual(driver.uploads, []);
});

Deno.test("a file that the server has a part of goes on after the page is loaded again", () => {
  const driver = new Driver();
  driver.state = inside().state;
  driver.on({ on: "upload", file });
  driver.hear({ response: 201, alert: "created", upload: SECRET });
  driver.on({ on: "uploadProgress", number: 1, sent: 400 });
  driver.state = { ...restore(7, parseSnapshot(takeSnapshot(driver.state, undefined)!)!), stage: "in", isReady: true };
  assert.deepEqual(driver.uploads, [["cat.png", "queued", 400, undefined]]);
  const resumed: Effect = { do: "upload", number: 1, upload: SECRET, isResumed: true };
  assert.deepEqual(driver.on({ on: "tick" }).filter((each) => each.do === "upload"), [resumed]);
  driver.on({ on: "uploadFailed", number: 1, why: "offline" });
  const effects = driver.on({ on: "retryUpload", number: 1 });
  assert.deepEqual(effects.filter((each) => each.do === "upload"), [resumed], "it goes on where it broke off");
  driver.on({ on: "uploadFailed", number: 1, why: { words: "no such upload" } });
  driver.on({ on: "retryUpload", number: 1 });
  assert.equal(driver.sent("upload").length, 1, "what is refused is announced again");
  driver.on({ on: "uploadGone", number: 1 });
  driver.state = restore(7, parseSnapshot(takeSnapshot(driver.state, undefined)!)!);
  assert.deepEqual(driver.uploads.map(([, state]) => state), ["gone"]);
});

Deno.test("files on their way are taken back when the user leaves, or comes in by another name", () => {
  const other: Event = { on: "enter", me: { name: "eve", method: "guest", password: "" } };
  for (const event of [{ on: "quit" } as const, other]) {
    const driver = new Driver();
    driver.state = inside().state;
    driver.on({ on: "upload", file });
    driver.hear({ response: 201, alert: "created", upload: SECRET });
    const effects = driver.on(event).filter((each) => each.do === "cancelUpload");
    assert.deepEqual(effects, [{ do: "cancelUpload", number: 1, upload: SECRET }]);
  }
});

Deno.test("a file that is taken back before the answer to its announcement is taken back on the server, too", () => {
  const driver = new Driver();
  driver.state = inside().state;
  driver.on({ on: "upload", file }, { on: "cancelUpload", number: 1 });
  const effects = driver.hear({ response: 201, alert: "created", upload: SECRET });
  assert.deepEqual(effects, [{ do: "cancelUpload", number: 1, upload: SECRET }]);
});
