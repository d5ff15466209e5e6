/** The search in the open conversation, or in all. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { type FoundMessage, isIgnored, type State } from "../model/state.ts";
import type { ChatMessage } from "../conversation.ts";
import { clockOf, dayOf } from "../formats.ts";
import type { Words } from "../words.ts";
import { Choice } from "./choice.tsx";
import { isWide, titleOf, useApp } from "./context.ts";
import { Badge, colourOf } from "./icons.tsx";

export function SearchPanel(): JSX.Element {
  const { state, words, dispatch } = useApp();
  const { search, open } = state;
  const input = useRef<HTMLInputElement>(null);
  const [scope, setScope] = useState<"here" | "everywhere">("here");
  const title = titleOf(open, words), where = scope === "here" ? words.searchIn(title) : words.searchEverywhere;
  useEffect(() => {
    input.current!.focus();
    return () => dispatch({ on: "endSearch" });
  }, []);
  function find(isEverywhere = scope === "everywhere"): void {
    const text = input.current!.value.trim();
    if (text !== "") dispatch({ on: "search", text, isEverywhere });
  }
  return (
    <>
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          find();
        }}
      >
        <input ref={input} type="search" aria-label={where} placeholder={where} dir="auto" enterkeyhint="search" />
        <Choice
          name="scope"
          label={words.searchScope}
          value={scope}
          of={{ here: title, everywhere: words.everywhere }}
          choose={(scope) => {
            setScope(scope);
            find(scope === "everywhere");
          }}
        />
      </form>
      <p class="quiet small" role="status">{searchStatus(search, words)}</p>
      {search === undefined && <p class="quiet small">{words.searchHint}</p>}
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
  if (search.noDay !== undefined) return words.noDay(search.noDay);
  if (search.isTargetLost) return words.lost;
  return search.error ?? (search.hasMore ? words.foundMore : words.found)(search.rows.length);
}

/** A found message, between its neighbours; a click jumps to it. */
function FoundRow({ id, from, role, guest, time, text, place, before, behind }: FoundMessage): JSX.Element {
  const { state, words, view, dispatch, updateView } = useApp();
  const day = dayOf(time, Date.now() / 1000, view.language), clock = clockOf(time, view.language);
  const where = state.search?.isEverywhere || place !== state.search?.key ? titleOf(place, words) : "";
  function jump(): void {
    dispatch({ on: "jumpTo", id: id!, place });
    if (!isWide()) updateView({ panel: undefined });
  }
  return (
    <li>
      <Neighbour message={before} />
      <button type="button" onClick={jump}>
        <b class={colourOf(guest === undefined ? from : `${from} ${guest}`)}>
          <bdi>{from}</bdi>
        </b>
        <Badge {...{ words, role, guest }} />
        <span class="quiet small">{[where, day, clock].filter(Boolean).join(", ")}</span>
        <span class="text" dir="auto">{text}</span>
      </button>
      <Neighbour message={behind} />
    </li>
  );
}

/** The message before or behind one that was found, on one line. */
function Neighbour({ message }: { message: ChatMessage | undefined }): JSX.Element | null {
  const { state } = useApp();
  if (message === undefined || message.isDeleted || isIgnored(state, message.from)) return null;
  return (
    <span class="near quiet small" dir="auto">
      <bdi>{message.from}</bdi>: {message.text}
    </span>
  );
}
