// The laws of the page with all that a message and a room can go through: edits, deletions, reactions, replies, files, rooms that are
// renamed, cleared, left, removed and made again, old parts of a conversation, searches; with breaks and reloads at any moment.

import assert from "node:assert/strict";
import fc from "fast-check";
import { COMMON_ROOM } from "../../jim/message.ts";
import type { ChatMessage } from "../../web/conversation.ts";
import { threadIn } from "../../web/thread.ts";

import { FakeChat, ME, type Place, type Room, type Row } from "./fake_chat.ts";
import { Clock } from "./fake_clock.ts";
import { Page } from "./page.ts";

const OTHER = "bob",
  NAMES = ["#cats", "#dogs", "#birds"],
  NEW_NAMES = ["#fish", "#mice", "#cows", "#dogs", "#birds"],
  EMOJI = ["🎉", "👍"];

/** Something that happens to the page, its server or the wire between them. */
interface Happening {
  readonly what: keyof typeof HAPPENINGS;
  readonly at: number;
  readonly count: number;
}

/** What is under way in a test. */
class Chat {
  readonly server = new FakeChat();
  readonly clock = new Clock();
  page = new Page(this.server, this.clock);
  /** The texts that were sent, and the rooms or the person that they were typed for. */
  readonly said = new Map<string, Place>();
  /** The files that were chosen for everybody's room and not taken back, with what the server knows them by. */
  readonly files = new Map<number, Set<string>>();
  /** What the tab has kept. */
  stored: string | undefined;
  count = 0;

  constructor() {
    this.server.make("#cats", ME, OTHER);
    this.page.dispatch({ on: "enter", me: { name: ME, method: "login", password: "secret" } });
    for (let round = 0; round < 5; round++) this.settle();
  }

  settle(): void {
    this.clock.pass(300);
    this.page.dispatch({ on: "tick" });
    this.server.take(Infinity);
    this.server.give(Infinity);
  }

  get state() {
    return this.page.state;
  }

  get conversation() {
    return this.state.conversations.get(this.state.open)!;
  }

  /** One of the conversations, or of the other names. */
  place(at: number): string {
    const all = [...new Set([COMMON_ROOM, OTHER, ...NAMES, ...this.state.conversations.keys()])];
    return all[at % all.length]!;
  }

  /** One of the messages that are shown. */
  message(at: number): ChatMessage | undefined {
    const { messages, oldSegment } = this.conversation;
    const all = [...oldSegment?.messages ?? [], ...messages].filter(({ id }) => id !== undefined);
    return all[all.length - 1 - at % all.length];
  }

  room(at: number): Room | undefined {
    const rooms = this.server.rooms.filter(({ isRemoved }) => !isRemoved);
    return rooms[at % rooms.length];
  }
}

const HAPPENINGS = {
  say({ server, state, count: said }: Chat, at: number, count: number) {
    const key = [COMMON_ROOM, OTHER, ...NAMES, state.open][at % 6]!;
    const place = key.startsWith("#") ? server.find(key) : key;
    if (place === undefined) return;
    const past = server.past(place), replied = at % 3 === 0 ? past[at % past.length]?.id : undefined;
    for (let i = 0; i < count; i++) {
      server.say(at % 7 === 0 ? ME : OTHER, place, `${server.log.length} x${said}`, replied);
    }
  },
  edit: ({ server }: Chat, at: number, count: number) => changeOf(server, at, "edit", `edited ${count} ${at}`),
  delete: ({ server }: Chat, at: number) => changeOf(server, at, "delete", ""),
  react: ({ server }: Chat, at: number, count: number) => changeOf(server, at, "reaction", EMOJI[at % 2]!, count < 20),
  rename({ server }: Chat, at: number, count: number) {
    const room = server.rooms.filter(({ isRemoved }) => !isRemoved)[at % 3];
    if (room !== undefined) server.rename(room, NEW_NAMES[count % 5]!);
  },
  clear(chat: Chat, at: number) {
    const room = chat.room(at);
    if (room !== undefined) chat.server.clear(room);
  },
  remove(chat: Chat, at: number) {
    const room = chat.room(at);
    if (room !== undefined) chat.server.remove(room);
  },
  ban(chat: Chat, at: number) {
    const room = chat.room(at);
    if (room !== undefined) chat.server.ban(room);
  },
  make: ({ server }: Chat, at: number) => void server.make(NAMES[at % 3]!, OTHER),

  open: (chat: Chat, at: number) => chat.page.dispatch({ on: "open", key: chat.place(at) }),
  close: (chat: Chat, at: number) => chat.page.dispatch({ on: "close", key: chat.place(at) }),
  type(chat: Chat, _: number, count: number) {
    chat.page.dispatch({ on: "draft", text: `typed ${count}`, key: chat.state.open });
  },
  send(chat: Chat, at: number) {
    const text = `said ${++chat.count}`, { open } = chat.state;
    if (at % 4 === 0) chat.page.dispatch({ on: "replyTo", id: chat.message(at)?.id });
    chat.page.dispatch({ on: "send", text, key: open });
    const place = open.startsWith("#") ? chat.server.find(open) : open, { isMember, wasMember } = chat.conversation;
    // Before the user is in a room its name may come to mean another one.
    if (place !== undefined && (isMember || wasMember)) chat.said.set(text, place);
  },
  change(chat: Chat, at: number, count: number) {
    const message = chat.message(at);
    if (message?.id === undefined || message.isDeleted) return;
    const action = (["edit", "delete", "reaction", "reaction"] as const)[count % 4]!;
    if (action === "edit" && message.from === ME) chat.page.dispatch({ on: "startEdit", id: message.id });
    const text = action === "edit" ? `mine ${count}` : action === "reaction" ? EMOJI[at % 2]! : "";
    chat.page.dispatch({ on: "change", change: { action, of: message.id, text, is: at % 3 !== 0 } });
  },
  upload(chat: Chat) {
    const number = ++chat.count, { open: key } = chat.state;
    if (chat.state.stage !== "in") return; // the field is not there yet
    if (key === COMMON_ROOM) chat.files.set(number, new Set());
    chat.page.dispatch({ on: "upload", file: { number, name: "a", size: 1 }, key });
  },
  sendFile: (chat: Chat, at: number) => sendFile(chat, at, true),
  failFile: (chat: Chat, at: number) => sendFile(chat, at, false),
  retryFile: (chat: Chat) => retryFiles(chat),
  cancelFile(chat: Chat, at: number) {
    const { uploads } = chat.state, number = uploads[at % uploads.length]?.number;
    if (number === undefined) return;
    chat.files.delete(number);
    chat.page.dispatch({ on: "cancelUpload", number });
  },
  thread: (chat: Chat, at: number) =>
    chat.page.dispatch({ on: "thread", id: at % 5 === 0 ? undefined : chat.message(at)?.id }),
  older: (chat: Chat) => chat.page.dispatch({ on: "loadOlder" }),
  gap: (chat: Chat, at: number) => chat.page.dispatch({ on: "fillGap", side: at % 2 === 0 ? "after" : "before" }),
  jump(chat: Chat, at: number) {
    const place = chat.server.find(chat.state.open) ?? chat.state.open, past = chat.server.past(place);
    const id = past[at * 7 % past.length]?.id;
    if (id !== undefined) chat.page.dispatch({ on: "jumpTo", id });
  },
  jumped: (chat: Chat) => chat.page.dispatch({ on: "jumped" }),
  search: (chat: Chat, at: number) => chat.page.dispatch({ on: "search", text: "1", isEverywhere: at % 2 === 0 }),
  more: (chat: Chat) => chat.page.dispatch({ on: "searchMore" }),
  seen: (chat: Chat) => chat.page.dispatch({ on: "endVisible", is: true }),
  unseen: (chat: Chat) => chat.page.dispatch({ on: "endVisible", is: false }),

  take: ({ server }: Chat, _: number, count: number) => server.take(count),
  give: ({ server }: Chat, _: number, count: number) => server.give(count),
  cut: ({ server }: Chat, at: number) => server.cut(at % 4),
  pass({ clock, page }: Chat, at: number) {
    clock.pass([1, 700, 30_000][at % 3]!);
    page.dispatch({ on: "tick" });
  },
  down: ({ server }: Chat) => void (server.isDown = true),
  back: ({ server }: Chat) => void (server.isDown = false),
  reload(chat: Chat) {
    chat.stored = chat.page.leave() ?? chat.stored;
    chat.page = new Page(chat.server, chat.clock, chat.stored);
    chat.page.dispatch({ on: "enter", me: chat.page.state.me! });
  },
};

/** The browser has sent the bytes of a file, or could not. */
function sendFile({ server, state, page, files }: Chat, at: number, isSent: boolean): void {
  const sending = state.uploads.filter((each) => each.state === "sending"), file = sending[at % sending.length];
  if (file === undefined) return;
  files.get(file.number)?.add(file.upload!);
  if (isSent) server.uploads.set(file.upload!, true);
  page.dispatch({ number: file.number, ...isSent ? { on: "uploadDone" } : { on: "uploadFailed", why: "offline" } });
}

function retryFiles({ page, state }: Chat): void {
  for (const { number, state: stage } of state.uploads) {
    if (stage === "failed") page.dispatch({ on: "retryUpload", number });
  }
}

function changeOf(server: FakeChat, at: number, action: "edit" | "delete" | "reaction", text: string, is = true): void {
  const messages = server.log.filter((each) => each.action === "msg");
  const message = messages[messages.length - 1 - at % messages.length];
  if (message === undefined) return;
  const others = typeof message.place === "string" ? [ME, OTHER] : [ME, OTHER, "eve"];
  const from = action === "reaction" ? others[at % others.length]! : message.from;
  server.change(from, action, message.id, text, is);
}

const WEIGHTS: { readonly [What in keyof typeof HAPPENINGS]?: number } = {
  say: 6,
  take: 12,
  give: 12,
  send: 5,
  open: 5,
  change: 4,
  pass: 4,
  back: 2,
  edit: 2,
  react: 2,
};

const happenings = fc.array(
  fc.oneof(
    ...(Object.keys(HAPPENINGS) as (keyof typeof HAPPENINGS)[]).map((what) => ({
      weight: WEIGHTS[what] ?? 1,
      arbitrary: fc.record<Happening>({
        what: fc.constant(what),
        at: fc.nat(40),
        count: what === "say" ? fc.constantFrom(1, 1, 1, 2, 3, 60, 130, 600) : fc.integer({ min: 1, max: 40 }),
      }),
    })),
  ),
  { maxLength: 60, size: "max" },
);

/** What is shown of a message, as a text. */
function shown({ id, text, isDeleted, edited, replyTo, reactions = [], file }: ChatMessage): string {
  const all = reactions.map(({ emoji, count, names }) => `${emoji}${count} ${names.toSorted()}`).sort();
  return JSON.stringify([id, text, isDeleted === true, edited !== undefined, replyTo, all, file !== undefined]);
}

function kept({ id, text, isDeleted, edited, replyTo, reactions, file }: Row): string {
  const all = [...reactions].map(([emoji, names]) => `${emoji}${names.length} ${names.toSorted()}`).sort();
  return JSON.stringify([id, text, isDeleted === true, edited !== undefined, replyTo, all, file !== undefined]);
}

Deno.test("page shows messages as they are now, whatever happens to them and their rooms", () => {
  fc.assert(
    fc.property(happenings, (all) => {
      const chat = new Chat();
      for (const { what, at, count } of all) HAPPENINGS[what](chat, at, count);
      chat.server.isDown = false;
      for (let round = 0; round < 150; round++) {
        chat.settle();
        retryFiles(chat);
        sendFile(chat, round, true);
      }
      checkAll(chat);
    }),
    // With a fixed seed no run of the whole suite fails by chance. With other seeds, and more runs, it is run by hand.
    { numRuns: 120, seed: 1 },
  );
});

function checkAll({ state, server, said, files }: Chat): void {
  assert.deepEqual(state.uploads, []);
  for (const uploads of files.values()) {
    assert.equal(server.log.filter((each) => uploads.has(each.file!)).length, 1, "each file is sent once");
  }
  assert.equal(state.isReady, true, "ready");
  assert.deepEqual([state.pending.asked, state.pending.list], [[], undefined], "nothing waits");
  assert.notEqual(state.change?.state, "asked");
  assert.ok(state.target === undefined || state.target.found, "target");
  assert.ok(state.search === undefined || (state.search.rows !== undefined && !state.search.isLoading), "search");
  const places = new Map<string, Place>();
  for (const { key, isMember, ...conversation } of state.conversations.values()) {
    const place = key.startsWith("#") ? server.find(key) : key;
    if (typeof place === "object") {
      assert.equal(isMember, place.members.has(ME), `in ${key}`);
      if (!isMember) continue;
      assert.equal(key, place.name, "the name of the room");
    }
    if (place === undefined) {
      assert.equal(isMember, false, `no room ${key}`);
      continue;
    }
    places.set(key, place);
    const past = server.past(place).map(kept), messages = conversation.messages.map(shown);
    assert.deepEqual(messages, past.slice(past.length - messages.length), `the end of ${key}`);
    assert.ok(
      messages.length > 0 || past.length === 0 || conversation.upTo! > 0,
      `something of ${key}: ${JSON.stringify(conversation)}`,
    );
    assert.ok(!conversation.isFromStart || messages.length === past.length, "from the start");
    const { oldSegment } = conversation;
    if (oldSegment !== undefined) {
      const old = oldSegment.messages.map(shown), first = past.indexOf(old[0]!);
      assert.deepEqual(old, first < 0 ? "none" : past.slice(first, first + old.length), `an old part of ${key}`);
      assert.equal(oldSegment.isLoading, false, "loading of an old part");
    }
    assert.equal(conversation.isLoading, false, "loading");
    for (const [id, quote] of conversation.quotes) {
      const row = server.row(id);
      assert.equal(quote && shown(quote), row?.place === place ? kept(row) : null, `the quote of ${id}`);
    }
    assert.ok(conversation.outgoing.every((each) => each.state === "refused"), "nothing waits to be sent");
    const { thread } = state;
    if (thread?.key === key && thread.isWhole) {
      const ids = new Set([thread.root]);
      const replies = server.past(place).filter(({ id, replyTo }) => ids.has(replyTo!) && ids.add(id)).map(kept);
      const { replies: rows } = threadIn({ key, isMember, ...conversation }, thread);
      assert.deepEqual(rows.map(shown), replies, "the thread");
    }
  }
  for (const room of server.rooms) {
    assert.ok(room.isRemoved || !room.members.has(ME) || places.has(room.name), `${room.name} is in the list`);
  }
  for (const { id, place, ...row } of state.search?.rows ?? []) {
    const known = server.row(id!);
    if (places.has(place)) assert.equal(shown({ id: id!, ...row }), known && kept(known), `what was found: ${id}`);
  }
  for (const [text, place] of said) {
    const rows = server.log.filter((each) => each.from === ME && each.text === text);
    // Nobody reads a room any more that the user has lost.
    if (typeof place === "object" && (place.isRemoved || !place.members.has(ME))) continue;
    assert.ok(rows.length <= 1, `${text} is said once`);
    assert.ok(rows.every((each) => each.place === place), `${text} is said where it was typed`);
  }
}
