/** The panel beside the conversation: the people, or the search. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { COMMON_ROOM } from "../../jim/message.ts";
import { isOperator } from "../model/moderation.ts";
import { isIgnored } from "../model/state.ts";
import { inForce } from "../moderation/order.ts";
import { orderCatalogues } from "../moderation/words.ts";
import { isRoom } from "../conversation.ts";
import { clockOf, dayOf } from "../words.ts";
import { isWide, titleOf, useApp } from "./context.ts";
import { Avatar, Badge, colourOf } from "./icons.tsx";
import { PersonButton } from "./person_dialog.tsx";
import { PanelHeader } from "./panel_header.tsx";

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

function PeoplePanel(): JSX.Element {
  const { state, words, view, dispatch, updateView, focusField } = useApp();
  const { open } = state, bans = inForce(state.bans ?? []), orders = orderCatalogues[view.language];
  const inRoom = isRoom(open) && open !== COMMON_ROOM;
  const names = [...(inRoom ? state.members : state.online)].sort((one, other) => one.localeCompare(other));
  return (
    <>
      <ul class="people">
        {names.map((name) => (
          <li key={name}>
            {name === state.me!.name
              ? (
                <span class="place">
                  <Avatar name={name} here />
                  <bdi class="name">{name}</bdi>
                  <Badge words={words} {...state.roles.get(name)} />
                  <span class="quiet small">{words.you}</span>
                </span>
              )
              : (
                <>
                  <button
                    type="button"
                    class={isIgnored(state, name) ? "place ignored" : "place"}
                    onClick={() => {
                      dispatch({ on: "open", key: name });
                      if (!isWide()) updateView({ panel: undefined });
                      focusField();
                    }}
                  >
                    <Avatar name={name} here={state.online.has(name)} />
                    <bdi class="name">{name}</bdi>
                    <Badge words={words} {...state.roles.get(name)} />
                    {isIgnored(state, name) && <span class="quiet small">{words.isIgnored}</span>}
                  </button>
                  <PersonButton name={name} />
                </>
              )}
          </li>
        ))}
      </ul>
      {isOperator(state) && (
        <div class="orders">
          <button type="button" class="more" onClick={() => updateView({ dialog: "bans" })}>
            {orders.bans}
            {bans.length > 0 && ` (${bans.length})`}
          </button>
          <button
            type="button"
            class="more"
            onClick={() => {
              dispatch({ on: "greeting" }); // before the dialog opens, so that it never shows an old greeting
              updateView({ dialog: "greeting" });
            }}
          >
            {orders.greeting}
          </button>
        </div>
      )}
    </>
  );
}

function SearchPanel(): JSX.Element {
  const { state, words, view, dispatch, updateView } = useApp();
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
      <p class="quiet small" role="status">
        {search === undefined
          ? ""
          : search.rows === undefined
          ? words.searching
          : search.isTargetLost
          ? words.lost
          : search.error ?? (search.hasMore ? words.foundMore : words.found)(search.rows.length)}
      </p>
      <ul class="found">
        {search?.rows?.filter(({ from }) => !isIgnored(state, from)).map(({ id, from, role, guest, time, text }) => (
          <li key={id}>
            <button
              type="button"
              onClick={() => {
                dispatch({ on: "jumpTo", id: id! });
                if (!isWide()) {
                  updateView({ panel: undefined });
                }
              }}
            >
              <b class={colourOf(guest === undefined ? from : `${from} ${guest}`)}>
                <bdi>{from}</bdi>
              </b>
              <Badge {...{ words, role, guest }} />
              <span class="quiet small">
                {[dayOf(time, Date.now() / 1000, view.language), clockOf(time, view.language)].filter(Boolean).join(
                  ", ",
                )}
              </span>
              <span class="text" dir="auto">{text}</span>
            </button>
          </li>
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
