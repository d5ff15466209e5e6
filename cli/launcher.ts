/** The command that starts the programs in another way than a task of Deno does. @module */

/**
 * Its name; here there is none. The npm package is built with `packaging/npm/launcher.ts` in the place of this file: there a
 * program is a subcommand of `hanita`.
 */
export const LAUNCHER: string | undefined = undefined;
