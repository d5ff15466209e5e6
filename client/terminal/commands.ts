// What a line that was typed asks for. A line that begins with `/` is a command, any other a message; `//` is how a message
// begins with `/`. The table below is also the help, and what Tab completes.

import { canonicalAddress, canonicalRange, COMMON, isCommon, isName } from "../../jim/mod.ts";
import { given, personIn, roomIn, type Words } from "./names.ts";

/** What is to be done. */
export type Command =
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
  | { readonly do: "order"; readonly order: Order }
  /** Without a name: say which people are ignored. */
  | { readonly do: "ignore"; readonly name: string | undefined }
  | { readonly do: "unignore"; readonly name: string }
  | { readonly do: "help" | "rooms" | "who" | "bans" | "quit" | "nothing" }
  /** It cannot be done; the words say what is expected. */
  | { readonly do: "mistake"; readonly words: string };

/** What an operator orders, as the server takes it. */
export interface Order {
  readonly action: "kick" | "ban" | "unban" | "mute" | "unmute";
  /** Whom: a name, or for a ban an address or a range instead. */
  readonly user_id?: string;
  readonly address?: string;
  /** How long: `10m`. */
  readonly for?: string;
  readonly reason?: string;
}

/** Messages of `/history` unless another number is given, and at most. */
const PAGE = 20, LARGEST_PAGE = 500;

interface Form {
  /** What goes behind the command's name. */
  readonly takes: string;
  readonly does: string;
  /** Makes the command; `undefined` when what was given does not fit. */
  read(rest: string, find: Words["find"]): Command | undefined;
}

/** Every command there is, as `/help` lists them. */
export const forms: Readonly<Record<string, Form>> = {
  help: { takes: "", does: "this list", read: () => ({ do: "help" }) },
  join: {
    takes: "#room",
    does: "come into a room; who comes first makes it",
    read(rest, find) {
      const room = roomOf(rest, find);
      return room === undefined ? undefined : { do: "join", room };
    },
  },
  leave: {
    takes: "[#room]",
    does: "leave a room",
    read(rest, find) {
      const room = roomOf(rest, find);
      return rest !== "" && room === undefined ? undefined : { do: "leave", room };
    },
  },
  room: {
    takes: "[#room | NAME]",
    does: "write to another room or person from now on",
    read(rest, find) {
      if (rest === "") return { do: "room", place: undefined };
      const isRoom = /^"?#/.test(rest);
      const place = isCommon(rest) ? COMMON : isRoom ? roomOf(rest, find) : personOf(rest, find);
      return place === undefined ? undefined : { do: "room", place };
    },
  },
  rooms: { takes: "", does: "list the rooms", read: () => ({ do: "rooms" }) },
  who: { takes: "", does: "list who is here", read: () => ({ do: "who" }) },
  msg: {
    takes: "NAME text",
    does: "say something to one person alone",
    read(rest, find) {
      const found = given(rest, false);
      const name = found && personIn(found, find);
      if (found === undefined || name === undefined) return undefined;
      return found.rest === "" ? { do: "room", place: name } : { do: "msg", to: name, text: found.rest };
    },
  },
  history: {
    takes: "[n]",
    does: `show the latest messages again, n or ${PAGE}`,
    read(rest) {
      const count = rest === "" ? PAGE : Number(rest);
      return Number.isInteger(count) && count >= 1
        ? { do: "history", count: Math.min(count, LARGEST_PAGE) }
        : undefined;
    },
  },
  search: {
    takes: "words",
    does: "find messages that have all of these words",
    read: (rest) => rest === "" ? undefined : { do: "search", text: rest },
  },
  contacts: {
    takes: "[add NAME | del NAME]",
    does: "list whom you know, or change the list",
    read(rest, find) {
      if (rest === "") return { do: "contacts" };
      const [, change, said = ""] = /^(add|del)\s+(.*)$/.exec(rest) ?? [];
      const name = personOf(said, find);
      return change === undefined || name === undefined
        ? undefined
        : { do: "contacts", change: { add: change === "add", name } };
    },
  },
  ignore: {
    takes: "[NAME]",
    does: "show nothing that somebody says, or list who is ignored",
    read(rest, find) {
      const name = personOf(rest, find);
      return rest !== "" && name === undefined ? undefined : { do: "ignore", name };
    },
  },
  unignore: {
    takes: "NAME",
    does: "show again what somebody says",
    read(rest, find) {
      const name = personOf(rest, find);
      return name === undefined ? undefined : { do: "unignore", name };
    },
  },
  login: { takes: "[NAME]", does: "prove that a name is yours, by its password", read: account("login") },
  register: { takes: "[NAME]", does: "make a name yours, with a password", read: account("register") },
  kick: { takes: "NAME [reason]", does: "put somebody out (an operator may)", read: order("kick") },
  ban: {
    takes: "NAME | ADDRESS [10m] [reason]",
    does: "keep somebody out, for a time (s m h d w)",
    read: order("ban"),
  },
  unban: { takes: "NAME | ADDRESS", does: "let somebody in again", read: order("unban") },
  mute: { takes: "NAME [10m] [reason]", does: "keep somebody from writing", read: order("mute") },
  unmute: { takes: "NAME", does: "let somebody write again", read: order("unmute") },
  bans: { takes: "", does: "list who is banned and muted", read: () => ({ do: "bans" }) },
  quit: { takes: "", does: "leave the chat", read: () => ({ do: "quit" }) },
};

/**
 * Reads a line.
 *
 * @param find how who and what is meant is known here
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(command("hello"), { do: "say", text: "hello" });
 * assert.deepEqual(command("//etc is a folder"), { do: "say", text: "/etc is a folder" });
 * assert.deepEqual(command('/msg "Ann Lee" hi'), { do: "msg", to: "Ann Lee", text: "hi" });
 * assert.deepEqual(command("/join cats"), { do: "join", room: "#cats" });
 * assert.deepEqual(command("/join my room"), { do: "join", room: "#my room" });
 * assert.deepEqual(command("/who now"), { do: "mistake", words: 'Cannot read "/who now": expected /who' });
 * ```
 */
export function command(line: string, find: Words["find"] = () => undefined): Command {
  if (line.trim() === "") return { do: "nothing" };
  if (!line.startsWith("/")) return { do: "say", text: line };
  if (line.startsWith("//")) return { do: "say", text: line.slice(1) };
  const [, name = "", rest = ""] = /^\/(\S*)\s*(.*?)\s*$/.exec(line)!;
  const form = Object.hasOwn(forms, name) ? forms[name]! : undefined;
  if (form === undefined) {
    return { do: "mistake", words: `No command "/${name}": /help lists them, and // begins a text with /` };
  }
  const read = form.takes === "" && rest !== "" ? undefined : form.read(rest, find);
  if (read !== undefined) return read;
  // What is behind the name is a password, perhaps.
  const secret = name === "login" || name === "register";
  const words = secret
    ? `Expected ${usage(name)}: the password is asked for, and not shown`
    : `Cannot read "${line}": expected ${usage(name)}`;
  return { do: "mistake", words };
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
export function usage(name: string): string {
  return `/${name} ${forms[name]!.takes}`.trimEnd();
}

/** A name that is one's own, or is to be: only what is in quotes may have spaces, as behind one a password may stand. */
function account(what: "login" | "register"): Form["read"] {
  return (rest) => {
    if (rest === "") return { do: what, name: undefined };
    const found = given(rest, false);
    return found?.rest === "" && isName(found.name) ? { do: what, name: found.name } : undefined;
  };
}

/**
 * Whom, for how long, why. What is an address is taken for one unless it is in quotes; the first word behind may be a
 * duration, and all else is the reason.
 */
function order(action: Order["action"]): Form["read"] {
  const takesEnd = action === "ban" || action === "mute", takesReason = takesEnd || action === "kick";
  return (rest, find) => {
    const found = given(rest, false);
    if (found === undefined || (!takesReason && found.rest !== "")) return undefined;
    const { name, isQuoted } = found, canBeAddress = action.endsWith("ban") && !isQuoted;
    const address = canBeAddress ? canonicalAddress(name) ?? canonicalRange(name) : undefined;
    const person = address === undefined ? personIn(found, find) : undefined;
    if (address === undefined && person === undefined) return undefined;
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

function roomOf(text: string, find: Words["find"]): string | undefined {
  const found = given(text, true);
  return found?.rest === "" ? roomIn(found, find) : undefined;
}
