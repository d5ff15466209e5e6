import assert from "node:assert/strict";
import type { Account } from "../../../server/chat/model.ts";
import { RemovedRooms } from "../../../server/chat/removed_rooms.ts";
import type { Recorded, RemovalRecord } from "../../../server/journal/records.ts";

const removal = (id: number, names: readonly string[], more: object = {}) =>
  ({ id, kind: "removal", of: 1, by: "ann", names, time: 1000, ...more }) as const;

const leave = (id: number, more: object = {}) =>
  ({ id, kind: "member", account: 7, room: 1, is: false, ...more }) as const;
const hiding = (id: number, more: object = {}) =>
  ({ id, kind: "settings", room: 1, private: true, announcements: false, by: "ann", ...more }) as const;

Deno.test("a removed room is found by its names for a week, in any case", () => {
  const rooms = new RemovedRooms(), week = 7 * 24 * 3600;
  rooms.add(removal(5, ["#Dogs", "#cats"]));
  for (const name of ["#dogs", "#DOGS", "#cats"]) {
    assert.equal(rooms.find(name, undefined, 1000 + week - 1)?.id, 5);
    assert.equal(rooms.find(name, undefined, 1000 + week), undefined);
  }
  assert.equal(rooms.find("#mice", undefined, 1000), undefined);
});

Deno.test("a removed private room is found by its members alone, and stays when an open one is made", () => {
  const rooms = new RemovedRooms(), member = { id: 7 } as Account, other = { id: 8 } as Account;
  rooms.add(removal(5, ["#plans"], { users: [7] }));
  rooms.forget("#plans");
  assert.equal(rooms.find("#plans", member, 1000)?.id, 5);
  for (const each of [other, undefined]) assert.equal(rooms.find("#plans", each, 1000), undefined);
});

Deno.test("a room made anew is forgotten, and so are all but the latest hundred", () => {
  const rooms = new RemovedRooms();
  for (let id = 1; id <= 101; id++) rooms.add(removal(id, [`#room${id}`]));
  assert.equal(rooms.has(1), false);
  assert.equal(rooms.has(2), true);
  rooms.forget("#ROOM2");
  assert.equal(rooms.has(2), false);
  const unnamed: Recorded<RemovalRecord> = { id: 200, kind: "removal", of: 1 }; // an account, or a room without members
  rooms.add(unnamed);
  assert.equal(rooms.has(200), false);
});

Deno.test("accounts that leave private rooms push out no room that was removed", () => {
  const rooms = new RemovedRooms(), account = { id: 7 } as Account;
  rooms.add(removal(1, ["#cats"]));
  for (let id = 2; id <= 102; id++) rooms.addLeft(leave(id), { name: `#plans${id}`, former: [] }, account);
  assert.deepEqual([1, 2, 3].map((id) => rooms.has(id)), [true, false, true]);
});

Deno.test("a room that is private now is found by everybody, and pushes out no room that was removed", () => {
  const rooms = new RemovedRooms();
  rooms.add(removal(1, ["#cats"]));
  for (let id = 2; id <= 102; id++) rooms.addHidden(hiding(id * 1e6), { name: `#plans${id}`, former: ["#open"] });
  assert.deepEqual([1, 2e6, 3e6].map((id) => rooms.has(id)), [true, false, true]);
  for (const name of ["#Plans102", "#open"]) assert.equal(rooms.find(name, undefined, 102)?.id, 102e6);
});

Deno.test("a room is found for a week from when its record says, since the ids of several servers are no times", () => {
  const week = 7 * 24 * 3600, time = 100 * week, account = { id: 7 } as Account, id = 1e6; // of a chat that began long before
  for (const isLeft of [true, false]) {
    const rooms = new RemovedRooms(), room = { name: "#plans", former: [] };
    if (isLeft) rooms.addLeft(leave(id, { time }), room, account);
    else rooms.addHidden(hiding(id, { time }), room);
    assert.equal(rooms.find("#plans", account, time + week - 1)?.id, id);
    assert.equal(rooms.find("#plans", account, time + week), undefined);
  }
});
