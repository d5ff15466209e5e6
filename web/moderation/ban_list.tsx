/** The bans and mutes in force: name or address, end, operator and reason, each with a button that lifts it. */
import type { JSX } from "preact";
import type { Language } from "../../jim/explain.ts";
import type { ListedBan } from "../../jim/client/ban.ts";
import { lift, type Order, whomOf } from "./order.ts";
import { describe, type OrderWords } from "./words.ts";

export function BanList({ bans, words, language, give }: {
  bans: readonly ListedBan[];
  words: OrderWords;
  language: Language;
  give: (order: Order) => void;
}): JSX.Element {
  const now = Date.now() / 1000;
  return (
    <ul class="bans">
      {bans.map((ban) => (
        <li key={`${ban.kind} ${whomOf(ban)}`}>
          <div>
            <b>
              <bdi>{whomOf(ban)}</bdi>
            </b>
            <span class="quiet small">{describe(ban, language, now)}</span>
            {ban.reason !== undefined && <q class="small" dir="auto">{ban.reason}</q>}
          </div>
          <button type="button" aria-label={words.lifts[ban.kind](whomOf(ban))} onClick={() => give(lift(ban))}>
            {words.lift}
          </button>
        </li>
      ))}
    </ul>
  );
}
