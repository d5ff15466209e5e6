/**
 * Puts this server into a log that several servers share, with the sessions that it has: when it starts, and when others have
 * taken it for gone although it is up.
 */
import { quote, refuse } from "../../jim/mod.ts";
import type { AttendRecord, StateProposal } from "../journal/records.ts";
import type { Chat } from "../chat/chat.ts";
import type { Effects } from "../chat/effects.ts";
import type { Server } from "../chat/roster.ts";
import type { Session } from "../chat/session.ts";

/**
 * Proposes the records that are missing in the log: that this server is up, and who is in the chat by it. It is called again and
 * again, since the log may take none of them. Nothing is proposed when all is in the log.
 *
 * @param server its name, for operators, and its data folder
 */
export function publish<S extends Session>(
  chat: Chat<S>,
  effects: Effects<S>,
  { name, home }: Pick<Server, "name" | "home">,
): void {
  const { roster } = chat, records: StateProposal[] = [];
  closeReserved(chat, effects);
  if (!roster.isUp) records.push({ kind: "server", server: roster.self, is: true, name, home });
  records.push(...entrances(chat), ...[...roster.own.leaving].map((number) => chat.departureOf(number)));
  effects.record(records);
}

/** Closes guests that have an account's name, or one like it, since they were in the chat. */
function closeReserved<S extends Session>(chat: Chat<S>, effects: Effects<S>): void {
  for (const member of [...chat.roster.unlisted.keys()]) {
    const session = member as S, name = session.name!;
    const isReserved = session.account === undefined &&
      (chat.account(name) ?? chat.state.lookalike(name)) !== undefined;
    if (isReserved) effects.refuseAndClose(session, refuse("reserved", { code: 401, got: quote(name) }));
  }
}

/** The records of sessions that were in the chat when this server was taken for gone. */
function entrances<S extends Session>(chat: Chat<S>): StateProposal[] {
  const { roster } = chat, shown = new Map<string, string>();
  return [...roster.unlisted].flatMap(([member, { guest, rooms }]) => {
    const session = member as S, { account } = session, side = session.side!, name = session.name!;
    // They enter in this order, each with its old number if it is free. The number of devices was judged before.
    const { guest: free, devices: _, ...record } = chat.entrance(session, name, account);
    const isTaken = guest !== undefined && roster.side(side)?.numbered[guest - 1] !== undefined;
    const entrance = { ...record, shown: chat.shownName(side) ?? shown.get(side), guest: isTaken ? free : guest };
    if (entrance.shown === undefined) shown.set(side, account?.name ?? name);
    const attendance = rooms.map(([room, spelling]): AttendRecord => chat.attendance(session, room, true, spelling));
    return account === undefined ? [entrance, ...attendance] : [entrance];
  });
}
