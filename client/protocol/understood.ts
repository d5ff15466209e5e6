/** The features that the terminal and the page name in their presence. */
import type { Feature } from "../../jim/mod.ts";

export const UNDERSTOOD = [
  "watch",
  "id",
  "rules",
  "topic",
  "move",
  "replies",
  "edits",
  "reactions",
  "read",
  "typing",
  "status",
  "files",
  "rooms",
  "notify",
  "bots",
] as const satisfies readonly Feature[];
