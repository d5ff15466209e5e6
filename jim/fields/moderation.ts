/**
 * The fields of orders about people: by operators, and in a room by its owners and moderators.
 * @module
 */
import { canonicalAddress, canonicalRange } from "../address.ts";
import { parseDuration } from "../duration.ts";
import type { Limits } from "../limits.ts";
import type { Moderate } from "../message.ts";
import { moment, name, room, short, words, wrong } from "../values.ts";
import type { Fields, FieldTable, ReadFields } from "./read_fields.ts";

/** A name; a ban may be of an address or a range instead. */
const moderate: ReadFields<Moderate> = (action, time, fields, limits) => {
  const address = fields.address ?? undefined, isBan = action === "ban" || action === "unban";
  // What would be left out of account is refused, or its sender believed in an order that is another.
  if (address !== undefined && (!isBan || (fields.user_id ?? undefined) !== undefined)) {
    throw wrong("beside", "address", address);
  }
  if (action !== "ban" && action !== "mute") {
    for (const at of ["until", "for"]) {
      if ((fields[at] ?? undefined) !== undefined) throw wrong("beside", at, fields[at]);
    }
  }
  // What is about one room must not become an order about the whole chat.
  if ((fields.room ?? undefined) !== undefined && (address !== undefined || action.endsWith("mote"))) {
    throw wrong("beside", "room", fields.room);
  }
  const reason = short(fields.reason, "reason");
  const more = { ...end(fields), ...(reason === "" ? {} : { reason }), ...roomIn(fields.room, limits) };
  if (address === undefined) return { action, time, user_id: name(fields.user_id, "user_id", limits), ...more };
  const canonical = typeof address === "string" ? canonicalAddress(address) ?? canonicalRange(address) : undefined;
  if (canonical === undefined) throw wrong("address", "address", address);
  return { action, time, address: canonical, ...more };
};

/** What operators do; some of it owners of a room may do there. */
export const moderation: FieldTable<Moderate["action"] | "bans" | "motd"> = {
  kick: moderate,
  ban: moderate,
  unban: moderate,
  mute: moderate,
  unmute: moderate,
  promote: moderate,
  demote: moderate,
  bans: (action, time, { room }, limits) => ({ action, time, ...roomIn(room, limits) }),
  // Without a text it is asked for: it must not be taken away by a program that has forgotten the field.
  motd: (action, time, { text }, limits) => ({
    action,
    time,
    ...(text === undefined || text === null ? {} : { text: words(text, "text", limits) }),
  }),
};

/** The room that an order is about, if it is about one. */
function roomIn(value: unknown, limits: Limits): { room?: string } {
  return value === undefined || value === null ? {} : { room: room(value, limits) };
}

/** When a ban ends: at a moment, or after a time. */
function end({ until, for: duration }: Fields): { until?: number; for?: number } {
  const hasEnd = until !== undefined && until !== null;
  if (duration === undefined || duration === null) return hasEnd ? { until: moment(until) } : {};
  const seconds = typeof duration === "string" ? parseDuration(duration) : undefined;
  if (hasEnd || seconds === undefined) throw wrong("duration", "for", duration);
  return { for: seconds };
}
