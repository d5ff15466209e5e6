// What a room is about: said by its members, and told to them when it changes.

import { COMMON } from "../../jim/mod.ts";
import type { ServerEvent } from "../protocol/event.ts";
import type { Desk } from "./desk.ts";
import { typed } from "./names.ts";

/** Says what the room in front is about; nothing, if the text is empty. */
export function setTopic(desk: Desk, topic: string, now: number): void {
  const room = roomIn(desk, now);
  if (room === undefined) return;
  desk.ask("/topic", { object: { action: "topic", time: desk.time(now), room, topic } }, now, (_, now) => {
    note(desk, room, topic, now);
  });
}

/** Shows what the room in front is about. */
export function showTopic(desk: Desk, now: number): void {
  const room = roomIn(desk, now);
  if (room === undefined) return;
  desk.ask("/topic", { object: { action: "rooms", time: desk.time(now) }, rows: "row" }, now, ({ listed }, now) => {
    note(desk, room, listed.find(({ name }) => desk.isSame(name, room))?.topic ?? "", now);
  });
}

/** Tells of a topic that is new, or of that of a room which one has just come into. */
export function hearTopic(desk: Desk, { room, topic, by }: ServerEvent & { kind: "topic" }, now: number): void {
  if (!desk.ignored.has(by)) note(desk, desk.spelling(room), topic, now, by);
}

function note(desk: Desk, room: string, topic: string, now: number, by = ""): void {
  const { texts } = desk;
  if (topic === "") return desk.note(texts.noTopic(room), now);
  desk.note(by === "" ? texts.topic(room, topic) : texts.topicBy(room, topic, typed(by)), now);
}

function roomIn(desk: Desk, now: number): string | undefined {
  const { front } = desk.places;
  if (front.startsWith("#") && front !== COMMON) return front;
  desk.warn(desk.texts.noTopicsHere(typed(front)), now);
  return undefined;
}
