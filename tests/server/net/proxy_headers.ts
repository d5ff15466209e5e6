// Headers of the PROXY protocol, whole and broken, and beginnings of something else.

export const text = (bytes: string) => Uint8Array.from(bytes, (letter) => letter.charCodeAt(0));
export const SIGNATURE = text("\r\n\r\n\0\r\nQUIT\n");

/** A header of version 2. */
export function second(command: number, family: number, body: Uint8Array | readonly number[], length = body.length) {
  return Uint8Array.of(...SIGNATURE, command, family, length >> 8, length & 255, ...body);
}

const V4 = [203, 0, 113, 9, 10, 0, 0, 1, 0xc4, 0xec, 0x1e, 0x61];
const V6 = [
  ...[0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9],
  ...[0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
  ...[0xc4, 0xec, 0x1e, 0x61],
];
const MAPPED = [...Array(10).fill(0), 255, 255, 203, 0, 113, 9, ...V6.slice(16)];
const TLV = [0x01, 0, 2, 104, 50, 0x04, 0, 3, 0, 0, 0];
const four = { kind: "client", host: "203.0.113.9", port: 50412 } as const;
const proxy = { kind: "proxy" } as const;

export const whole: [what: string, bytes: Uint8Array, header: object][] = [
  ["TCP4", text("PROXY TCP4 203.0.113.9 10.0.0.1 50412 7777\r\n"), four],
  ["TCP4 of the largest numbers", text("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n"), {
    kind: "client",
    host: "255.255.255.255",
    port: 65535,
  }],
  ["TCP6", text("PROXY TCP6 2001:DB8:0::9 ::1 50412 7777\r\n"), { ...four, host: "2001:db8::9" }],
  ["TCP6 of IPv4", text("PROXY TCP6 ::ffff:203.0.113.9 ::1 50412 7777\r\n"), four],
  ["UNKNOWN", text("PROXY UNKNOWN\r\n"), proxy],
  ["UNKNOWN of 107 bytes", text(`PROXY UNKNOWN ${"f".repeat(91)}\r\n`), proxy],
  ["version 2, IPv4", second(0x21, 0x11, V4), four],
  ["version 2, IPv6", second(0x21, 0x21, V6), { ...four, host: "2001:db8::9" }],
  ["version 2, IPv4 in IPv6", second(0x21, 0x21, MAPPED), four],
  ["version 2 with fields", second(0x21, 0x11, [...V4, ...TLV]), four],
  ["version 2 with many fields", second(0x21, 0x11, [...V4, ...Array(4_000).fill(4)]), four],
  ["version 2, UDP", second(0x21, 0x12, V4), proxy],
  ["version 2, a socket of Unix", second(0x21, 0x31, Array(216).fill(0)), proxy],
  ["version 2, no family", second(0x21, 0x00, []), proxy],
  ["version 2, no family with fields", second(0x21, 0x00, TLV), proxy],
  ["LOCAL", second(0x20, 0x00, []), proxy],
  ["LOCAL with addresses", second(0x20, 0x11, V4), proxy],
  ["LOCAL with less than the addresses", second(0x20, 0x11, [1]), proxy],
];

export const broken: [what: string, bytes: Uint8Array][] = [
  ["no family", text("PROXY \r\n")],
  ["another family", text("PROXY TCP5 203.0.113.9 10.0.0.1 50412 7777\r\n")],
  ["a family in lower case", text("PROXY tcp4 203.0.113.9 10.0.0.1 50412 7777\r\n")],
  ["IPv6 in TCP4", text("PROXY TCP4 2001:db8::9 ::1 50412 7777\r\n")],
  ["IPv4 in TCP6", text("PROXY TCP6 203.0.113.9 10.0.0.1 50412 7777\r\n")],
  ["one address", text("PROXY TCP4 203.0.113.9 50412 7777\r\n")],
  ["a target that is no address", text("PROXY TCP4 203.0.113.9 10.0.0.999 50412 7777\r\n")],
  ["one port", text("PROXY TCP4 203.0.113.9 10.0.0.1 50412\r\n")],
  ["an octal address", text("PROXY TCP4 0203.0.113.9 10.0.0.1 50412 7777\r\n")],
  ["a port too large", text("PROXY TCP4 203.0.113.9 10.0.0.1 65536 7777\r\n")],
  ["a port with a zero before it", text("PROXY TCP4 203.0.113.9 10.0.0.1 050412 7777\r\n")],
  ["two spaces", text("PROXY  TCP4 203.0.113.9 10.0.0.1 50412 7777\r\n")],
  ["a space at the end", text("PROXY TCP4 203.0.113.9 10.0.0.1 50412 7777 \r\n")],
  ["no carriage return", text("PROXY TCP4 203.0.113.9 10.0.0.1 50412 7777\n")],
  ["UNKNOWNS", text("PROXY UNKNOWNS\r\n")],
  ["108 bytes", text(`PROXY UNKNOWN ${"f".repeat(92)}\r\n`)],
  ["no end", text(`PROXY UNKNOWN ${"f".repeat(200)}`)],
  ["version 1 in the form of 2", second(0x11, 0x11, V4)],
  ["version 3", second(0x31, 0x11, V4)],
  ["another command", second(0x22, 0x11, V4)],
  ["another family of 2", second(0x21, 0x41, V4)],
  ["another transport", second(0x21, 0x13, V4)],
  ["IPv4 of 11 bytes", second(0x21, 0x11, V4.slice(1))],
  ["IPv6 of 35 bytes", second(0x21, 0x21, V6.slice(1))],
  ["a socket of Unix of 215 bytes", second(0x21, 0x31, Array(215).fill(0))],
];

export const none = [
  '{"action":"presence"}\n',
  "GET / HTTP/1.1\r\n",
  "PROXIED",
  "PROXY\n",
  "proxy TCP4",
  "\r\n{",
  "\x16\x03\x01",
  "hello",
];
