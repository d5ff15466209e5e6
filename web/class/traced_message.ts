/** A message in a student's traffic, by which an operator deletes it: a trace has no ids, so the history is asked for it. */
import { COMMON_ROOM, isCommonRoom } from "../../jim/message.ts";
import type { ServerEvent } from "../../jim/client/event.ts";
import { readEvent } from "../../jim/client/read_event.ts";
import { read } from "../../jim/client/fields.ts";
import type { Refusal } from "../../client/protocol/refusal.ts";

/** What is known of a message. */
export interface TracedMessage {
  readonly from: string;
  /** A room: nobody but its two people deletes a private message. */
  readonly room: string;
  readonly text: string;
  /** Unix seconds; `undefined` if the program sent none. */
  readonly time: number | undefined;
}

/** Why a message was not deleted; `missing`: it is none of the last in its room. */
export type NotDeleted = Refusal | "missing";

/** The deletion of a message: asked for, done, or refused. */
export type Removal = { readonly state: "asked" | "done" } | { readonly state: "refused"; readonly why: NotDeleted };

/**
 * The message to a room that a student has sent in one object; `undefined` if it is no such object, or was cut.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const sent = '{"action":"msg","time":5,"message":"hi"}';
 * assert.deepEqual(messageIn("ann", sent), { from: "ann", room: "#all", text: "hi", time: 5 });
 * assert.equal(messageIn("ann", '{"action":"msg","to":"bob","message":"hi"}'), undefined);
 * ```
 */
export function messageIn(from: string, sent: string): TracedMessage | undefined {
  const fields = read(sent), event = readEvent(fields);
  if (event.kind !== "message") return undefined;
  const { to = COMMON_ROOM, text, time } = event, room = isCommonRoom(to) ? COMMON_ROOM : to;
  return room.startsWith("#") ? { from, room, text, time } : undefined;
}

/** The id of a message among rows of the history: the last one with its text, and with its time if it can be. */
export function idIn(rows: readonly ServerEvent[], { from, text, time }: TracedMessage): number | undefined {
  const same = rows.flatMap((row) => row.kind === "message" && row.from === from && row.text === text ? [row] : []);
  return (same.findLast((row) => row.time === time) ?? same.at(-1))?.id;
}

/** Identifies a message on this page. */
export function keyOf({ from, room, text, time }: TracedMessage): string {
  return JSON.stringify([from, room, text, time]);
}
