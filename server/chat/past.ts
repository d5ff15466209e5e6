/** What was said: a page of it, a search in it, and what somebody missed. */
import { COMMON, ok, type Past, quote } from "../../jim/mod.ts";
import type { Chat } from "./chat.ts";
import { between, called } from "./msg.ts";
import { deny } from "./replies.ts";
import type { Person, Scene } from "./voice.ts";

export function past<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, asked: Past): void {
  const { room, with: other, before, after, limit, text } = asked;
  if (room !== undefined && room !== COMMON) {
    if (!chat.rooms.has(room)) return deny(scene, who, 404, "noroom", { at: "room", got: quote(room) });
    if (!chat.membership(who).rooms.has(room)) {
      return deny(scene, who, 403, "outside", { at: "room", got: quote(room) });
    }
  }
  // A guest has no past with anybody: the name may have been another's yesterday.
  if (other !== undefined && !who.proved) return deny(scene, who, 401, "own", { got: quote(other) });
  const conversation = other === undefined ? room! : between(who.name!, called(other, chat.accounts.has(other)));
  const page = {
    kind: "page",
    conversation,
    limit,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(text === undefined ? {} : { text }),
  } as const;
  scene.voice.errand(who, page, (scene, lines) => {
    const { voice, now } = scene;
    if (lines === undefined) return deny(scene, who, 500, "store");
    voice.answer(who, { ...ok(now, 202), quantity: lines.length });
    voice.replay(who, lines);
  });
}

/** Sends an account what it missed of its rooms and of what was said to it alone; a page of each, the rest by history. */
export function missed<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P): void {
  const limit = chat.rules.replay;
  if (limit === 0) return;
  scene.voice.errand(
    who,
    { kind: "missed", account: who.name!, rooms: [...chat.membership(who).rooms], limit },
    ({ voice }, lines) => {
      if (lines !== undefined) voice.replay(who, lines);
    },
  );
}
