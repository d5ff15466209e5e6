/**
 * The sentences of refusals and notes in English.
 * @module
 */
import { isoTime } from "../time.ts";
import type { JsonError } from "../json_error.ts";
import { ACTION_LIST, type Catalogue, EXAMPLE_MSG, EXAMPLE_PRESENCE, jsonErrorText } from "./words.ts";

export const english: Catalogue = {
  refusals: {
    garbage: (r) => `Expected a JSON object that begins with {, such as ${EXAMPLE_PRESENCE}, got ${r.got}`,
    utf16: (r) =>
      `Expected UTF-8, got ${r.got}, which looks like ${
        r.encoding ?? "UTF-16"
      }; in .NET write with new UTF8Encoding(false)`,
    broken: (r) =>
      r.jsonError !== undefined
        ? invalid(r.jsonError)
        : `Expected the object to be closed by } before anything new begins, got ${r.got}`,
    big: (r) => `Expected an object of at most ${r.limit} bytes, got a larger one, which was left out`,
    deep: (r) => `Expected at most ${r.limit} brackets inside each other, got more; the object was left out`,
    endless: (r) => `Expected the large object to end within another ${r.limit} bytes; the connection is closed`,
    length: (r) => `Expected four bytes that say the next object's length, got ${r.got}; the connection is closed`,
    json: (r) =>
      r.jsonError !== undefined ? invalid(r.jsonError) : `Expected valid JSON, such as ${EXAMPLE_MSG}, got ${r.got}`,
    utf8: (r) =>
      `Expected UTF-8, got byte ${r.character} at position ${r.position}` +
      (r.encoding === undefined ? "" : `, which looks like ${r.encoding}`),
    object: (r) => `Expected a JSON object, such as ${EXAMPLE_PRESENCE}, got ${r.got}`,
    twice: (r) => `Expected a JSON object, got a string that holds one, so make JSON of it once, not twice: ${r.got}`,
    size: (r) => `Expected an object of at most ${r.limit} characters, got ${r.got}`,
    action: (r) => `action: expected a string such as "presence", "msg" or "quit", got ${r.got}${length(r.length)}`,
    unknown: (r) => `action: expected one of ${ACTION_LIST}, got ${r.got}, which is no action of JIM`,
    user: (r) => `user: expected an object with account_name, such as {"account_name":"ann"}, got ${r.got}`,
    time: (r) => `time: expected Unix seconds as a number, got ${r.got}`,
    name: (r) =>
      `${r.at}: expected a name of 1 to ${r.limit} characters that does not begin with #, got ${r.got}${
        length(r.length)
      }`,
    letters: (r) =>
      `${r.at}: expected visible characters, and plain spaces only between them, got ${r.got} with ${r.character}`,
    marks: (r) =>
      `${r.at}: expected each accent on a letter that takes it, at most four and none twice, ` +
      `got ${r.got} with ${r.character}`,
    room: (r) =>
      `${r.at}: expected a room such as "#cats", of 1 to ${r.limit} characters after the #, got ${r.got}${
        length(r.length)
      }`,
    to: (r) => `to: expected "#all", a "#room" or a name, got ${r.got}`,
    text: (r) => `message: expected a text, such as "hello", got ${r.got}`,
    long: (r) => `${r.at}: expected at most ${r.limit} characters, got ${r.got}`,
    string: (r) => `${r.at}: expected a string, got ${r.got}`,
    presence: () => `Expected a presence before anything else, such as ${EXAMPLE_PRESENCE}`,
    nobody: (r) => `${r.at}: nobody here has the name ${r.got}`,
    either: (r) => `with: expected either a room or a name, got both; the name is ${r.got}`,
    everywhere: (r) => `everywhere: expected neither a room nor a name beside it, got ${r.got}`,
    words: (r) => `text: expected words to look for, got ${r.got}`,
    id: (r) => `${r.at}: expected the id of a message, a whole number from 0 to 9007199254740991, got ${r.got}`,
    limit: (r) => `limit: expected a number from 1 to 500, got ${r.got}`,
    features: (r) => `features: expected an array of names, such as ["id"], got ${r.got}`,
    noname: () => `user.account_name: expected a name to go by, such as ${EXAMPLE_PRESENCE}`,
    members: (r) =>
      `user.account_name: ${r.got} may come in with a password only: guests are not let in here, so authenticate`,
    reserved: (r) =>
      `user.account_name: ${r.got} belongs to an account, so authenticate with its password or take another name`,
    login: (r) => `user: no account ${r.got} with that password`,
    devices: (r) => `user: ${r.got} is connected ${r.limit} times already, which is as often as may be`,
    queue: (r) =>
      `user: ${r.limit} passwords from your network wait to be looked at, which is as many as may be: try again in a minute`,
    ended: () => "register: expected a stream that is open until the answer, so no account was made",
    closed: () => "New accounts are made by the operator here",
    taken: (r) => `user.account_name: ${r.got} is somebody else's name already`,
    password: (r) => `user.password: expected at least ${r.limit} characters`,
    account: (r) => `action: expected a guest's name, but you are logged in as ${r.got}; quit first`,
    noroom: (r) => `${r.at}: there is no room ${r.got}; the first join makes it`,
    outside: (r) => `${r.at}: expected a room that you are in, so join ${r.got} first`,
    rooms: (r) => `room: expected at most ${r.limit} rooms at a time, so leave one first`,
    newrooms: (r) =>
      `room: expected a room that exists, for ${r.limit} an hour may be made from your network; the next one in ${r.got} s`,
    newaccounts: (r) =>
      `register: ${r.limit} accounts an hour may be made from your network, so try again in ${r.got} s`,
    accountquota: (r) =>
      `message: ${r.limit} bytes of your messages are kept in a day, and they are used up: try again in ${r.got} s`,
    networkquota: (r) =>
      `message: ${r.limit} bytes of messages from your network are kept in a day, and they are used up: try again in ${r.got} s`,
    everybody: () => "room: #all is everybody's room, it can be neither joined nor left",
    writeonly: (r) => `to: ${r.got} only writes, and its program reads no messages`,
    self: (r) => `to: ${r.got} is your own name, and nobody else here goes by it`,
    gone: (r) => `to: ${r.got} was a guest and has left`,
    stranger: (r) => `user_id: ${r.got} is not among your contacts`,
    contacts: (r) => `user_id: expected at most ${r.limit} contacts, so delete one first`,
    own: (r) => `with: what was said with ${r.got} is kept for accounts only, so authenticate or register`,
    accounts: (r) => `action: ${r.got} is for accounts only, so authenticate or register`,
    nomessage: (r) => `${r.at}: expected the id of a message of this conversation, got ${r.got}; history has the ids`,
    unkept: (r) =>
      `${r.at}: what guests say to each other is kept nowhere, so no message of it can be found; register to have it kept`,
    deleted: (r) => `${r.at}: the message ${r.got} was deleted`,
    notyours: (r) => `${r.at}: expected the id of a message of your own, got ${r.got}, which is of ${r.like}`,
    guestreaction: (r) =>
      `${r.at}: ${r.got} is of a guest who had your name before: take away what you have put since you connected`,
    sharedname: (r) =>
      `${r.at}: expected a message that you have sent while no other guest had your name; take another name, or register`,
    noedits: () => "action: messages are neither edited nor deleted here; ask an operator",
    oldmessage: (r) => `${r.at}: expected a message of the last ${r.limit} minutes, got ${r.got}, which is older`,
    emoji: (r) => `emoji: expected one emoji, such as "\u{1F44D}", got ${r.got}`,
    flag: (r) => `${r.at}: expected true or false, got ${r.got}`,
    kinds: (r) =>
      `emoji: expected one that is on the message already, which has ${r.limit} kinds of them, got ${r.got}`,
    reactions: (r) => `${r.at}: expected a message with less than ${r.limit} reactions, got ${r.got}`,
    file: (r) => `file: expected the upload in the answer to an upload, a string, got ${r.got}`,
    filename: (r) => `name: expected the name of a file without a folder, such as "cat.png", got ${r.got}`,
    filesize: (r) => `size: expected the bytes of the file, a whole number of 1 or more, got ${r.got}`,
    sha256: (r) => `sha256: expected the SHA-256 of the file as 64 hexadecimal digits, got ${r.got}`,
    nofiles: () => "upload: files are not taken here, so send a link or a text instead",
    largefile: (r) => `size: expected at most ${r.limit} bytes, got ${r.got}`,
    uploads: (r) => `upload: expected at most ${r.limit} unfinished uploads, so finish or cancel one first`,
    fileaccountquota: (r) =>
      `size: ${r.limit} bytes of your files are taken in a day, and they are used up: try again in ${r.got} s`,
    filenetworkquota: (r) =>
      `size: ${r.limit} bytes of files from your network are taken in a day, and they are used up: try again in ${r.got} s`,
    filespace: (r) =>
      `size: all files may have ${r.limit} bytes together, and there is no room for another ${r.got}; tell the operator, who can make some`,
    filedisk: () => "size: the disk of the server has no room for the file; tell the operator, who can make some",
    noupload: () =>
      "file: there is no such upload any more; announce the file with an upload, and send its bytes again",
    partial: (r) =>
      `file: expected an upload that is whole, got ${r.got} of its ${r.limit} bytes; send the others first`,
    edits: (r) =>
      `${r.at}: expected a message that was edited less than ${r.limit} times, got ${r.got}; delete it instead`,
    emptied: (r) => `${r.at}: expected another text, got an empty one; to take the message away, send a delete`,
    full: (r) => `The server is full: ${r.limit} are connected, so try again later`,
    crowd: (r) => `There are ${r.limit} connections from ${r.got} already, which is as many as may be`,
    unready: () => "The server has no link to the other servers of the chat at the moment; connect again soon",
    late: (r) => `Expected a presence within ${r.limit} s of connecting, such as ${EXAMPLE_PRESENCE}`,
    idle: (r) => `Nothing was received for ${r.limit} s; connect again at any time`,
    unfinished: (r) =>
      `Expected the end of an object: all that have begun may have ${r.limit} bytes together, and this one is among the largest and oldest`,
    frame: (r) => `Cannot read on from this WebSocket: ${r.got}`,
    until: (r) => `until: expected Unix seconds as a number of at most ${r.limit}, such as 1764086400, got ${r.got}`,
    duration: (r) =>
      `for: expected a duration from "1s" to "520w", such as "10m", with s, m, h, d or w, and no until beside it, got ${r.got}`,
    beside: (r) =>
      `${r.at}: expected none in this order, got ${r.got}: a ban is of a user_id or of an address, a mute or a kick of a ` +
      "user_id; only bans and mutes have an end, and only a kick, a ban or a mute of a user_id has a room",
    over: (r) => `until: expected a time to come, got ${r.got}`,
    yourself: (r) => `${r.at}: expected somebody else, for ${r.got} includes yourself`,
    ownsession: (r) =>
      `${r.at}: expected addresses that you are not connected from, for ${r.got} includes another session of yours, from ${r.like}`,
    lastoperator: (r) => `${r.at}: expected somebody else, for ${r.got} is the last operator that may come in`,
    alloperators: (r) =>
      `${r.at}: expected addresses that leave an operator here, for ${r.got} includes all that are connected: ${r.like}`,
    noaccount: (r) => `${r.at}: ${r.got} has no account; only a registered name can be an operator`,
    appointed: (r) => `${r.at}: ${r.got} is an operator already`,
    unappointed: (r) => `${r.at}: ${r.got} is no operator`,
    unbanned: (r) => `${r.at}: there is no such ban or mute of ${r.got}; the action bans lists them`,
    address: (r) =>
      `address: expected an address such as "10.0.0.7" or "2001:db8::7", or a range such as "10.0.0.0/8", without a port, got ${r.got}`,
    operator: (r) => `action: ${r.got} is for operators, so authenticate as one`,
    level: (r) => `level: expected "all", "mentions", "none" or "default", got ${r.got}`,
    levels: (r) => `to: expected at most ${r.limit} conversations with a level, so set one to "default" first`,
    rank: (r) => `rank: expected "owner", "moderator" or "member", got ${r.got}`,
    owners: (r) => `action: ${r.got} is for the owners of ${r.like}, and for operators`,
    moderators: (r) => `action: ${r.got} is for the owners and moderators of ${r.like}, and for operators`,
    higher: (r) => `user_id: expected somebody whose rank in the room is below yours, got ${r.got}`,
    ranked: (r) => `user_id: ${r.got} has the rank ${r.like} already`,
    ranks: (r) => `user_id: expected at most ${r.limit} owners and moderators of a room, so take a rank away first`,
    nomember: (r) => `user_id: ${r.got} is no member of ${r.like}; the action members lists them`,
    noranks: (r) => `user_id: ${r.got} has no account: a guest's name is proved by nobody, so it can have no rank`,
    restraints: (r) => `user_id: expected at most ${r.limit} bans and mutes in a room, so lift one first`,
    roombanned: (r) => `room: you may not come into ${r.got}${end(r.until)}${why(r.why)}`,
    announcements: (r) => `${r.at}: ${r.got} has announcements of its owners alone`,
    uninvited: (r) => `user_id: ${r.got} is not invited into ${r.like}`,
    noinvitation: (r) =>
      `user_id: ${r.got} has no account: a guest's name is proved by nobody, so it cannot be invited`,
    invited: (r) => `user_id: ${r.got} is invited into ${r.like} already, or in it`,
    invitations: (r) => `user_id: expected at most ${r.limit} invitations into a room, so take one back first`,
    roomremoved: (r) => `${r.at}: ${r.got} was removed; join once more to make a new room of that name`,
    roomleft: (r) =>
      `${r.at}: you are not in the private room ${r.got} any more; join once more to make a new room of that name`,
    roomtaken: (r) => `${r.at}: there is a room ${r.got} already`,
    ungrouped: (r) => `action: ${r.got} is for rooms, and ${r.like} is a group: all its members are alike`,
    groupsize: (r) => `users: expected a group of 3 to ${r.limit} accounts with your own, got ${r.got}`,
    manyrooms: (r) => `user_id: ${r.got} is in ${r.limit} rooms, which is as many as may be`,
    users: (r) => `users: expected an array of names, such as ["bob","eve"], got ${r.got}`,
    pins: (r) => `id: expected at most ${r.limit} pinned messages in a room, so unpin one first`,
    unpinned: (r) => `id: the message ${r.got} is not pinned`,
    roommuted: (r) => `You may not write in ${r.got}${end(r.until)}${why(r.why)}`,
    inspect: () => "inspect: expected an operator, so authenticate as one, or send the field token: see DIR/token",
    token: () => "token: this is not the token of the running server, which is in DIR/token and new at each start",
    banned: (r) => `You may not come in here${end(r.until)}${why(r.why)}`,
    muted: (r) =>
      `${r.at === undefined ? "You" : `${r.at}: others would read it, and you`} may not write here${end(r.until)}${
        why(r.why)
      }`,
    kicked: (r) => `An operator has put you out${why(r.why)}`,
    removed: (r) => `The account ${r.got} has been removed`,
    renamed: (r) => `The account ${r.got} is ${r.like} now, so authenticate by that name`,
    changed: (r) => `The account ${r.got} has another password now, so authenticate with that one`,
    session: () =>
      "token: expected one that was given at a login and has not ended, so authenticate with the name and its password",
    newpassword: (r) => `new_password: expected at least ${r.limit} characters`,
    onetime: (r) =>
      `new_password: expected a password of your own for ${r.got}, beside this one, which is for the first login only`,
    samepassword: () => "new_password: expected another password than the present one",
    wrongpassword: (r) => `password: expected the present one of the account ${r.got}`,
    unknownhash: (r) =>
      `The account ${r.got} has a password that only a newer version can check, so tell the operator, who can set another one`,
    onlyoperator: (r) =>
      `action: ${r.got} is the last operator that may come in, so promote somebody else before you delete the account`,
    nosession: (r) => `session: expected the session of a row that the action sessions lists, got ${r.got}`,
    hooktoken: () => "token: expected that of a hook, got one that was never given, or of a hook that was removed",
    hookname: (r) =>
      `user.account_name: names that end with (hook) are those of hooks, so take another one than ${r.got}`,
    hookrate: (r) =>
      `hook: expected at most ${r.limit} messages at once, and then one a second; try again in ${r.got} s`,
    hookonly: () => "action: a hook is used without a presence, so connect anew for it",
    hooks: (r) => `room: expected at most ${r.limit} hooks, so remove one first`,
    nohook: (r) => `hook: expected the hook of a row that the action hooks lists, got ${r.got}`,
    nobot: (r) => `user_id: expected a bot, got ${r.got}; the action bots lists them`,
    revoked: (r) => `This login of ${r.got} has been ended, so authenticate with the password`,
    lookalike: (r) =>
      `user.account_name: ${r.got} looks like the account ${r.like}, so take a name that nobody mistakes for it`,
    default: (r) =>
      `user.account_name: programs use ${r.got} when nobody has given them a name, so only the operator can make it an account`,
    undecided: () =>
      "The server does not know yet whether this will be kept and sent, so look into the history before you send it again",
    store: () => "The server cannot write to its disk just now: nothing was kept or sent, so try again later",
    nospace: () =>
      "The server has no room left to keep anything: nothing was kept or sent, so tell its operator, who can make some",
  },
  jsonErrors: {
    trailing: ["a comma before a closing bracket", "leave the comma out"],
    comma: ["a comma where a value or a key has to be", "leave the comma out"],
    foreign: [(f) => f.word!, (f) => `JSON has no ${f.word}, so write ${f.expected}`],
    word: ["a text without quotation marks", 'write it in "double quotes"'],
    expression: [
      "a piece of a program",
      "write its value there (in Python: json.dumps of a dict, not the text of one)",
    ],
    key: ["a key without quotation marks", 'write it in "double quotes"'],
    quote: ["another quotation mark than the double one", 'write " on both sides (in Python: json.dumps, not str)'],
    line: ["a line break inside a string", 'write \\n instead of it, or close the string with " before it'],
    control: ["a control character inside a string", "write it as \\t or \\u0000, as a JSON library does"],
    escape: ["a backslash before something that JSON does not escape", "write two backslashes"],
    inside: ["a quotation mark inside a string", 'write \\" instead of it'],
    comment: ["a comment", "JSON has none, so leave it out"],
    number: ["a number that JSON does not write so", "write it such as 7, -1 or 0.5, or as a string"],
    colon: ["something else than a colon behind a key", "write a : between the key and its value"],
    value: ["a closing bracket where a value has to be", "write a value, such as null"],
    missing: ["a value or a key without a comma before it", "write the comma"],
    unclosed: ["another object before this one has ended", (f) => `close this one with ${f.expected}`],
    between: ["something else than a comma or a closing bracket behind a value", "write a comma, or close the object"],
    bracket: ["the wrong closing bracket", (f) => `write ${f.expected}`],
    string: ["the end of the text inside a string", 'close the string with "'],
    end: [
      "the end of the text before the end of the object",
      (f) => f.expected ? `close it with ${f.expected}` : "write an object",
    ],
    behind: ["something behind the end of the object", "end the object once"],
    character: ["a character that JSON has inside strings only", "leave it out, or write it in a string"],
  },
  suggestion: (suggestion, misnamed) =>
    misnamed === undefined
      ? `did you mean "${suggestion}"?`
      : `did you mean "${suggestion}" where you wrote ${misnamed}?`,
  ignored: (field, action, suggestion) =>
    `${field} is no field of ${action} and was ignored, did you mean "${suggestion}"?`,
  notes: {
    promoted: "You are an operator now",
    demoted: "You are no operator any more",
    lost: "(this message is not kept any more)",
    deleted: "(this message was deleted)",
    time: "time: expected Unix seconds as a number, such as 1764000000, so the server's own time is used",
    milliseconds: "time: expected Unix seconds, got what looks like milliseconds, which others are shown as a far year",
    norelays:
      "a program that writes without newlines gets answers and no relays; end objects with a newline to get both",
  },
  roomNotes: {
    owner: (n) => `${n.by} has made you an owner of ${n.room}`,
    moderator: (n) => `${n.by} has made you a moderator of ${n.room}`,
    member: (n) => `${n.by} has taken away your rank in ${n.room}`,
    invited: (n) => `${n.by} invites you to ${n.room}, so join it`,
    added: (n) => `${n.by} has taken you into the group ${n.room}${why(n.why)}`,
    cleared: (n) => `${n.by} has deleted all messages of ${n.room}`,
    removed: (n) => `${n.by} has removed the room ${n.room}`,
    putout: (n) => `${n.by} has put you out of ${n.room}${why(n.why)}`,
  },
};

/** How long a text is that is too long, in characters. */
function length(characters: number | undefined): string {
  return characters === undefined ? "" : `, which has ${characters}`;
}

/** The reason that an operator has given. */
function why(words: string | undefined): string {
  return words === undefined ? "" : `: ${words}`;
}

/** Until when, in Unix seconds. An end that no clock will show is none. */
function end(until: number | undefined): string {
  const time = until === undefined ? undefined : isoTime(until);
  return time === undefined ? "" : ` until ${time}`;
}

function invalid(jsonError: JsonError): string {
  const { position, line, column, before, after } = jsonError, { what, advice } = jsonErrorText(english, jsonError);
  const inLine = line === undefined ? "" : ` (line ${line}, column ${column})`;
  return `Expected valid JSON, got ${what} at position ${position}${inLine}${around(before, after)}; ${advice}`;
}

function around(before: string, after: string): string {
  if (before !== "" && after !== "") return `, between ${before} and ${after}`;
  if (before !== "") return `, behind ${before}`;
  return after === "" ? "" : `, before ${after}`;
}
