/**
 * Hides passwords in broken input from logs and inspectors. When an object breaks off in a password, the rest of it
 * follows without its name. So nothing is shown until the next object with an action, or with a secret of its own.
 */
import { mentionsSecret, type Refusal } from "../../jim/mod.ts";

/** The part of a connection that this file needs. */
interface Sender {
  /** Its last object was broken, and has a secret in it. */
  secretOpen: boolean;
}

/** Bytes of a broken object that are searched: a login is shorter. */
const LOGIN = 1_024;

const BRACKET = 0x7b;
const HIDDEN = new TextEncoder().encode("\u2026");
const decoder = new TextDecoder();

/** The bytes of an object that may be shown. */
export function withoutPassword(sender: Sender, bytes: Uint8Array): Uint8Array {
  if (!sender.secretOpen) return bytes;
  sender.secretOpen = bytes[0] !== BRACKET || !(hasAction(bytes) || hasSecret(bytes));
  return sender.secretOpen ? HIDDEN : bytes;
}

/** The refusal, without quotes from the input while a secret may continue. */
export function withoutSecrets(sender: Sender, refusal: Refusal): Refusal {
  if (!sender.secretOpen) return refusal;
  const { got, jsonError } = refusal;
  return {
    ...refusal,
    ...(got === undefined ? {} : { got: "\u2026" }),
    ...(jsonError === undefined ? {} : { jsonError: { ...jsonError, before: "\u2026", after: "\u2026" } }),
  };
}

/** Notes a broken object, or bytes that are none. The next bytes may continue it. */
export function noteBroken(sender: Sender, bytes: Uint8Array): void {
  if (hasSecret(bytes)) sender.secretOpen = true;
}

function hasSecret(bytes: Uint8Array): boolean {
  return mentionsSecret(decoder.decode(bytes.subarray(0, LOGIN)));
}

function hasAction(object: Uint8Array): boolean {
  try {
    return typeof JSON.parse(decoder.decode(object)).action === "string";
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
