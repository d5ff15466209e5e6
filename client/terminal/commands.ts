// What a line that was typed asks for. A line that begins with `/` is a command, any other a message; `//` is how a message
// begins with `/`. The table below is also the help, and what Tab completes.

import { COMMON, isCommon, isName } from "../../jim/mod.ts";

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
  | { readonly do: "help" | "rooms" | "who" | "quit" | "nothing" }
  /** It cannot be done; the words say what is expected. */
  | { readonly do: "mistake"; readonly words: string };

/** Messages of `/history` unless another number is given, and at most. */
const PAGE = 20, LARGEST_PAGE = 500;

interface Form {
  /** What goes behind the command's name. */
  readonly takes: string;
  readonly does: string;
  /** Makes the command; `undefined` when what was given does not fit. */
  read(rest: string): Command | undefined;
}

/** Every command there is, as `/help` lists them. */
export const forms: Readonly<Record<string, Form>> = {
  help: { takes: "", does: "this list", read: () => ({ do: "help" }) },
  join: {
    takes: "#room",
    does: "come into a room; who comes first makes it",
    read(rest) {
      const room = roomIn(rest);
      return room === undefined ? undefined : { do: "join", room };
    },
  },
  leave: {
    takes: "[#room]",
    does: "leave a room",
    read(rest) {
      const room = roomIn(rest);
      return rest !== "" && room === undefined ? undefined : { do: "leave", room };
    },
  },
  room: {
    takes: "[#room | NAME]",
    does: "write to another room or person from now on",
    read(rest) {
      if (rest === "") return { do: "room", place: undefined };
      const place = isCommon(rest) ? COMMON : isRoom(rest) ? rest : nameIn(rest)?.name;
      return place === undefined ? undefined : { do: "room", place };
    },
  },
  rooms: { takes: "", does: "list the rooms", read: () => ({ do: "rooms" }) },
  who: { takes: "", does: "list who is here", read: () => ({ do: "who" }) },
  msg: {
    takes: "NAME text",
    does: "say something to one person alone",
    read(rest) {
      const found = nameIn(rest, true);
      if (found === undefined) return undefined;
      const { name, rest: text } = found;
      return text === "" ? { do: "room", place: name } : { do: "msg", to: name, text };
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
    read(rest) {
      if (rest === "") return { do: "contacts" };
      const [, change, given = ""] = /^(add|del)\s+(.*)$/.exec(rest) ?? [];
      const name = nameIn(given)?.name;
      return change === undefined || name === undefined
        ? undefined
        : { do: "contacts", change: { add: change === "add", name } };
    },
  },
  login: { takes: "[NAME]", does: "prove that a name is yours, by its password", read: account("login") },
  register: { takes: "[NAME]", does: "make a name yours, with a password", read: account("register") },
  quit: { takes: "", does: "leave the chat", read: () => ({ do: "quit" }) },
};

/**
 * Reads a line.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(command("hello"), { do: "say", text: "hello" });
 * assert.deepEqual(command("//etc is a folder"), { do: "say", text: "/etc is a folder" });
 * assert.deepEqual(command('/msg "Ann Lee" hi'), { do: "msg", to: "Ann Lee", text: "hi" });
 * assert.deepEqual(command("/join cats"), { do: "join", room: "#cats" });
 * assert.deepEqual(command("/who now"), { do: "mistake", words: 'Cannot read "/who now": expected /who' });
 * ```
 */
export function command(line: string): Command {
  if (line.trim() === "") return { do: "nothing" };
  if (!line.startsWith("/")) return { do: "say", text: line };
  if (line.startsWith("//")) return { do: "say", text: line.slice(1) };
  const [, name = "", rest = ""] = /^\/(\S*)\s*(.*?)\s*$/.exec(line)!;
  const form = Object.hasOwn(forms, name) ? forms[name]! : undefined;
  if (form === undefined) {
    return { do: "mistake", words: `No command "/${name}": /help lists them, and // begins a text with /` };
  }
  const read = form.takes === "" && rest !== "" ? undefined : form.read(rest);
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

/**
 * A name as it is typed in a command: one with a space in it is quoted.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(["ann", "Ann Lee"].map(typed), ["ann", '"Ann Lee"']);
 * ```
 */
export function typed(name: string): string {
  return name.includes(" ") ? `"${name}"` : name;
}

function account(what: "login" | "register"): Form["read"] {
  return (rest) => {
    if (rest === "") return { do: what, name: undefined };
    const name = nameIn(rest)?.name;
    return name === undefined ? undefined : { do: what, name };
  };
}

/** A name at the beginning of a text, and what is behind it, which there must not be unless it is said to be fine. */
function nameIn(text: string, more = false): { name: string; rest: string } | undefined {
  const [, quoted, bare, rest = ""] = /^@?(?:"([^"]*)"|(\S+))(?:\s+(.*))?$/s.exec(text) ?? [];
  const name = quoted ?? bare ?? "";
  return isName(name) && (more || rest === "") ? { name, rest } : undefined;
}

/** Where only a room can be meant, its `#` need not be typed. */
function roomIn(text: string): string | undefined {
  const room = text.startsWith("#") ? text : `#${text}`;
  return isRoom(room) ? room : undefined;
}

function isRoom(text: string): boolean {
  return text.startsWith("#") && !text.includes(" ") && isName(text.slice(1)) && !isCommon(text);
}
