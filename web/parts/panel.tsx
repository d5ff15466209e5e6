/** The panel beside the conversation: the people, or the search. */
import type { JSX } from "preact";
import { useApp } from "./context.ts";
import { PanelHeader } from "./panel_header.tsx";
import { PeoplePanel } from "./people_panel.tsx";
import { SearchPanel } from "./search_panel.tsx";

export function Panel(): JSX.Element | null {
  const { view, words, updateView, focusField } = useApp();
  if (view.panel === undefined) return null;
  const title = view.panel === "people" ? words.people : words.search;
  function close(): void {
    updateView({ panel: undefined });
    focusField();
  }
  return (
    <aside class="panel" aria-label={title}>
      <PanelHeader title={title} closeLabel={words.close} close={close} />
      {view.panel === "people" ? <PeoplePanel /> : <SearchPanel />}
    </aside>
  );
}
