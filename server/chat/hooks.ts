/**
 * Incoming hooks: a program without an account says something in a room by a token, as a build server does. Owners of the room
 * and operators make, list and remove them.
 */
import {
  type AddHook,
  COMMON_ROOM,
  type DeleteHook,
  HOOK_MARK,
  type HookMessage,
  type HookQuery,
  type Msg,
  ok,
  quote,
} from "../../jim/mod.ts";
import { isBanned } from "./admission.ts";
import { answerList, banDetails, deny, denyLogged, denyNotStored, isOverQuota, withRemarks } from "./answers.ts";
import type { Chat } from "./chat.ts";
import type { RequestContext } from "./effects.ts";
import { HOOK_BURST, HookRates } from "./hook_rates.ts";
import { refreshAndCheck } from "./refresh.ts";
import { endAndReason, requireLevel } from "./require_room.ts";
import { OWNER, restraintOf } from "./room_rights.ts";
import type { Session } from "./session.ts";
import { hashOf, shortHash } from "./session_tokens.ts";
import { type Hook, MAX_HOOKS, type Room } from "./state.ts";

/** A room with hooks; everybody's room has no `room`. */
interface HookPlace {
  readonly room: Room | undefined;
}

/** Makes a hook. Its token is in the answer, and nowhere else. */
export function addHook<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: AddHook,
): void {
  const place = placeOf(chat, context, session, request);
  if (place === undefined) return;
  const { room } = place, name = `${request.name}${HOOK_MARK}`, like = chat.account(name) ?? chat.state.lookalike(name);
  if (like !== undefined) return deny(context, session, 409, "lookalike", { got: quote(name), like: quote(like.name) });
  if (chat.state.hooksOf(room).length >= MAX_HOOKS) return deny(context, session, 403, "hooks", { limit: MAX_HOOKS });
  const token = context.effects.newToken(), hash = hashOf(token);
  const hook = { name, by: session.name!, since: context.now, hash };
  context.effects.propose(session, { kind: "hook", room: room?.id ?? 0, is: true, ...hook }, (context, outcome) => {
    if (outcome === "failed") return denyNotStored(context, session);
    if (outcome === "lost") return addHook(chat, context, session, request); // the room is gone, or has as many as may be
    const words = withRemarks(context, "created; the token is shown this once", request.time);
    context.effects.answer(session, { ...ok(context.now, 201, words), hook: shortHash(hash), token });
    context.effects.logOrder(session, `add_hook ${quote(name)} in ${request.room}`);
  });
}

export function listHooks<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: HookQuery,
): void {
  const place = placeOf(chat, context, session, request);
  if (place === undefined) return;
  const rows = chat.state.hooksOf(place.room).map(({ hash, name, by, since }) => (
    { action: "hook_list", hook: shortHash(hash), room: request.room, name, by, since }
  ));
  answerList(context, session, rows, rows.length);
}

/** Removes a hook. */
export function deleteHook<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: DeleteHook,
): void {
  const place = placeOf(chat, context, session, request);
  if (place === undefined) return;
  const hook = chat.state.hooksOf(place.room).find(({ hash }) => shortHash(hash) === request.hook);
  if (hook === undefined) return deny(context, session, 404, "nohook", { got: quote(request.hook) });
  const { room, ...fields } = hook;
  context.effects.propose(session, { kind: "hook", room: room?.id ?? 0, is: false, ...fields }, (context, outcome) => {
    if (outcome === "failed") return denyNotStored(context, session);
    context.effects.answer(session, ok(context.now, 200, withRemarks(context, "the hook is removed", request.time)));
    context.effects.logOrder(session, `del_hook ${quote(hook.name)} in ${request.room}`);
  });
}

/** Says something by a hook. A wrong token is refused as late as a wrong password, and charged to its network like one. */
export function sayByHook<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: HookMessage,
): void {
  if (session.name !== undefined) return deny(context, session, 409, "hookonly");
  if (!refreshAndCheck(chat, context, session) || isBanned(chat, context, session, undefined)) return;
  const hook = chat.state.hook(hashOf(request.token)), { effects, now } = context;
  if (hook === undefined) {
    const refuse = (context: RequestContext<S>) => denyLogged(context, session, undefined, 401, "hooktoken");
    return effects.startJob(session, { kind: "guess" }, refuse);
  }
  const { room, name } = hook, { message, time } = request;
  if (message.trim() === "") return deny(context, session, 400, "text", { got: quote(message) });
  if (
    isSilenced(chat, context, session, hook) || isOverQuota(context, session, deny) ||
    isTooFast(chat, context, session, hook)
  ) {
    return;
  }
  const msg: Msg = { action: "msg", time, to: room?.name ?? COMMON_ROOM, message };
  const answer = ok(now, 200, withRemarks(context, "ok", time));
  session.name = name; // its message is from that name; the connection is not in the chat, before and after
  if (room === undefined) effects.relayToAll(session, msg, answer);
  else {
    const spelling = chat.isRespelt(room) ? (reader: S) => chat.spelling(reader, room) : undefined;
    effects.relayToSome(session, chat.sessionsIn(room), msg, room.conversation, answer, spelling);
  }
  session.name = undefined;
}

/** The room of a request about hooks; refuses the request if the session may not change them. */
function placeOf<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  { action, room: name }: AddHook | HookQuery | DeleteHook,
): HookPlace | undefined {
  if (!refreshAndCheck(chat, context, session)) return undefined;
  if (name === COMMON_ROOM) {
    if (session.account?.operator === true) return { room: undefined };
    deny(context, session, 403, "operator", { got: quote(action) });
    return undefined;
  }
  const room = requireLevel(chat, context, session, name, OWNER, action);
  return room && { room };
}

/** Whether the name of a hook is muted, here or in its room; refuses the request if so. */
function isSilenced<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  { name, room }: Hook,
): boolean {
  const mute = chat.state.ban("mute", name, context.now);
  const restraint = room && restraintOf(room, "mute", name, context.now);
  if (mute !== undefined) deny(context, session, 403, "muted", banDetails(mute));
  else if (restraint !== undefined) {
    deny(context, session, 403, "roommuted", { at: "hook", got: room!.name, ...endAndReason(restraint) });
  }
  return mute !== undefined || restraint !== undefined;
}

/** Whether a hook has said too much lately; refuses the request if so. */
function isTooFast<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  { hash }: Hook,
): boolean {
  const wait = (chat.hookRates ??= new HookRates()).take(hash, context.now);
  if (wait > 0) deny(context, session, 429, "hookrate", { limit: HOOK_BURST, got: `${wait}` });
  return wait > 0;
}
