// What RFC 9112, RFC 9110 and RFC 6455 say of a request, one row each rule: the bytes, and how they are answered. The
// requests are whole: nothing comes behind them.

export interface HeadRule {
  readonly section: string;
  readonly rule: string;
  readonly request: string;
  /** What answers; 101 opens a WebSocket. */
  readonly status: number;
  /** What the answer has to have in it, in its head or its body. */
  readonly has?: RegExp;
}

const HOST = "Host: localhost";
const OPENING = [
  HOST,
  "Upgrade: websocket",
  "Connection: Upgrade",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];
const CLOSES = /^connection: close\r$/m, ENDS = /\r\n\r\n$/, ALLOWS = /^allow: GET, HEAD\r$/m;

const messages: HeadRule[] = [
  rule("9110 9.3.1", "GET is answered", get(HOST), 200, /^connection: keep-alive\r$/m),
  rule("9110 9.3.2", "HEAD is answered without a body", of("HEAD / HTTP/1.1", HOST), 200, ENDS),
  rule("9110 9.3.2", "an error too", of("HEAD / HTTP/1.1"), 400, ENDS),
  rule("9110 9.3.2", "and what is not found", of("HEAD /nothing HTTP/1.1", HOST), 404, ENDS),
  rule("9110 6.6.1", "an answer has a date", get(HOST), 200, /^date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r$/m),
  rule("9110 6.6.1", "an error too", get(), 400, /^date: /m),
  ...["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"].map((method) =>
    rule(
      "9110 15.5.6",
      `${method} is not allowed, and what is allowed is said`,
      of(`${method} / HTTP/1.1`, HOST),
      405,
      ALLOWS,
    )
  ),
  rule("9110 9.3.6", "CONNECT neither", of("CONNECT x:443 HTTP/1.1", HOST), 405, ALLOWS),
  rule("9110 9.3.7", "OPTIONS * neither", of("OPTIONS * HTTP/1.1", HOST), 405, ALLOWS),
  rule("9110 9.1", "a method is written in its own case", of("get / HTTP/1.1", HOST), 501),
  rule("9110 9.1", "an unknown method is not implemented", of("BREW / HTTP/1.1", HOST), 501),
  rule("9112 3", "a method is a token", of("G(T / HTTP/1.1", HOST), 400),
  rule("9112 3", "there is one space between the parts", of("GET  / HTTP/1.1", HOST), 400),
  rule("9112 3", "and no tab", of("GET\t/\tHTTP/1.1", HOST), 400),
  rule("9112 3", "a line without a version is none", of("GET /", HOST), 400),
  rule("9112 2.3", "the version's name is in capitals", of("GET / http/1.1", HOST), 400),
  rule("9112 2.3", "the version has one digit each", of("GET / HTTP/1.10", HOST), 400),
  rule("9110 2.5", "a later minor version is read as the last one known", of("GET / HTTP/1.9", HOST), 200),
  rule("9110 15.6.6", "another major version is not supported", of("GET / HTTP/2.0", HOST), 505),
  rule("9113 3.4", "HTTP/2 is another major version", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
  rule("9112 2.2", "empty lines before a request are passed over", `\r\n\r\n${get(HOST)}`, 200),
  rule("9112 2.2", "a newline alone ends a line", "GET / HTTP/1.1\nHost: localhost\n\n", 200),
  rule("9112 2.2", "a carriage return alone is no end", get(HOST, "X: a\rb"), 400),
  rule("9112 2.2", "no white space stands in front of the first header", of("GET / HTTP/1.1", " X: y", HOST), 400),
  rule("9112 5.1", "no space stands in front of the colon", get(HOST, "X : y"), 400),
  rule("9112 5.2", "a header has one line", get(HOST, "X: y", " z"), 400),
  rule("9110 5.1", "a header has a name", get(HOST, ": y"), 400),
  rule("9110 5.1", "a header's name is a token", get(HOST, "X[]: y"), 400),
  rule("9110 5.5", "a value has no NUL", get(HOST, "X: a\0b"), 400),
  rule("9110 5.5", "nor another control character", get(HOST, "X: a\x01b"), 400),
  rule("9110 5.5", "but a tab, and bytes beyond ASCII", get(HOST, "X: a\tb é"), 200),
  rule("9110 5.5", "a value may be empty", get(HOST, "X:"), 200),
  rule("9110 5.5", "spaces around a value do not count", get("Host: \t localhost \t"), 200),
  rule("9110 5.5", "how many there are costs no time", get(HOST, `X:${" ".repeat(8_000)}\x01`), 400),
  rule("9112 3.2", "a request names its host", get(), 400),
  rule("9112 3.2", "once", get(HOST, HOST), 400),
  rule("9112 3.2", "as a host is written", get("Host: <b>"), 400),
  rule("9112 3.2", "without a login", get("Host: a@localhost"), 400),
  rule("9112 3.2", "with a port that there is", get("Host: localhost:65536"), 400),
  rule("9110 4.2.1", "the port may be empty", get("Host: localhost:"), 200),
  rule("9112 3.2", "HTTP/1.0 need not name a host", of("GET / HTTP/1.0"), 200, CLOSES),
  rule("9112 9.3", "and its connection is closed", of("GET / HTTP/1.0", HOST), 200, CLOSES),
  rule("9112 9.6", "close is an option of a connection, in any case", get(HOST, "Connection: x, Close"), 200, CLOSES),
  rule("9110 7.6.1", "a word that contains it is another", get(HOST, "Connection: close-not"), 200, /keep-alive/),
  rule("9112 3.2.2", "a whole URL is a path too", of("GET http://localhost/healthz HTTP/1.1", HOST), 200),
  rule("9112 3.2.2", "in any case of its scheme", of("GET HTTP://localhost/healthz HTTP/1.1", HOST), 200),
  rule("9112 3.2.2", "and its host counts", of("GET http://a.example/ HTTP/1.1", HOST), 200, /ws:\/\/a\.example /),
  rule("9110 4.2.4", "but it has no login", of("GET http://a:b@localhost/ HTTP/1.1", HOST), 400),
  rule("9110 4.2.1", "and a host", of("GET http:///healthz HTTP/1.1", HOST), 400),
  rule("9112 3.2.2", "though no path", of("GET http://localhost HTTP/1.1", HOST), 200),
  rule("9112 3.2", "another scheme is none", of("GET file:///etc/passwd HTTP/1.1", HOST), 400),
  rule("9112 3.2", "a target has a form", of("GET server.ts HTTP/1.1", HOST), 400),
  rule("9112 3.2.4", "* is for OPTIONS", of("GET * HTTP/1.1", HOST), 400),
  rule("9112 3.2", "a target has no fragment", of("GET /#x HTTP/1.1", HOST), 400),
  rule("9112 3.2", "nor bytes beyond ASCII", of("GET /é HTTP/1.1", HOST), 400),
  rule("9112 3.2", "nor a backslash", of("GET /\\..\\x HTTP/1.1", HOST), 400),
  rule("3986 6.2.2", "a letter may be written by its code", of("GET /%68ealt%68z HTTP/1.1", HOST), 200, /ok\n$/),
  rule("3986 6.2.2", "a slash may not", of("GET /%2Fhealthz HTTP/1.1", HOST), 404),
  rule("3986 5.2.4", "dots do not lead out", of("GET /%2e%2e/../healthz HTTP/1.1", HOST), 200, /ok\n$/),
  rule("9112 3", "a line of 8,000 bytes is read", of(`GET /?${"x".repeat(7_950)} HTTP/1.1`, HOST), 200),
  rule("9110 15.5.15", "a longer one is too long", `GET /${"x".repeat(9_000)}`, 414),
  rule("6585 5", "so are headers of that length", `GET / HTTP/1.1\r\n${HOST}\r\nX: ${"y".repeat(9_000)}`, 431),
  rule("9112 6.2", "a length of 0 is no body", get(HOST, "Content-Length: 0"), 200, /keep-alive/),
  rule(
    "9112 9.3",
    "a body is not read, so the connection is closed",
    get(HOST, "Content-Length: 3") + "abc",
    200,
    CLOSES,
  ),
  rule("9112 6.3", "chunked neither", get(HOST, "Transfer-Encoding: Chunked") + "0\r\n\r\n", 200, CLOSES),
  rule("9112 6.3", "a length is in digits", get(HOST, "Content-Length: +5"), 400, CLOSES),
  rule("9112 6.3", "and there is one", get(HOST, "Content-Length: 0", "Content-Length: 9"), 400, CLOSES),
  rule(
    "9112 6.3",
    "and no coding beside it",
    get(HOST, "Content-Length: 5", "Transfer-Encoding: chunked"),
    400,
    CLOSES,
  ),
  rule("9112 6.3", "a coding ends with chunked", get(HOST, "Transfer-Encoding: identity"), 400, CLOSES),
  rule("9112 6.1", "another coding is not implemented", get(HOST, "Transfer-Encoding: gzip, chunked"), 501, CLOSES),
  rule("9110 10.1.1", "100-continue is answered by the answer", get(HOST, "Expect: 100-Continue"), 200),
  rule("9110 10.1.1", "nothing else can be expected", get(HOST, "Expect: tea"), 417),
  rule("9110 10.1.1", "HTTP/1.0 expects nothing", of("GET / HTTP/1.0", HOST, "Expect: tea"), 200),
  rule("9110 13.1.2", "* is any version of a file", get(HOST, "If-None-Match: *"), 304, /^etag: /m),
];

const upgrades: HeadRule[] = [
  rule(
    "6455 4.2.2",
    "an opening handshake is answered",
    jim(),
    101,
    /^sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r$/m,
  ),
  rule("6455 4.2.1", "in any case of its words", jim({ upgrade: "WebSocket", connection: "UPGRADE" }), 101),
  rule("6455 4.2.1", "among other words", jim({ upgrade: "h2c, websocket", connection: "keep-alive, Upgrade" }), 101),
  rule(
    "6455 4.2.1",
    "with headers of no concern",
    jim({ "sec-websocket-extensions": "permessage-deflate" }),
    101,
    /^(?!.*extensions)/s,
  ),
  rule("6455 4.2.1", "it is a GET", jim({}, "HEAD"), 426, ENDS),
  rule("6455 4.2.1", "and no POST", jim({}, "POST"), 405),
  rule("9110 7.8", "HTTP/1.0 cannot ask for it", jim({}, "GET", "1.0"), 426),
  rule("6455 4.2.1", "it names the protocol", jim({ upgrade: "" }), 426, /^upgrade: websocket\r$/m),
  rule(
    "9110 7.8",
    "and so does the answer to one that does not",
    jim({ upgrade: "h2c" }),
    426,
    /^connection: upgrade, close\r$/m,
  ),
  rule("6455 4.2.1", "it says that this is for the connection", jim({ connection: "" }), 400),
  rule("6455 4.2.1", "in a word of its own", jim({ connection: "upgrades" }), 400),
  rule("6455 4.2.1", "it has a key", jim({ "sec-websocket-key": "" }), 400),
  rule("6455 4.2.1", "of 16 bytes", jim({ "sec-websocket-key": "c2hvcnQ=" }), 400),
  rule("6455 4.2.1", "in base 64", jim({ "sec-websocket-key": "dGhlIHNhbXBsZSBub25_ZQ==" }), 400),
  rule(
    "6455 11.3.1",
    "once",
    jim().replace("\r\n\r\n", "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"),
    400,
  ),
  rule(
    "6455 4.4",
    "of another version, ours is named",
    jim({ "sec-websocket-version": "8" }),
    426,
    /^sec-websocket-version: 13\r$/m,
  ),
  rule("6455 4.2.1", "a version is named", jim({ "sec-websocket-version": "" }), 426),
  rule("6455 4.1", "there is no body", jim({ "content-length": "5" }), 400),
  rule("6455 4.1", "of no length either", jim({ "transfer-encoding": "chunked" }), 400),
  rule("6455 10.2", "another site's page may not", jim({ origin: "http://evil.example" }), 403),
  rule("6455 10.2", "our own may", jim({ origin: "http://localhost" }), 101),
  rule("6455 10.2", "an origin is no URL with a login", jim({ origin: "http://evil@localhost" }), 403),
];

export const HEAD_RULES: readonly HeadRule[] = [...messages, ...upgrades];

function rule(section: string, rule: string, request: string, status: number, has?: RegExp): HeadRule {
  return { section: `RFC ${section.replace(" ", ", ")}`, rule, request, status, ...has === undefined ? {} : { has } };
}

function of(line: string, ...headers: string[]): string {
  return [line, ...headers, "\r\n"].join("\r\n");
}

function get(...headers: string[]): string {
  return of("GET / HTTP/1.1", ...headers);
}

/** A handshake with some headers of another value, or without them where that is empty. */
function jim(other: Record<string, string> = {}, method = "GET", version = "1.1"): string {
  const kept = OPENING.filter((header) => !(header.split(":")[0]!.toLowerCase() in other));
  const more = Object.entries(other).filter(([, value]) => value !== "").map(([name, value]) => `${name}: ${value}`);
  return of(`${method} /jim HTTP/${version}`, ...kept, ...more);
}
