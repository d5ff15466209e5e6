/** The parts of the page that its first screen does not need: dialogs, the search and threads. They are loaded behind it. */
import { late, useLate } from "./late.ts";

const parts = late(() => import("./parts/later.tsx"));

/** Loads them, if they are not there. */
export const loadLater = parts.load;

/** The parts as soon as they are loaded; `hasFailed` if they can't be loaded now. */
export const useLater = () => useLate(parts);
