// What the laws of jim/ draw from: texts and values chosen to be trouble.

import fc from "fast-check";

/** Texts of letters, quotes, controls, marks that turn text around, and halves of letters. */
export const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(..."abc XYZ09'\"\\/{}[]:,#дйё€😀", "\n", "\r", "\0", "\x7f", "\x9b", "\u200b", "\u202e", "\u2028"),
    fc.constantFrom("\ud800", "\udc00", "\ufeff", "\ufffd", "\u{10ffff}"),
  ),
});

/** Names that a server would have let in. */
export const anyName = fc.string({ unit: fc.constantFrom(..."ann\"'\\дЁ😀é-_."), minLength: 1, maxLength: 25 });

/** Any JSON value, among them what trips a program written in JavaScript. */
export const anyJson = fc.oneof(
  fc.jsonValue(),
  anyText,
  fc.constantFrom("__proto__", "toString", "constructor", "hasOwnProperty", "", "#", "#all", "007", " 11:47PM"),
  fc.constantFrom({ toString: 1 }, { toJSON: 1, valueOf: null }, [{ length: -1 }], JSON.parse('{"__proto__":{"a":1}}')),
);
