// What the language costs an object, each step beside the shortest thing that could do the same on a good day: framing
// beside a split at newlines, the short way beside the long one, a relay encoded once beside one for each reader.
// `deno task bench`; read the ratios, not the figures.

import {
  canonicalEnd,
  canonicalMiddle,
  DEFAULT_LIMITS,
  encode,
  type EndFinder,
  Framer,
  parse,
  plain,
} from "../jim/mod.ts";
import { Outbox } from "../server/net/outbox.ts";
import { Slab } from "../server/net/slab.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();

/** A hundred messages of 195 bytes, as one read hands them over. */
const MANY = 100;
const message = {
  action: "msg",
  time: 1764000000.5,
  to: "#all",
  from: "ann",
  encoding: "utf-8",
  message: "The quick brown fox jumps over the lazy dog, and the dog says nothing at all to that. ".padEnd(99, "!"),
};
const line = encode(message);
const object = line.subarray(0, -1);
const view = new DataView(line.buffer);
const read = encoder.encode(decoder.decode(line).repeat(MANY));
const middle = canonicalMiddle("ann");
const canonical: EndFinder = (bytes, start, filled) => canonicalEnd(bytes, start, filled, middle, DEFAULT_LIMITS);

/** So that nothing is optimised away. */
let kept: unknown;

function frame(each: (object: Uint8Array) => unknown): void {
  framer.push(read);
  for (let found = framer.next(); found instanceof Uint8Array; found = framer.next()) kept = each(found);
}

function frameKnown(known: EndFinder): void {
  framer.push(read);
  while (framer.takeMatching(known)) kept = framer.matchEnd;
}
const framer = new Framer();
framer.push(line); // the first object shows how the sender frames
framer.next();

function split(each: (object: Uint8Array) => unknown): void {
  for (let from = 0, to = 0; (to = read.indexOf(10, from)) >= 0; from = to + 1) kept = each(read.subarray(from, to));
}

function json(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
}

const group = `find the objects in a read of ${MANY}`;
Deno.bench("split at newlines", { group, baseline: true }, () => split((bytes) => bytes.length));
Deno.bench("Framer", { group }, () => frame((bytes) => bytes.length));

const whole = `find and read the objects in a read of ${MANY}`;
Deno.bench("split at newlines, JSON.parse", { group: whole, baseline: true }, () => split(json));
Deno.bench("Framer, parse", { group: whole }, () => frame(parse));
Deno.bench("Framer that tries canonicalEnd", { group: whole }, () => frameKnown(canonical));

const one = `an object of ${object.length} bytes`;
Deno.bench("decode, JSON.parse", { group: one, baseline: true }, () => {
  kept = json(object);
});
Deno.bench("parse", { group: one }, () => {
  kept = parse(object);
});
Deno.bench("canonicalEnd", { group: one }, () => {
  kept = canonicalEnd(view, 0, object.length, middle, DEFAULT_LIMITS);
});

const out = "make a relay's bytes";
const relay = { time: 1764000000.5, to: "#all", from: "ann", message: message.message };
const slab = new Slab();
let id = 1764000000000;
Deno.bench("JSON.stringify, encode into a new array", { group: out, baseline: true }, () => {
  kept = encoder.encode(JSON.stringify({ ...message, id: ++id }));
});
Deno.bench("encode(plain.relay())", { group: out }, () => {
  kept = encode(plain.formatRelay({ ...relay, id: ++id }, "bob"));
});
Deno.bench("the id put into the sender's own bytes", { group: out }, () => {
  slab.writeWithId(view, 0, object.length, ++id);
  kept = slab.cut();
});

const READERS = 100;
const readers = Array.from({ length: READERS }, () => new Outbox());
const broadcast = `a relay into ${READERS} outboxes`;
Deno.bench("JSON.stringify and encode for each", { group: broadcast, baseline: true }, () => {
  for (const outbox of readers) {
    outbox.clear();
    outbox.addWhole(encoder.encode(JSON.stringify({ ...message, id })));
  }
});
Deno.bench("encode(plain.relay()) once, shared", { group: broadcast }, () => {
  const bytes = encode(plain.formatRelay({ ...relay, id }, ""));
  for (const outbox of readers) {
    outbox.clear();
    outbox.addWhole(bytes);
  }
});
Deno.bench("the sender's own bytes once, shared", { group: broadcast }, () => {
  slab.writeWithId(view, 0, object.length, id);
  const { bytes, start, end } = slab.cut();
  for (const outbox of readers) {
    outbox.clear();
    outbox.add(bytes, start, end);
  }
});

if (kept === read) throw new Error("Never so: it only keeps the results alive");
