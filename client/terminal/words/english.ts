// What the client on a terminal says, in English.

import type { CommandName } from "../../command_words.ts";
import type { Role } from "../../../jim/client/event.ts";

/** A command, behind its name: what it takes and what it does. */
interface Form {
  readonly takes: string;
  readonly does: string;
}

const aRank = (rank: string) => rank === "owner" ? "an owner" : `a ${rank}`;
const clause = (n: number) => n === 1 ? "1 message was" : `${n} messages were`;
const files = (n: number) => n === 1 ? "1 file was" : `${n} files were`;

export const english = {
  /** What `/help` says of them. `page` is how many messages `/history` shows. */
  commands: (page: number) => ({
    help: { takes: "[COMMAND]", does: "messages, rooms, status, account, operator" },
    join: { takes: "#room", does: "join a room, or make it" },
    leave: { takes: "[#room]", does: "leave a room" },
    room: { takes: "[#room | NAME]", does: "write to another room or person from now on" },
    rooms: { takes: "", does: "list the rooms" },
    who: { takes: "", does: "list the people here" },
    topic: { takes: "[text | -]", does: "say what the room is about, - for nothing" },
    msg: { takes: "NAME text", does: "say something to one person alone" },
    history: { takes: "[n]", does: `show the latest messages again, n or ${page}` },
    search: { takes: "words", does: "by words; from:NAME in:#room in:* before:DAY" },
    contacts: { takes: "[add NAME | del NAME]", does: "list or change your contacts" },
    ignore: { takes: "[NAME]", does: "hide what somebody says, or list the hidden" },
    unignore: { takes: "NAME", does: "show again what somebody says" },
    name: { takes: "NAME", does: "go by another name, as a guest" },
    login: { takes: "[NAME]", does: "prove that a name is yours, by its password" },
    register: { takes: "[NAME]", does: "make a name yours, with a password" },
    reply: { takes: "NAME text", does: "answer what somebody has said last" },
    edit: { takes: "text", does: "give your last message another text" },
    delete: { takes: "[NAME]", does: "take your last message back; an operator, anybody's" },
    react: { takes: "NAME EMOJI [-]", does: "put an emoji on what somebody has said last, - to take it away" },
    members: { takes: "", does: "list the members of the room, with their ranks" },
    rank: { takes: "NAME owner | moderator | member", does: "give a member of the room another rank" },
    create: { takes: "#room", does: "make a private room: only those see it that you invite" },
    invite: { takes: "NAME", does: "invite somebody's account into the room, or into the group" },
    uninvite: { takes: "NAME", does: "take that back; with your own name, decline" },
    group: { takes: "NAME NAME…", does: "talk with several people, whom nobody else sees" },
    set: { takes: "private | open | announcements | discussion", does: "who sees the room, and who writes there" },
    rename: { takes: "#room", does: "give the room another name" },
    pin: { takes: "NAME", does: "keep in view what somebody has said last" },
    unpin: { takes: "n", does: "keep it in view no more, by its number in /pins" },
    pins: { takes: "", does: "list what is pinned in the room" },
    hooks: { takes: "[add NAME | del ID]", does: "programs that speak in the room by a token" },
    clearroom: { takes: "#room", does: "delete all messages of a room, for good" },
    removeroom: { takes: "#room", does: "remove a room, for good" },
    away: { takes: "[text | -]", does: "be away, for a reason; - to be back" },
    status: { takes: "[EMOJI] text | -", does: "say where you are or what you do, - for nothing" },
    code: { takes: "[NAME]", does: "show the last code with nothing before its lines, to be copied" },
    send: { takes: "FILE", does: "send a file to this room or person" },
    save: { takes: "[FILE]", does: "save the last file, under its name in ./files or another one" },
    around: { takes: "n", does: "go to a message that /search has found, by its number" },
    passwd: { takes: "", does: "another password; your other sessions end" },
    sessions: { takes: "[end ID]", does: "where you are logged in; end one of these sessions" },
    export: { takes: "[FILE]", does: "save all that is kept about you, in ./files or another file" },
    unregister: { takes: "", does: "delete your account, with your password" },
    kick: { takes: "[#room] NAME [reason]", does: "disconnect somebody; with a room, put out of it" },
    ban: { takes: "[#room] NAME | ADDRESS [10m] [reason]", does: "keep somebody out, for a time (s m h d w)" },
    unban: { takes: "[#room] NAME | ADDRESS", does: "let somebody in again" },
    mute: { takes: "[#room] NAME [10m] [reason]", does: "keep somebody from writing" },
    unmute: { takes: "[#room] NAME", does: "let somebody write again" },
    promote: { takes: "NAME", does: "make somebody's account an operator's" },
    demote: { takes: "NAME", does: "take that back" },
    bans: { takes: "[#room]", does: "list the bans and mutes" },
    bots: { takes: "[add NAME | token NAME | del NAME]", does: "accounts of programs, and their tokens" },
    motd: { takes: "text | -", does: "greet everybody who enters with a text, - for none" },
    quit: { takes: "", does: "leave the chat" },
  } satisfies Record<CommandName, Form>),
  /** What `/help` says beside the commands. */
  keys: [
    ["Tab", "complete a name, a room, a command"],
    ["↑ ↓", "lines typed before"],
    ["//…", "a text with / first"],
    ['"…"', "a name with spaces, in a command"],
    ["+ *", "before a name: an account, an operator"],
    ["#1 #2", "before a name: which of the guests by it"],
  ] as readonly (readonly [string, string])[],
  noCommand: (name: string, meant: string | undefined) =>
    meant === undefined
      ? `No command "/${name}": /help lists them, and // begins a text with /`
      : `No command "/${name}": did you mean /${meant}? // begins a text with /`,
  noPasswordHere: (usage: string) => `Expected ${usage}: the password is asked for, and not shown`,
  noDuration: (got: string, meant: string) =>
    `"${got}" is no duration: do you mean "${meant}"? Its units are s, m, h, d and w; a reason begins with a word`,
  noText: "Expected /edit text; /delete deletes your last message",
  unreadable: (line: string, usage: string) => `Cannot read "${line}": expected ${usage}`,

  // the connection
  joined: (peer: string, name: string) => `Joined ${peer} as ${name}; /help lists the commands`,
  joinedUnanswered: (peer: string) =>
    `${peer} does not answer: is this the port of a JIM server? What you type is sent to it all the same`,
  lost: (why: string) => `The connection is lost: ${why}`,
  lostForNow: (why: string, next: string | undefined) =>
    `The connection is lost: ${why}. ` +
    (next === undefined
      ? "What you type is sent when it is back; Enter tries at once"
      : `Trying ${next}; what you type is sent there`),
  closed: "the server closed it",
  stopping: "the server is stopping",
  silent: "the server does not answer",
  endless: "the server sends an object that does not end",
  notJim: (peer: string, said: string) => `${peer} does not speak JIM: it says ${said}`,
  noise: (said: string) => `Cannot read what the server sends: ${said}`,
  back: (seconds: number, sent: number, peer: string | undefined) =>
    `The connection is back after ${seconds} s${peer === undefined ? "" : `, to ${peer}`}${
      sent === 0 ? "" : `, ${clause(sent)} sent`
    }`,
  notSent: (n: number) => `${clause(n)} not sent`,
  filesNotSent: (n: number) => `${files(n)} not sent`,
  filesNotSaved: (n: number) => `${files(n)} not saved`,
  unknown: (text: string) => `Nobody knows whether this has arrived: "${text}"`,
  serverSays: (words: string) => `The server says: ${words}`,

  // requests and their answers
  cannot: (label: string) => `Cannot ${label}: not connected`,
  lacks: (label: string) => `This server has no ${label}: it knows less than Hanita`,
  unanswered: (label: string) => `The connection was lost before the answer to ${label}: ask again when it is back`,
  noAnswer: (label: string) => `No answer to ${label}: this server may not know it`,
  refuses: (what: string, words: string) => `The server refuses ${what}: ${words}`,
  operatorsOnly: (label: string) => `Cannot ${label}: it is for operators; /login NAME logs you in as one`,
  turnedAway: (peer: string, name: string, words: string) => `${peer} refuses "${name}": ${words}`,
  skipped: (action: string) =>
    `The server sends things that this client does not know (${JSON.stringify(action)}): they are left out`,

  // files
  sending: (name: string, size: string) => `Sending ${name} (${size})`,
  sent: (name: string, percent: string) => `${percent} of ${name} are sent`,
  saved: (path: string) => `Saved as ${path}`,
  noFile: (place: string) => `No file is known in ${place}; /history shows earlier messages`,

  // passwords
  password: (name: string) => `Password of ${name}: `,
  needsPassword: (name: string) => `"${name}" needs a password here; Enter alone leaves`,
  newPassword: (name: string) => `New password of ${name}: `,
  onceMore: "Once more: ",
  oneTimePassword: (name: string) =>
    `That password of ${name} is for the first login only: choose your own; Enter alone gives up`,
  notLoggedIn: "You are not logged in",
  nowLoggedIn: (name: string, words: string) => `You are ${name} now; the server says: ${words}`,
  notRegistered: "Nothing was registered",
  shortPassword: (least: number, length: number) =>
    `Expected at least ${least} characters, got ${length}: choose another`,
  otherPassword: "Another password: begin anew, or Enter to give up",
  namesakes: (name: string, n: number) => `${n} guests here are called ${name}, and you are one; /name NAME changes it`,
  renamed: (name: string) => `You are ${name} now`,
  registered: (name: string) => `${name} is yours from now on`,

  // one's own account
  samePassword: "Your password is as before",
  passwordChanged: "You have a new password; your other sessions have ended",
  sessions: "You are logged in here",
  sessionEnd: "/sessions end ID ends one of them",
  sessionEnded: (id: string) => `The session ${id} has ended`,
  noDevice: "a program without a name",
  since: (time: string) => `since ${time}`,
  thisSession: "this one",
  connected: "connected",
  lastUsed: (time: string) => `last used ${time}`,
  whatGoes: (name: string) =>
    `${name}, your contacts and what was said in private will be deleted. What you have said in rooms stays. ` +
    "Enter alone leaves all as it is",
  notUnregistered: "Nothing was deleted",
  unregistered: (name: string) => `The account ${name} is deleted`,

  reading: (n: number) => `${n} messages are read`,
  exported: (n: number, path: string) => `${n === 1 ? "1 line is" : `${n} lines are`} saved as ${path}`,

  // programs that speak
  hooks: (room: string) => `Hooks of ${room}`,
  noHooks: (room: string) => `${room} has no hooks`,
  hookAdd: "/hooks add NAME makes one",
  hookEnd: "/hooks del ID removes one of them",
  hookOf: (by: string, time: string) => `by ${by}, since ${time}`,
  hookAdded: (name: string, room: string) =>
    `${name} speaks in ${room} by a POST to this path on the port of the page, with {"text":"…"}. It is shown this once:`,
  hookDeleted: (id: string) => `The hook ${id} is removed`,
  theBots: "The bots",
  noBots: "There are no bots: /bots add NAME makes one",
  botToken: (name: string) => `The token by which ${name} logs in. It is shown this once:`,
  botDeleted: (name: string) => `The bot ${name} is removed`,

  // people
  roles: { operator: "operator", account: "account", guest: "guest" } satisfies Record<Role, string>,
  groups: { operator: "operators", account: "accounts", guest: "guests" } satisfies Record<Role, string>,
  bots: "bots",
  others: "others",
  /** `name` is as it is typed in a command. */
  person: (name: string, role: string | undefined) => role === undefined ? name : `${role} ${name}`,
  came: (person: string) => `${person} is here`,
  left: (person: string) => `${person} has left`,
  here: (n: number) => `${n} here`,
  away: "away",
  /** `status` is such as `away, at lunch`. */
  status: (name: string, status: string) => `${name}: ${status}`,
  backAgain: (name: string) => `${name} has no status any more`,
  yourStatus: (status: string) => `Your status: ${status}`,
  noStatus: "You have no status",
  /** Not more names than two are shown. */
  writing: ([one, two, ...others]: readonly string[]) =>
    others.length > 0
      ? "several people are typing"
      : two === undefined
      ? `${one} is typing`
      : `${one} and ${two} are typing`,
  noContacts: "You have no contacts",
  contacts: (names: string) => `Your contacts: ${names}`,
  contactAdded: (name: string) => `${name} is among your contacts`,
  contactRemoved: (name: string) => `${name} is no contact of yours any more`,
  ignored: (name: string) => `Nothing that ${name} says is shown; /unignore ${name} takes that back`,
  unignored: (name: string) => `What ${name} says is shown again`,
  notIgnored: (name: string) => `${name} is not ignored`,
  notYourself: "You cannot ignore yourself",
  ignores: (names: string) => `You ignore: ${names}`,
  ignoresNobody: "You ignore nobody",
  done: {
    kick: (name: string) => `${name} is put out`,
    ban: (name: string, end: string | undefined) => `${name} is banned ${lasting(end)}`,
    unban: (name: string) => `${name} is not banned any more`,
    mute: (name: string, end: string | undefined) => `${name} is muted ${lasting(end)}`,
    unmute: (name: string) => `${name} is not muted any more`,
    promote: (name: string) => `${name} is an operator now`,
    demote: (name: string) => `${name} is no operator any more`,
  },
  greeting: (text: string) => `Everybody who enters is greeted with: ${text}`,
  noGreeting: "Nobody is greeted any more",
  bans: "Bans and mutes",
  noBans: "Nobody is banned or muted",
  kinds: { ban: "banned", mute: "muted" },
  until: (time: string) => `until ${time}`,
  by: (name: string) => `by ${name}`,
  /** Between these. */
  between: " ",
  because: (reason: string) => `because ${reason}`,

  // rooms and conversations
  rooms: "The rooms",
  isIn: (room: string) => `${room}, you are in`,
  notIn: (room: string) => `You are not in ${room}`,
  notInJoin: (room: string, typed: string) => `You are not in ${room}: /join ${typed} comes in`,
  notInAnyMore: (room: string, words: string) => `You are not in ${room} any more: ${words}`,
  cannotLeave: (room: string) => `You cannot leave ${room}: /quit leaves the chat`,
  nobodyCalled: (name: string, room: string) =>
    `Nobody called ${name} is here; a room is written with #: /room ${room}`,
  onlyInRooms: (label: string, place: string) => `${label} is for rooms, and ${place} is none`,
  members: (room: string) => `The members of ${room}`,
  ranks: (rank: string) => rank,
  invited: "invited",
  notOnline: "offline",
  hasRank: (name: string, rank: string, room: string) => `${name} is ${aRank(rank)} of ${room} now`,
  yourRank: (by: string, rank: string, room: string) => `${by} has made you ${aRank(rank)} of ${room}`,
  rankBy: (by: string, name: string, rank: string, room: string) => `${by} has made ${name} ${aRank(rank)} of ${room}`,
  isInvited: (name: string, room: string) => `${name} is invited into ${room}`,
  isUninvited: (name: string, room: string) => `${name} is not invited into ${room} any more`,
  invites: (by: string, room: string) => `${by} invites you into ${room}: /join ${room} comes in, /uninvite declines`,
  inGroup: (by: string, room: string, names: string) => `${by} has taken you into the group ${room}: ${names}`,
  settings: {
    private: (room: string) => `Only those see ${room} that are invited`,
    open: (room: string) => `Everybody sees ${room} and may join it`,
    announcements: (room: string) => `Only owners write in ${room}`,
    discussion: (room: string) => `All members write in ${room}`,
  },
  configured: (by: string, room: string, isPrivate: boolean, isForAnnouncements: boolean) =>
    `${by}: ${room} is ${isPrivate ? "private" : "open"}, and ${
      isForAnnouncements ? "owners alone write" : "all members write"
    } there`,
  renamedBy: (by: string, room: string, name: string) => `${by}: ${room} is ${name} now`,
  putOut: (by: string, room: string, reason: string | undefined) =>
    `${by} has put you out of ${room}${reason === undefined ? "" : `: ${reason}`}`,
  removedBy: (by: string, room: string) => `${by} has removed the room ${room}`,
  clearedBy: (by: string, room: string) => `${by} has deleted all messages of ${room}`,
  pins: (room: string) => `Pinned in ${room}`,
  noPins: (room: string) => `Nothing is pinned in ${room}`,
  noSuchPin: (n: number) => `No pinned message has the number ${n}: /pins lists them`,
  pinnedBy: (by: string, words: string, room: string) => `${by} has pinned "${words}" in ${room}`,
  unpinnedBy: (by: string, words: string, room: string) => `${by} has unpinned "${words}" in ${room}`,
  topic: (room: string, topic: string) => `${room} is about: ${topic}`,
  topicBy: (room: string, topic: string, name: string) => `${room} is about: ${topic} (so says ${name})`,
  noTopic: (room: string) => `${room} has no topic`,
  noTopicsHere: (place: string) => `Only rooms have topics, and ${place} has none`,
  /** Before the first words of a message, or {@linkcode earlierMessage}. */
  reaction: (person: string, emoji: string, words: string) => `${person}: ${emoji} on "${words}"`,
  noReaction: (person: string, emoji: string, words: string) => `${person}: no ${emoji} any more on "${words}"`,
  deleted: (words: string) => `Deleted: "${words}"`,
  deletedBy: (person: string, words: string) => `${person} has deleted "${words}"`,
  deletedMessage: "(deleted)",
  earlierMessage: "an earlier message",
  noMessageOf: (name: string, where: string) => `No message of ${name} is known in ${where}; /history shows some`,
  /** `name` is as it is typed in a command; without one it may be anybody's. */
  noCode: (name: string | undefined, where: string) =>
    `No block of code${name === undefined ? "" : ` of ${name}`} is known in ${where}; /history shows some messages`,
  codeOf: (name: string) => `code of ${name}`,
  moreLines: (n: number) => `… ${n} more lines; /code shows all of the code`,
  hasLeft: (name: string) => `You have left ${name}`,
  conversations: "Your conversations",
  front: (name: string) => `${name}, and write there`,
  fresh: (name: string, n: number) => `${name}, ${n} new`,
  moreBefore: (n: number) => `${n} more before; /history has them`,

  // what was said
  history: (where: string) => `history of ${where}`,
  search: (where: string) => `search of ${where}`,
  searchAll: "search of all your conversations",
  around: (n: number, where: string) => `around message ${n}, in ${where}`,
  notFound: (n: number, count: number) =>
    count === 0
      ? "Nothing was found yet: /search words"
      : `Expected a number from 1 to ${count} of the last search, got ${n}`,
  nothingSought: "Expected words to look for, or from:NAME",
  noDay: (got: string) => `before: expected a day such as 2026-11-30, got "${got}"`,
  nothingIn: (title: string) => `Nothing in the ${title}`,
  leftOut: (n: number, title: string) => `Not shown, as /ignore wants it: ${n} of the ${title}`,
  now: "now",
  day(date: Date): string {
    const part = (options: Intl.DateTimeFormatOptions) => date.toLocaleDateString("en-GB", options);
    return `${part({ weekday: "long" })} ${part({ day: "numeric", month: "long", year: "numeric" })}`;
  },

  // what is typed
  tooLong: (most: number, length: number) => `Not sent: expected at most ${most} characters, got ${length}`,
  sendLines: (n: number, where: string) => `Send ${n} lines to ${where}? y/N `,
  sendCode: (n: number, where: string) => `Send ${n} lines to ${where}? y/N, or c for a block of code `,
  nothingSent: "Nothing was sent",
  offline: "offline",
  inWait: (n: number) => `${n} in wait`,
  newElsewhere: (n: number) => `${n} new`,
};

/** How long an order holds: until the clock shows that time. */
function lasting(end: string | undefined): string {
  return end === undefined ? "for good" : `until ${end}`;
}

/** A catalogue. */
export type Texts = typeof english;
