/**
 * What a room is about. Its members set it; it is told to those of them that have the feature `topic`: when it changes, and on
 * joining.
 */
import { COMMON_ROOM, DEFAULT_LIMITS, ok, quote, type Topic } from "../../jim/mod.ts";
import type { Chat, Room } from "./chat.ts";
import { entered } from "./entered_room.ts";
import { deny, denyFailed, isMuted, noted } from "./replies.ts";
import type { Topic as RoomTopic } from "./state.ts";
import type { Person, Scene } from "./voice.ts";

export function topic<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: Topic): void {
  const { room: name, topic: text, time } = said;
  if (name === COMMON_ROOM) {
    return deny(scene, who, 400, "room", { at: "room", got: quote(name), limit: DEFAULT_LIMITS.name });
  }
  const room = entered(chat, scene, who, name, "room");
  if (room === undefined || isMuted(chat, scene, who, "topic")) return;
  const proposal = { kind: "topic", room: room.id, text, by: who.name!, time: scene.now } as const;
  scene.voice.propose(who, proposal, (scene, outcome) => {
    if (outcome === "failed") return denyFailed(scene, who);
    if (outcome === "lost") return topic(chat, scene, who, said); // the room is no more
    const words = text === "" ? `${name} has no topic any more` : `the topic of ${name} is set`;
    scene.voice.answer(who, ok(scene.now, 200, noted(scene, words, time)));
    announceTopic(chat, scene, who, room);
  });
}

/** Tells a connection that has joined a room, behind the answer to that. */
export function tellTopic<P extends Person>(chat: Chat<P>, { voice }: Scene<P>, who: P, room: Room): void {
  if (room.topic === undefined || who.bare || !chat.features.has(who, "topic")) return;
  const notices = [[noticeOf(room.topic, chat.spelling(who, room))]];
  voice.rows(who, () => notices.pop());
}

/** The topic in the row of a list of rooms. */
export function topicIn<P extends Person>(chat: Chat<P>, who: P, { topic }: Room): { topic?: string } {
  return topic === undefined || topic.text === "" || !chat.features.has(who, "topic") ? {} : { topic: topic.text };
}

function announceTopic<P extends Person>(chat: Chat<P>, { voice }: Scene<P>, who: P, room: Room): void {
  const readers = chat.features.among(chat.online(room), "topic");
  for (const [spelling, those] of Map.groupBy(readers, (reader) => chat.spelling(reader, room))) {
    voice.announce(who, those, noticeOf(room.topic!, spelling));
  }
}

function noticeOf({ text, by, time }: RoomTopic, room: string): object {
  return { action: "topic", time, room, topic: text, by };
}
