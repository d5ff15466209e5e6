/**
 * The topic of a room. Members set it. Sessions with the feature `topic` get it when it changes and when they join.
 */
import { COMMON_ROOM, DEFAULT_LIMITS, ok, quote, type Topic } from "../../jim/mod.ts";
import type { Chat, Room } from "./chat.ts";
import { requireWritableRoom } from "./require_room.ts";
import { deny, denyNotStored, isMuted, withRemarks } from "./answers.ts";
import type { Topic as RoomTopic } from "./state.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

export function topic<S extends Session>(chat: Chat<S>, context: RequestContext<S>, session: S, request: Topic): void {
  const { room: name, topic: text, time } = request;
  if (name === COMMON_ROOM) {
    return deny(context, session, 400, "room", { at: "room", got: quote(name), limit: DEFAULT_LIMITS.name });
  }
  const room = requireWritableRoom(chat, context, session, name, "room");
  if (room === undefined || isMuted(chat, context, session, "topic")) return;
  const proposal = { kind: "topic", room: room.id, text, by: session.name!, time: context.now } as const;
  context.effects.propose(session, proposal, (context, outcome) => {
    if (outcome === "failed") return denyNotStored(context, session);
    if (outcome === "lost") return topic(chat, context, session, request); // the room was deleted
    const words = text === "" ? `${name} has no topic any more` : `the topic of ${name} is set`;
    context.effects.answer(session, ok(context.now, 200, withRemarks(context, words, time)));
    announceTopic(chat, context, session, room);
  });
}

/** Sends the topic after the answer to a join. */
export function sendTopic<S extends Session>(
  chat: Chat<S>,
  { effects }: RequestContext<S>,
  session: S,
  room: Room,
): void {
  if (room.topic === undefined || session.bare || !chat.features.has(session, "topic")) return;
  const notices = [[noticeOf(room.topic, chat.spelling(session, room))]];
  effects.streamRows(session, () => notices.pop());
}

/** The topic in the row of a list of rooms. */
export function topicIn<S extends Session>(chat: Chat<S>, session: S, { topic }: Room): { topic?: string } {
  return topic === undefined || topic.text === "" || !chat.features.has(session, "topic") ? {} : { topic: topic.text };
}

/** Tells the topic of a room to this server's sessions in it. */
export function announceTopic<S extends Session>(
  chat: Chat<S>,
  { effects }: RequestContext<S>,
  by: S | undefined,
  room: Room,
): void {
  const readers = chat.features.among(chat.sessionsIn(room), "topic");
  for (const [spelling, those] of Map.groupBy(readers, (reader) => chat.spelling(reader, room))) {
    effects.announce(by, those, noticeOf(room.topic!, spelling));
  }
}

function noticeOf({ text, by, time }: RoomTopic, room: string): object {
  return { action: "topic", time, room, topic: text, by };
}
