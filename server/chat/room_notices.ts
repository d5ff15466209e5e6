/**
 * Announces joins and leaves to watchers in a room: by `join` and `leave`, and when a session enters the chat or
 * changes its name. Several sessions with one name count as one, as in `who_online`. Going offline is announced by
 * presence alone.
 */
import type { Chat, Room } from "./chat.ts";
import { roleOf } from "./answers.ts";
import type { RequestContext } from "./effects.ts";
import type { ShownSide } from "./presence_changes.ts";
import type { Session } from "./session.ts";

/**
 * Announces a side in rooms where it is seen from now on, or no more.
 *
 * @param by the session that has caused it, if it is connected to this server: it is not told
 */
export function announceInRooms<S extends Session>(
  chat: Chat<S>,
  { effects, now }: RequestContext<S>,
  by: S | undefined,
  { name, account }: ShownSide,
  rooms: readonly Room[],
  action: "join" | "leave",
): void {
  for (const room of rooms) {
    const readers = Map.groupBy(
      chat.features.among(chat.sessionsIn(room), "watch"),
      (reader) => chat.spelling(reader, room),
    );
    const user = { account_name: name };
    for (const [spelling, those] of readers) {
      effects.announce(by, those, { action, time: now, room: spelling, user, role: roleOf(account) });
    }
  }
}
