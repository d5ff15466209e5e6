import assert from "node:assert/strict";
import fc from "fast-check";
import { COMMON_ROOM } from "../../jim/message.ts";

import { Clock } from "./fake_clock.ts";
import { FakeServer } from "./fake_server.ts";
import { Page } from "./page.ts";

const ME = "ann", OTHER = "bob", ROOM = "#cats";

/** Something that happens to a page, its server and the wire between them. */
type Happening =
  | { what: "others"; to: string; count: number }
  | { what: "send" | "open"; to: string }
  | { what: "readElsewhere"; to: string; left: number }
  | { what: "take" | "give" | "cut"; count: number }
  | { what: "pass"; ms: number }
  | { what: "down" | "back" | "older" | "wake" | "reload" | "unseen" | "seen" | "move" };

const places = fc.constantFrom(COMMON_ROOM, ROOM, OTHER);
const happenings = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        what: fc.constant("others" as const),
        to: places,
        count: fc.constantFrom(1, 1, 1, 2, 60, 700),
      }),
    },
    { weight: 4, arbitrary: fc.record({ what: fc.constantFrom("send" as const, "open" as const), to: places }) },
    {
      weight: 1,
      arbitrary: fc.record({
        what: fc.constant("readElsewhere" as const),
        to: places,
        left: fc.constantFrom(0, 1, 30, 200),
      }),
    },
    {
      weight: 8,
      arbitrary: fc.record({
        what: fc.constantFrom("take" as const, "give" as const),
        count: fc.integer({ min: 1, max: 30 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ what: fc.constant("cut" as const), count: fc.integer({ min: 0, max: 3 }) }) },
    { weight: 3, arbitrary: fc.record({ what: fc.constant("pass" as const), ms: fc.constantFrom(1, 700, 30_000) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        what: fc.constantFrom("down" as const, "back", "older", "wake", "reload", "unseen", "seen", "move"),
      }),
    },
  ),
  { maxLength: 60, size: "max" },
);

for (const account of [undefined, ME]) {
  const who = account === undefined ? "guest" : "member";
  Deno.test(`A ${who}'s page shows each message once and in order, and says each once, whatever breaks when`, () => {
    fc.assert(
      fc.property(happenings, fc.boolean(), fc.boolean(), (all, hasIds, hasMarks) => {
        const server = new FakeServer(account, hasIds, account !== undefined && hasMarks), clock = new Clock();
        // What two guests say to each other is kept by nobody, so no law can hold for it over a break.
        const fits = (to: string) => account === undefined && to === OTHER ? COMMON_ROOM : to;
        const me = { name: ME, method: account === undefined ? "guest" : "login", password: "secret" } as const;
        let page = new Page(server, clock), count = 0;
        const mine: string[] = [];
        page.dispatch({ on: "enter", me });
        clock.pass(1);
        server.take(1);
        server.give(1);

        for (const each of all) {
          switch (each.what) {
            case "others":
              for (let i = 0; i < each.count; i++) {
                const to = fits(each.to);
                server.say(OTHER, to === OTHER ? ME : to, `${++count} of ${OTHER}`);
              }
              break;
            case "send":
              // Only after the login a user can write.
              if (page.state.stage !== "in") break;
              page.dispatch({ on: "open", key: fits(each.to) });
              page.dispatch({ on: "send", text: `${++count} of ${ME}` });
              mine.push(`${count} of ${ME}`);
              break;
            case "open":
              page.dispatch({ on: "open", key: fits(each.to) });
              break;
            case "readElsewhere":
              server.readElsewhere(each.to, each.left);
              break;
            case "take":
            case "give":
            case "cut":
              server[each.what](each.count);
              break;
            case "pass":
              clock.pass(each.ms);
              break;
            case "down":
            case "back":
              server.isDown = each.what === "down";
              break;
            case "move":
              server.move();
              break;
            case "older":
              page.dispatch({ on: "loadOlder" });
              break;
            case "seen":
            case "unseen":
              page.dispatch({ on: "endVisible", is: each.what === "seen" });
              break;
            case "wake":
              page.wake();
              break;
            case "reload": {
              const kept = page.leave();
              if (kept === undefined) page.dispatch({ on: "enter", me });
              else {
                page = new Page(server, clock, kept);
                page.dispatch({ on: "enter", me: page.state.me! });
              }
            }
          }
        }

        server.isDown = false;
        for (let round = 0; round < 200; round++) {
          clock.pass(300);
          server.take(Infinity);
          server.give(Infinity);
        }
        assert.equal(page.state.isReady, true);
        assert.deepEqual(
          server.rows.filter(({ from }) => from === ME).map(({ message }) => message).sort(),
          mine.sort(),
        );
        for (const conversation of page.state.conversations.values()) {
          const past = server.past(conversation.key, ME);
          const shown = page.shown(conversation.key);
          // What is older than the first is for who scrolls up; nothing may be missing behind it.
          assert.deepEqual(shown, past.slice(past.length - shown.length).map(({ message }) => message));
          assert.deepEqual(conversation.outgoing, []);
          const unread = past.filter(({ id, from }) => id > conversation.readTo && from !== ME).length;
          // Beyond, "99+" is said, and after a very long sleep not all of them are counted.
          assert.equal(Math.min(conversation.unread, 100), Math.min(unread, 100));
          assert.ok((server.marks.get(conversation.key) ?? 0) <= conversation.readTo);
          assert.ok(shown.length > 0 || past.length === 0 || conversation.upTo! > 0);
        }
      }),
      { numRuns: 600 },
    );
  });
}
