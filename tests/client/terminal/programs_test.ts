// `/hooks`, `/bots` and `/export`.
import assert from "node:assert/strict";
import type { FileWork } from "../../../client/terminal/file_task.ts";
import { JIM, meet, OK, seen } from "./meet.ts";

function here() {
  const all = meet("ann", { columns: 160 });
  all.connect(JIM);
  all.serve();
  return all;
}

/** What is asked without its time. */
function asked(all: ReturnType<typeof here>): object[] {
  return all.said().map(({ time: _, ...rest }) => rest);
}

const noWork = {} as FileWork;

Deno.test("/hooks lists the hooks of the room in front, whatever they are called, makes one, and removes one", () => {
  const all = here(), { type, hear, look } = all;
  type("/hooks\r");
  assert.deepEqual(asked(all), [{ action: "hooks", room: "#all" }]);
  hear(
    { response: 202, quantity: 2 },
    { action: "hook_list", hook: "q1Yy", room: "#all", name: "ci (hook)", by: "Bo Li", since: 1_764_000_000 },
    { action: "hook_list", hook: "8@x", name: "\x1b[2J (hook)", by: 7 },
  );
  assert.equal(seen(look(), /q1Yy {2}ci \(hook\), by "Bo Li", since .*\d\d:\d\d/), 1);
  assert.equal(seen(look(), /8@x {2}␛\[2J \(hook\), by "", since \?/), 1);
  assert.equal(seen(look(), /\/hooks del ID removes one of them/), 1);
  type("/hooks add night build\r");
  assert.deepEqual(asked(all), [{ action: "add_hook", room: "#all", name: "night build" }]);
  hear({ response: 201, alert: "created", hook: "q1Yy", token: "SECRET" });
  assert.equal(seen(look(), /night build speaks in #all by a POST to this path .* It is shown this once:/), 1);
  assert.equal(seen(look(), /^ +\/hooks\/SECRET$|· \/hooks\/SECRET$/), 1);
  type("/hooks del q1Yy\r");
  assert.deepEqual(asked(all), [{ action: "del_hook", room: "#all", hook: "q1Yy" }]);
  hear(OK);
  assert.equal(seen(look(), /The hook q1Yy is removed/), 1);
  type("/hooks\r");
  asked(all);
  hear({ response: 403, error: "not yours" });
  assert.equal(seen(look(), /! The server refuses \/hooks: not yours/), 1);
  type("/hooks\r");
  asked(all);
  hear({ response: 202, quantity: 0 });
  assert.equal(seen(look(), /#all has no hooks/), 1);
  for (const wrong of ["/hooks add", "/hooks ci", "/bots helper", "/bots add"]) type(`${wrong}\r`);
  assert.equal(seen(look(), /! Cannot read "\/\w+.*": expected \/(hooks|bots) \[add NAME/), 4);
  assert.deepEqual(asked(all), []);
});

Deno.test("/bots lists the bots, gives one a token, which is shown once, and removes one", () => {
  const all = here(), { type, hear, look } = all;
  type("/bots\r");
  assert.deepEqual(asked(all), [{ action: "bots" }]);
  hear(
    { response: 202, quantity: 2 },
    { action: "bot_list", user_id: "helper", online: true, seen: 1_764_000_000 },
    { action: "bot_list", user_id: "Old Bot", online: false, seen: 1_764_000_000 },
  );
  assert.equal(seen(look(), /helper: connected$/), 1);
  assert.equal(seen(look(), /"Old Bot": last used .*\d\d:\d\d/), 1);
  const orders = [["add", "add_bot"], ["token", "bot_token"]] as const;
  for (const [order, action] of orders) {
    type(`/bots ${order} helper\r`);
    assert.deepEqual(asked(all), [{ action, user_id: "helper" }]);
    hear({ response: 201, alert: "the token is shown this once", token: `TOKEN-${order}` });
    assert.equal(seen(look(), new RegExp(`TOKEN-${order}$`)), 1);
  }
  type('/bots del "Old Bot"\r');
  assert.deepEqual(asked(all), [{ action: "del_bot", user_id: "Old Bot" }]);
  hear(OK);
  assert.equal(seen(look(), /The bot "Old Bot" is removed/), 1);
  type("/bots\r");
  asked(all);
  hear({ response: 403, error: "no" });
  assert.equal(seen(look(), /! Cannot \/bots: it is for operators/), 1);
});

/** Performs a task, and answers what it asks by its action and place. */
async function exported(all: ReturnType<typeof here>, answers: (asked: Record<string, unknown>) => object[]) {
  const { controller } = all, saved: string[] = [];
  const work: FileWork = {
    ...noWork,
    saveText(name, text, path) {
      saved.push(text);
      return Promise.resolve(path ?? `files/${name}`);
    },
  };
  for (const task of controller.takeTasks()) {
    let isDone = false;
    const ended = task(work, (act) => act(all.now)).then((act) => {
      isDone = true;
      controller.taskDone(act, all.now);
    });
    for (let turn = 0; !isDone && turn < 100; turn++) {
      for (const each of all.said()) all.hear(...answers(each));
      await Promise.resolve();
    }
    assert.ok(isDone);
    await ended;
  }
  return saved;
}

Deno.test("/export saves all that is kept about the account as it was sent, with its own messages in rooms", async () => {
  const all = here(),
    about = [
      { action: "account_list", user_id: "ann", role: "account" },
      { action: "session_list", session: "q1", device: "desk" },
      { action: "room_list", room: "#cats", topic: "asleep" },
      { action: "conversation_list", with: "bob" },
    ];
  const said = (id: number, from: string, to: string) => ({ action: "msg", id, from, to, message: `${id}` });
  const past: Readonly<Record<string, readonly object[]>> = {
    "#all": [said(1, "ann", "#all"), said(2, "bob", "#all")],
    "#cats": [],
    bob: [said(3, "ann", "bob"), { ...said(4, "bob", "ann"), unheard: ["of"] }],
  };
  all.type("/export\r");
  const saved = await exported(all, ({ action, room, with: person }) => {
    const rows = action === "export" ? about : past[(room ?? person) as string]!;
    return [{ response: 202, quantity: rows.length }, ...rows];
  });
  const lines = saved.join("").trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines, [...about, past["#all"]![0], ...past.bob!]);
  assert.equal(seen(all.look(), /· 7 lines are saved as files\/hanita-ann\.jsonl$/), 1);
});

Deno.test("/export says why there is nothing: a refusal, or a connection that ends", async () => {
  const all = here();
  all.type('/export "my data.jsonl"\r');
  assert.deepEqual(await exported(all, () => [{ response: 401, error: "for accounts" }]), []);
  assert.equal(seen(all.look(), /! The server refuses \/export: for accounts/), 1);
  all.type("/export\r");
  const saved = exported(all, () => {
    all.lose();
    return [];
  });
  assert.deepEqual(await saved, []);
  assert.equal(seen(all.look(), /! The connection was lost before the answer to \/export/), 1);
  all.type("/export\r");
  assert.equal(seen(all.look(), /! Cannot \/export: not connected/), 1);
});
