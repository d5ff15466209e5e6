// One command: how a line is read, what Tab completes behind its name, and what it does. The table of all is in features.ts, what
// `/help` says of them in words/.

import type { ChatState } from "./chat_state.ts";
import { type KnownNames, personNamed, readName, roomNamed } from "./names.ts";
import type { Asked } from "./typing.ts";
import type { Texts } from "./words.ts";

/** What was typed is no command, or its arguments do not fit: the words say what is expected. */
export interface InvalidCommand {
  readonly do: "invalid";
  readonly words: string;
}

/** To a room or a person; without one: lists the conversations. It is what `/msg NAME` without a text asks for, too. */
export interface GoTo {
  readonly do: "room";
  readonly place: string | undefined;
}

/** A command that executes an `A`. What it reads may also be for another one to execute: a `R`. */
export interface Command<A extends Asked, R extends Asked = A> {
  /** What Tab completes behind the name; nothing, if it is not there. */
  readonly takes?: Takes;
  /** Reads what is behind the name; `undefined` when that does not fit. */
  read(rest: string, find: KnownNames["find"], texts: Texts): R | InvalidCommand | undefined;
  execute(chat: ChatState, asked: A, now: number): void;
}

/** The name that a command takes. */
export interface Takes {
  /** The kind of the names: of people, of rooms but the common one, of both. */
  readonly name: "person" | "room" | "either";
  /** Nothing is behind the name, so it may have spaces. Another one ends at a space unless it is in quotes. */
  readonly isLast?: boolean;
  /** What is between the command and the name. */
  readonly behind?: RegExp;
}

/** Behind `/motd`: no greeting; behind `/topic`: no topic. Without it an unfinished line would take one away. */
export const NONE = "-";

/** The person, where nothing but a name is expected. */
export function personOf(text: string, find: KnownNames["find"]): string | undefined {
  const found = readName(text, true);
  return found?.rest === "" ? personNamed(found, find) : undefined;
}

/** The room, where nothing but its name is expected. */
export function roomOf(text: string, find: KnownNames["find"]): string | undefined {
  const found = readName(text, true);
  return found?.rest === "" ? roomNamed(found, find) : undefined;
}
