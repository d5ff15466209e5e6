// In a terminal of 40 columns no row is broken by the terminal, whatever the language and however long the names are.

import assert from "node:assert/strict";
import { help, type Language } from "../../cli/mod.ts";
import { program as clientProgram } from "../../client/options.ts";
import { languages } from "../../jim/mod.ts";
import { program as serverProgram } from "../../server/options.ts";
import { JIM, meet, msg } from "../client/terminal/meet.ts";

const COLUMNS = 40;
const LONG = "Константин-Александрович", WIDE = "漢".repeat(25), ROOM = "#комната седьмого урока";
const TEXT = "быть или не быть, вот в чём вопрос 漢字 ".repeat(8);

function everything(lang: Language) {
  const all = meet("ann", { lang, columns: COLUMNS });
  const { type, hear, said, pass, controller, lose, serve } = all;
  const answer = (code: number, ...rows: object[]) => {
    said();
    hear({ response: code, quantity: rows.length, error: TEXT }, ...rows);
  };
  all.connect({ ...JIM, role: "guest" });
  serve();
  pass(6_000);
  for (const from of ["bob", LONG, WIDE]) {
    hear(
      msg(from, TEXT, { id: 1 }),
      msg(from, "да", { to: "ann", role: "account" }),
      msg(from, TEXT, { to: "ann", guest: 12 }),
      ...["online", "offline"].map((state) => ({
        ...{ action: "presence", time: 0, state, role: "account" },
        user: { account_name: from, status: TEXT },
      })),
    );
  }
  type("/help\r/foo\r/jion\r/kick\r/login a b c d\r//текст\r");
  said();
  hear({ response: 200 });
  type(`/join ${ROOM}\r`);
  answer(200);
  serve();
  type("/who\r");
  const people = [LONG, WIDE, "Ким Ли", "bob"];
  answer(202, ...people.map((user_id) => ({ action: "online_list", user_id, role: "account", guests: 3 })));
  type("/rooms\r");
  answer(202, { action: "room_list", room: ROOM, member: true }, { action: "room_list", room: `#${WIDE}` });
  type("/bans\r");
  const ban = { action: "ban_list", until: 1_764_000_000, by: LONG, reason: TEXT };
  answer(202, { ...ban, kind: "mute", user_id: WIDE }, { ...ban, address: "2001:db8:1234:5678:9abc:def0:1234:0/112" });
  for (const command of ["/history", "/search быть"]) {
    type(`${command}\r`);
    answer(202, msg(LONG, TEXT, { to: ROOM }), msg("bob", TEXT, { time: 1_764_000_000, to: ROOM }));
  }
  for (const command of [`/mute "${LONG}" 10m`, `/contacts add ${LONG}`, "/contacts", "/kick bob", "/rooms"]) {
    type(`${command}\r`);
    answer(command === "/rooms" ? 500 : 200);
  }
  type(`/ignore ${LONG}\r/ignore\r/unignore ${LONG}\r/unignore bob\r/ignore ann\r/room\r/msg \t\x15`);
  type(`/room ${LONG}\r/room ${WIDE}\r/leave\r/leave #all\r/room #нет\r`);
  pass(11_000);
  lose();
  type("/who\rраз\r");
  controller.connected(0);
  said();
  hear({ ...JIM, role: "guest" });
  serve();
  hear({ response: 101, alert: TEXT }, { response: 400, error: TEXT });
  return all;
}

for (const lang of languages) {
  Deno.test(`Controller in ${lang} has no row of more than ${COLUMNS} columns`, () => {
    const { look, screen } = everything(lang);
    assert.ok(look().length > 300, String(look().length));
    assert.deepEqual(screen.broken, []);
  });

  Deno.test(`--help in ${lang} has no row of more than ${COLUMNS} columns`, () => {
    for (const shown of [help(clientProgram, lang, COLUMNS), help(serverProgram, lang, COLUMNS)]) {
      for (const row of shown.split("\n")) assert.ok(row.length <= COLUMNS, row);
    }
  });
}

Deno.test("Controller in Russian says nothing of its own in English", () => {
  const shown = everything("ru").look().join(" ").replace(/\s+/g, " ");
  const names = /\b(ann|bob|Hanita|Tab|Enter)\b|[/#@]\S+/g,
    written =
      /\b(?:from|in|before):\S*|\[add|\/?\b(?:operator|messages|status|account|rooms)\b|\| del|"[^"]*"|\b(10m|n|s m h d w)\b|2001\S+/g;
  assert.deepEqual(shown.replace(names, "").replace(written, "").match(/[a-z]+/gi), null);
});
