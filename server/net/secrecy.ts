/**
 * What may be shown of the bytes that a peer sent, to an operator and to a log. An object that breaks off in or before a
 * password is followed by the rest of that password, which no name tells any more: nothing is shown until the next object
 * that has an action, or a secret of its own with its name.
 */
import { mentionsSecret, type Refusal } from "../../jim/mod.ts";

/** The part of a connection that matters here. */
interface Sender {
  /** What it sent last was broken, and has a secret in it. */
  secretOpen: boolean;
}

/** Bytes of a broken object that are looked through: a login is shorter. */
const LOGIN = 1_024;

const BRACKET = 0x7b;
const HIDDEN = new TextEncoder().encode("…");
const decoder = new TextDecoder();

/** What may be shown of an object, or of what should have been one. */
export function withoutPassword(sender: Sender, bytes: Uint8Array): Uint8Array {
  if (!sender.secretOpen) return bytes;
  sender.secretOpen = bytes[0] !== BRACKET || !(hasAction(bytes) || hasSecret(bytes));
  return sender.secretOpen ? HIDDEN : bytes;
}

/** The refusal as it may be said: behind an open secret, without what it quotes. */
export function withoutSecrets(sender: Sender, refusal: Refusal): Refusal {
  if (!sender.secretOpen) return refusal;
  const { got, jsonError } = refusal;
  return {
    ...refusal,
    ...(got === undefined ? {} : { got: "…" }),
    ...(jsonError === undefined ? {} : { jsonError: { ...jsonError, before: "…", after: "…" } }),
  };
}

/** Takes note of a broken object, or of bytes that are none. What comes next may be taken out of its middle. */
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
