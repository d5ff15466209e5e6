/** The notice of an edit, a deletion or a reaction, as connected programs are sent it, and as the history has it. */
import type { EventRecord } from "../journal/records.ts";

/** @param to the addressee, as its reader spells it */
export function noticeOf(event: EventRecord, to: string): object {
  const { kind, time, from, role, guest, of, id } = event;
  const head = { action: ACTIONS[kind], time, to, from, role, guest, of };
  switch (event.kind) {
    case "edit":
      return { ...head, message: event.text, id };
    case "deletion":
      return { ...head, id };
    case "reaction":
      return { ...head, emoji: event.emoji, is: event.is, id };
  }
}

const ACTIONS = { edit: "edit", deletion: "delete", reaction: "reaction" } as const;
