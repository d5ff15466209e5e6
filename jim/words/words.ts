/** What a catalogue holds, and what all of them quote. @module */
import { ACTIONS, type Rank } from "../message.ts";
import type { JsonError } from "../json_error.ts";
import type { JsonErrorKind } from "../json_scanner.ts";
import type { Refusal, RefusalReason } from "../refusal.ts";

/**
 * The presence to send as an example: a learner can paste it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(JSON.parse(EXAMPLE_PRESENCE).user.account_name, "ann");
 * ```
 */
export const EXAMPLE_PRESENCE = '{"action":"presence","time":1764000000,"user":{"account_name":"ann","status":""}}';
/** The message to send as an example. */
export const EXAMPLE_MSG = '{"action":"msg","time":1764000000,"to":"#all","message":"hello"}';

/** Every action that anybody may perform, as a sentence lists them. */
export const ACTION_LIST = Object.entries(ACTIONS).filter(([, who]) => who === "everybody").map(([name]) => name)
  .join(", ");

/** Remarks that an answer may add though all went well. */
export type Note = "time" | "milliseconds" | "norelays" | "lost" | "deleted" | "promoted" | "demoted";

/** What has happened in a room to the reader of a notice. */
export interface RoomNote {
  readonly what: Rank | "putout" | "invited" | "added" | "cleared" | "removed";
  /** The room, and the name of the member who did it; in quotes where they need it. */
  readonly room: string;
  readonly by: string;
  /** The reason that was given, in words that can stand in a sentence. */
  readonly why?: string;
}

/** All sentences in one language. */
export interface Catalogue {
  readonly refusals: Readonly<Record<RefusalReason, (refusal: Refusal) => string>>;
  /** What stands there, and what to do about it. */
  readonly jsonErrors: Readonly<
    Record<
      JsonErrorKind,
      readonly [what: string | ((jsonError: JsonError) => string), advice: string | ((jsonError: JsonError) => string)]
    >
  >;
  /** The question behind a refusal, which asks whether another word was meant. */
  suggestion(suggestion: string, misnamed: string | undefined): string;
  readonly notes: Readonly<Record<Note, string>>;
  readonly roomNotes: Readonly<Record<RoomNote["what"], (note: RoomNote) => string>>;
  /** The remark on a field that was ignored; `field` is in quotes. */
  ignored(field: string, action: string, suggestion: string): string;
}

/** The parts of a sentence on a jsonError. */
export function jsonErrorText(
  { jsonErrors }: Pick<Catalogue, "jsonErrors">,
  jsonError: JsonError,
): { what: string; advice: string } {
  const [what, advice] = jsonErrors[jsonError.kind].map((part) => typeof part === "string" ? part : part(jsonError));
  return { what: what!, advice: advice! };
}
