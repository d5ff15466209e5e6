/** An event as programs get it. */
import type { EventRecord } from "../journal/records.ts";

/** @param to the addressee, as its reader spells it */
export function noticeOf(event: EventRecord, to: string): object {
  const { kind, time, from, role, guest, of, id } = event;
  const head = { action: kind === "edit" ? "edit" : "delete", time, to, from, role, guest, of };
  return event.kind === "edit" ? { ...head, message: event.text, id } : { ...head, id };
}
