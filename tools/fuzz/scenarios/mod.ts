/** All scenarios, in the order in which they are played. */
import type { Scenario } from "../scenario.ts";
import { bans } from "./bans.ts";
import { evicted } from "./evicted.ts";
import { floods } from "./floods.ts";
import { halves } from "./halves.ts";
import { lists } from "./lists.ts";
import { logins } from "./logins.ts";
import { names } from "./names.ts";
import { numbers } from "./numbers.ts";
import { past } from "./past.ts";
import { renames } from "./renames.ts";
import { resets } from "./resets.ts";
import { webResets } from "./web_resets.ts";

export const scenarios: Readonly<Record<string, Scenario>> = {
  numbers,
  bans,
  names,
  past,
  lists,
  renames,
  evicted,
  webResets,
  resets,
  logins,
  halves,
  floods,
};
