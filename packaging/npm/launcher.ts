/** Takes the place of `cli/launcher.ts` in the npm package. @module */

export const LAUNCHER: string | undefined = "hanita";
