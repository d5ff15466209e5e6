// What a line that was typed asks for. A line that begins with `/` is a command, any other a message; `//` is how a message
// begins with `/`. The table below is also what Tab completes; what the commands do is said in words/.

import { canonicalAddress, canonicalRange, COMMON_ROOM, isCommonRoom, isName, nearest } from "../../jim/mod.ts";
import { synonyms } from "../command_words.ts";
import { given, personIn, roomIn, type Words } from "./names.ts";
import { catalogues, type CommandName, type Texts } from "./words.ts";

/** What is to be done. */
export type TypedCommand =
  | { readonly do: "say"; readonly text: string }
  | { readonly do: "msg"; readonly to: string; readonly text: string }
  /** To a room or a person. */
  | { readonly do: "room"; readonly place: string | undefined }
  | { readonly do: "join"; readonly room: string }
  | { readonly do: "leave"; readonly room: string | undefined }
  | { readonly do: "history"; readonly count: number }
  | { readonly do: "search"; readonly text: string }
  | { readonly do: "contacts"; readonly change?: { readonly add: boolean; readonly name: string } }
  | { readonly do: "login" | "register"; readonly name: string | undefined }
  /** Another name for a guest. */
  | { readonly do: "name"; readonly name: string }
  | { readonly do: "order"; readonly order: Order }
  /** What everybody is greeted with; nothing, if it is empty. */
  | { readonly do: "motd"; readonly text: string }
  /** What the room is about: nothing, if it is empty. Without a text: say what it is. */
  | { readonly do: "topic"; readonly text: string | undefined }
  /** Without a name: say which people are ignored. */
  | { readonly do: "ignore"; readonly name: string | undefined }
  | { readonly do: "unignore"; readonly name: string }
  /** Of one command, of an operator's, or without a word of those that everybody has. */
  | { readonly do: "help"; readonly about?: CommandName | "operator" }
  | { readonly do: "rooms" | "who" | "bans" | "quit" | "nothing" }
  /** It cannot be done; the words say what is expected. */
  | { readonly do: "mistake"; readonly words: string };

/** What an operator orders, as the server takes it. */
export interface Order {
  readonly action: "kick" | "ban" | "unban" | "mute" | "unmute" | "promote" | "demote";
  /** The target: a name, or for a ban an address or a range instead. */
  readonly user_id?: string;
  readonly address?: string;
  /** How long: `10m`. */
  readonly for?: string;
  readonly reason?: string;
}

/** Messages of `/history` unless another number is given, and at most. */
const PAGE = 20, LARGEST_PAGE = 500;
/** Behind `/motd`: no greeting; behind `/topic`: no topic. Without it an unfinished line would take one away. */
const NONE = "-";

/** Behind `/help`: the commands that the server grants to operators alone. */
const OPERATOR = "operator";
const operators: ReadonlySet<CommandName> = new Set([
  ...["kick", "ban", "unban", "mute", "unmute", "promote", "demote", "bans", "motd"] as const,
]);

/**
 * Whether a line, or the part of one that names its command, is an operator's.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(["/kick eve", "/who"].map(isOperators), [true, false]);
 * ```
 */
export function isOperators(line: string): boolean {
  const [, name = ""] = /^\/(\S*)/.exec(line) ?? [];
  return isCommand(name) && operators.has(name);
}

/** Makes the command of what is behind its name; `undefined` when that does not fit. */
type Read = (rest: string, find: Words["find"], texts: Texts) => TypedCommand | undefined;

/** Every command there is. */
const reads: Readonly<Record<CommandName, Read>> = {
  help(rest) {
    if (rest === "") return { do: "help" };
    const word = rest.replace(/^\//, "").toLowerCase(), about = isCommand(word) ? word : nearest(word, [], synonyms);
    if (word === OPERATOR) return { do: "help", about: OPERATOR };
    return about === undefined ? undefined : { do: "help", about: about as CommandName };
  },
  join(rest, find) {
    const room = roomOf(rest, find);
    return room === undefined ? undefined : { do: "join", room };
  },
  leave(rest, find) {
    const room = roomOf(rest, find);
    return rest !== "" && room === undefined ? undefined : { do: "leave", room };
  },
  room(rest, find) {
    if (rest === "") return { do: "room", place: undefined };
    const isRoom = /^"?#/.test(rest) || isOnlyRoom(rest, find);
    const place = isCommonRoom(rest) ? COMMON_ROOM : isRoom ? roomOf(rest, find) : personOf(rest, find);
    return place === undefined ? undefined : { do: "room", place };
  },
  rooms: nothing("rooms"),
  who: nothing("who"),
  msg(rest, find) {
    const found = given(rest, false);
    const name = found && personIn(found, find);
    if (found === undefined || name === undefined) return undefined;
    return found.rest === "" ? { do: "room", place: name } : { do: "msg", to: name, text: found.rest };
  },
  topic: (rest) => ({ do: "topic", text: rest === "" ? undefined : rest === NONE ? "" : rest }),
  history(rest) {
    const count = rest === "" ? PAGE : Number(rest);
    return Number.isInteger(count) && count >= 1 ? { do: "history", count: Math.min(count, LARGEST_PAGE) } : undefined;
  },
  search: (rest) => rest === "" ? undefined : { do: "search", text: rest },
  contacts(rest, find) {
    if (rest === "") return { do: "contacts" };
    const [, change, said = ""] = /^(add|del)\s+(.*)$/.exec(rest) ?? [];
    const name = personOf(said, find);
    return change === undefined || name === undefined
      ? undefined
      : { do: "contacts", change: { add: change === "add", name } };
  },
  ignore(rest, find) {
    const name = personOf(rest, find);
    return rest !== "" && name === undefined ? undefined : { do: "ignore", name };
  },
  unignore(rest, find) {
    const name = personOf(rest, find);
    return name === undefined ? undefined : { do: "unignore", name };
  },
  name(rest) {
    const found = given(rest, true);
    return found?.rest === "" && isName(found.name) ? { do: "name", name: found.name } : undefined;
  },
  login: account("login"),
  register: account("register"),
  kick: order("kick"),
  ban: order("ban"),
  unban: order("unban"),
  mute: order("mute"),
  unmute: order("unmute"),
  promote: order("promote"),
  demote: order("demote"),
  bans: nothing("bans"),
  motd: (rest) => rest === "" ? undefined : { do: "motd", text: rest === NONE ? "" : rest },
  quit: nothing("quit"),
};

/** The names of all commands, as `/help` lists them. */
export const commandNames = Object.keys(reads) as CommandName[];

/**
 * Reads a line.
 *
 * @param find how who and what is meant is known here
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(readCommand("hello"), { do: "say", text: "hello" });
 * assert.deepEqual(readCommand("//etc is a folder"), { do: "say", text: "/etc is a folder" });
 * assert.deepEqual(readCommand('/msg "Ann Lee" hi'), { do: "msg", to: "Ann Lee", text: "hi" });
 * assert.deepEqual(readCommand("/join cats"), { do: "join", room: "#cats" });
 * assert.deepEqual(readCommand("/join my room"), { do: "join", room: "#my room" });
 * assert.deepEqual(readCommand("/who now"), { do: "mistake", words: 'Cannot read "/who now": expected /who' });
 * ```
 */
export function readCommand(
  line: string,
  find: Words["find"] = () => undefined,
  texts: Texts = catalogues.en,
): TypedCommand {
  if (line.trim() === "") return { do: "nothing" };
  if (!line.startsWith("/")) return { do: "say", text: line };
  if (line.startsWith("//")) return { do: "say", text: line.slice(1) };
  const [, name = "", rest = ""] = /^\/(\S*)\s*(.*?)\s*$/.exec(line)!;
  if (!isCommand(name)) return { do: "mistake", words: texts.noCommand(name, nearest(name, commandNames, synonyms)) };
  const read = reads[name](rest, find, texts);
  if (read !== undefined) return read;
  // What is behind the name is a password, perhaps.
  const secret = name === "login" || name === "register", expected = usage(name, texts);
  return { do: "mistake", words: secret ? texts.noPasswordHere(expected) : texts.unreadable(line, expected) };
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(reads, name);
}

/**
 * How a command is written.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(usage("msg"), "/msg NAME text");
 * ```
 */
export function usage(name: CommandName, texts: Texts = catalogues.en): string {
  return `/${name} ${texts.commands(PAGE)[name].takes}`.trimEnd();
}

/**
 * What commands are written like, and what they do: one of them, an operator's, or those that everybody has, which fit into
 * a terminal of 24 rows.
 *
 * @param withheld commands that the server does not allow: they are told of when they are asked for, and not listed
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(usages("who"), [["/who", "list who is here"]]);
 * assert.equal(usages()[0]![0], "/help [COMMAND]");
 * assert.equal(usages("operator")[0]![0], "/kick NAME [reason]");
 * ```
 */
export function usages(
  about?: CommandName | "operator",
  texts: Texts = catalogues.en,
  withheld: ReadonlySet<CommandName> = new Set(),
): (readonly [usage: string, does: string])[] {
  const isMeant = (name: CommandName) =>
    about === undefined || about === OPERATOR
      ? operators.has(name) === (about === OPERATOR) && !withheld.has(name)
      : name === about;
  return commandNames.filter(isMeant).map((name) => [usage(name, texts), texts.commands(PAGE)[name].does]);
}

/** A command behind which nothing stands. */
function nothing(what: "rooms" | "who" | "bans" | "quit"): Read {
  return (rest) => rest === "" ? { do: what } : undefined;
}

/** A name that is one's own, or is to be: only what is in quotes may have spaces, as behind one a password may stand. */
function account(what: "login" | "register"): Read {
  return (rest) => {
    if (rest === "") return { do: what, name: undefined };
    const found = given(rest, false);
    return found?.rest === "" && isName(found.name) ? { do: what, name: found.name } : undefined;
  };
}

/** A duration with a slip, such as `10` or `10min`: taken for a reason, it would make a ban for good. */
const SLIP = /^(?!\d+[smhdw](?!\S))(\d+)\p{L}*(?!\S)/u;

/**
 * The target, the duration, the reason. What is an address is taken for one unless it is in quotes; the first word behind may be a
 * duration, and all else is the reason.
 */
function order(action: Order["action"]): Read {
  const takesEnd = action === "ban" || action === "mute", takesReason = takesEnd || action === "kick";
  return (rest, find, texts) => {
    const found = given(rest, false);
    if (found === undefined || (!takesReason && found.rest !== "")) return undefined;
    const { name, isQuoted } = found, canBeAddress = action.endsWith("ban") && !isQuoted;
    const address = canBeAddress ? canonicalAddress(name) ?? canonicalRange(name) : undefined;
    const person = address === undefined ? personIn(found, find) : undefined;
    if (address === undefined && person === undefined) return undefined;
    const [slip, count] = takesEnd ? SLIP.exec(found.rest) ?? [] : [];
    if (slip !== undefined) return { do: "mistake", words: texts.noDuration(slip, `${count}m`) };
    const [, end, reason] = (takesEnd ? /^(?:(\d+[smhdw])(?:\s+|$))?(.*)$/s : /^()(.*)$/s).exec(found.rest)!;
    return {
      do: "order",
      order: {
        action,
        ...(address === undefined ? { user_id: person! } : { address }),
        ...(end ? { for: end } : {}),
        ...(reason ? { reason } : {}),
      },
    };
  };
}

function personOf(text: string, find: Words["find"]): string | undefined {
  const found = given(text, true);
  return found?.rest === "" ? personIn(found, find) : undefined;
}

/** Whether a name without `#` can be a room's only: one is known by it, and no person is. */
function isOnlyRoom(text: string, find: Words["find"]): boolean {
  const found = given(text, true);
  return found !== undefined && !found.isQuoted && find(found.name) === undefined &&
    find(`#${found.name}`) !== undefined;
}

function roomOf(text: string, find: Words["find"]): string | undefined {
  const found = given(text, true);
  return found?.rest === "" ? roomIn(found, find) : undefined;
}
