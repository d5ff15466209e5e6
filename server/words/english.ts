/** What the server says in English, beside JIM's refusals: to a browser, and on the terminal it was started on. @module */

export const english = {
  // to a browser at the port of the chat
  speaksJim: "This port speaks JIM, a chat in JSON, and not HTTP.",
  pageOff: "The server's page is off: --web turns it on.",
  pageAt: (port: number) => `The page is at port ${port}.`,
  see: (url: string) => `See ${url}`,
  speaksTls: (client: string, openssl: string) => `This server speaks TLS: connect with ${client}, or ${openssl}`,

  // at the port of the page, to a program that speaks JIM there; then to a browser
  jimAt: (port: number) => `this is the page's port, for browsers: JIM is on port ${port}, connect there`,
  nothingAt: (path: string) => `There is nothing at ${path}`,
  longPath: (most: number) => `Expected a path of at most ${most} bytes`,
  longRequest: (most: number) => `Expected a request of at most ${most} bytes`,
  metricsToken:
    "Expected the header Authorization: Bearer TOKEN, with the word in DIR/token or in --metrics-token-file",
  webSocketOnly: "This is JIM over WebSocket: one JSON object in a frame of text",
  origin: (origin: string) => `A page of ${origin} may not come in: --web-origin lets it`,

  // on the terminal
  notOrigin: (got: string) => `expected an origin such as https://chat.example.org, got ${got}`,
  openToJoin: "To join, open in a browser:",
  typeToJoin: "To join, type one of these:",
  orType: "Or type one of these:",
  firstLine: (program: string) => `With ${program}, then this line first:`,
  classAddress: "To see the class, open this, which is for the teacher only:",
  // what stands in the way of a start
  cannotRead: (option: string, file: string, why: string) => `Cannot read ${option} "${file}": ${why}`,
  readNotPermitted: (files: string) => `not permitted, add --allow-read=./data,${files} after -P=server`,
  notTheKey: (key: string, cert: string) => `Cannot use --tls-key "${key}": it is not the key of --tls-cert "${cert}"`,
  noCertificate: (option: string, file: string) => `Cannot use ${option} "${file}": expected a certificate, as PEM`,
  noKey: (option: string, file: string) => `Cannot use ${option} "${file}": expected a key without a password, as PEM`,
  weakToken: (file: string, least: number) =>
    `Cannot use --metrics-token-file "${file}": expected one word of at least ${least} ASCII characters`,
  notRange: (expected: string, got: string) => `expected ${expected}, got ${got}`,
  anyRange: "an address or a range such as 127.0.0.1 or 10.0.0.0/8",
  rangeOfBits: (least: number, most: number) => `a range of ${least} to ${most} bits`,
  databaseInUse: (path: string) => `Cannot open "${path}": another server is using it`,
  databaseOfOlder: (path: string) =>
    `Cannot open "${path}": a server of an older version is using it; stop that one first`,
  noDatabase: (path: string) => `Cannot open "${path}": there is no such file, expected the data folder of a server`,
  otherDatabase: (path: string) => `Cannot open "${path}": it is a database of another program`,
  newerDatabase: (path: string, version: number, known: number) =>
    `Cannot open "${path}": it was written by a newer Hanita (schema ${version}, this one knows ${known}); ` +
    "run that one, or use another folder",
  olderDatabase: (path: string, version: number, known: number) =>
    `Cannot check "${path}": it was written by an older Hanita (schema ${version}, this one has ${known}); ` +
    "start the server on it once, which brings it to the new one",
  cannotOpen: (path: string, why: string) => `Cannot open "${path}": ${why}`,
  cannotCheck: (path: string, why: string) => `Cannot check "${path}": ${why}`,
  cannotWrite: (path: string, why: string) => `Cannot write ${path}: ${why}`,
  cannotLog: (folder: string, why: string) => `Cannot open the log in "${folder}": ${why}`,
  samePort: (port: number) => `expected two ports, -p and --web-port, got ${port} for both`,
  portTaken: (address: string, port: number, option: string) =>
    `Cannot listen on ${address} port ${port}: another program does (${option} chooses another port)`,
  listenNotPermitted: (address: string, port: number) =>
    `Cannot listen on ${address}: not permitted, add --allow-net=${address}:${port} after -P=server`,
  privileged: (port: number) => `Cannot listen on port ${port}: this user may not, expected a port of 1024 or more`,
  cannotListen: (address: string, port: number, why: string) => `Cannot listen on ${address} port ${port}: ${why}`,

  // the help of the command line
  server: "The server of Hanita, a chat that any program can join: JSON objects over TCP.",
  options: {
    address: "Address to listen on; all of this machine's unless given.",
    port: "Port to listen on; 0 lets the system choose.",
    data: "Folder for the log and all that is kept.",
    tlsCert: "Speak TLS, and show this certificate; read again on SIGHUP.",
    tlsKey: "The certificate's key.",
    web: "Serve the chat's page too, and JIM over WebSocket at /jim.",
    webPort: "Port of the page; 0 lets the system choose.",
    metricsTokenFile: "File with another word than the token that opens /metrics.",
    trustProxy:
      "Proxies, or ranges of them, that are believed about a client's address: PROXY protocol, X-Forwarded-For.",
    webOrigin: "Other origins whose pages may speak JIM, such as https://chat.example.org.",
    memory: "Keep nothing on disk but the log: messages, accounts and rooms end with the server.",
    sync: "What a power cut may cost: the last moments, or nothing at a disk's own speed.",
    keepDays: "Days that messages are kept; 0: for ever.",
    journalSize: "Bytes that what is kept may have, such as 500MB; 0: as many as the disk has.",
    registration: "Whether anybody may make an account, or only the operator.",
    guests: "Whether who has no account may come in.",
    devices: "Connections of one account at a time.",
    rooms: "Rooms that one person may be in.",
    newRooms: "Rooms that may be made from one network at once, and again in each hour; 0: any number.",
    newAccounts: "Accounts that may be registered from one network, likewise; 0: any number.",
    dailyPerAccount: "Bytes of messages that are kept of one account in a day; 0: any number.",
    dailyPerAddress: "The same of one network (an IPv4 address, an IPv6 /64).",
    emptyRooms: "Seconds after which a room without members is removed, and what was said there; 0: never.",
    replay: "Missed messages of each conversation that are sent to who comes back.",
    sessionDays:
      "Days after its last use when a session token ends, by which a page stays logged in; 0: none is given.",
    probeAfter: "Seconds of silence after which a program is asked whether it is there.",
    rate: "Objects a second that one connection may send, with bursts of ten seconds' worth; 0: any number.",
    outbox: "Bytes that a slow reader may be owed before it is dropped.",
    outboxes: "Bytes that all readers together may be owed.",
    unfinished: "Bytes that objects which have not ended may have, of all connections together.",
    connections: "Connections at a time.",
    perAddress: "Connections of one network (an IPv4 address, an IPv6 /64) at a time; 0: any number.",
    presenceWithin: "Seconds in which who has connected must say presence.",
    idle: "Seconds after which who says nothing is sent away; 0: never.",
    bareGap: "Milliseconds between two objects to a program that ends them with no newline.",
    strict: "Take no more than the handout allows: objects of 640 characters, texts of 500.",
    lang: "The language of refusals, en unless given, and of what is printed for a person: the system's unless given.",
    trace: "Show on standard error what every connection says and is told, and why it was refused.",
    select: "How the loop waits: a ready list, or the literal Promise.race.",
    logLevel: "The least important lines that are logged.",
    logDays: "Days that a log is kept.",
    logSize: "Bytes that the log of all days may have, half of them today's; 0: any number.",
  },
};

/** A catalogue. */
export type Texts = typeof english;
