/** The top of the class: how many programs do how, what the teacher looks for, and what the last order has done. */
import type { JSX } from "preact";
import { doneOf, orderCatalogues } from "../moderation/words.ts";
import { languages } from "../words.ts";
import { Choice } from "./choice.tsx";
import type { Given } from "./given.ts";
import { type State, stateOf } from "./roll.ts";
import { MARKS } from "./student.tsx";

export function Head(given: Given): JSX.Element {
  const { roll, visit, words, view, now, waiting, retryIn, bans, ordered, see, retry, dismiss } = given;
  const orders = orderCatalogues[view.language];
  const count = (...states: State[]) => roll.students.filter((each) => states.includes(stateOf(each, now))).length;
  const here = roll.students.length - count("gone");
  const tallies = (["fast", "unread", "refused", "slow"] as const).map((state) => [state, count(state)] as const);
  return (
    <header>
      <h1>{words.title}</h1>
      {visit.stage === "coming"
        ? (
          <p class="tally down" role="status">
            {retryIn === undefined ? words.coming : words.down(retryIn)}
            {retryIn !== undefined && <button type="button" onClick={retry}>{words.retry}</button>}
          </p>
        )
        : visit.stage === "looking" && (
          <p class="tally">
            <span>{words.here(here)}</span>
            {tallies.map(([state, n]) =>
              n > 0 && <span key={state} class={state}>{MARKS[state]} {words[state](n)}</span>
            )}
          </p>
        )}
      <div class="tools">
        {visit.stage !== "barred" && (
          <>
            <input
              type="search"
              value={view.find}
              placeholder={words.find}
              aria-label={words.find}
              onInput={({ currentTarget }) => see({ find: currentTarget.value })}
            />
            <Choice label={words.order} value={view.order} choices={words.orders} choose={(order) => see({ order })} />
            <button type="button" onClick={() => see({ dialog: "bans" })}>
              {orders.bans}
              {bans.length > 0 && ` (${bans.length})`}
            </button>
            {visit.stage === "looking" && visit.isOperator && (
              <button
                type="button"
                onClick={() => see({ dialog: "greeting" })}
              >
                {orders.greeting}
              </button>
            )}
            <button
              type="button"
              class={view.paused ? "pause on" : "pause"}
              onClick={() => see({ paused: !view.paused })}
            >
              {view.paused ? `▶ ${words.goOn}` : `❚❚ ${words.pause}`}
            </button>
          </>
        )}
        <Choice label={words.theme} value={view.theme} choices={words.themes} choose={(theme) => see({ theme })} />
        <Choice
          label={words.language}
          value={view.language}
          choices={languages}
          choose={(language) => see({ language })}
        />
      </div>
      <div class="done" role="status">
        {ordered?.state === "done" && (
          <>
            <span>{doneOf(ordered.order, orders)}</span>
            <button type="button" onClick={dismiss}>{words.close}</button>
          </>
        )}
      </div>
      {view.paused && <p class="notice" role="status">{words.paused(waiting)}</p>}
      {roll.missed > 0 && <p class="notice">{words.missed(roll.missed)}</p>}
    </header>
  );
}
