/**
 * Which page goes on with what a tab has kept. A browser that duplicates a tab copies what the tab has stored, so two pages would
 * send the same files and messages. Pages of one browser ask each other: the one that has the tab's number goes on with it.
 * @module
 */
import type { Store } from "./storage.ts";

/** The key of the tab's number in sessionStorage, and the channel between pages. */
const TAB = "hanita-tab", CHANNEL = "hanita-tabs";
/** Milliseconds to wait for another page: it answers at once, but may be busy. */
const PATIENCE = 500;

/** What pages tell each other. */
interface TabMessage {
  readonly tab: string;
  /** The page that asks whether another one has the tab's number. */
  readonly page: number;
  /** The answer to that page. */
  readonly isTaken: boolean;
}

/** What a claim needs of the browser; a `BroadcastChannel` is such a channel. */
export interface ClaimEnv {
  readonly store: Store;
  /** Undefined in a browser that has none. */
  readonly channel: Pick<BroadcastChannel, "postMessage" | "onmessage"> | undefined;
  /** The page is being left: its successor in the same tab asks, and must not be answered. */
  readonly isLeaving: () => boolean;
  readonly random: () => number;
  readonly after: (ms: number, then: () => void) => void;
}

/**
 * Claims what the tab has kept.
 *
 * @param hasPending there is something that only one page may go on with
 * @param onLost another page answers late: this one has begun, and has to stop
 * @returns whether this page may go on with it
 */
export function claim(
  { store, channel, isLeaving, random, after }: ClaimEnv,
  hasPending: boolean,
  onLost: () => void,
): Promise<boolean> {
  const page = random(), saved = store.get(TAB);
  let tab = saved ?? "", state: "asking" | "owner" | "lost" = "asking";
  const { promise, resolve } = Promise.withResolvers<boolean>();
  if (channel !== undefined) channel.onmessage = ({ data }) => receive(data);
  if (channel === undefined || saved === null || !hasPending) {
    renumber();
    decide("owner");
  } else {
    channel.postMessage({ tab, page, isTaken: false } satisfies TabMessage);
    after(PATIENCE, () => decide("owner"));
  }
  return promise;

  function receive(message: TabMessage): void {
    if (message.tab !== tab || isLeaving()) return;
    if (message.isTaken) message.page === page && lose();
    // Of two that ask at once the lower number has it.
    else if (state !== "asking" || page < message.page) channel!.postMessage({ ...message, isTaken: true });
    else lose();
  }

  function lose(): void {
    renumber();
    if (state === "owner") onLost();
    decide("lost");
  }

  function decide(to: "owner" | "lost"): void {
    if (state === "asking") {
      state = to;
      resolve(to === "owner");
    }
  }

  /** A number that no other page has. */
  function renumber(): void {
    tab = String(random());
    store.set(TAB, tab);
  }
}

/** The browser's own. */
export function claimEnv(store: Store): ClaimEnv {
  let isLeaving = false;
  addEventListener("pagehide", () => isLeaving = true);
  addEventListener("pageshow", () => isLeaving = false);
  return {
    store,
    channel: newChannel(),
    isLeaving: () => isLeaving,
    random: Math.random,
    after: (ms, then) => void setTimeout(then, ms),
  };
}

/** In a page that may keep nothing, Firefox throws. */
function newChannel(): BroadcastChannel | undefined {
  try {
    return "BroadcastChannel" in globalThis ? new BroadcastChannel(CHANNEL) : undefined;
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}
