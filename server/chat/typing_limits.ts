/** How often a session may say that somebody writes in it. */

/** Seconds between two notices of one session in one conversation. */
const INTERVAL = 3;
/** Conversations in which one session writes at a time. */
const MAX_PLACES = 20;

/** When each session has last said that it writes, by conversation. */
export class TypingLimits<S extends object> {
  readonly #last = new WeakMap<S, Map<string, { readonly at: number; readonly is: boolean }>>();

  /**
   * Whether a notice may be sent: one in three seconds, and one that the writing has ended behind each.
   *
   * @param now Unix seconds
   */
  take(session: S, conversation: string, is: boolean, now: number): boolean {
    const places = this.#last.get(session) ?? new Map<string, { at: number; is: boolean }>();
    for (const [place, { at }] of places) {
      if (Math.abs(now - at) >= INTERVAL && place !== conversation) places.delete(place);
    }
    const last = places.get(conversation);
    if (is ? last !== undefined && Math.abs(now - last.at) < INTERVAL : last?.is !== true) return false;
    if (places.size >= MAX_PLACES && last === undefined) return false;
    places.set(conversation, { at: is ? now : last!.at, is });
    this.#last.set(session, places);
    return true;
  }
}
