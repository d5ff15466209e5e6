/**
 * Makes the database readable by its owner only. A copy, a restored backup or an umask may have opened it to others,
 * with all private messages in it.
 */
import { logger } from "../../log/mod.ts";
import { isSystemError, systemErrorText } from "../../log/system_error.ts";

/** The endings of the files of a database. */
const ENDINGS = ["", "-wal", "-shm", "-lock"];
/** The bits of a mode that belong to the group and to all others; the one by which all others write. */
const OTHERS = 0o077, OTHERS_WRITE = 0o002;

const { warning } = logger("server/journal");

/**
 * Removes the permissions of others from the files of a database, with a line in the log for each. A folder that
 * others may write to only causes a warning: it may be shared on purpose, but others could replace the database.
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

/** The permissions of a file; 0 if it does not exist. */
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
