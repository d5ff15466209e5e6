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

export function Header(props: PageProps): JSX.Element {
  const { roster, words, view, pausedEvents, ordered, dismiss } = props;
  return (
    <header>
      <h1>{words.title}</h1>
      <Tally {...props} />
      <Tools {...props} />
      <div class="done" role="status">
        {ordered?.state === "done" && (
          <>
            <span>{doneOf(ordered.order, orderCatalogues[view.language])}</span>
            <button type="button" onClick={dismiss}>{words.close}</button>
          </>
        )}
      </div>
      {view.isPaused && <p class="notice" role="status">{words.paused(pausedEvents)}</p>}
      {roster.missed > 0 && <p class="notice">{words.missed(roster.missed)}</p>}
    </header>
  );
}

/** How many students are here, and how many of them have a state that needs attention; or that there is no connection. */
function Tally({ roster, session, words, now, retryIn, retry }: PageProps): JSX.Element | null {
  if (session.stage === "connecting") {
    return (
      <p class="tally down" role="status">
        {retryIn === undefined ? words.coming : words.down(retryIn)}
        {retryIn !== undefined && <button type="button" onClick={retry}>{words.retry}</button>}
      </p>
    );
  }
  if (session.stage !== "inspecting") return null;
  const count = (state: StudentState) => roster.students.filter((each) => stateOf(each, now) === state).length;
  return (
    <p class="tally">
      <span>{words.here(roster.students.length - count("gone"))}</span>
      {(["fast", "unread", "refused", "slow"] as const).map((state) => {
        const n = count(state);
        return n > 0 && <span key={state} class={state}>{SYMBOLS[state]} {words[state](n)}</span>;
      })}
    </p>
  );
}

function Tools(props: PageProps): JSX.Element {
  const { session, words, view, updateView } = props;
  return (
    <div class="tools">
      {session.stage !== "denied" && <StudentTools {...props} />}
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
  );
}

/** The filter, the order, and the dialogs about all students. */
function StudentTools({ session, words, view, bans, updateView }: PageProps): JSX.Element {
  const orders = orderCatalogues[view.language];
  return (
    <>
      <input
        type="search"
        value={view.filter}
        placeholder={words.find}
        aria-label={words.find}
        onInput={({ currentTarget }) => updateView({ filter: currentTarget.value })}
      />
      <Select label={words.order} value={view.sort} choices={words.orders} choose={(sort) => updateView({ sort })} />
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
      {session.stage === "inspecting" && session.isOperator && (
        <button
          type="button"
          onClick={() => updateView({ dialog: "transcript" })}
        >
          {words.save}
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
  );
}
