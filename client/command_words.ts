// The words of commands, for what has no commands: the page, and a pipe that a person types into. There a line such as
// `/msg ann psst` would be a message to everybody.

/** What other chats call some commands. By their letters alone they would be taken for others: `nick` for `kick`. */
export const synonyms = {
  nick: "name",
  nickname: "name",
  rename: "name",
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
} as const;

/** The client's own commands, in order of their names. A test holds them to client/terminal/commands.ts. */
const OWN =
  "ban bans contacts demote help history ignore join kick leave login motd msg mute name promote quit register room " +
  "rooms search topic unban unignore unmute who";

const words: ReadonlySet<string> = new Set([...OWN.split(" "), ...Object.keys(synonyms)]);

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
