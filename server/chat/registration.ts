/** The action `register`: a guest gets an account. */
import { MIN_PASSWORD, quote, type Register } from "../../jim/mod.ts";
import type { AccountRecord, StateProposal } from "../journal/records.ts";
import { isBanned, mayRegister } from "./admission.ts";
import type { Account, Chat } from "./chat.ts";
import { enter } from "./enter.ts";
import { afterWait } from "./login_job.ts";
import { refreshAndCheck } from "./refresh.ts";
import { deny, denyLogged, denyNotStored, exceedsCreationLimit, isMuted, withRemarks } from "./answers.ts";
import { withToken } from "./token_use.ts";
import { restraintOf } from "./room_rights.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

/** Registers a guest. It keeps its rooms and contacts, and its private history under each name of this connection. */
export function register<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Register,
): void {
  const { features } = request, { account_name: name, password } = request.user;
  if (!chat.rules.registration) return denyLogged(context, session, name, 403, "closed");
  if (isMuted(chat, context, session, "user.account_name")) return;
  if (
    !refreshAndCheck(chat, context, session) || isBanned(chat, context, session, name) ||
    !mayRegister(chat, context, session, name)
  ) return;
  if ([...password].length < MIN_PASSWORD) {
    return denyLogged(context, session, name, 400, "password", { limit: MIN_PASSWORD });
  }
  if (exceedsCreationLimit(context, session, "account", name)) return;
  afterWait(chat, context, session, name, { kind: "hash", password, name }, (context, hash) => {
    // The peer may have closed. TCP tells a half-close from a close only when something is written.
    if (session.isInputDone) return deny(context, session, 400, "ended");
    if (!mayRegister(chat, context, session, name)) return; // the name may have been taken during the hash
    // This checks every guest, so it runs only after the sender has paid for a hash.
    if (chat.guestsLike(name).some((each) => each !== session)) {
      return denyLogged(context, session, name, 409, "taken", { got: quote(name) });
    }
    if (exceedsCreationLimit(context, session, "account", name)) return; // several attempts of one network may have been hashed meanwhile
    context.effects.countCreation("account", session);
    context.effects.propose(session, accountOf(chat, context, session, name, hash), (context, outcome) => {
      if (typeof outcome === "string") context.effects.refundCreation("account", session);
      if (outcome === "failed") return denyNotStored(context, session);
      if (outcome === "lost" || outcome.kind !== "registered") {
        return denyLogged(context, session, name, 409, "taken", { got: quote(name) });
      }
      const { account } = outcome;
      context.effects.record(removalsByBans(context, account));
      chat.noteRegistrant(session, true);
      context.effects.logLogin(session, `registers ${quote(name)}`);
      withToken(chat, context, session, account, request, (context, token) => {
        const words = withRemarks(context, `created; welcome, ${name}`, request.time);
        enter(chat, context, session, { account, asked: name, features, code: 201, words, token });
      });
    });
  });
}

/** The records that put an account out of rooms from which its name was banned while the registration was under way. */
function removalsByBans<S extends Session>(
  { now }: RequestContext<S>,
  { id: account, name, rooms }: Account,
): StateProposal[] {
  return [...rooms.keys()].flatMap((room) => {
    const ban = restraintOf(room, "ban", name, now);
    return ban === undefined
      ? []
      : [{ kind: "member", account, room: room.id, is: false, by: ban.by, reason: ban.reason, time: now } as const];
  });
}

/** The record of a new account, with the rooms and contacts of the guest. */
function accountOf<S extends Session>(
  chat: Chat<S>,
  { effects, now: time }: RequestContext<S>,
  session: S,
  name: string,
  password: string,
): AccountRecord {
  return {
    kind: "account",
    name,
    password,
    operator: false,
    seen: effects.lastId, // earlier messages were not sent to it
    guestPeriods: chat.guestPeriods(session),
    rooms: [...session.rooms ?? []].map(([room, spelling]) => ({ room: room.id, spelling })),
    contacts: [...session.contacts?.values() ?? []],
    time,
  };
}
