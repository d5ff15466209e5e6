/**
 * What may be shown of the bytes that a peer sent, to an operator and to a log. An object that breaks off in the middle of a
 * password is followed by the rest of that password, which no name tells any more: nothing is shown until the next object
 * that has an action, or a secret of its own with its name.
 */
import { endsInSecret, hideSecrets, type Refusal } from "../jim/mod.ts";

/** The part of a connection that matters here. */
interface Sender {
  /** What it sent last broke off in a secret. */
  secretOpen: boolean;
}

/** A name of a secret that is further from the end of the bytes does not matter: no password is as long. */
const TAIL = 2_048;

const BRACKET = 0x7b;
const HIDDEN = new TextEncoder().encode("…");
const decoder = new TextDecoder();

/** What may be shown of an object, or of what should have been one. */
export function showable(sender: Sender, bytes: Uint8Array): Uint8Array {
  if (!sender.secretOpen) return bytes;
  sender.secretOpen = bytes[0] !== BRACKET || !(hasAction(bytes) || hasSecret(bytes));
  return sender.secretOpen ? HIDDEN : bytes;
}

/** The refusal as it may be said: behind an open secret, without what it quotes. */
export function discreet(sender: Sender, refusal: Refusal): Refusal {
  return sender.secretOpen && refusal.got !== undefined ? { ...refusal, got: "…" } : refusal;
}

/** Takes note of bytes that are no object, or a broken one. */
export function broke(sender: Sender, bytes: Uint8Array): void {
  if (endsInSecret(decoder.decode(bytes.subarray(-TAIL)))) sender.secretOpen = true;
}

function hasSecret(object: Uint8Array): boolean {
  const text = decoder.decode(object.subarray(0, TAIL));
  return hideSecrets(text) !== text;
}

function hasAction(object: Uint8Array): boolean {
  try {
    return typeof JSON.parse(decoder.decode(object)).action === "string";
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
