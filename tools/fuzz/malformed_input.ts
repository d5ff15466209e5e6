/**
 * Malformed inputs with a known outcome: exactly one refusal each, and the connection goes on. They are requests with one
 * thing wrong. The brackets of each match, or else a newline ends it, so that the next input is read from its beginning.
 * Inputs with an unknown outcome are made in mutate.ts.
 */
import type { Random } from "./random.ts";

/** One malformed input. */
export interface MalformedInput {
  readonly bytes: Uint8Array;
  /** It has no last bracket, so that only a newline ends it. */
  readonly needsNewline: boolean;
}

/** A request as keys and JSON values, so that each can be replaced by itself. */
type Request = readonly (readonly [key: string, json: string])[];

const TIME = ["time", "1764000000"] as const;
const USER = ["user", '{"account_name":"fuzz","status":"here"}'] as const;
const LOGIN = ["user", '{"account_name":"fuzz","password":"secret"}'] as const;

/** Valid requests, one for each action; `quit` is left out, for after it nothing more is answered. */
export const requests = {
  presence: [["action", '"presence"'], TIME, ["type", '"status"'], USER],
  msg: [["action", '"msg"'], TIME, ["to", '"#all"'], ["encoding", '"utf-8"'], ["message", '"hello Ж😀 \\u0436"']],
  probe: [["action", '"probe"'], TIME],
  authenticate: [["action", '"authenticate"'], TIME, LOGIN],
  register: [["action", '"register"'], TIME, LOGIN],
  join: [["action", '"join"'], TIME, ["room", '"#cats"']],
  leave: [["action", '"leave"'], TIME, ["room", '"#cats"']],
} satisfies Record<string, Request>;

const LONG_NAME = "x".repeat(26);
const notStrings = ["5", "-0", "1e308", "true", "[]", "{}", '["a"]', '{"a":"b"}', "[".repeat(30) + "]".repeat(30)];
const notNames = [
  ...notStrings,
  "null",
  '""',
  '"#x"',
  `"${LONG_NAME}"`,
  '" x"',
  '"x "',
  '"a\\u0000b"',
  '"a\\nb"',
  '"\\u200b"',
  '"a\\u202eb"',
  '"\\ud800"',
  '"\\ufffe\\uffff"',
];
/** A number that no Date can hold is none of them: it is replaced, with a remark. */
const notTimes = ["null", "true", "[]", "{}", '"noon"', '""', '"0x10"', '"١٢"'];

/** What each field can't be; `undefined` leaves it out. */
const wrongValues: readonly [of: keyof typeof requests, key: string, values: readonly (string | undefined)[]][] = [
  ["msg", "action", [
    undefined,
    ...notStrings,
    "null",
    '""',
    '"fly"',
    '"MSG"',
    '"msg "',
    `"${LONG_NAME}"`,
    '"constructor"',
    '"__proto__"',
    '"toString"',
  ]],
  ["presence", "time", [undefined, ...notTimes]],
  ["msg", "time", [undefined, ...notTimes]],
  ["probe", "time", [undefined, ...notTimes]],
  ["msg", "message", [undefined, "null", ...notStrings]],
  ["msg", "to", [
    ...notStrings,
    `"${LONG_NAME}"`,
    `"#${LONG_NAME}"`,
    '"a\\nb"',
    '"#\\u0007"',
    '"nobody has this name"',
  ]],
  // A connection that has a name may leave it out.
  ["presence", "user", ["5", "1e308", "true", '"fuzz"', '["fuzz"]', "[]"]],
  ["presence", "user", notNames.map((name) => `{"account_name":${name}}`)],
  ["presence", "user", notStrings.map((status) => `{"account_name":"fuzz","status":${status}}`)],
  ["authenticate", "user", [undefined, ...notStrings, ...notNames.map((name) => `{"account_name":${name}}`)]],
  ["register", "user", [undefined, ...notStrings, ...notNames.map((name) => `{"account_name":${name}}`)]],
  ["join", "room", [undefined, ...notStrings, `"#${LONG_NAME}"`, '"#\\u0007"']],
  ["leave", "room", [undefined, ...notStrings, `"#${LONG_NAME}"`, '"#\\u0007"']],
];

/** Brackets that match, around what is not JSON, or is no request. */
const balanced = [
  "{}",
  "[]",
  "[[]]",
  "[{}]",
  "[1,2]",
  '[{"action":"probe","time":1}]',
  "{]",
  "[}",
  "{,}",
  "{:}",
  '{"action"}',
  '{"action":}',
  '{"action":"probe","time":1,}',
  '{"action":"probe",,"time":1}',
  '{"action"::"probe","time":1}',
  '{"action","probe","time",1}',
  "{'action':'probe','time':1}",
  '{action:"probe",time:1}',
  '{"action":"probe","time":1;}',
  '{"action":"probe","time":[1}}',
  '{"action":"probe","time":(1)}',
  ...["None", "True", "NaN", "-Infinity", "undefined", "01", "1.", ".5", "+1", "--1", "0x10", "1e", "1_000", "1 2", "-"]
    .map((value) => `{"action":"probe","time":${value}}`),
  ...["\\x41", "\\u12", "\\u12G4", "\\'", "\\U0001F600", "\\ ", "\0", "\x07", "\x1b[2J", "\t", "\x1f"]
    .map((text) => `{"action":"msg","time":1,"message":"a${text}b"}`),
];

/** No object at all, or one that breaks off: all up to the newline is one refusal. */
const unterminated = [
  "hello",
  "7",
  "-1.5e3",
  "null",
  '"hello"',
  '"',
  "}",
  "]}",
  ",",
  ":",
  "\\",
  "\0",
  "\x7f\x1b[2J",
  "GET / HTTP/1.1",
  "<presence/>",
  "привет, есть кто?",
  "😀",
  '{"action":"msg","time":1,"message":"hel',
  '{"action":"msg","time":1,"message":"hello\\',
  '{"action":"probe" "time":1}',
  '{"action":"probe",/* now */"time":1}',
  '{"action":"probe","time":1 "x":2}',
  '{"action":"probe"{"time":1}}',
  '{"action":"probe"["time",1]}',
];

/** Bytes that are no UTF-8: alone, overlong, half a pair, past the last letter, cut off. */
const notUtf8 = [[0xff], [0x80], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82], [
  0xf0,
  0x9f,
  0x98,
]];

const encoder = new TextEncoder();

/** Each way to make one, and how often it is taken in all the weights' sum. */
const makers: readonly [weight: number, make: (random: Random) => MalformedInput][] = [
  [600, wrongField],
  [150, (random) => whole(random.pick(balanced))],
  [150, (random) => ({ bytes: encoder.encode(random.pick(unterminated)), needsNewline: true })],
  [60, invalidUtf8],
  [40, binary],
  [20, deep],
  [3, (random) => whole(`{"action":"msg","time":1,"message":"${"ж".repeat(4001 + random.below(1000))}"}`)],
  [1, (random) => whole(`{"action":"msg","time":1,"message":"${"x".repeat(65_536 + random.below(50_000))}"}`)],
];
const WEIGHTS = makers.reduce((sum, [weight]) => sum + weight, 0);

/** One malformed input, to be answered by exactly one refusal. */
export function malformedInput(random: Random): MalformedInput {
  let draw = random.below(WEIGHTS);
  return makers.find(([weight]) => (draw -= weight) < 0)![1](random);
}

/** A request as it goes over the wire. */
export function serialize(request: Request): string {
  return `{${request.map(([key, json]) => `${JSON.stringify(key)}:${json}`).join(",")}}`;
}

function whole(text: string): MalformedInput {
  return { bytes: encoder.encode(text), needsNewline: false };
}

function wrongField(random: Random): MalformedInput {
  const [of, key, values] = random.pick(wrongValues), value = random.pick(values);
  const request: Request = requests[of];
  return whole(serialize(request.flatMap((field) => {
    if (field[0] !== key) return [field];
    return value === undefined ? [] : [[key, value] as const];
  })));
}

function invalidUtf8(random: Random): MalformedInput {
  const [before, after] = serialize(requests.msg).split("hello");
  return {
    bytes: concat(encoder.encode(before), new Uint8Array(random.pick(notUtf8)), encoder.encode(after)),
    needsNewline: false,
  };
}

/**
 * Anything but line ends, with no bracket or white space in front, and nothing that begins a text in UTF-16 or UTF-32: a byte
 * order mark alone is white space.
 */
function binary(random: Random): MalformedInput {
  const bytes = new Uint8Array(1 + random.below(60));
  for (let i = 0; i < bytes.length; i++) bytes[i] = random.below(256);
  bytes[0] = random.pick([0, 1, 22, 64, 127, 128, 192, 254, 255]);
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === 10 || bytes[i] === 13) bytes[i] = 11;
  if (bytes.length > 1 && [0, 123, 254, 255].includes(bytes[1]!)) bytes[1] = 11;
  return { bytes, needsNewline: true };
}

function deep(random: Random): MalformedInput {
  const depth = 33 + random.below(200), list = random.once(2);
  return whole(list ? "[".repeat(depth) + "]".repeat(depth) : '{"a":'.repeat(depth) + "1" + "}".repeat(depth));
}

/** Bytes one after another. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
