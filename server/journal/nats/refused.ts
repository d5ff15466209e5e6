/** What is wrong with a broker or its stream, in one line in each language. */
import { PermissionViolationError, TimeoutError } from "@nats-io/nats-core";
import { JetStreamApiError } from "@nats-io/jetstream";
import { jserrors } from "@nats-io/jetstream/internal";
import { inEach, type Texts } from "../../words/mod.ts";
import { JournalRefused } from "../failure.ts";
import type { Language } from "../../../jim/mod.ts";

/** An error with a sentence of the catalogues. */
export function refused(say: (texts: Texts["broker"], language: Language) => string, cause?: unknown): JournalRefused {
  return new JournalRefused(inEach(({ broker }, language) => say(broker, language)), { cause });
}

/** JetStream's numbers of errors. */
const NOT_CLUSTERED = 10074, OVERLAPS = 10065, NO_RESOURCES = [10023, 10047, 10002];

/** Of a stream that is made. */
interface Wanted {
  readonly subjects: string;
  readonly replicas: number;
}

/** An error of JetStream's interface, in one line; any other one as it is. */
export function explained(error: unknown, { subjects, replicas }: Wanted = { subjects: "", replicas: 1 }): unknown {
  if (error instanceof jserrors.JetStreamNotEnabled) return refused((texts) => texts.noJetStream, error);
  if (error instanceof TimeoutError) return refused((texts) => texts.jetStreamSilent, error);
  const violation = error instanceof Error && error.cause instanceof PermissionViolationError ? error.cause : error;
  if (violation instanceof PermissionViolationError) {
    return refused((texts) => texts.noRight(violation.operation, violation.subject), error);
  }
  if (!(error instanceof JetStreamApiError)) return error;
  const { code, message } = error;
  if (code === NOT_CLUSTERED) return refused((texts) => texts.notClustered(replicas), error);
  if (code === OVERLAPS) return refused((texts) => texts.overlappingStream(subjects), error);
  if (NO_RESOURCES.includes(code)) return refused((texts) => texts.noRoom(message), error);
  return refused((texts) => texts.jetStreamFailed(message), error);
}
