/** What the server says in English, beside JIM's refusals: to a browser, and on the terminal it was started on. @module */

export const english = {
  // to a browser at the port of the chat
  speaksJim: "This port speaks JIM, a chat in JSON, and not HTTP.",
  pageOff: "The server's page is off: --web turns it on.",
  pageAt: (port: number) => `The page is at port ${port}.`,
  see: (url: string) => `See ${url}`,
  speaksTls: (client: string, openssl: string) => `This server speaks TLS: connect with ${client}, or ${openssl}`,

  // to a browser at the port of the page
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
  portTaken: (address: string, port: number, option: string) =>
    `Cannot listen on ${address} port ${port}: another program does (${option} chooses another port)`,
  listenNotPermitted: (address: string, port: number) =>
    `Cannot listen on ${address}: not permitted, add --allow-net=${address}:${port} after -P=server`,
  privileged: (port: number) => `Cannot listen on port ${port}: this user may not, expected a port of 1024 or more`,
  cannotListen: (address: string, port: number, why: string) => `Cannot listen on ${address} port ${port}: ${why}`,
};

/** A catalogue. */
export type Texts = typeof english;
