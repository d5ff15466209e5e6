/** The panel beside the conversation: the people, the search, or a thread. */
import type { JSX } from "preact";
import { useApp } from "./context.ts";
import { LaterPart } from "./later_part.tsx";
import { PanelHeader } from "./panel_header.tsx";
import { PeoplePanel } from "./people_panel.tsx";

export function Panel(): JSX.Element | null {
  const { state, view, words, dispatch, updateView, focusField } = useApp(), { panel } = view;
  if (panel === undefined || (panel === "thread" && state.thread === undefined)) return null;
  const title = { people: words.people, search: words.search, thread: words.thread }[panel];
  function close(): void {
    dispatch({ on: "thread", id: undefined });
    updateView({ panel: undefined });
    focusField();
  }
  return (
    <aside class={panel === "thread" ? "panel wider" : "panel"} aria-label={title}>
      <PanelHeader title={title} closeLabel={words.close} close={close} />
      {panel === "people" ? <PeoplePanel /> : <LaterPart of={panel === "search" ? "SearchPanel" : "ThreadPanel"} />}
    </aside>
  );
}
