// What the tests of parse share: a request is given as JSON or as fields, and comes back as the message or as the sentence that
// refuses it. The beginnings of these sentences are here, too.

import { explain } from "../../jim/explain.ts";
import { parse, type ParseOptions } from "../../jim/parse.ts";

export const encoder = new TextEncoder();

/** The message, or the sentence that refuses it. */
export function said(json: string | Uint8Array, reading?: ParseOptions): unknown {
  const parsed = parse(typeof json === "string" ? encoder.encode(json) : json, reading);
  return "refusal" in parsed ? explain(parsed.refusal) : parsed.message;
}

/** The same of an object's fields, by default those of a good message. */
export function read(fields: object, reading?: ParseOptions): unknown {
  return said(JSON.stringify({ action: "msg", time: 1, message: "hello", ...fields }), reading);
}

export const bare: ParseOptions = { bare: true };
export const ann = (more: object) => ({
  action: "presence",
  time: 1,
  user: { account_name: "ann", status: "", ...more },
});
export const action = 'action: expected a string such as "presence", "msg" or "quit", got ';
export const time = "time: expected Unix seconds as a number, got ";
export const account = "user.account_name: expected a name of 1 to 25 characters that does not begin with #, got ";
export const name = "to: expected a name of 1 to 25 characters that does not begin with #, got ";
export const room = 'to: expected a room such as "#cats", of 1 to 25 characters after the #, got ';
export const text = 'message: expected a text, such as "hello", got ';
export const letters = (at: string, got: string, character: string) =>
  `${at}: expected visible characters, and plain spaces only between them, got ${got} with ${character}`;
