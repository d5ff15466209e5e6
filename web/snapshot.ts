/**
 * The snapshot that a tab keeps in sessionStorage, so that a reload loses nothing. It holds the name, the scroll
 * position, drafts, unsent messages, what is known of files on their way, and a guest's private messages. It may hold a
 * session token, never a password. Everything else is read again from the server's history.
 * @module
 */
import { COMMON_ROOM, LEVELS } from "../jim/message.ts";
import { type Fields, read, text, whole } from "../jim/client/fields.ts";
import { readEvent } from "../jim/client/read_event.ts";
import type { SentFile } from "../jim/client/requests.ts";
import type { Refusal } from "../client/protocol/refusal.ts";
import { type DeferredRequest, hasServerHistory, newState, type PendingUpload, type State } from "./model/state.ts";
import {
  type ChatMessage,
  type Conversation,
  type Edited,
  isFrom,
  isRoom,
  newConversation,
  type OutgoingMessage,
  toChatMessage,
  withUnknownFate,
} from "./conversation.ts";

/** The most messages that a snapshot keeps of one private conversation of a guest. */
const BACK = 200;
/** The most UTF-16 units of a draft that are kept. No server takes so long a message; a browser has room for some five million. */
const DRAFT = 100_000;
const STATES: readonly OutgoingMessage["state"][] = ["queued", "sent", "unknown", "unsure", "refused"];

/**
 * The scroll position in a conversation: the id of the top message, the pixels by which it is scrolled, and its height
 * in pixels.
 */
export interface ScrollPosition {
  readonly id: number;
  readonly offset: number;
  readonly height: number;
}

/** The contents of a snapshot. */
export interface Snapshot {
  readonly name: string;
  /** If not, the next load logs in, with the token if there is one. */
  readonly guest: boolean;
  readonly token?: string;
  readonly lastSentTime: number;
  readonly open: string;
  readonly scroll: ScrollPosition | undefined;
  /** The top message, if it belongs to an older segment: new messages do not lead back to it. */
  readonly seek: number | undefined;
  readonly conversations: readonly SavedConversation[];
  readonly deferred: readonly DeferredRequest[];
  readonly uploads?: readonly PendingUpload[];
}

interface SavedConversation extends Pick<Conversation, "key" | "readTo" | "draft" | "outgoing"> {
  readonly replyTo?: number;
  readonly editing?: Edited;
  readonly threadDrafts?: readonly (readonly [root: number, text: string])[];
  readonly upTo?: number;
  /** We were in this room. */
  readonly wasMember?: boolean;
  readonly messages?: readonly ChatMessage[];
}

/** Returns the snapshot as text; `undefined` outside the chat, unless the session token has ended. */
export function takeSnapshot(state: State, at: ScrollPosition | undefined): string | undefined {
  const { me, stage, isLoginOver, hasAccount, lastSentTime, open, conversations, deferred, uploads } = state;
  if (me === undefined || (stage !== "in" && !isLoginOver)) return undefined;
  const isOld = conversations.get(open)?.oldSegment?.messages.some(({ id }) => id === at?.id) === true;
  const scroll = isOld ? undefined : at;
  const kept: Snapshot = {
    name: me.name,
    guest: !hasAccount && !isLoginOver,
    ...(me.token === undefined ? {} : { token: me.token }),
    lastSentTime,
    open,
    scroll,
    seek: isOld ? at!.id : undefined,
    conversations: [...conversations.values()].map(keep),
    deferred: deferred.filter(({ ask }) => ask !== "register"),
    ...(uploads.length === 0 ? {} : { uploads }),
  };
  return JSON.stringify(kept);

  function keep(conversation: Conversation): SavedConversation {
    const { key, readTo, draft, threadDrafts, outgoing, upTo, messages, replyTo, editing } = conversation;
    const { isMember, wasMember } = conversation;
    const top = key === open && scroll !== undefined ? scroll.id - 1 : readTo;
    return {
      key,
      readTo,
      draft: draft.slice(0, DRAFT),
      ...(threadDrafts.size === 0
        ? {}
        : { threadDrafts: [...threadDrafts].map(([id, text]) => [id, text.slice(0, DRAFT)]) }),
      ...(replyTo === undefined ? {} : { replyTo }),
      ...(editing?.draft === undefined ? {} : { editing }),
      outgoing: withUnknownFate(outgoing),
      // Below an old piece the latest page is shown, as if nothing were known yet.
      ...(upTo === undefined || (isOld && key === open && outgoing.length === 0) ? {} : { upTo: Math.min(upTo, top) }),
      ...(isRoom(key) && (isMember || wasMember) ? { wasMember: true } : {}),
      ...(hasServerHistory(state, key) ? {} : { messages: messages.slice(-BACK) }),
    };
  }
}

/** Whether something in it is under way or waits to be sent, so that only one page may go on with it. */
export function hasPending({ conversations, deferred, uploads = [] }: Snapshot): boolean {
  return deferred.length + uploads.length > 0 || conversations.some(({ outgoing }) => outgoing.length > 0);
}

/** Whether what waits to be sent or is under way is another than before: an older snapshot would send something twice, or not. */
export function hasOtherPending(before: State, { conversations, deferred, uploads }: State): boolean {
  if (deferred !== before.deferred || uploads !== before.uploads) return true;
  if (conversations === before.conversations) return false;
  return [...conversations.values()].some(({ key, outgoing }) => outgoing !== before.conversations.get(key)?.outgoing);
}

/** The snapshot for a page beside the one that goes on with what is under way. */
export function withoutPending({ uploads: _, ...kept }: Snapshot): Snapshot {
  return { ...kept, deferred: [], conversations: kept.conversations.map((each) => ({ ...each, outgoing: [] })) };
}

/**
 * Reads a snapshot field by field. A value that is not valid counts as missing: it may come from another version of the
 * page, or be damaged. An error here would repeat at each reload.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(parseSnapshot("no JSON"), undefined);
 * assert.deepEqual(parseSnapshot('{"name":"ann","conversations":[7,{"key":"#cats","draft":{}}]}')?.conversations.map(({ key, draft }) => [key, draft]), [
 *   ["#cats", ""],
 * ]);
 * ```
 */
export function parseSnapshot(kept: string | null): Snapshot | undefined {
  const { name, guest, token, lastSentTime, open, scroll, seek, conversations, deferred, uploads } = read(kept ?? "");
  if (typeof name !== "string" || name === "" || !Array.isArray(conversations)) return undefined;
  const { id, offset, height } = fieldsOf(scroll);
  return {
    name,
    guest: guest === true,
    ...(text(token) === "" ? {} : { token: text(token) }),
    lastSentTime: whole(lastSentTime) ?? 0,
    open: text(open),
    scroll: whole(id) === undefined || typeof offset !== "number"
      ? undefined
      : { id: whole(id)!, offset, height: whole(height) ?? 0 },
    seek: whole(seek),
    conversations: conversations.map(fieldsOf).filter(({ key }) => text(key) !== "").map(conversationIn),
    deferred: listOf(deferred).flatMap(deferredIn),
    uploads: listOf(uploads).flatMap(uploadIn),
  };
}

function conversationIn(fields: Fields): SavedConversation {
  const { key, readTo, draft, threadDrafts, outgoing, upTo, messages, replyTo, editing } = fields;
  const known = whole(upTo), answered = whole(replyTo);
  return {
    key: text(key),
    readTo: whole(readTo) ?? 0,
    draft: text(draft),
    outgoing: listOf(outgoing).flatMap(outgoingIn),
    ...(answered === undefined ? {} : { replyTo: answered }),
    ...editingIn(fieldsOf(editing)),
    ...threadDraftsIn(threadDrafts),
    ...(known === undefined ? {} : { upTo: known }),
    ...(fields.wasMember === true ? { wasMember: true } : {}),
    ...(Array.isArray(messages) ? { messages: listOf(messages).flatMap(chatMessageIn) } : {}),
  };
}

function editingIn({ id, text: before, draft }: Fields): { editing?: Edited } {
  const of = whole(id);
  if (of === undefined || typeof draft !== "string") return {};
  return { editing: { id: of, text: text(before), draft } };
}

function threadDraftsIn(all: unknown): Pick<SavedConversation, "threadDrafts"> {
  if (!Array.isArray(all)) return {};
  const drafts = all.filter(Array.isArray).map(([root, draft]) => [whole(root) ?? 0, text(draft)] as const);
  return { threadDrafts: drafts.filter(([root, draft]) => root > 0 && draft !== "") };
}

function deferredIn({ ask, key, name, add, level }: Fields): DeferredRequest[] {
  const known = LEVELS.find((each) => each === level);
  if (ask === "leave" && typeof key === "string") return [{ ask, key }];
  if (ask === "notify" && typeof key === "string" && known !== undefined) return [{ ask, key, level: known }];
  return ask === "contact" && typeof name === "string" ? [{ ask, name, add: add === true }] : [];
}

function outgoingIn({ text: words, time, state, reason, after, replyTo, file }: Fields): OutgoingMessage[] {
  if (typeof words !== "string" || typeof time !== "number") return [];
  const known = STATES.find((each) => each === state), last = whole(after), answered = whole(replyTo);
  return [{
    text: words,
    time,
    state: known ?? "unsure",
    ...(typeof reason === "string" ? { reason } : {}),
    ...(last === undefined ? {} : { after: last }),
    ...(answered === undefined ? {} : { replyTo: answered }),
    ...sentFileIn(fieldsOf(file)),
  }];
}

function sentFileIn({ name, size, upload }: Fields): { file?: SentFile } {
  const bytes = whole(size);
  if (bytes === undefined || text(name) === "" || text(upload) === "") return {};
  return { file: { name: text(name), size: bytes, upload: text(upload) } };
}

/** Uploads that wait for the user. */
const ENDED: readonly PendingUpload["state"][] = ["failed", "gone", "empty", "large"];

/** What was under way goes on; what has failed waits for the user. */
function uploadIn({ number, name, size, key, state, sent, upload, why }: Fields): PendingUpload[] {
  const known = whole(number), bytes = whole(size);
  if (known === undefined || bytes === undefined || text(name) === "" || text(key) === "") return [];
  return [{
    number: known,
    name: text(name),
    size: bytes,
    key: text(key),
    state: ENDED.find((each) => each === state) ?? "queued",
    sent: whole(sent) ?? 0,
    ...(text(upload) === "" ? {} : { upload: text(upload) }),
    ...(state === "failed" ? { why: refusalIn(why) } : {}),
  }];
}

/** Without words it was the connection. */
function refusalIn(why: unknown): Refusal {
  const words = text(fieldsOf(why).words);
  return words === "" ? "offline" : { words };
}

/** Unlike a message from the server, a message of our own may have no id. */
function chatMessageIn(fields: Fields): ChatMessage[] {
  const event = readEvent({ ...fields, action: "msg", message: text(fields.text), id: fields.id ?? 0 });
  const known = event.kind === "message" ? toChatMessage(event) : undefined;
  if (known === undefined) return [];
  const { id, ...rest } = known;
  return [{
    ...rest,
    ...(fields.id === undefined ? {} : { id: id! }),
    ...(fields.later === true ? { later: true } : {}),
  }];
}

function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? value as Fields : {};
}

/**
 * Makes the state to log in with, from a snapshot.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const kept = { name: "ann", guest: true, lastSentTime: 5, open: "#cats", scroll: undefined, seek: undefined, deferred: [] };
 * const state = restore(7, { ...kept, conversations: [{ key: "#cats", readTo: 3, upTo: 3, draft: "hel", outgoing: [] }] });
 * assert.deepEqual([state.open, [...state.conversations.keys()], state.conversations.get("#cats")?.draft], [
 *   "#cats",
 *   ["#all", "#cats"],
 *   "hel",
 * ]);
 * ```
 */
export function restore(
  timeSuffix: number,
  { name, guest, token, lastSentTime, open, seek, conversations, deferred, uploads = [] }: Snapshot,
): State {
  const state = newState(timeSuffix);
  const all = new Map(state.conversations);
  for (const { threadDrafts: drafts = [], messages = [], ...known } of conversations) {
    const { key, readTo, draft, outgoing, upTo, replyTo, editing, wasMember = false } = known,
      threadDrafts = new Map(drafts);
    const unread = messages.filter((each) => (each.id ?? 0) > readTo && !isFrom(name, each)).length;
    all.set(key, {
      ...newConversation(key),
      readTo,
      unread,
      draft,
      threadDrafts,
      replyTo,
      editing,
      outgoing,
      messages,
      upTo,
      wasMember,
    });
  }
  return {
    ...state,
    me: { name, method: guest ? "guest" : "login", password: "", ...(token === undefined ? {} : { token }) },
    lastSentTime,
    open: all.has(open) ? open : COMMON_ROOM,
    target: seek === undefined || !all.has(open) ? undefined : { key: open, id: seek, found: false },
    conversations: all,
    deferred,
    uploads,
    isEndVisible: !isRoom(open),
  };
}
