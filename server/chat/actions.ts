/**
 * Dispatches a request to the handler of its action. A handler writes to no socket: it calls the methods of
 * `context.effects`, the answer to the request before messages to others. The parser knows no other actions than these.
 */
import {
  type Authenticate,
  type Message,
  type Moderate,
  ok,
  type Query,
  type RequestOf,
  type Resume,
} from "../../jim/mod.ts";
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
import { notify } from "./levels.ts";
import { setStatus } from "./status.ts";
import { topic } from "./topic.ts";
import { typing } from "./typing.ts";
import { upload } from "./uploads.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

/** Handles the requests of one action. */
type Handler<Request extends Message> = <S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Request,
) => void;

const handlers: { readonly [Action in Message["action"]]: Handler<RequestOf<Action>> } = {
  presence,
  authenticate: logIn,
  register,
  quit: (_, context, session) => quit(context, session),
  logout,
  probe: (_, context, session) => context.effects.answer(session, ok(context.now)),

  msg,
  upload,
  edit: changeMessage,
  delete: changeMessage,
  react: reactTo,
  read,
  unread,
  notify,
  typing,
  status: setStatus,
  history,
  search: history,

  join,
  leave,
  rooms,
  who_online: whoOnline,
  members,
  topic,
  rank,
  invite,
  uninvite: invite,
  group,
  configure,
  rename,
  clear,
  remove,
  pin,
  pins,

  get_contacts: getContacts,
  add_contact: addContact,
  del_contact: deleteContact,

  change_password: changePassword,
  sessions: listSessions,
  end_session: endSession,
  export: exportAccount,
  unregister,

  add_bot: addBot,
  bot_token: renewBot,
  del_bot: deleteBot,
  bots: listBots,
  add_hook: addHook,
  hooks: listHooks,
  del_hook: deleteHook,
  hook: sayByHook,

  kick: order,
  ban: order,
  unban: order,
  mute: order,
  unmute: order,
  bans: listBans,
  promote: appoint,
  demote: appoint,
  motd,
  inspect,
};

/** What a session without a name may do. Of these, inspection and orders need the token of the server then. */
const beforeLogin: ReadonlySet<Message["action"]> = new Set([
  "presence",
  "authenticate",
  "register",
  "quit",
  "logout",
  "hook",
  "inspect",
  "kick",
  "ban",
  "unban",
  "mute",
  "unmute",
  "bans",
  "promote",
  "demote",
]);

/** Handles one request. A session without a name has not logged in. */
export function dispatch<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Message,
): void {
  if (session.name === undefined && !beforeLogin.has(request.action)) return deny(context, session, 401, "presence");
  const handle = handlers[request.action] as Handler<Message>;
  handle(chat, context, session, request);
}

/** By a password, or by a token. */
function logIn<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Authenticate | Resume,
): void {
  return "user" in request ? authenticate(chat, context, session, request) : resume(chat, context, session, request);
}

/** Of an operator about the whole chat, or of somebody with a rank about a room. */
function order<S extends Session>(chat: Chat<S>, context: RequestContext<S>, session: S, request: Moderate): void {
  const isOfRoom = request.room !== undefined && session.name !== undefined;
  return isOfRoom ? moderateRoom(chat, context, session, request) : moderate(chat, context, session, request);
}

function listBans<S extends Session>(chat: Chat<S>, context: RequestContext<S>, session: S, request: Query): void {
  const isOfRoom = request.room !== undefined && session.name !== undefined;
  return isOfRoom ? roomBans(chat, context, session, request) : bans(chat, context, session, request);
}
