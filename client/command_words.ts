// The names of the commands: here is the one list of them, which all else is held to. The terminal has what each does; the page
// and a pipe that a person types into have no commands, and there a line such as `/msg ann psst` would be a message to everybody.

/** The commands for everyone, as `/help` lists them. */
const FOR_EVERYONE = [
  ...["help", "join", "leave", "room", "rooms", "who", "topic", "msg", "history", "search", "contacts"] as const,
  ...["ignore", "unignore", "name", "login", "register", "quit"] as const,
] as const;

/** What is done with a message, as `/help messages` lists it. */
const FOR_MESSAGES = ["reply", "edit", "delete", "react", "code", "send", "save", "around"] as const;

/** What the user says of itself, as `/help status` lists it. */
const FOR_STATUS = ["away", "status"] as const;

/** What is done with one's own account, as `/help account` lists it. */
const FOR_ACCOUNT = ["passwd", "sessions", "export", "unregister"] as const;

/** What is done with a room, as `/help rooms` lists it. */
const FOR_ROOMS = [
  ...["members", "rank", "create", "invite", "uninvite", "group", "set", "rename"] as const,
  ...["pin", "unpin", "pins", "hooks", "clearroom", "removeroom"] as const,
] as const;

/** The commands that the server grants to operators alone, as `/help operator` lists them. */
const FOR_OPERATORS = ["kick", "ban", "unban", "mute", "unmute", "promote", "demote", "bans", "bots", "motd"] as const;

/** The name of a command. */
export type CommandName = (
  | typeof FOR_EVERYONE
  | typeof FOR_MESSAGES
  | typeof FOR_ROOMS
  | typeof FOR_STATUS
  | typeof FOR_ACCOUNT
  | typeof FOR_OPERATORS
)[number];

/** The names of all commands, an operator's last. */
export const commandNames: readonly CommandName[] = [
  ...FOR_EVERYONE,
  ...FOR_MESSAGES,
  ...FOR_ROOMS,
  ...FOR_STATUS,
  ...FOR_ACCOUNT,
  ...FOR_OPERATORS,
];

/** What other chats call some commands. By their letters alone they would be taken for others: `nick` for `kick`. */
export const synonyms = {
  nick: "name",
  nickname: "name",
  exit: "quit",
  bye: "quit",
  logout: "quit",
  disconnect: "quit",
  query: "msg",
  whisper: "msg",
  w: "msg",
  pm: "msg",
  dm: "msg",
  tell: "msg",
  private: "msg",
  users: "who",
  names: "who",
  online: "who",
  people: "who",
  list: "rooms",
  channels: "rooms",
  part: "leave",
  close: "leave",
  auth: "login",
  identify: "login",
  block: "ignore",
  answer: "reply",
  quote: "reply",
  correct: "edit",
  undo: "delete",
  add: "invite",
  op: "rank",
  owner: "rank",
  moderator: "rank",
  emoji: "react",
  afk: "away",
  brb: "away",
  mood: "status",
  copy: "code",
  goto: "around",
  context: "around",
  upload: "send",
  attach: "send",
  file: "send",
  download: "save",
  password: "passwd",
  devices: "sessions",
  data: "export",
  drop: "unregister",
  hook: "hooks",
  webhook: "hooks",
  bot: "bots",
} as const satisfies Readonly<Record<string, CommandName>>;

const names: ReadonlySet<string> = new Set(commandNames), operators: ReadonlySet<string> = new Set(FOR_OPERATORS);
const words: ReadonlySet<string> = new Set([...commandNames, ...Object.keys(synonyms)]);

/** Whether a word is the name of a command. */
export function isCommand(word: string): word is CommandName {
  return names.has(word);
}

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
  return operators.has(/^\/(\S*)/.exec(line)?.[1] ?? "");
}

/** The part of the help that has a command, if it is not in the one for all. */
export function partOf(name: CommandName): "messages" | "rooms" | "status" | "account" | "operator" | undefined {
  if (operators.has(name)) return "operator";
  if ((FOR_ROOMS as readonly string[]).includes(name)) return "rooms";
  if ((FOR_ACCOUNT as readonly string[]).includes(name)) return "account";
  if ((FOR_STATUS as readonly string[]).includes(name)) return "status";
  return (FOR_MESSAGES as readonly string[]).includes(name) ? "messages" : undefined;
}

/**
 * The command that a text begins with, as it is written there.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(commandIn("/msg ann psst"), "/msg");
 * assert.deepEqual(["/etc/hosts", "// a comment", "see /msg"].map(commandIn), [undefined, undefined, undefined]);
 * ```
 */
export function commandIn(text: string): string | undefined {
  const [command, word = ""] = /^\/([a-z]+)(?!\S)/i.exec(text) ?? [];
  return words.has(word.toLowerCase()) ? command : undefined;
}
