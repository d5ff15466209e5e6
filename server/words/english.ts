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

  /** To a program that uses an incoming hook. */
  hooks: {
    method: "Expected POST: a hook takes what is to be said",
    unknown: "There is no such hook: it was removed, or its token is not whole",
    length: "Expected Content-Length in digits",
    large: (most: number) => `Expected a body of at most ${most} bytes`,
    type: "Expected Content-Type: application/json, or a form with the field payload",
    form: "Expected a form with the field payload, which has JSON",
    json: 'Expected JSON in UTF-8, such as {"text":"hello"}',
    text: 'Expected a text, such as {"text":"hello"}',
    busy: "The server has no time for this at the moment: try again in some seconds",
  },

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
  certificateUnusable: (file: string, why: string) =>
    `Cannot use --tls-cert "${file}" with its key: OpenSSL says "${why}"`,
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
  databaseOfChat: (path: string) =>
    `Cannot open "${path}": it belongs to a chat of several servers; give --broker and --chat as its server does`,
  otherName: (path: string, chat: string) =>
    `Cannot use "${path}": it belongs to a chat of another name than ${chat}; give its --chat, or another --data folder`,
  logOfOther: (path: string) =>
    `Cannot use "${path}": the chat at the broker began without it; give another --data folder, or another --chat`,
  logWithoutBeginning: "Cannot join the chat at the broker: the beginning of its stream was removed; " +
    "start the servers that have its data, or delete the stream",
  logDiffers: "Cannot follow the chat at the broker: other servers have gone on without what is here; " +
    "started again, this server takes what they have",
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

  // what stands in the way of a broker
  broker: {
    address: (got: string) => `expected an address such as nats://127.0.0.1:4222, or several with commas, got ${got}`,
    chatName: (got: string) => `expected 1 to 32 of the letters A to Z, a to z, digits, "_" and "-", got ${got}`,
    cannotRead: (option: string, file: string, why: string) => `Cannot read ${option} "${file}": ${why}`,
    readNotPermitted: (file: string, set: string) => `not permitted, add --allow-read=./data,${file} after -P=${set}`,
    badAuth: (file: string) =>
      `Cannot use --broker-auth "${file}": expected the lines user: NAME and password: WORD, or token: WORD, ` +
      "or the seed of an nkey, or a .creds file",
    badAuthority: (file: string) => `Cannot use --broker-ca "${file}": expected certificates, as PEM`,
    absent: (broker: string, why: string) => `Cannot reach the broker ${broker}: ${why}`,
    notPermitted: (broker: string, host: string, set: string) =>
      `Cannot reach the broker ${broker}: not permitted, add --allow-net=${host} after -P=${set}`,
    silent: (broker: string) => `Cannot reach the broker ${broker}: it does not answer`,
    notNats: (broker: string) => `Cannot use the broker ${broker}: another program is there, which does not speak NATS`,
    closedAtOnce: (broker: string) =>
      `Cannot reach the broker ${broker}: the connection is closed at once, as by a proxy without a broker behind it`,
    noTls: (broker: string) => `Cannot use the broker ${broker}: it has no TLS, which tls:// and --broker-ca demand`,
    badTls: (broker: string, why: string) =>
      `Cannot use the broker ${broker}: its certificate is not trusted (${why}); --broker-ca names its authority`,
    rejected: (broker: string) =>
      `Cannot use the broker ${broker}: it refuses the login; --broker-auth names a file with another one`,
    lost: "Cannot use the broker: the connection was lost at the start",
    tooOld: (version: string, least: string) =>
      `Cannot use the broker: it is nats-server ${version}, expected ${least} or newer`,
    tooOldForReplicas: (version: string, replicas: number, least: string) =>
      `Cannot use the broker: nats-server ${version} may double messages of a stream with ${replicas} replicas, ` +
      `expected ${least} or newer, or one broker`,
    noJetStream: "Cannot use the broker: it has no JetStream, or not for this user; nats-server -js turns it on",
    jetStreamSilent: "Cannot use the broker: its JetStream does not answer, as when most brokers of a cluster are gone",
    jetStreamFailed: (why: string) => `Cannot use the broker: JetStream says "${why}"`,
    smallPayload: (got: number, least: number) =>
      `Cannot use the broker: its max_payload is ${got} bytes, expected ${least} or more`,
    noRight: (operation: string, subject: string) =>
      `Cannot use the broker: its user lacks the right of ${operation} to ${subject}; docs/running.md lists all`,
    notClustered: (replicas: number) =>
      `Cannot create the stream with ${replicas} replicas: the broker is no cluster; give one address, or less than three`,
    noRoom: (why: string) => `Cannot create the stream: the broker has no room (${why})`,
    overlappingStream: (subjects: string) =>
      `Cannot create the stream: another one of the broker takes ${subjects} already`,
    noChat: (chat: string) =>
      `There is no chat "${chat}" at the broker: expected the --chat of its servers, of which one has been started`,
    foreignStream: (stream: string) =>
      `Cannot use the stream ${stream}: another program has created it; choose another name with --chat`,
    otherChat: (stream: string, found: string, chat: string) =>
      `Cannot use the stream ${stream}: it belongs to the chat "${found}", expected "${chat}"`,
    newerStream: (stream: string, format: number, known: number) =>
      `Cannot use the stream ${stream}: a newer Hanita has written it (format ${format}, this one knows ${known})`,
    forgetfulStream: (stream: string) =>
      `Cannot use the stream ${stream}: its limits or subjects were changed so that it forgets messages; ` +
      "expected no max_age, and discard new",
    fullStream: (stream: string) =>
      `Cannot use the stream ${stream}: it is full; give it more max_bytes, or remove old messages with --keep-days`,
    purgedStream: (stream: string) =>
      `Cannot use the stream ${stream}: it was purged, and this server's database does not have what is gone; ` +
      "start one that has it first, or delete the stream",
  },

  // uploads and files
  files: {
    noUpload: "There is no such upload any more; announce the file again, with the action upload",
    length: "Expected a Content-Length: how many bytes follow",
    offset: (offset: number) => `Expected the header Upload-Offset: ${offset}, which is how many bytes have come`,
    tooMany: (left: number) => `Expected at most ${left} bytes, as many as are missing of what was announced`,
    part: (offset: number, size: number) => `${offset} of ${size} bytes have come; send the others`,
    whole: "The file is whole; send a msg that has it",
    differs: "The SHA-256 of these bytes is another one than was announced; send them again from the first one",
    noSpace:
      "The disk of the server has no room for the file, and nothing of it was kept; tell the operator, who can make some",
    failed: "The server cannot write or read its files just now; try again later",
    cancelled: "The upload is cancelled",
    busy: "The server transfers as many files as it can at a time; try again soon",
    noFile: "There is no such file any more: its message was deleted, or is older than messages are kept here",
    range: (size: number) => `Expected a range within ${size} bytes`,
  },

  // the help of the command line
  server: "The server of Hanita, a chat that any program can join: JSON objects over TCP.",
  options: {
    address: "Address to listen on; all addresses of this machine by default.",
    port: "Port to listen on; 0: the system chooses.",
    data: "Folder for the log, the database and the token.",
    tlsCert: "Encrypt with TLS, with this certificate; it is read again on SIGHUP.",
    tlsKey: "The private key of the certificate.",
    web: "Also serve the web page, and JIM over WebSocket at /jim.",
    webPort: "Port of the web page; 0: the system chooses.",
    metricsTokenFile: "File with a second token, which opens only /metrics.",
    trustProxy:
      "Proxies, as addresses or ranges, that are trusted to name the client's address: by the PROXY protocol or X-Forwarded-For.",
    servers: "Origins of the pages of the chat's servers, to which a page moves, such as https://two.example.org.",
    webOrigin: "Other origins with pages that may connect, such as https://chat.example.org.",
    memory: "Store nothing on disk but the log: messages, accounts and rooms are lost when the server stops.",
    sync: "What a power cut may lose: the last moments (normal), or nothing, at the speed of the disk (full).",
    keepDays: "Days to keep messages; 0: no limit.",
    journalSize: "Largest size of the database, such as 500MB; 0: no limit.",
    fileLimit: "Largest size of a file that people send, such as 16MB; 0: no files.",
    fileSpace: "Largest size of all files together; 0: no limit.",
    fileOrigin: "Where a client without pictures and files finds them, such as https://chat.example.org.",
    dailyFiles: "Bytes of files that one account, or the guests of one network, may send in a day; 0: no limit.",
    broker: "Addresses of NATS brokers, such as nats://127.0.0.1:4222: this is one of the servers of a chat.",
    chat: "Name of the chat at the broker, the same on all its servers.",
    brokerAuth: "File with the login at the broker: a user and password, a token, an nkey, or .creds.",
    brokerCa: "File with certificates of authorities for TLS to the broker, which is then required.",
    registration: "Allow anybody to register an account (open), or only the operator (closed).",
    guests: "Allow guests, which have no account.",
    devices: "Connections of one account at a time.",
    rooms: "Rooms that one user can be in.",
    newRooms: "Rooms that one network may create at once, and again in each hour; 0: no limit.",
    newAccounts: "Accounts that one network may register at once, and again in each hour; 0: no limit.",
    dailyPerAccount: "Bytes of messages that are stored for one account in a day; 0: no limit.",
    dailyPerAddress: "The same for one network (an IPv4 address, an IPv6 /64).",
    emptyRooms: "Seconds until a room without members is removed with its messages; 0: never.",
    replay: "Missed messages of each conversation that are sent after a login.",
    editMinutes: "Minutes for which people can edit and delete their own messages; 0: not at all.",
    sessionDays: "Days after its last use until a session token expires, which keeps a page logged in; 0: no tokens.",
    probeAfter: "Seconds of silence until the server sends a probe.",
    rate: "Objects a second from one connection, with a burst of ten times as many; 0: no limit.",
    outbox: "Bytes queued for one slow reader; beyond, it is disconnected.",
    outboxes: "Bytes queued for all readers together; beyond, the slowest are disconnected.",
    unfinished: "Bytes of incomplete objects, of all connections together.",
    connections: "Connections at a time.",
    perAddress: "Connections of one network (an IPv4 address, an IPv6 /64) at a time; 0: no limit.",
    presenceWithin: "Seconds from connecting until the presence must arrive.",
    idle: "Seconds of silence until a connection is closed; 0: never.",
    bareGap: "Milliseconds between two objects to a client that ends objects without a newline.",
    strict: "Apply the limits of the handout: objects of 640 characters, texts of 500.",
    config: "File with options in TOML, such as port = 7777; it is read again on SIGHUP.",
    lang: "Language of error answers, en by default, and of messages on the terminal, by default the system's.",
    trace: "Print on standard error what every connection sends and receives, and why a request is refused.",
    select: "How the loop waits: by a ready list, or literally by Promise.race.",
    logLevel: "The lowest level that is logged.",
    logDays: "Days to keep the log.",
    logSize: "Largest size of the log of all days, half of it for today; 0: no limit.",
  },
};

/** A catalogue. */
export type Texts = typeof english;
