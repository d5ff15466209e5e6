/** The records about an earlier message. They change no state: they are kept with the messages, and shown with them. */
import type { Conversation } from "../conversation.ts";

/** What happened to an earlier message, and the name of the person that did it. */
interface EventFields {
  /** Of the message, and so of the event. */
  readonly conversation: Conversation;
  /** The id of the message. */
  readonly of: number;
  /** The addressee, as the event is relayed. */
  readonly to: string;
  /** The name of that person, as relays have it. */
  readonly from: string;
  readonly role?: "account" | "operator";
  readonly guest?: number;
  /** Unix seconds. */
  readonly time: number;
}

/** A message has another text. */
export interface EditRecord extends EventFields {
  readonly kind: "edit";
  readonly text: string;
  /** The text that the message had first. A journal keeps it with the first edit. */
  readonly former?: string;
}

/** A message has no text any more. */
export interface DeletionRecord extends EventFields {
  readonly kind: "deletion";
}

/** Somebody has put an emoji on a message, or taken it away. A later one of the same person and emoji replaces it. */
export interface ReactionRecord extends EventFields {
  readonly kind: "reaction";
  readonly emoji: string;
  readonly is: boolean;
  /** Of the person who reacts; a guest has none. */
  readonly account?: number;
}

/** What is said about a message. It changes no state: it is kept with the messages, and shown with them. */
export type EventProposal = EditRecord | DeletionRecord | ReactionRecord;
