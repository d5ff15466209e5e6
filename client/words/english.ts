// What the client in a pipe and all that connects say, in English.

const clause = (n: number, undone: string) =>
  n === 1 ? `1 message was not ${undone}` : `${n} messages were not ${undone}`;

export const english = {
  // the command line
  noAddress: "expected a name or an address such as 127.0.0.1, got nothing between two commas",
  portApart: (apart: string) => `write the port as a word of its own: ${apart}`,
  urlAsAddress: (got: string) =>
    `expected a name or an address such as 127.0.0.1, got ${got}; open a page in a browser`,

  // the connection
  cannotConnect: (address: string, port: number, why: string) => `Cannot connect to ${address} port ${port}: ${why}`,
  unknownSigner:
    "its certificate is signed by an unknown authority, expected --ca FILE with the certificate of that authority",
  otherSigner: (ca: string) =>
    `its certificate is not signed by the one in "${ca}", expected --ca with the certificate of its authority`,
  otherName: (address: string, names: string) => `its certificate is not for ${address}, expected ${names}`,
  authority: "its certificate is an authority's, expected a server's, made with basicConstraints=critical,CA:FALSE",
  expired: "its certificate has ended, expected a new one",
  notYet: "its certificate has not begun, expected a clock that is right here and there",
  notTls: "it does not speak TLS, expected a server with --tls-cert, or no --tls here",
  noTls: "it begins no TLS, expected a server with --tls-cert, or no --tls here",
  cannotUseCa: (file: string, why: string) => `Cannot use --ca "${file}": ${why}`,
  noCertificate: "expected a certificate, as PEM",
  caNotPermitted: (file: string) =>
    `not permitted, put it into ./data, or add --allow-read=./data,${file} to "deno run"`,
  cannotLog: (folder: string, why: string) => `Cannot open the log in "${folder}": ${why}`,
  goingOn: (why: string) => `Going on without a log: ${why}`,

  // the chat in a pipe
  /** Behind it is `: ` and what the server says. */
  joined: (peer: string, name: string) => `Joined ${peer} as ${name}`,
  silent: (peer: string) => `${peer} does not answer: is this the port of a JIM server?`,
  closed: "The server closed the connection",
  /** The chat has several servers. */
  tryingOthers: (peer: string, why: string) => `Lost ${peer}: ${why}. Trying the next server`,
  isStopping: "the server is stopping",
  isSilent: "the server does not answer",
  isClosed: "the server closed the connection",
  noServer: (seconds: number, why: string) => `No server of the chat for ${seconds} s: ${why}`,
  unknown: (text: string) => `Nobody knows whether this has arrived: "${text}"`,
  notJim: (peer: string, said: string) => `${peer} does not speak JIM: it says ${said}`,
  endless: "The server sends an object that does not end",
  noise: (said: string) => `Cannot read what the server sends: ${said}`,
  cannotPrint: (why: string) => `Cannot print: ${why}`,
  stopped: "Stopped",
  noCommandHere: (command: string) =>
    `Not sent: ${command} is no command here, only "deno task client ADDR" has commands; /${command} sends it as a text`,
  notSent: (n: number) => clause(n, "sent"),
  notAnswered: (n: number) => clause(n, "answered"),
  tooLong: (most: number, length: number, start: string) =>
    `Not sent: expected a line of at most ${most} characters, got ${length}, "${start}…"`,
  notUtf8: (byte: string, position: number, line: number, encoding: string | undefined) =>
    `Not sent: expected UTF-8, got byte ${byte} at position ${position} of line ${line}` +
    (encoding === undefined ? "" : `, which looks like ${encoding}`),
  turnedAway: (peer: string, name: string, words: string) => `${peer} refuses "${name}": ${words}`,
  /** `text` is the beginning of the message, if it is one that was refused. */
  refuses: (text: string | undefined, words: string) =>
    `The server refuses${text === undefined ? "" : ` "${text}"`}: ${words}`,

  // files
  noPlainFile: (path: string) => `Cannot send "${path}": expected a file, and not a folder`,
  emptyFile: (path: string) => `Cannot send "${path}": it has no bytes`,
  cannotUseFile: (path: string, why: string) => `Cannot use "${path}": ${why}`,
  closedBeforeAnswer: "The server closed the connection before it answered",
  takesNoFiles: "This server takes no files",
  notAllSent: (bytes: number) => `${bytes} bytes of the file could not be sent: there is no connection`,
  notAllFetched: (bytes: number) => `${bytes} bytes of the file are missing: the connection has ended`,
  shorterFile: "The file has become shorter while it was sent",
  fileNotPermitted: (path: string, folder: string) =>
    `Not permitted: put "${path}" into the folder ${folder}, or start the client with ` +
    `deno run -P=client --allow-read=./data,${path} --allow-write=./data,${path} client.ts`,
};

/** A catalogue. */
export type Texts = typeof english;
