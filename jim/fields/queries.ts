/**
 * The fields of lists, of the past, and of contacts.
 * @module
 */
import { COMMON_ROOM, type ContactRequest, type HistoryQuery, type Query } from "../message.ts";
import { bounded, flag, id, name, pageSize, room, token, wrong } from "../values.ts";
import type { FieldTable, ReadFields } from "./read_fields.ts";

/** Code points that a search may have: what a person looks for is shorter, and hundreds of words cost a store milliseconds. */
const SEARCHED = 200;

const plain: ReadFields<Query> = (action, time) => ({ action, time });

const contact: ReadFields<ContactRequest> = (action, time, { user_id }, limits) => ({
  action,
  time,
  user_id: name(user_id, "user_id", limits),
});

/** A page of the past. A number of messages out of range is brought into it; what is no number is refused. */
const past: ReadFields<HistoryQuery> = (action, time, fields, limits) => {
  const { room: place, with: person, text } = fields;
  if (place !== undefined && person !== undefined) throw wrong("either", "with", person);
  const isSearch = action === "search", from = isSearch ? fields.from ?? undefined : undefined;
  const isEverywhere = isSearch && flag(fields.everywhere, "everywhere", false);
  if (isEverywhere && (place ?? person ?? undefined) !== undefined) {
    throw wrong("everywhere", "everywhere", place ?? person);
  }
  const hasWords = isSearch && (from === undefined || (text ?? undefined) !== undefined);
  if (hasWords && (typeof text !== "string" || text === "")) throw wrong("words", "text", text);
  const before = id(fields.before, "before"), after = id(fields.after, "after");
  return {
    action,
    time,
    ...(isEverywhere
      ? { everywhere: true }
      : person === undefined
      ? { room: room(place ?? COMMON_ROOM, limits) }
      : { with: name(person, "with", limits) }),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    limit: pageSize(fields.limit),
    ...(hasWords ? { text: bounded(text as string, "text", SEARCHED) } : {}),
    ...(from === undefined ? {} : { from: name(from, "from", limits) }),
    ...(isSearch && flag(fields.context, "context", false) ? { context: true } : {}),
    ...(!isSearch && flag(fields.events, "events", false) ? { events: true } : {}),
  };
};

/** Lists and the past, and the contacts. */
export const queries: FieldTable<
  Exclude<Query["action"], "bans"> | "who_online" | "inspect" | ContactRequest["action"] | HistoryQuery["action"]
> = {
  get_contacts: plain,
  rooms: plain,
  unread: plain,
  sessions: plain,
  export: plain,
  bots: plain,
  who_online: (action, time, fields, limits) => ({
    action,
    time,
    room: fields.room === undefined ? undefined : room(fields.room, limits),
  }),
  inspect: (action, time, fields, limits) => ({ action, time, ...token(fields.token, limits) }),
  add_contact: contact,
  del_contact: contact,
  history: past,
  search: past,
};
