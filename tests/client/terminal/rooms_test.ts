import assert from "node:assert/strict";
import { type Fields, JIM, meet, msg, OK, seen } from "./meet.ts";

/** Somebody in #cats. */
function inside() {
  const all = meet();
  all.connect(JIM);
  all.serve();
  all.type("/join #cats\r");
  all.serve();
  return all;
}
const told = (action: string, more: object = {}) => ({ action, time: 5, room: "#cats", by: "bob", ...more });

Deno.test("a command about a room asks for what it says, and tells what has come of it", () => {
  const { type, said, hear, look } = inside();
  const commands: [line: string, asked: object, shown: RegExp | undefined][] = [
    [
      "/rank bob moderator",
      { action: "rank", user_id: "bob", rank: "moderator" },
      /· bob is a moderator of #cats now$/,
    ],
    ["/invite bob", { action: "invite", user_id: "bob" }, /· bob is invited into #cats$/],
    ["/uninvite bob", { action: "uninvite", user_id: "bob" }, /· bob is not invited into #cats any more$/],
    ["/set private", { action: "configure", private: true }, /· Only those see #cats that are invited$/],
    ["/set announcements", { action: "configure", announcements: true }, /· Only owners write in #cats$/],
    ["/rename #dogs", { action: "rename", name: "#dogs" }, undefined],
    ["/clearroom #cats", { action: "clear" }, undefined],
    ["/removeroom #cats", { action: "remove" }, undefined],
    ["/kick #cats bob spam", { action: "kick", user_id: "bob", reason: "spam" }, /· bob is put out$/],
    ["/mute #cats bob 10m", { action: "mute", user_id: "bob", for: "10m" }, /· bob is muted until/],
  ];
  for (const [line, expected, shown] of commands) {
    type(`${line}\r`);
    const [{ time: _, ...asked }] = said() as [{ time: number }];
    assert.deepEqual(asked, { room: "#cats", ...expected }, line);
    hear(OK);
    const screen = look();
    if (shown !== undefined) assert.equal(seen(screen, shown), 1, line);
  }
  type("/group bob eve\r");
  assert.deepEqual((said()[0] as { users?: string[] }).users, ["bob", "eve"]);
  hear({ response: 201, alert: "ok", room: "#group-1" });
  assert.match(look().join("\n"), /#group-1 ›/);
  for (const line of ["/rank bob king", "/set secret", "/group bob", "/invite", "/clearroom", "/unpin x"]) {
    type(`${line}\r`);
    assert.equal(seen(look(), new RegExp(`! Cannot read "${line}"`)), 1, line);
  }
  type("/room #all\r/members\r");
  assert.equal(seen(look(), /! \/members is for rooms, and #all is none$/), 1);
});

Deno.test("/members lists ranks, and /pins the texts of what is pinned", () => {
  const { type, said, hear, look } = inside();
  type("/members\r");
  assert.equal(said()[0]!.action, "members");
  const row = { action: "member_list", role: "account", online: true };
  hear(
    { response: 202, quantity: 3 },
    { ...row, user_id: "ann", rank: "owner" },
    { ...row, user_id: "bob", online: false, invited: true },
    { ...row, user_id: "zoe", role: "guest" },
  );
  const screen = look();
  for (const line of [/ann: owner$/, /bob: invited, offline$/, /zoe: guest$/]) assert.equal(seen(screen, line), 1);
  type("/pins\r");
  assert.equal(said()[0]!.action, "pins");
  hear({ response: 202, quantity: 1 }, { action: "pin_list", room: "#cats", id: 7, by: "ann", time: 5 });
  const [asked] = said() as unknown as [{ action: string; before: number; limit: number }];
  assert.deepEqual([asked.action, asked.before, asked.limit], ["history", 8, 1]);
  hear({ response: 202, quantity: 1 }, {
    action: "msg",
    time: 5,
    to: "#cats",
    from: "ann",
    message: "the rules",
    id: 7,
  });
  assert.equal(seen(look(), /· 1\. ann: the rules$/), 1);
});

Deno.test("what others do with a room is told, and the client follows it to another name and out", () => {
  const { hear, look, said, type } = inside();
  hear(
    told("rank", { user_id: "me", rank: "owner" }),
    told("rank", { user_id: "eve", rank: "moderator" }),
    told("configure", { private: true, announcements: false }),
    told("clear"),
    { action: "pin", time: 5, to: "#cats", of: 7, is: true, by: "bob" },
    told("invite", { room: "#plans" }),
    told("group", { room: "#group-2", users: ["bob", "me", "eve"] }),
    told("rename", { name: "#dogs" }),
  );
  const screen = look();
  for (
    const line of [
      /· bob has made eve a moderator of #cats$/,
      /· bob: #cats is private, and all members write there$/,
      /· bob has deleted all messages of #cats$/,
      /· bob has pinned "an earlier message" in #cats$/,
      /· bob invites you into #plans/,
      /· bob has taken you into the group #group-2: bob, me, eve$/,
      /· bob: #cats is #dogs now$/,
    ]
  ) assert.equal(seen(screen, line), 1, String(line));
  assert.match(screen.join("\n"), /#dogs ›/);
  type("woof\r");
  assert.equal((said() as { to?: string }[]).find(({ to }) => to !== undefined)?.to, "#dogs");
  hear(OK, told("kick", { room: "#dogs", reason: "noise" }));
  const after = look();
  assert.equal(seen(after, /! bob has put you out of #dogs: noise$/), 1);
  assert.match(after.join("\n"), /#all ›/);
});

Deno.test("what is known of a room's messages and files is known under its new name", () => {
  const { hear, look, said, type, controller } = inside();
  const file = { name: "a.txt", size: 5, type: "text/plain", sha256: "a".repeat(64), key: "KEY" };
  hear(msg("bob", "meow", { to: "#cats", id: 7, file }));
  type("/search meow\r");
  said();
  hear({ response: 202, quantity: 1 }, msg("bob", "meow", { to: "#cats", id: 7 }), told("rename", { name: "#dogs" }));
  type("/reply bob woof\r");
  const [{ to, reply_to }] = said() as [Fields];
  assert.deepEqual([to, reply_to], ["#dogs", 7]);
  assert.equal(seen(look(), /> bob: meow$/), 1);
  type("/save\r");
  assert.equal(controller.takeTasks().length, 1);
  type("/around 1\r");
  assert.equal(said().find(({ action }) => action === "history")!.room, "#dogs");
});
