/**
 * Who may read the database. What the server makes is its user's alone; what a copy, a restored backup or an umask has made
 * may be everybody's, with all private messages in it.
 */
import { logger } from "../../log/mod.ts";
import { isSystemError, systemErrorText } from "../../log/system_error.ts";

/** What SQLite and the server keep beside the database, by what their names end with. */
const ENDINGS = ["", "-wal", "-shm", "-lock"];
/** The bits of a mode that belong to the group and to all others; the one by which all others write. */
const OTHERS = 0o077, OTHERS_WRITE = 0o002;

const { warning } = logger("server/journal");

/**
 * Takes the files of a database from all but their owner, with a line in the log for each. A folder that everybody may
 * write to is told of only: it may be shared for a reason, but whoever writes to it may put another database there.
 *
 * @param path the database
 */
export function closeToOthers(path: string): void {
  if (Deno.build.os === "windows") return; // it has no modes
  for (const ending of ENDINGS) {
    const file = `${path}${ending}`, mode = modeOf(file);
    if ((mode & OTHERS) === 0) continue;
    try {
      Deno.chmodSync(file, 0o600);
      warning("closeToOthers", `${file} was open to other users (mode ${octal(mode)}): it has mode 0600 now`);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      warning(
        "closeToOthers",
        `${file} is open to other users (mode ${octal(mode)}), and stays so: ${systemErrorText(error)}`,
      );
    }
  }
  const folder = path.slice(0, path.lastIndexOf("/")), mode = modeOf(folder);
  if ((mode & OTHERS_WRITE) > 0) {
    warning("closeToOthers", `Every user may write to ${folder} (mode ${octal(mode)}): expected 0700`);
  }
}

/** The permissions of a file; none of one that is not there. */
function modeOf(path: string): number {
  try {
    return (Deno.statSync(path).mode ?? 0) & 0o777;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}
