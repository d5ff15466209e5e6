/** The features that the terminal and the page name in their presence. */
import type { Feature } from "../../jim/mod.ts";

/** All but `bots`: both show a bot as any other account. */
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
] as const satisfies readonly Feature[];
