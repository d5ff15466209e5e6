/**
 * Handles signals. SIGINT and SIGTERM stop the server. SIGHUP reopens the log and reloads the certificate, and never
 * stops it: a closed terminal sends it, and `logrotate` after it has moved the log.
 */

/** Milliseconds in which two signals count as one: a task runner and a terminal both send Ctrl-C. */
const SAME_SIGNAL = 500;

/** The handlers of signals. */
export interface SignalHandlers {
  /** At the first SIGINT or SIGTERM. A later one ends the process at once, with status 130. */
  readonly stop: () => void;
  /** At each SIGHUP, which Windows does not have. */
  readonly reload: () => void;
}

/** Handles signals from now on, until the process ends. */
export function handleSignals({ stop, reload }: SignalHandlers): void {
  let first: number | undefined;
  const onStop = () => {
    if (first === undefined) {
      first = performance.now();
      stop();
    } else if (performance.now() - first > SAME_SIGNAL) Deno.exit(130);
  };
  Deno.addSignalListener("SIGINT", onStop);
  Deno.addSignalListener("SIGTERM", onStop);
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGHUP", reload);
}
