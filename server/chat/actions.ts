/**
 * Dispatches a request to the handler of its action. A handler writes to no socket: it calls the methods of
 * `context.effects`, the answer to the request before messages to others. The parser knows no other actions than these.
 */
import { type Message, ok } from "../../jim/mod.ts";
import { addBot, deleteBot, listBots, renewBot } from "./bots.ts";
import type { Chat } from "./chat.ts";
import { addContact, deleteContact, getContacts } from "./contacts.ts";
import { changeMessage } from "./edits.ts";
import { logout, quit } from "./leave_chat.ts";
import { authenticate, resume } from "./login.ts";
import { presence } from "./presence.ts";
import { register } from "./registration.ts";
import { appoint, bans, inspect, moderate, motd } from "./moderation.ts";
import { addHook, deleteHook, listHooks, sayByHook } from "./hooks.ts";
import { msg } from "./msg.ts";
import { history } from "./history.ts";
import { reactTo } from "./react.ts";
import { read, unread } from "./read.ts";
import { deny } from "./answers.ts";
import { changePassword, unregister } from "./own_account.ts";
import { exportAccount } from "./own_data.ts";
import { endSession, listSessions } from "./own_sessions.ts";
import { group, invite } from "./invitations.ts";
import { pin, pins } from "./pins.ts";
import { clear, configure, remove, rename } from "./room_settings.ts";
import { moderateRoom, roomBans } from "./room_orders.ts";
import { members, rank } from "./ranks.ts";
import { join, leave, rooms, whoOnline } from "./rooms.ts";
import { setStatus } from "./status.ts";
import { topic } from "./topic.ts";
import { typing } from "./typing.ts";
import { upload } from "./uploads.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

/**
 * Handles one request. A session without a name has not logged in: it may log in, quit, inspect and give an operator's
 * orders. Inspection and orders need the token of the server then, which their handlers check.
 */
export function dispatch<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Message,
): void {
  switch (request.action) {
    case "inspect":
      return inspect(chat, context, session, request);
    case "presence":
      return presence(chat, context, session, request);
    case "authenticate":
      return "user" in request
        ? authenticate(chat, context, session, request)
        : resume(chat, context, session, request);
    case "register":
      return register(chat, context, session, request);
    case "hook":
      return sayByHook(chat, context, session, request);
    case "quit":
      return quit(context, session);
    case "logout":
      return logout(chat, context, session, request);
    case "kick":
    case "ban":
    case "unban":
    case "mute":
    case "unmute":
      if (request.room !== undefined && session.name !== undefined) break;
      return moderate(chat, context, session, request);
    case "promote":
    case "demote":
      return appoint(chat, context, session, request);
    case "bans":
      if (request.room !== undefined && session.name !== undefined) break;
      return bans(chat, context, session, request);
  }
  if (session.name === undefined) return deny(context, session, 401, "presence");
  switch (request.action) {
    case "msg":
      return msg(chat, context, session, request);
    case "upload":
      return upload(chat, context, session, request);
    case "edit":
    case "delete":
      return changeMessage(chat, context, session, request);
    case "react":
      return reactTo(chat, context, session, request);
    case "read":
      return read(chat, context, session, request);
    case "unread":
      return unread(chat, context, session, request);
    case "typing":
      return typing(chat, context, session, request);
    case "status":
      return setStatus(chat, context, session, request);
    case "probe":
      return context.effects.answer(session, ok(context.now));
    case "join":
      return join(chat, context, session, request);
    case "leave":
      return leave(chat, context, session, request);
    case "topic":
      return topic(chat, context, session, request);
    case "rank":
      return rank(chat, context, session, request);
    case "invite":
    case "uninvite":
      return invite(chat, context, session, request);
    case "group":
      return group(chat, context, session, request);
    case "configure":
      return configure(chat, context, session, request);
    case "rename":
      return rename(chat, context, session, request);
    case "clear":
      return clear(chat, context, session, request);
    case "remove":
      return remove(chat, context, session, request);
    case "pin":
      return pin(chat, context, session, request);
    case "pins":
      return pins(chat, context, session, request);
    case "members":
      return members(chat, context, session, request);
    case "kick":
    case "ban":
    case "unban":
    case "mute":
    case "unmute":
      return moderateRoom(chat, context, session, request);
    case "bans":
      return roomBans(chat, context, session, request);
    case "rooms":
      return rooms(chat, context, session);
    case "who_online":
      return whoOnline(chat, context, session, request);
    case "get_contacts":
      return getContacts(chat, context, session);
    case "add_contact":
      return addContact(chat, context, session, request);
    case "del_contact":
      return deleteContact(chat, context, session, request);
    case "change_password":
      return changePassword(chat, context, session, request);
    case "unregister":
      return unregister(chat, context, session, request);
    case "sessions":
      return listSessions(chat, context, session, request);
    case "end_session":
      return endSession(chat, context, session, request);
    case "add_bot":
      return addBot(chat, context, session, request);
    case "bot_token":
      return renewBot(chat, context, session, request);
    case "del_bot":
      return deleteBot(chat, context, session, request);
    case "bots":
      return listBots(chat, context, session, request);
    case "add_hook":
      return addHook(chat, context, session, request);
    case "hooks":
      return listHooks(chat, context, session, request);
    case "del_hook":
      return deleteHook(chat, context, session, request);
    case "export":
      return exportAccount(chat, context, session, request);
    case "motd":
      return motd(chat, context, session, request);
    case "history":
    case "search":
      return history(chat, context, session, request);
  }
}
