/**
 * What the system's signals do to the server. SIGINT and SIGTERM stop it. SIGHUP never does: `logrotate` sends it after it
 * has moved the log away, and a terminal when it is closed, which must not cost everybody their chat.
 */

/** A task runner and a terminal both deliver Ctrl-C: signals this close together, in milliseconds, are one. */
const SAME_SIGNAL = 500;

/** What is done at a signal. */
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
