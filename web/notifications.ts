/**
 * Which new messages the user is told about, and how: per conversation all, mentions or none; in the title and the icon of
 * the page, by a sound, and by notifications of the system. The browser keeps the choices, and
 * the server the levels of an account.
 * @module
 */
import { type ChatMessage, type Conversation, isFrom, isRoom } from "./conversation.ts";
import { isIgnored, type State } from "./model/state.ts";
import type { Store } from "./storage.ts";
import type { Level as ChosenLevel } from "../jim/message.ts";
import { mentions } from "../jim/mention.ts";

/** Which messages of a conversation the user is told about. */
export type Level = Exclude<ChosenLevel, "default">;

/** The choices of the user. */
export interface NotificationSettings {
  /** By the keys of conversations, where it is not the usual one. */
  readonly levels: Readonly<Record<string, Level>>;
  readonly sound: boolean;
  /** Notifications of the system; the browser asks for permission. */
  readonly popups: boolean;
}

/** What a user is told: one for each conversation, the latest message. */
export interface Notice {
  readonly key: string;
  readonly message: ChatMessage;
}

const KEPT = "hanita-notifications";
const LEVELS: ReadonlySet<unknown> = new Set<Level>(["all", "mentions", "none"]);

/**
 * Reads the choices; what is damaged counts as not chosen.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const store = { get: () => '{"levels":{"#cats":"none","bob":7},"sound":true}', set: () => {} };
 * assert.deepEqual(readSettings(store), { levels: { "#cats": "none" }, sound: true, popups: false });
 * ```
 */
export function readSettings(store: Store): NotificationSettings {
  let kept: Partial<NotificationSettings> = {};
  try {
    kept = Object(JSON.parse(store.get(KEPT) ?? "{}"));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const levels = Object.entries(Object(kept.levels)).filter(([, level]) => LEVELS.has(level)) as [string, Level][];
  return { levels: Object.fromEntries(levels), sound: kept.sound === true, popups: kept.popups === true };
}

/** Keeps the choices for all tabs. */
export function saveSettings(store: Store, settings: NotificationSettings): void {
  store.set(KEPT, JSON.stringify(settings));
}

/**
 * Another level of a conversation.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const settings = { levels: { "#cats": "none" }, sound: true, popups: false } as const;
 * assert.deepEqual(withLevel(settings, "#cats", "all").levels, { "#cats": "all" });
 * assert.deepEqual(withLevel(settings, "#cats", "default").levels, {});
 * ```
 */
export function withLevel(settings: NotificationSettings, key: string, level: ChosenLevel): NotificationSettings {
  const { [key]: _, ...levels } = settings.levels;
  return { ...settings, levels: level === "default" ? levels : { ...levels, [key]: level } };
}

/**
 * A conversation has another name, and its level still.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const settings = { levels: { "#cats": "none" }, sound: true, popups: false } as const;
 * assert.deepEqual(withLevelMoved(settings, "#cats", "#dogs").levels, { "#dogs": "none" });
 * ```
 */
export function withLevelMoved(settings: NotificationSettings, from: string, to: string): NotificationSettings {
  return withLevel(withLevel(settings, from, "default"), to, chosenLevel(settings.levels, from) ?? "default");
}

/**
 * The level of a conversation: usually mentions in a room, and all in private.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const settings = { levels: { bob: "none" }, sound: true, popups: false } as const;
 * assert.deepEqual(["bob", "constructor", "#cats"].map((key) => levelOf(settings, key)), ["none", "all", "mentions"]);
 * ```
 */
export function levelOf({ levels }: NotificationSettings, key: string): Level {
  return chosenLevel(levels, key) ?? (isRoom(key) ? "mentions" : "all");
}

/** A person may be called `constructor`, which every object has. */
function chosenLevel(levels: NotificationSettings["levels"], key: string): Level | undefined {
  return Object.hasOwn(levels, key) ? levels[key] : undefined;
}

/**
 * What is new since an earlier state, and worth telling. What arrives where the user looks is not: it is not counted as
 * unread. Nor is what was there before the login.
 */
export function newNotices(before: State, after: State, settings: NotificationSettings): readonly Notice[] {
  if (before.conversations === after.conversations) return [];
  return [...after.conversations.values()].flatMap((conversation): Notice[] => {
    const { key } = conversation, former = before.conversations.get(key) ?? renamedFrom(before, conversation);
    if (conversation === former || conversation.unread <= (former?.unread ?? 0)) return [];
    const known = former?.upTo ?? (former === undefined ? -1 : Infinity), level = levelOf(settings, key);
    const message = conversation.messages.findLast((each) =>
      isNew(after, each, known) && isTold(after, level, key, each)
    );
    return message === undefined ? [] : [{ key, message }];
  });
}

/**
 * What the title and the icon of the page show.
 *
 * @returns how many messages are unread where the user wants to be told of any, and whether some of them call the user
 */
export function badgeOf(
  conversations: Iterable<Pick<Conversation, "key" | "unread" | "mentions">>,
  settings: NotificationSettings,
): { readonly unread: number; readonly isCalled: boolean } {
  let unread = 0, isCalled = false;
  for (const { key, unread: count, mentions } of conversations) {
    const level = levelOf(settings, key);
    if (level === "none") continue;
    unread += count;
    isCalled ||= mentions > 0 || (level === "all" && count > 0);
  }
  return { unread, isCalled };
}

/** A room under its former name: its messages are the same. */
function renamedFrom({ conversations }: State, { messages }: Conversation): Conversation | undefined {
  return [...conversations.values()].find((each) => each.messages === messages);
}

function isNew({ me, ...state }: State, message: ChatMessage, known: number): boolean {
  const { id = -1, from, isDeleted } = message;
  return id > known && !isDeleted && !isFrom(me?.name, message) && !isIgnored(state, from);
}

function isTold({ me }: State, level: Level, key: string, { text }: ChatMessage): boolean {
  return level === "all" || (level === "mentions" && (!isRoom(key) || mentions(text, me?.name ?? "")));
}
