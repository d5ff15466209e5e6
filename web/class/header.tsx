/**
 * The header of the class page: how many students have which state, the filter and the sort order, and the result of
 * the last order.
 */
import type { JSX } from "preact";
import { doneOf, orderCatalogues } from "../moderation/words.ts";
import { languages } from "../words.ts";
import { Select } from "./select.tsx";
import type { PageProps } from "./props.ts";
import { stateOf, type StudentState } from "./roster.ts";
import { SYMBOLS } from "./student.tsx";

export function Header(given: PageProps): JSX.Element {
  const { roster, session, words, view, now, pausedEvents, retryIn, bans, ordered, updateView, retry, dismiss } = given;
  const orders = orderCatalogues[view.language];
  const countIn = (...states: StudentState[]) =>
    roster.students.filter((each) => states.includes(stateOf(each, now))).length;
  const here = roster.students.length - countIn("gone");
  const tallies = (["fast", "unread", "refused", "slow"] as const).map((state) => [state, countIn(state)] as const);
  return (
    <header>
      <h1>{words.title}</h1>
      {session.stage === "connecting"
        ? (
          <p class="tally down" role="status">
            {retryIn === undefined ? words.coming : words.down(retryIn)}
            {retryIn !== undefined && <button type="button" onClick={retry}>{words.retry}</button>}
          </p>
        )
        : session.stage === "inspecting" && (
          <p class="tally">
            <span>{words.here(here)}</span>
            {tallies.map(([state, n]) =>
              n > 0 && <span key={state} class={state}>{SYMBOLS[state]} {words[state](n)}</span>
            )}
          </p>
        )}
      <div class="tools">
        {session.stage !== "denied" && (
          <>
            <input
              type="search"
              value={view.filter}
              placeholder={words.find}
              aria-label={words.find}
              onInput={({ currentTarget }) => updateView({ filter: currentTarget.value })}
            />
            <Select
              label={words.order}
              value={view.sort}
              choices={words.orders}
              choose={(sort) => updateView({ sort })}
            />
            <button type="button" onClick={() => updateView({ dialog: "bans" })}>
              {orders.bans}
              {bans.length > 0 && ` (${bans.length})`}
            </button>
            {session.stage === "inspecting" && session.isOperator && (
              <button
                type="button"
                onClick={() => updateView({ dialog: "greeting" })}
              >
                {orders.greeting}
              </button>
            )}
            <button
              type="button"
              class={view.isPaused ? "pause on" : "pause"}
              onClick={() => updateView({ isPaused: !view.isPaused })}
            >
              {view.isPaused ? `▶ ${words.goOn}` : `❚❚ ${words.pause}`}
            </button>
          </>
        )}
        <Select
          label={words.theme}
          value={view.theme}
          choices={words.themes}
          choose={(theme) => updateView({ theme })}
        />
        <Select
          label={words.language}
          value={view.language}
          choices={languages}
          choose={(language) => updateView({ language })}
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
      {view.isPaused && <p class="notice" role="status">{words.paused(pausedEvents)}</p>}
      {roster.missed > 0 && <p class="notice">{words.missed(roster.missed)}</p>}
    </header>
  );
}
