/** What the tools for an operator and a teacher, and the launchers, say in English. @module */

export const english = {
  // the accounts
  nameExpected: (command: string, got: string) => `expected a name of 1 to 25 characters after ${command}, got ${got}`,
  /** A text that is too long, in quotes, and how many characters it has. */
  long: (quoted: string, length: number) => `${quoted}, which has ${length}`,
  newNameExpected: (got: string) => `expected a new name of 1 to 25 characters after the old one, got ${got}`,
  oneNameExpected: (got: string) => `expected one name, got ${got}`,
  noNameExpected: (got: string) => `expected no name after list, got ${got}`,
  onlyWith: (option: string, commands: readonly [string, string], got: string) =>
    `expected ${option} with ${commands.join(" or ")} only, got it with ${got}`,
  hasAccount: (name: string) => `${name} has an account already`,
  noAccount: (name: string) => `${name} has no account`,
  noAccountAnyMore: (name: string) => `${name} has no account any more`,
  isOperator: (name: string) => `${name} is an operator already`,
  isNoOperator: (name: string) => `${name} is no operator`,
  lastOperator: (name: string) => `${name} is the last operator, so promote another account first, or add --force`,
  added: (name: string) => `added ${name}`,
  removed: (name: string) => `removed ${name}`,
  renamed: (name: string, newName: string) => `${name} is ${newName} now`,
  taken: "another account has that name",
  promoted: (name: string) => `${name} is an operator`,
  demoted: (name: string) => `${name} is no operator any more`,
  oneTimePassword: (password: string) => `password for the first login: ${password}`,
  newPassword: (name: string) => `${name} has a new password`,
  lookalike: (name: string, other: string) => `Warning: ${name} looks like the account ${other}`,
  loggedOut: (name: string, tokens: number) => `${name} is logged out; ended session tokens: ${tokens}`,
  noTokens: (name: string) => `${name} has no session tokens`,
  token: (since: string, used: string, device: string) => `logged in ${since}  last used ${used}${device}`,
  noAccounts: "no accounts",
  brokerSilent:
    "Cannot use the broker: it does not answer, or the servers are putting back what it has lost; try again",
  chatNotBegun: "Cannot use the chat at the broker: no server has begun it yet",
  changeUnknown: "The broker has not answered: the change may be made all the same, and list tells whether it is",
  damagedRecords: (count: number) => `Warning: damaged records: ${count}; deno task check names them`,
  /** Of one length, so that the names behind them are in a column. */
  roles: { operator: "operator", account: "account ", bot: "bot     " },
  password: (least: number) => `Password (at least ${least} characters): `,
  passwordOf: (name: string) => `Password of ${name}: `,
  onceMore: "Once more: ",
  /** Behind what is wrong with a password that was typed. */
  another: (flaw: string) => `${flaw}: type another one, or Ctrl-C to give up`,
  passwordsDiffer: "the two passwords differ",
  longPassword: (most: number, length: number) => `expected a password of at most ${most} characters, got ${length}`,
  shortPassword: (least: number) => `expected a password of at least ${least} characters`,
  passwordNotUtf8: (encoding: string | undefined) =>
    `expected a password in UTF-8, got ${encoding === undefined ? "another encoding" : `what looks like ${encoding}`}`,

  // a class
  lists: {
    line: (line: number) => `line ${line}`,
    notUtf8: (encoding: string | undefined) =>
      `expected UTF-8, got ${encoding === undefined ? "another encoding" : `what looks like ${encoding}`}`,
    openQuote: "expected a quote only around a whole field, with another one at its end",
    tooManyFields: (fields: number) => `expected a name, or a name and a group, got ${fields} fields`,
    commonRoom: (got: string) => `expected a group with a room of its own, got ${got}, which is everybody's`,
    sameName: (name: string, other: string, line: number) => `${name} is the same name as ${other} in line ${line}`,
    looksLike: (name: string, other: string, line: number) => `${name} looks like ${other} in line ${line}`,
    looksLikeAccount: (name: string, other: string) => `${name} looks like the account ${other}`,
    roomOfOthers: (room: string, owner: string) => `the room ${room} is there, and no private room of ${owner}`,
    noOwner: (name: string) => `--owner: ${name} has no account; make one by deno task account add`,
    botAsOwner: (name: string) => `--owner: ${name} is a bot, expected a person`,
    empty: "expected a list with a name a line, got an empty one",
    tooLong: (most: number, got: number) => `expected at most ${most} names, got ${got}`,
    nothing: (wrong: number) =>
      `nothing was created, lines that are wrong: ${wrong}; mend them, or leave them out by --skip`,
    noneLeft: "nothing was created: all lines are wrong",
    leftOut: (wrong: number) => `lines that are left out: ${wrong}`,
    noRooms: (groups: number) => `No rooms are made for the groups (${groups}): name their owner by --owner NAME`,
    link: (link: string) => `The cards show ${link}, the server's page; --link URL gives another address`,
    guessedLink: (link: string) =>
      `The cards show ${link}: no server with a page has run here, so check that address, or give it by --link URL`,
    cannotRead: (file: string, why: string) => `Cannot read "${file}": ${why}`,
    cannotWrite: (file: string, why: string) => `Cannot write "${file}": ${why}; nothing was created`,
    sheetExists: (file: string) => `Cannot write "${file}": it is there already; take another --sheet, or --force`,
    notPermitted: (file: string, flags: string) =>
      `Not permitted to use "${file}": use deno run -P=class ${flags} tools/class.ts, with the same arguments`,
    created: (accounts: number, rooms: number) => `created accounts: ${accounts}, rooms: ${rooms}`,
    cardsIn: (file: string) => `the cards are in "${file}"`,
    roomsFailed: "the accounts are created, the rooms are not",
    changed: "nothing was created: a name was taken just now; try again",
    badLink: (got: string) => `--link: expected an address such as http://192.168.1.5:8080/, got ${got}`,
    largeFile: (most: number) => `expected a list of at most ${most} bytes`,
    notGranted: (file: string) =>
      `Not permitted to use "${file}": expected a file beside the list, or one that --sheet names`,
  },
  sheet: {
    title: "Logins",
    note: "Print this, cut the cards out, and delete the file: each card is a login.",
    name: "Name",
    password: "Password for the first login",
    address: "Address",
    group: "Room",
    how: 'Open the address, choose "Log in", and type the name and the password. Then choose a password of your own.',
  },

  // the export
  export: {
    date: (got: string) => `--since: expected a day such as 2026-11-29, or a time such as 2026-11-29T16:45, got ${got}`,
    noRoom: (got: string) => `--room: there is no room ${got}; without --room all rooms are exported`,
    leftOut: (count: number) => `damaged, or of a newer Hanita, and left out: ${count}; deno task check names them`,
    cannotWrite: (why: string) => `Cannot write: ${why}`,
    transcript: { language: "en", title: "What was said", edited: "edited", deleted: "(deleted)" },
  },

  // the check of a data folder
  whole: (path: string, counts: string) => `${path} is whole: ${counts}`,
  faulty: (path: string, faults: number, counts: string) => `${path} has faults: ${faults}; whole: ${counts}`,
  counts: (messages: number, records: number) => `messages ${messages}, other records ${records}`,
  /** Behind the other counts. */
  files: (files: number) => `, files ${files}`,
  newer: (count: number) => `of a newer Hanita, which this one leaves out: ${count}`,
  faults: {
    file: (detail: string) => `the file: ${detail}`,
    records: (after: number, detail: string) => `records after the id ${after} cannot be read: ${detail}`,
    messages: (after: number, detail: string) => `messages after the id ${after} cannot be read: ${detail}`,
    record: (id: number, kind: string) => `the record ${id} (${kind}) is damaged`,
    run: (first: number, last: number, count: number) =>
      count === 1 ? `the message ${first} is damaged` : `${count} messages from ${first} to ${last} are damaged`,
    message: (after: number) => `the message after the id ${after} is damaged`,
    missingFile: (id: number, hash: string) => `the file ${hash} of the message ${id} is not there`,
    damagedFile: (id: number, hash: string) => `the file ${hash} of the message ${id} is damaged`,
    end: (last: number, noted: number, wal: string) =>
      `the end is missing: the last id is ${last}, but ${noted} was there, so ${wal} was removed or cut off, ` +
      "a power cut took the last second, or this is an older copy",
  },

  // backup and restore
  backedUp: (file: string, counts: string, files: number, megabytes: string) =>
    `${file} is whole: ${counts}, files ${files}, ${megabytes} MB`,
  backupExists: (file: string) => `Cannot write "${file}": it is there already, expected a new name`,
  backupOfFaulty: (data: string, faults: number) =>
    `Cannot back up "${data}": its database has faults: ${faults}; deno task check names them`,
  backupNotPermitted: (data: string, folder: string) =>
    `Not permitted: use deno run -P=backup --allow-read=${data},${folder} --allow-write=${folder} tools/backup.ts, ` +
    "with the same arguments",
  cannotBackUp: (file: string, why: string) => `Cannot make "${file}": ${why}`,
  restored: (data: string, time: string, files: number) =>
    `"${data}" has the chat as it was at ${time}, files ${files}`,
  movedAside: (folder: string) => `what was there is in "${folder}"`,
  restoreInUse: (data: string) => `Cannot restore into "${data}": a server is running there; stop it first`,
  restoreOverChat: (data: string) =>
    `Cannot restore into "${data}": it has a chat; expected an empty folder, or --replace to move that chat aside`,
  restoreNotPermitted: (file: string, data: string) =>
    `Not permitted: use deno run -P=restore --allow-read=${data},${file} --allow-write=${data} tools/restore.ts, ` +
    "with the same arguments",
  cannotRestore: (file: string, why: string) => `Cannot restore "${file}": ${why}`,
  archive: {
    cutOff: (file: string) => `Cannot restore "${file}": it is cut off`,
    noBackup: (file: string) => `Cannot restore "${file}": it is no backup of Hanita`,
    damaged: (file: string) => `Cannot restore "${file}": it is damaged, a checksum is wrong`,
    newer: (file: string) => `Cannot restore "${file}": a newer Hanita has made it; use that one`,
  },

  // the configuration
  configRight: (file: string) => `${file} is right`,
  defaultValue: "default",

  // the inspector
  closed: "The server has closed the connection",
  tokenExpected: "Expected --token-file FILE, or --login NAME of an operator",
  tokenNotPermitted: (file: string) =>
    `Cannot read ${file}: not permitted, add --allow-read=./data,${file} to "deno run"`,
  noToken: (file: string, why: string) =>
    `Cannot read ${file}: ${why}; expected --data DIR of the server, --token-file or --login`,
  refused: "refused",
  skipped: (what: string) => `The server sends things that this program does not know (${what}): they are left out`,
  skippedInAll: (n: number) => `objects left out: ${n}`,

  // the launchers
  /** What `pair` says at its start, on a terminal. */
  pair: (peer: string) =>
    `Each line is a message to everybody at ${peer}, and there are no commands. Ctrl-D or Ctrl-C leaves.`,
  cannotStart: (why: string) => `Cannot start a client, since the command "deno" does not run: ${why}`,
  noCrowd: (size: number, joined: number) => `Cannot connect ${size} clients: ${joined} joined`,
  crowd: (
    clients: number,
    sent: number,
    received: number,
    expected: number,
    seconds: string,
    lost: number,
    doubled: number,
    failed: number,
  ) =>
    `${clients} clients: ${sent} messages sent, ${received} of ${expected} received in ${seconds} s, ` +
    `${lost} lost, ${doubled} doubled, ${failed} clients failed`,
  progress: (done: number, all: number, what: "joined" | "received") => `${done} of ${all} ${what}`,
};

/** A catalogue. */
export type Texts = typeof english;
