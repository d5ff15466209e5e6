/** What programs are told of an edit, a deletion or a reaction when it is in the log. */
import type { EventRecord } from "../journal/records.ts";
import { audienceOf } from "./audience.ts";
import type { Chat } from "./chat.ts";
import type { RequestContext } from "./effects.ts";
import { noticeOf } from "./event_notice.ts";
import type { Session } from "./session.ts";

/** What an edit begins with for a program that does not know edits. */
const PENCIL = "\u270e ";

/**
 * Tells this server's sessions of an event, except the one that has made it. A program that does not know edits gets a message of
 * its own for one.
 *
 * @param by undefined if it is connected to another server
 */
export function announceEvent<S extends Session>(
  chat: Chat<S>,
  { effects }: RequestContext<S>,
  by: S | undefined,
  event: EventRecord,
): void {
  const { readers, spelling = () => event.to } = audienceOf(event.conversation, event, chat);
  const known: S[] = [], others: S[] = [];
  for (const reader of readers) {
    if (reader === by) continue;
    if (!reader.bare && chat.features.has(reader, event.kind === "reaction" ? "reactions" : "edits")) {
      known.push(reader);
    } else if (reader.receivesRelays) others.push(reader);
  }
  for (const [to, those] of Map.groupBy(known, spelling)) effects.announce(by, those, noticeOf(event, to));
  // A program that does not know edits is not told that a file has no words any more, as it is not told of a deletion.
  if (event.kind !== "edit" || others.length === 0 || event.text.trim() === "") return;
  const { time, from, role, guest, id, text } = event;
  const mark = { ...(role === undefined ? {} : { role }), ...(guest === undefined ? {} : { guest }) };
  effects.relayStored(others, { time, to: event.to, from, message: `${PENCIL}${text}`, id, ...mark }, spelling);
}
