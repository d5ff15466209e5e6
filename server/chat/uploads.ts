/** The action `upload`, and a message with a file: what is announced is checked as a message is, before any byte comes. */
import type { Msg, SharedFile, Upload } from "../../jim/mod.ts";
import type { FileDenial } from "../uploads/announced.ts";
import type { Chat } from "./chat.ts";
import { deny, denyMessage, isMuted, isOverQuota, withRemarks } from "./answers.ts";
import type { RequestContext } from "./effects.ts";
import { placeOf } from "./place.ts";
import { requireWritableRoom } from "./require_room.ts";
import type { Session } from "./session.ts";

/** Announces a file. */
export function upload<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  { to, name, size, sha256, time }: Upload,
): void {
  const { limit = 0 } = chat.rules.files ?? {}, got = `${size}`;
  if (limit === 0) return deny(context, session, 403, "nofiles");
  if (isMuted(chat, context, session, "name") || isOverQuota(context, session, deny)) return;
  if (placeOf(chat, context, session, to, requireWritableRoom) === undefined) return;
  if (size > limit) return deny(context, session, 403, "largefile", { at: "size", limit, got });
  const file = { name, size, ...(sha256 === undefined ? {} : { sha256 }) };
  const job = { kind: "upload", file, account: session.account?.id } as const;
  context.effects.startJob(session, job, (context, found) => {
    if (found === undefined || "reason" in found) return denyFile(context, session, found, deny);
    const answer = { response: 201, time: context.now, alert: withRemarks(context, "created", time) };
    context.effects.answer(session, { ...answer, upload: found.upload });
  });
}

/**
 * Looks for the upload that a message names, and handles the message again.
 *
 * @param conversation undefined if its messages are not kept: a file would belong to nothing
 */
export function findFile<S extends Session>(
  context: RequestContext<S>,
  session: S,
  { file }: Msg,
  conversation: string | undefined,
  handle: (context: RequestContext<S>, file: SharedFile) => void,
): void {
  if (conversation === undefined) return denyMessage(context, session, 404, "unkept", { at: "file" });
  context.effects.startJob(session, { kind: "attach", upload: file! }, (context, found) => {
    if (found === undefined || "reason" in found) return denyFile(context, session, found, denyMessage);
    handle(context, found);
  });
}

function denyFile<S extends Session>(
  context: RequestContext<S>,
  session: S,
  denial: FileDenial | undefined,
  refused: typeof denyMessage<S>,
): void {
  if (denial === undefined) return refused(context, session, 403, "nofiles", {});
  const { code, reason, ...more } = denial;
  refused(context, session, code, reason, more);
}
