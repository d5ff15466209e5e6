/**
 * What the fuzzer does on one connection, from its first byte to its last. Each kind of case is one function; the table at
 * the end says how many of each run at a time. All that a case sends follows from the seed and the
 * case's name.
 */
import { connect as connectNode } from "node:net";
import { quoteBytes } from "../../jim/mod.ts";
import { pause } from "../harness/pause.ts";
import { concat, type MalformedInput, malformedInput } from "./malformed_input.ts";
import { connect, type LineClient, type LineOptions, type ServerObject } from "./line_client.ts";
import { MAX_MUTATED, mutated, RESYNC } from "./mutate.ts";
import type { Random } from "./random.ts";

/** A fault, and the bytes that caused it. */
export interface Fault {
  readonly expected: string;
  readonly got: string;
  readonly bytes: Uint8Array;
}

/** Counts of a whole run. */
export interface Tally {
  /** Malformed inputs sent. */
  inputs: number;
  /** Mutated inputs that the server accepted because they were still valid; not counted in `inputs`. */
  valid: number;
  /** Valid requests between them, with answers that were checked. */
  probes: number;
  connections: number;
}

export interface FuzzCase {
  /** `lines:17`. */
  readonly name: string;
  readonly port: number;
  readonly random: Random;
  readonly tally: Tally;
}

type Outcome = Promise<Fault | undefined>;

/** Sections on one connection before it makes room for a new one. */
const SECTIONS = 12;
/** Inputs of which the answers are counted one by one, between two probes. */
const COUNTED = 200;
/** What may stand behind an object, and behind what has no last bracket. */
const BETWEEN = ["", "", " ", "\t", "\n", "\r\n", "\n\r", "\r", "\n\n"], BEHIND = ["\n", "\r\n", "\n\r", "\r"];

const encoder = new TextEncoder();
const PARTIAL = encoder.encode('\n{"action":"msg","time":1,"message":"hel');
const DIALECTS = [
  '{"action":"message","time":1,"account_name":"fuzz","message_text":"hello"}',
  '{"action":"presence","time":1,"account_name":"fuzz"}',
  '{"action":"message","mess_text":"hello","sender":"fuzz","to":"#","time":" 11:47PM"}',
  '{"action":"presence","time":"1","user":{"accaunt_name":"fuzz","status":null}}',
  '{"action":"pr\u043ebe","time":"2026-01-01T00:00:00Z","user":{"client_name":"fuzz"}}',
  '{"action":"exit"}',
].map((text) => encoder.encode(text));

/**
 * The bulk: a client that sends malformed lines by the hundred, cut anywhere, with valid ones in between. After mutated
 * input no answers can be counted on that connection: it may have shown a dialect by chance, and some accept any time.
 */
async function lines(fuzzCase: FuzzCase): Outcome {
  const section = fuzzCase.random.once(4) ? mess : counted;
  return await entered(fuzzCase, async (line) => {
    for (let i = 0; i < SECTIONS; i++) {
      const fault = await section(fuzzCase, line, `mark ${i}`);
      if (fault !== undefined) return fault;
    }
    return undefined;
  });
}

/** Inputs that get one refusal each, then a probe and a mark. What went wrong among many is tried one by one. */
async function counted(fuzzCase: FuzzCase, line: LineClient, mark: string): Outcome {
  const inputs = Array.from({ length: COUNTED }, () => malformedInput(fuzzCase.random));
  const fault = await refused(fuzzCase, line, inputs, mark);
  fuzzCase.tally.inputs += inputs.length;
  if (fault === undefined) return undefined;
  for (const input of inputs) {
    const alone = await entered(fuzzCase, (line) => refused(fuzzCase, line, [input], mark));
    if (alone !== undefined) return alone;
  }
  return fault;
}

/** Says these, each of which must be refused, once. */
function refused(fuzzCase: FuzzCase, line: LineClient, inputs: readonly MalformedInput[], mark: string): Outcome {
  const input = concat(...spread(inputs, fuzzCase.random), encoder.encode("\n"));
  return toTheMark(fuzzCase, line, input, mark, (answers, bytes) => {
    const odd = answers.findIndex((answer) => !isRefusal(answer));
    if (odd >= 0) {
      const to = quoteBytes(inputs[odd]?.bytes ?? bytes);
      return { expected: "refusals, 4xx", got: `${show(answers[odd])} to input ${odd + 1}, ${to}`, bytes };
    }
    if (answers.length === inputs.length) return undefined;
    return { expected: `refusals, ${inputs.length} in all`, got: String(answers.length), bytes };
  });
}

/** Inputs that may be anything, what brings the stream back in step, then a probe and a mark. */
async function mess(fuzzCase: FuzzCase, line: LineClient, mark: string): Outcome {
  const newline = encoder.encode("\n");
  const inputs = Array.from({ length: MAX_MUTATED }, () => [mutated(fuzzCase.random), newline]).flat();
  return await toTheMark(fuzzCase, line, concat(...inputs, RESYNC), mark, (answers, bytes) => {
    const valid = answers.filter(({ response }) => response! < 300).length;
    fuzzCase.tally.valid += valid;
    fuzzCase.tally.inputs += MAX_MUTATED - valid;
    const failure = answers.find(({ response }) => response! >= 500);
    return failure && { expected: "no failure of the server", got: show(failure), bytes };
  });
}

/** Says it, then a probe, and what nobody knows and a refusal quotes: the answer that is known to be the last. */
async function toTheMark(
  { random, tally }: FuzzCase,
  line: LineClient,
  input: Uint8Array,
  mark: string,
  check: (answers: ServerObject[], bytes: Uint8Array) => Fault | undefined,
): Outcome {
  const good = `{"action":"probe","time":1764000000}\n{"action":"${mark}","time":1764000000}\n`;
  const bytes = concat(input, encoder.encode(good));
  await sayCut(line, bytes, random);
  const came = await line.until(() => line.answers.at(-1)?.error?.includes(`"${mark}"`) === true);
  const answers = line.answers.splice(0);
  if (!came) {
    const got = line.violation || (line.over && `the connection's end (${line.over})`) || "no such answer for 15 s";
    return { expected: `a refusal that quotes ${mark}`, got, bytes };
  }
  const [probe, refusal] = answers.splice(-2);
  tally.probes += 2;
  if (!isRefusal(refusal)) return { expected: "a refusal, 4xx", got: show(refusal), bytes };
  return check(answers, bytes) ??
    (probe?.response === 200 ? undefined : { expected: "200 to a probe", got: show(probe), bytes });
}

/** Bare objects, glued, and then the end of the stream. Only what is whole as far as brackets go gets an answer. */
async function bare(fuzzCase: FuzzCase): Outcome {
  const { random, tally } = fuzzCase;
  const inputs = Array.from({ length: 1 + random.below(4) }, () => malformedInput(random));
  const bytes = concat(...inputs.map(({ bytes }) => bytes)), any = isOtherProtocol(bytes);
  const isAnswered = !any && !inputs[0]!.needsNewline;
  return await open(fuzzCase, { ignoresContent: any }, async (line) => {
    await sayCut(line, bytes, random);
    const fault = await closed(line, bytes);
    tally.inputs += inputs.length;
    return fault ??
      (isAnswered && line.answers.length === 0 ? { expected: "an answer", got: "none", bytes } : undefined);
  });
}

/** Whether a connection that begins so speaks HTTP or TLS, and is answered in that. */
function isOtherProtocol(bytes: Uint8Array): boolean {
  return bytes[0] === 0x16 || new TextDecoder().decode(bytes.subarray(0, 4)) === "GET ";
}

/** One byte at a time. */
async function drip(fuzzCase: FuzzCase): Outcome {
  return await entered(fuzzCase, async (line) => {
    for (const byte of malformedInput(fuzzCase.random).bytes.subarray(0, 60)) {
      await line.send(new Uint8Array([byte]));
      await pause(1);
    }
    fuzzCase.tally.inputs++;
    return await toTheMark(fuzzCase, line, RESYNC, "mark", () => undefined);
  });
}

/** Wrong things, half an object, and the end of the stream: all that was whole is answered. */
async function half(fuzzCase: FuzzCase): Outcome {
  const { random, tally } = fuzzCase;
  return await entered(fuzzCase, async (line) => {
    const inputs = Array.from({ length: 20 }, () => malformedInput(random));
    const bytes = concat(...spread(inputs, random), PARTIAL);
    await sayCut(line, bytes, random);
    tally.inputs += inputs.length + 1;
    const fault = await closed(line, bytes);
    if (fault !== undefined) return fault;
    const refusals = line.answers.filter(isRefusal).length;
    return refusals < inputs.length ? { expected: "20 refusals", got: String(refusals), bytes } : undefined;
  });
}

/** Objects without end or measure. */
async function big(fuzzCase: FuzzCase): Outcome {
  const { random, tally } = fuzzCase;
  const size = 70_000 + random.below(300_000);
  const bytes = encoder.encode(random.pick([
    `{"action":"msg","time":1,"message":"${"x".repeat(size)}`,
    `{"action":"msg","time":1,"message":"${"ж".repeat(size / 2)}"}\n`,
    "[".repeat(size),
    '{"a":'.repeat(size / 5),
    `{"a":"${'\\"'.repeat(size / 2)}"}\n`,
    `{"action":"probe","time":1${" ".repeat(size)}}\n`,
  ]));
  return await entered(fuzzCase, async (line) => {
    await sayCut(line, bytes, random);
    tally.inputs++;
    const fault = await closed(line, bytes);
    return fault ?? (line.answers.some(isRefusal) ? undefined : { expected: "a refusal", got: "none", bytes });
  });
}

/** A length of four bytes in front, mostly a wrong one. */
async function prefixed(fuzzCase: FuzzCase): Outcome {
  const { random, tally } = fuzzCase;
  const objects = Array.from({ length: 1 + random.below(3) }, () => {
    const object = mutated(random), prefix = new Uint8Array(4);
    const length = random.pick([
      object.length,
      object.length - 1,
      object.length + 1,
      0,
      1,
      65_537,
      2 ** 31 - 1,
      2 ** 32 - 1,
    ]);
    new DataView(prefix.buffer).setUint32(0, length >>> 0);
    return concat(prefix, object);
  });
  tally.inputs += objects.length;
  return await sayAndEnd(fuzzCase, concat(...objects));
}

/** Bytes by chance. */
async function noise(fuzzCase: FuzzCase): Outcome {
  const { random, tally } = fuzzCase;
  const bytes = new Uint8Array(1 + random.below(3000));
  for (let i = 0; i < bytes.length; i++) bytes[i] = random.below(256);
  tally.inputs++;
  return await sayAndEnd(fuzzCase, bytes);
}

/** What home-made programs say, with a byte or two wrong. */
async function dialects(fuzzCase: FuzzCase): Outcome {
  const { random, tally } = fuzzCase;
  const said = random.pick(DIALECTS).slice();
  said[random.below(said.length)] = random.below(256);
  tally.inputs++;
  return await sayAndEnd(
    fuzzCase,
    concat(random.once(2) ? said.subarray(0, random.below(said.length)) : said, PARTIAL),
  );
}

/** Sends much, and closes without a read. */
async function neverReads(fuzzCase: FuzzCase): Outcome {
  const { random, tally } = fuzzCase;
  return await open(fuzzCase, { neverReads: true }, async (line) => {
    const inputs = Array.from({ length: 300 }, () => malformedInput(random));
    await line.send(concat(encoder.encode(presence(fuzzCase.name)), ...spread(inputs, random)));
    tally.inputs += inputs.length;
    return undefined;
  });
}

/** Breaks off in the middle of an object. Only node:net's sockets can: Deno's own close in good order. */
async function reset({ port, random, tally }: FuzzCase): Outcome {
  const said = concat(malformedInput(random).bytes, PARTIAL);
  const bytes = said.subarray(0, 1 + random.below(said.length));
  tally.inputs++;
  tally.connections++;
  const { promise, resolve } = Promise.withResolvers<Fault | undefined>();
  const socket = connectNode({ host: "127.0.0.1", port, noDelay: true });
  socket.once("error", (error) => resolve({ expected: "a connection", got: error.message, bytes }));
  socket.once("connect", () => socket.write(bytes, () => socket.resetAndDestroy()));
  socket.once("close", () => resolve(undefined));
  return await promise;
}

/** Connects and closes. */
function vanish(fuzzCase: FuzzCase): Outcome {
  return open(fuzzCase, {}, () => Promise.resolve(undefined));
}

/** Each kind: how many of it go on side by side, and the milliseconds between two of one lane. */
export const fuzzCases: Readonly<
  Record<string, { lanes: number; rest: number; run: (fuzzCase: FuzzCase) => Outcome }>
> = {
  lines: { lanes: 8, rest: 0, run: lines },
  bare: { lanes: 2, rest: 20, run: bare },
  drip: { lanes: 2, rest: 20, run: drip },
  half: { lanes: 1, rest: 50, run: half },
  big: { lanes: 1, rest: 200, run: big },
  prefixed: { lanes: 1, rest: 50, run: prefixed },
  noise: { lanes: 1, rest: 50, run: noise },
  dialects: { lanes: 1, rest: 50, run: dialects },
  neverReads: { lanes: 1, rest: 100, run: neverReads },
  reset: { lanes: 1, rest: 50, run: reset },
  vanish: { lanes: 1, rest: 20, run: vanish },
};

async function open({ port, tally }: FuzzCase, options: LineOptions, use: (line: LineClient) => Outcome): Outcome {
  tally.connections++;
  const line = await connect(port, options);
  try {
    return await use(line);
  } finally {
    line.close();
  }
}

/** A client with a presence that was answered. */
function entered(fuzzCase: FuzzCase, use: (line: LineClient) => Outcome): Outcome {
  return open(fuzzCase, {}, async (line) => {
    const bytes = encoder.encode(presence(fuzzCase.name));
    await line.send(bytes);
    await line.until(() => line.answers.length > 0);
    const answer = line.answers.shift();
    return answer?.response === 200 ? await use(line) : { expected: "200 to presence", got: show(answer), bytes };
  });
}

/** Whatever it is taken for, the end of our stream is the end of the connection. */
function sayAndEnd(fuzzCase: FuzzCase, bytes: Uint8Array): Outcome {
  return open(fuzzCase, { ignoresContent: true }, async (line) => {
    await sayCut(line, bytes, fuzzCase.random);
    return await closed(line, bytes);
  });
}

async function closed(line: LineClient, bytes: Uint8Array): Outcome {
  await line.end();
  const ended = await line.until(() => line.over !== "");
  if (ended && line.violation === "") return undefined;
  return { expected: "answers, and the connection's end", got: line.violation || "no end for 15 s", bytes };
}

function presence(name: string): string {
  return `{"action":"presence","time":1764000000,"user":{"account_name":"${name}"}}\n`;
}

function spread(inputs: readonly MalformedInput[], random: Random): Uint8Array[] {
  return inputs.flatMap((
    { bytes, needsNewline },
  ) => [bytes, encoder.encode(random.pick(needsNewline ? BEHIND : BETWEEN))]);
}

/** In up to four writes, cut anywhere. */
async function sayCut(line: LineClient, bytes: Uint8Array, random: Random): Promise<void> {
  const cuts = Array.from({ length: random.below(4) }, () => random.below(bytes.length)).sort((a, b) => a - b);
  let from = 0;
  for (const to of [...cuts, bytes.length]) {
    await line.send(bytes.subarray(from, to));
    from = to;
  }
}

function isRefusal(said: ServerObject | undefined): boolean {
  return said !== undefined && said.response! >= 400 && said.response! < 500;
}

function show(said: ServerObject | undefined): string {
  return said === undefined ? "nothing" : JSON.stringify(said);
}
