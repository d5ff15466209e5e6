/**
 * Files that the user sends: announced to the server, then sent by the browser, then in a message. What is under way is shown
 * above the message field. A file is known by a number; the entry point has its bytes.
 * @module
 */
import type { Refusal } from "../../client/protocol/refusal.ts";
import { queueFile } from "./outgoing.ts";
import type { FileToSend, PendingUpload, State } from "./state.ts";
import { sendRequest, type Step } from "./step.ts";

/** The user has chosen a file for a conversation. What the server would refuse is not announced. */
export function addUpload(step: Step, chosenFor: string, { number, name, size }: FileToSend): void {
  const { state } = step, { conversations, renamed } = state;
  const key = conversations.has(chosenFor) ? chosenFor : renamed.get(chosenFor) ?? chosenFor;
  if (state.uploads.some((each) => each.number === number)) return;
  if (!conversations.has(key)) return cancelUpload(step, number); // its room was removed meanwhile
  const isLarge = state.fileLimit > 0 && size > state.fileLimit, stage = isLarge ? "large" : "queued";
  state.uploads = [...state.uploads, {
    number,
    name,
    size,
    key,
    state: size === 0 ? "empty" : stage,
    sent: 0,
  }];
}

/** Announces what is queued; what the server knows already goes on. */
export function announceUploads(step: Step): void {
  const { state } = step;
  if (!state.isReady) return;
  for (const { number, key, name, size, upload, state: stage } of state.uploads) {
    if (stage !== "queued") continue;
    if (upload !== undefined) {
      beginUpload(step, number, upload, true);
      continue;
    }
    sendRequest(step, { ask: "upload", number }, { action: "upload", to: key, name, size });
    change(state, number, { state: "asked" });
  }
}

/** The server has named the upload: the browser sends the bytes, unless the user has taken the file back meanwhile. */
export function uploadAccepted(step: Step, number: number, upload: string | undefined): void {
  if (upload === undefined) return;
  if (step.state.uploads.some((each) => each.number === number)) beginUpload(step, number, upload, false);
  else step.effects.push({ do: "cancelUpload", number, upload });
}

function beginUpload({ state, effects }: Step, number: number, upload: string, isResumed: boolean): void {
  change(state, number, { state: "sending", upload });
  effects.push({ do: "upload", number, upload, isResumed });
}

export function uploadFailed(step: Step, number: number, why: Refusal): void {
  change(step.state, number, { state: "failed", why });
}

/** The browser has no such file any more. */
export function uploadGone(step: Step, number: number): void {
  change(step.state, number, { state: "gone" });
}

/** So many bytes are on the server. */
export function uploadProgress(step: Step, number: number, sent: number): void {
  change(step.state, number, { sent });
}

/** All bytes are on the server: the message follows. */
export function uploadDone(step: Step, number: number): void {
  const { state } = step, upload = state.uploads.find((each) => each.number === number);
  if (upload?.upload === undefined) return;
  remove(state, number);
  queueFile(step, upload.key, { name: upload.name, size: upload.size, upload: upload.upload });
}

/** Takes an upload back, under way or failed. */
export function cancelUpload(step: Step, number: number): void {
  const upload = step.state.uploads.find((each) => each.number === number);
  remove(step.state, number);
  step.effects.push({ do: "cancelUpload", number, upload: upload?.upload });
}

/** Takes these back: nobody sees them any more. */
export function cancelUploads(step: Step, uploads: readonly PendingUpload[]): void {
  for (const { number } of uploads) cancelUpload(step, number);
}

/** Tries a failed one again: from where it broke off, unless the server has refused it. */
export function retryUpload(step: Step, number: number): void {
  const isRefused = step.state.uploads.find((each) => each.number === number)?.why !== "offline";
  change(step.state, number, {
    state: "queued",
    why: undefined,
    ...(isRefused ? { sent: 0, upload: undefined } : {}),
  });
}

/** No answer will come: what was announced is announced again. */
export function uploadsUnanswered({ state }: Step): void {
  if (state.uploads.length === 0) return;
  state.uploads = state.uploads.map((each) => each.state === "asked" ? { ...each, state: "queued" } : each);
}

function change(state: Step["state"], number: number, to: Partial<PendingUpload>): void {
  state.uploads = state.uploads.map((each) => each.number === number ? { ...each, ...to } : each);
}

function remove(state: Step["state"], number: number): void {
  state.uploads = state.uploads.filter((each) => each.number !== number);
}

/** The uploads of a conversation. */
export function uploadsOf({ uploads }: Pick<State, "uploads">, key: string): readonly PendingUpload[] {
  return uploads.filter((each) => each.key === key);
}
