// What RFC 6455 says of a client's frames, one row each rule: the frames, and what has to come of them.

import { frame } from "../../chat/page.ts";

export const CONTINUED = 0, TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10;

export interface FrameRule {
  readonly section: string;
  readonly rule: string;
  readonly bytes: Uint8Array;
  /** The messages that are heard, behind each of which is a newline. */
  readonly heard: string;
  /** The code of the close frame that answers, if one does. */
  readonly code?: number;
  /** The peer has closed, and did nothing wrong. */
  readonly closed?: boolean;
  /** The payload of the pong that answers. */
  readonly pong?: string;
}

const encoder = new TextEncoder();
/** A letter of each length. */
const LETTERS = encoder.encode('"κόσμε€🎉"');

const good: Omit<FrameRule, "code" | "closed">[] = [
  row("5.2", "125 bytes have a length of 7 bits", frame(TEXT, "x".repeat(125)), "x".repeat(125) + "\n"),
  row("5.2", "126 bytes have a length of 16 bits", frame(TEXT, "x".repeat(126)), "x".repeat(126) + "\n"),
  row("5.3", "a mask of zeros is a mask", new Uint8Array([0x81, 0x82, 0, 0, 0, 0, 0x7b, 0x7d]), "{}\n"),
  row("5.4", "a message may be cut into frames", [part(TEXT, "{"), frame(CONTINUED, "}")], "{}\n"),
  row("5.4", "a frame of a message may be empty", [part(TEXT, ""), part(0, ""), frame(0, "{}")], "{}\n"),
  row("5.4", "a control frame may come between", [part(TEXT, "{"), frame(PING, "p"), frame(0, "}")], "{}\n", "p"),
  row("5.5.2", "a ping is answered with its payload", frame(PING, "hello"), "", "hello"),
  row("5.5.2", "an empty ping is answered", frame(PING, ""), "", ""),
  row("5.5.2", "a ping may carry 125 bytes", frame(PING, "x".repeat(125)), "", "x".repeat(125)),
  row("5.5.3", "of several pings the last may be answered alone", [frame(PING, "1"), frame(PING, "2")], "", "2"),
  row("5.5.3", "a pong that nobody asked for is ignored", [frame(PONG, "x"), frame(TEXT, "7")], "7\n"),
  row("5.6", "an empty message is a message", [frame(TEXT, ""), frame(TEXT, "7")], "\n7\n"),
  row("8.1", "text may have any letter", frame(TEXT, LETTERS), latin(LETTERS) + "\n"),
  row("8.1", "a frame may end in a letter", bytewise(LETTERS), latin(LETTERS) + "\n"),
];

const faults: Omit<FrameRule, "closed">[] = [
  ...[1, 2, 3, 4, 5, 6, 7].map((bits) =>
    fault("5.2", `reserved bits must be 0, and not ${bits}`, new Uint8Array([0x81 | bits << 4, 0x80]), 1002)
  ),
  fault("5.2", "reserved bits of a ping must be 0", new Uint8Array([0xc9, 0x80]), 1002),
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((kind) =>
    fault("5.2", `there is no frame of kind ${kind}`, frame(kind, ""), 1002)
  ),
  fault("5.1", "a client's frame must be masked", frame(TEXT, "{}", { masked: false }), 1002),
  fault("5.1", "a client's ping must be masked", frame(PING, "", { masked: false }), 1002),
  fault("5.2", "125 bytes must not have 16 bits of length", new Uint8Array([0x81, 0xfe, 0, 125]), 1002),
  fault("5.2", "65,535 bytes must not have 64", new Uint8Array([0x81, 0xff, 0, 0, 0, 0, 0, 0, 0xff, 0xff]), 1002),
  fault("5.2", "a length's first bit must be 0", new Uint8Array([0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 9]), 1002),
  fault("5.4", "a continuation needs a message", frame(CONTINUED, "x"), 1002),
  fault("5.4", "a continuation of nothing, and more to come", part(CONTINUED, "x"), 1002),
  fault("5.4", "messages must not be mixed", [part(TEXT, ""), frame(TEXT, "x")], 1002),
  fault("5.4", "a binary message neither", [part(TEXT, ""), frame(BINARY, "x")], 1003),
  ...[CLOSE, PING, PONG].flatMap((kind) => [
    fault("5.5", `a control frame of kind ${kind} must be whole`, part(kind, ""), 1002),
    fault("5.5", `a control frame of kind ${kind} has 125 bytes at most`, frame(kind, "x".repeat(126)), 1002),
  ]),
  fault("5.6", "JIM is text", frame(BINARY, "{}"), 1003),
  fault("7.4.1", "a message that is too long is 1009", frame(TEXT, "x".repeat(1_001)), 1009),
  fault("7.4.1", "so is the sum of its frames", [part(TEXT, ""), frame(CONTINUED, "x".repeat(1_001))], 1009),
  fault("5.5.1", "a close frame has no half of a code", close(3), 1002),
  ...[0, 999, 1004, 1005, 1006, 1012, 1013, 1014, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map((code) =>
    fault("7.4", `a close frame must not carry ${code}`, close(code >> 8, code & 255), 1002)
  ),
  fault("8.1", "a close frame's reason is UTF-8", close(3, 0xe8, 0xce, 0xba, 0xed, 0xa0, 0x80), 1007),
  fault("8.1", "a close frame's reason ends with a whole letter", close(3, 0xe8, 0xce), 1007),
  ...([
    ["a letter that begins in its middle", [0x80]],
    ["a letter that breaks off", [0xce, 0x41]],
    ["an overlong form of two bytes", [0xc0, 0xaf]],
    ["an overlong form of three", [0xe0, 0x80, 0xaf]],
    ["an overlong form of four", [0xf0, 0x80, 0x80, 0xaf]],
    ["half of a surrogate pair", [0xed, 0xa0, 0x80]],
    ["a letter beyond U+10FFFF", [0xf4, 0x90, 0x80, 0x80]],
    ["a form of five bytes", [0xf8, 0x88, 0x80, 0x80, 0x80]],
    ["a byte that no letter has", [0xff]],
  ] as const).flatMap(([what, bytes]) => [
    fault("8.1", `text must not have ${what}`, frame(TEXT, Uint8Array.from(bytes)), 1007),
    fault(
      "8.1",
      `text that goes on must not have ${what}: it is told at once`,
      part(TEXT, Uint8Array.from(bytes)),
      1007,
    ),
  ]),
  fault("8.1", "text ends with a whole letter", frame(TEXT, Uint8Array.of(0xf0, 0x9f)), 1007),
  fault("8.1", "text in frames too", [part(TEXT, Uint8Array.of(0xf0)), frame(0, Uint8Array.of(0x9f))], 1007),
];

const closes: Omit<FrameRule, "section">[] = [
  ...[1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999].map((code) => ({
    rule: `a close frame's code ${code} comes back`,
    bytes: close(code >> 8, code & 255),
    heard: "",
    code,
  })),
  { rule: "a reason may stand behind the code", bytes: close(3, 0xe8, 0x62, 0x79, 0x65), heard: "", code: 1000 },
  { rule: "a close frame may be empty", bytes: close(), heard: "", code: 1000 },
  { rule: "nothing counts behind a close frame", bytes: bytes(close(), frame(PING, "p")), heard: "", code: 1000 },
  { rule: "of two close frames one counts", bytes: bytes(close(15, 160), close(3, 0xe8)), heard: "", code: 4000 },
];

/** All of them. The limit of a message is 1,000 bytes. */
export const FRAME_RULES: readonly FrameRule[] = [
  ...good,
  ...faults,
  ...closes.map((each) => ({ section: "5.5.1", closed: true, ...each })),
];

type Frames = Uint8Array | readonly Uint8Array[];

function row(section: string, rule: string, frames: Frames, heard: string, pong?: string) {
  return { section, rule, bytes: joined(frames), heard, ...pong === undefined ? {} : { pong } };
}

/** What comes behind a fault is not heard. */
function fault(section: string, rule: string, frames: Frames, code: number) {
  return { section, rule, bytes: bytes(joined(frames), frame(TEXT, "unheard")), heard: "", code };
}

function part(kind: number, text: string | Uint8Array): Uint8Array {
  return frame(kind, text, { last: false });
}

function close(...payload: number[]): Uint8Array {
  return frame(CLOSE, Uint8Array.from(payload));
}

/** A frame for each byte. */
function bytewise(text: Uint8Array): Uint8Array[] {
  return [...text].map((byte, i) => frame(i === 0 ? TEXT : 0, Uint8Array.of(byte), { last: i === text.length - 1 }));
}

function joined(frames: Frames): Uint8Array {
  return frames instanceof Uint8Array ? frames : bytes(...frames);
}

function bytes(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((each) => [...each]));
}

/** A character for each byte. */
function latin(text: Uint8Array): string {
  return String.fromCharCode(...text);
}
