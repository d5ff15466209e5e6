/**
 * The action `export`: all that is kept about an account, but what is said. The rows name its conversations, and `history` has
 * what was said in each, page by page.
 */
import type { Query } from "../../jim/mod.ts";
import { isGuestSide, roomConversation } from "../journal/conversation.ts";
import { answerList, deny, roleOf } from "./answers.ts";
import type { Chat } from "./chat.ts";
import type { RequestContext } from "./effects.ts";
import { ownAccount } from "./own_account.ts";
import { sessionRows } from "./own_sessions.ts";
import { conversationsByPlace } from "./read.ts";
import type { Session } from "./session.ts";

/**
 * Ids from this one on are microseconds of the clock, smaller ones are only counted. On several servers an id tells when the log
 * began, so the record of an account says when it was made; older records do not.
 */
const FIRST_TIMED = 1e15;

export function exportAccount<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  { action }: Query,
): void {
  const account = ownAccount(chat, context, session, action);
  if (account === undefined) return;
  context.effects.startJob(session, { kind: "people", account }, (context, conversations) => {
    if (conversations === undefined) return deny(context, session, 500, "store");
    const { id, name, rooms, contacts, status, madeAt } = account;
    const readIn = (place: string) => ({
      ...account.reads?.has(place) === true ? { read: chat.reads.of(account, place) } : {},
      ...account.levels?.has(place) === true ? { level: account.levels.get(place) } : {},
    });
    const people = [...conversationsByPlace(chat, account, conversations).keys()].flatMap((place) => {
      const person = personOf(chat, place);
      return person === undefined ? [] : { action: "conversation_list", with: person, ...readIn(place) };
    });
    const rows: object[] = [
      {
        action: "account_list",
        user_id: name,
        role: roleOf(account),
        ...madeAt !== undefined ? { since: madeAt } : id < FIRST_TIMED ? {} : { since: Math.floor(id / 1e6) },
        ...status === undefined ? {} : { status },
      },
      ...sessionRows(chat, context, session, account),
      ...[...contacts.values()].map((contact) => ({ action: "contact_list", user_id: contact })),
      ...[...rooms.keys()].map((room) => ({
        action: "room_list",
        room: chat.spelling(session, room),
        ...topicOf(room.topic),
        ...readIn(roomConversation(room.id)),
      })),
      ...people,
    ];
    answerList(context, session, rows, rows.length);
  });
}

/** The name of the other person of a conversation; undefined if the account is gone. */
function personOf<S extends Session>(chat: Chat<S>, side: string): string | undefined {
  return isGuestSide(side) ? side.slice(1) : chat.state.accountById(Number(side.slice(1)))?.name;
}

function topicOf(topic: { readonly text: string } | undefined): { topic?: string } {
  return topic === undefined || topic.text === "" ? {} : { topic: topic.text };
}
