import assert from "node:assert/strict";
import fc from "fast-check";
import { type Key, Keys } from "../../../client/terminal/keys.ts";

const encoder = new TextEncoder();

function read(...chunks: (string | Uint8Array)[]): Key[] {
  const keys = new Keys();
  return chunks.flatMap((chunk) => keys.push(typeof chunk === "string" ? encoder.encode(chunk) : chunk));
}

/** Texts in a row are one, however they came. */
function joined(keys: readonly Key[]): Key[] {
  const all: Key[] = [];
  for (const key of keys) {
    const last = all.at(-1);
    if (key.key === "text" && last?.key === "text") all[all.length - 1] = { key: "text", text: last.text + key.text };
    else all.push(key);
  }
  return all;
}

Deno.test("Keys knows a key by each of its sequences", () => {
  const cases: [string[], Key["key"]][] = [
    [["\x1b[A", "\x1bOA", "\x10"], "up"],
    [["\x1b[D", "\x1bOD", "\x02"], "left"],
    [["\x1b[H", "\x1bOH", "\x1b[1~", "\x01"], "home"],
    [["\x1b[F", "\x1b[4~", "\x05"], "end"],
    [["\x7f", "\b"], "backspace"],
    [["\x1b[3~"], "delete"],
    [["\x1b[1;5D", "\x1bb"], "word-left"],
    [["\x17", "\x1b\x7f"], "cut-word"],
    [["\r", "\n"], "enter"],
  ];
  for (const [sequences, key] of cases) {
    for (const sequence of sequences) assert.deepEqual(read(sequence), [{ key }], JSON.stringify(sequence));
  }
});

Deno.test("Keys passes over what means nothing here, the Escape key too, and hears the next key", () => {
  for (const nothing of ["\x1b", "\x1b[15~", "\x1b[[A", "\x1b[<0;3;4M", "\x1b[I", "\x1bOP", "\x00", "\x1a", "\x9b"]) {
    assert.deepEqual(read(nothing, "x"), [{ key: "text", text: "x" }], JSON.stringify(nothing));
  }
});

Deno.test("Keys takes a paste as one, newlines and escapes in it and all", () => {
  const text = "one\r\ntwo\x1b[A\x03\x1b[200~three\n";
  assert.deepEqual(read(`a\x1b[200~${text}\x1b[201~\r`), [
    { key: "text", text: "a" },
    { key: "paste", text },
    { key: "enter" },
  ]);
  assert.deepEqual(read("\x1b[200~\x1b[201~"), [{ key: "paste", text: "" }]);
});

Deno.test("Keys reads the same however the bytes are split, but for an escape that nothing follows", () => {
  const piece = fc.constantFrom(
    "a",
    "é",
    "漢",
    "👩‍👧",
    "\r",
    "\x1b[A",
    "\x1b[1;5C",
    "\x1bOH",
    "\x7f",
    "\x1b[200~p\r\n\x1bq\x1b[201~",
  );
  fc.assert(fc.property(fc.array(piece), fc.array(fc.nat(200)), (pieces, cuts) => {
    const bytes = encoder.encode(pieces.join(""));
    const places = [...new Set(cuts)].filter((at) => bytes[at - 1] !== 0x1b || inPaste(bytes, at)).sort((a, b) =>
      a - b
    );
    const chunks = [0, ...places].map((at, index) => bytes.subarray(at, places[index]));
    assert.deepEqual(joined(read(...chunks)), joined(read(bytes)));
  }));
});

/** Whether bytes are cut inside of a paste. */
function inPaste(bytes: Uint8Array, at: number): boolean {
  const before = new TextDecoder().decode(bytes.subarray(0, at));
  return before.lastIndexOf("\x1b[200~") > before.lastIndexOf("\x1b[201~");
}
