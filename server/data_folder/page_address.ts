/**
 * The address of the page, in the file `page` of the data folder: for tools that print it, such as the cards of a class. It is that of
 * the last start, so a tool knows it before the server is started again.
 */
import { logger } from "../../log/mod.ts";
import { isSystemError, systemErrorText } from "../../log/system_error.ts";

const { warning } = logger("server/data_folder");

/** An address of at most so many characters is one. */
const LONGEST = 300;

/**
 * Notes the address; without one the file is removed. A folder that cannot be written costs a line in the log.
 *
 * @param dir the data folder
 */
export function notePageAddress(dir: string, address: string | undefined): void {
  const file = `${dir}/page`;
  try {
    if (address !== undefined) Deno.writeTextFileSync(file, `${address}\n`);
    else Deno.removeSync(file);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error instanceof Deno.errors.NotFound && address === undefined) return;
    warning("notePageAddress", `Cannot write ${file}: ${systemErrorText(error)}`);
  }
}

/** The address that was noted; undefined if there is none, or the file has something else. */
export function pageAddress(dir: string): string | undefined {
  try {
    const address = Deno.readTextFileSync(`${dir}/page`).trim();
    return address.length <= LONGEST && /^https?:\/\/[^\s/]+\/$/.test(address) ? address : undefined;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return undefined;
  }
}
