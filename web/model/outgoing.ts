/**
 * Messages of our own until the server acknowledges them. A message waits in its conversation and is sent as soon as
 * that is live. Its time identifies it, since no other message of ours has the same. A refused message stays, with the
 * reason.
 * @module
 */
import { nextTime } from "../../jim/client/own_time.ts";
import type { SharedFile } from "../../jim/dialects/dialect.ts";
import type { SentFile } from "../../jim/client/requests.ts";
import { type ChatMessage, merge, type OutgoingMessage, shownRole } from "../conversation.ts";
import type { State } from "./state.ts";
import { changeConversation, sendRequest, type Step } from "./step.ts";

/**
 * Queues a message.
 *
 * @param replyTo the message that it answers in a thread at the side: the message field keeps its draft
 */
export function queueMessage(step: Step, key: string, text: string, replyTo?: number): void {
  const { state, now } = step, conversation = state.conversations.get(key);
  if (conversation === undefined) return; // its room was removed before this was drawn: the text is for no other one
  if (state.told?.to === key) state.told = undefined; // the message ends what others were told of it
  state.lastSentTime = nextTime(state.lastSentTime, now);
  const time = Number((state.lastSentTime / 1000 + state.timeSuffix / 1e6).toFixed(6));
  changeConversation(step, key, {
    outgoing: [...conversation.outgoing, {
      text,
      time,
      state: "queued",
      ...replyOf(replyTo === undefined ? conversation : { replyTo }),
    }],
    ...(replyTo === undefined ? { draft: "", replyTo: undefined } : {}),
  });
}

/** Queues a message with a file, which is on the server. */
export function queueFile(step: Step, key: string, file: SentFile): void {
  const { state, now } = step, conversation = state.conversations.get(key);
  if (conversation === undefined) return; // it was closed meanwhile
  state.lastSentTime = nextTime(state.lastSentTime, now);
  const time = Number((state.lastSentTime / 1000 + state.timeSuffix / 1e6).toFixed(6));
  changeConversation(step, key, { outgoing: [...conversation.outgoing, { text: "", time, state: "queued", file }] });
}

/** Sends queued messages of every conversation that has caught up. */
export function sendQueued(step: Step): void {
  const { state } = step;
  if (!state.isReady) return;
  for (const { key, live, isMember, outgoing, upTo = 0 } of state.conversations.values()) {
    if (!live || !isMember || !outgoing.some((each) => each.state === "queued")) continue;
    for (const each of outgoing) {
      if (each.state !== "queued") continue;
      const { text, time, replyTo, file } = each, answers = replyTo === undefined ? {} : { reply_to: replyTo };
      const files = file === undefined ? {} : { file: file.upload };
      const object = { action: "msg", to: key, message: text, time, ...answers, ...files };
      sendRequest(step, { ask: "message", key, time }, object);
    }
    const sent = (each: OutgoingMessage): OutgoingMessage =>
      each.state === "queued" ? { ...each, state: "sent", after: upTo } : each;
    changeConversation(step, key, { outgoing: outgoing.map(sent) });
  }
}

/** The answer to a message: whether the recipient is offline, and the message's id if the server sends ids. */
interface Receipt {
  readonly later: boolean;
  readonly id: number | undefined;
  readonly file?: SharedFile | undefined;
}

/** The server has accepted a message. Its id gives its place, and everything before it has arrived. */
export function acknowledge(step: Step, key: string, time: number, { later, id, file }: Receipt): void {
  const { state } = step, conversation = state.conversations.get(key);
  const mine = conversation?.outgoing.find((each) => each.time === time);
  if (conversation === undefined || mine === undefined) return;
  const { name } = state.me!, role = shownRole(state.roles.get(name)?.role);
  const said: ChatMessage = {
    from: name,
    text: mine.text,
    time,
    here: true,
    ...replyOf(mine),
    ...(file === undefined ? {} : { file }),
    ...(later ? { later } : {}),
    ...(role === undefined ? {} : { role }),
  };
  const outgoing = conversation.outgoing.filter((each) => each !== mine),
    { messages, upTo, live, early } = conversation;
  if (id === undefined) return changeConversation(step, key, { outgoing, messages: [...messages, said] });
  const placed = { ...said, id };
  // A conversation that was cleared meanwhile begins with its latest page: the message may be before it.
  if (upTo === undefined) return changeConversation(step, key, { outgoing, early: [...early, placed] });
  changeConversation(step, key, {
    outgoing,
    messages: merge(messages, [placed]),
    upTo: live ? Math.max(upTo, id) : upTo,
  });
}

/** The server has refused a message, or closes the connection with this refusal. */
export function messageRefused(step: Step, key: string, time: number, reason: string): void {
  step.state.lastRefused = { key, time };
  replaceOutgoing(step, key, time, (each) => ({ ...each, state: "refused", reason }));
}

/** The connection has ended: a refusal that was the last object was about the connection, not about the message. */
export function undoLastRefusal(step: Step): void {
  const { lastRefused } = step.state;
  if (lastRefused === undefined) return;
  replaceOutgoing(step, lastRefused.key, lastRefused.time, ({ reason: _, ...each }) => ({ ...each, state: "unknown" }));
}

/** Counts messages that were not sent, or have an unknown fate. */
export function countUnsent({ conversations }: Pick<State, "conversations">): number {
  const all = [...conversations.values()].flatMap(({ outgoing }) => outgoing);
  return all.filter(({ state }) => state === "queued" || state === "unknown").length;
}

/** Sends a refused message again. */
export function resend(step: Step, key: string, time: number): void {
  replaceOutgoing(step, key, time, ({ reason: _, after: __, ...each }) => ({ ...each, state: "queued" }));
}

/** Discards a refused message. */
export function discard(step: Step, key: string, time: number): void {
  replaceOutgoing(step, key, time, () => undefined);
}

function replyOf({ replyTo }: { readonly replyTo?: number | undefined }): { readonly replyTo?: number } {
  return replyTo === undefined ? {} : { replyTo };
}

function replaceOutgoing(
  step: Step,
  key: string,
  time: number,
  then: (each: OutgoingMessage) => OutgoingMessage | undefined,
): void {
  const conversation = step.state.conversations.get(key);
  if (conversation === undefined) return;
  const waiting = conversation.outgoing.map((each) => each.time === time ? then(each) : each);
  changeConversation(step, key, { outgoing: waiting.filter((each) => each !== undefined) });
}
