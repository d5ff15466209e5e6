/** Checks or hashes a password for a login or registration, outside the loop. */
import { isBanned } from "./admission.ts";
import type { Chat } from "./chat.ts";
import { refreshAndCheck } from "./refresh.ts";
import { deny } from "./answers.ts";
import type { RequestContext } from "./effects.ts";
import type { Job, JobResult } from "./jobs.ts";
import type { Session } from "./session.ts";

/**
 * Runs a job for a login or registration. The wait may be long, so changes of other programs are applied and bans are
 * checked again after it. `then` checks what else it relies on. It is not called for a closing connection.
 */
export function afterWait<S extends Session, K extends "check" | "hash">(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  name: string,
  job: Extract<Job, { kind: K }>,
  then: (context: RequestContext<S>, found: JobResult[K]) => void,
): void {
  const { typo } = context;
  context.effects.startJob<K>(session, job, (later, found) => {
    const context = typo === undefined ? later : { ...later, typo };
    if (!refreshAndCheck(chat, context, session) || isBanned(chat, context, session, name)) return;
    if (found === undefined) return deny(context, session, 500, "store");
    then(context, found);
  });
}
