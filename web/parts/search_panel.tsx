/** The search in the open conversation. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { isIgnored, type State } from "../model/state.ts";
import type { ChatMessage } from "../conversation.ts";
import { clockOf, dayOf, type Words } from "../words.ts";
import { isWide, titleOf, useApp } from "./context.ts";
import { Badge, colourOf } from "./icons.tsx";

export function SearchPanel(): JSX.Element {
  const { state, words, dispatch } = useApp();
  const { search, open } = state;
  const input = useRef<HTMLInputElement>(null);
  const where = words.searchIn(titleOf(open, words));
  useEffect(() => {
    input.current!.focus();
    return () => dispatch({ on: "endSearch" });
  }, []);
  return (
    <>
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          const text = input.current!.value.trim();
          if (text !== "") dispatch({ on: "search", text });
        }}
      >
        <input ref={input} type="search" aria-label={where} placeholder={where} dir="auto" enterkeyhint="search" />
      </form>
      <p class="quiet small" role="status">{searchStatus(search, words)}</p>
      <ul class="found">
        {search?.rows?.filter(({ from, isDeleted }) => !isDeleted && !isIgnored(state, from)).map((row) => (
          <FoundRow key={row.id} {...row} />
        ))}
      </ul>
      {search?.hasMore && (
        <button
          type="button"
          class="more"
          aria-busy={search.isLoading}
          onClick={() => dispatch({ on: "searchMore" })}
        >
          {search.isLoading ? words.searching : words.more}
        </button>
      )}
    </>
  );
}

function searchStatus(search: State["search"], words: Words): string {
  if (search === undefined) return "";
  if (search.rows === undefined) return words.searching;
  if (search.isTargetLost) return words.lost;
  return search.error ?? (search.hasMore ? words.foundMore : words.found)(search.rows.length);
}

/** A found message; a click jumps to it. */
function FoundRow({ id, from, role, guest, time, text }: ChatMessage): JSX.Element {
  const { words, view, dispatch, updateView } = useApp();
  const day = dayOf(time, Date.now() / 1000, view.language), clock = clockOf(time, view.language);
  function jump(): void {
    dispatch({ on: "jumpTo", id: id! });
    if (!isWide()) updateView({ panel: undefined });
  }
  return (
    <li>
      <button type="button" onClick={jump}>
        <b class={colourOf(guest === undefined ? from : `${from} ${guest}`)}>
          <bdi>{from}</bdi>
        </b>
        <Badge {...{ words, role, guest }} />
        <span class="quiet small">{[day, clock].filter(Boolean).join(", ")}</span>
        <span class="text" dir="auto">{text}</span>
      </button>
    </li>
  );
}
