/** Names of a database from before names had rules: the operator is told at the start what to do about them. */
import { isName, type Limits, quote } from "../jim/mod.ts";
import { logger } from "../log/mod.ts";
import type { State } from "./chat/state.ts";

const { warning } = logger("server/names");

/** Logs the names that are the same now, and those of accounts that no request can have any more. */
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
