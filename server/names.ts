/** Warns at the start about names that break the present rules, from older versions, and says what to do. */
import { isName, type Limits, quote } from "../jim/mod.ts";
import { logger } from "../log/mod.ts";
import type { State } from "./chat/state.ts";

const { warning } = logger("server/names");

/** Logs names that are equal now, and accounts with names that no request can have. */
export function warnOfNames(state: State, limits: Limits): void {
  for (const names of state.collisions) {
    const listed = names.map(quote).join(", ");
    warning(
      "warnOfNames",
      `${listed} are one name now; each is found by its exact spelling, any other spelling means the first`,
    );
  }
  for (const { name } of state.accounts()) {
    if (isName(name, limits)) continue;
    const what = `Nobody can log in as ${quote(name)}, for that is no name any more`;
    warning("warnOfNames", `${what}; give the account another one with deno task account rename NAME NEW`);
  }
}
