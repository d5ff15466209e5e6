/** The people of the open room, or all who are online; for an operator also bans and the greeting. */
import type { JSX } from "preact";
import { COMMON_ROOM } from "../../jim/message.ts";
import { isRoom } from "../conversation.ts";
import { isOperator } from "../model/moderation.ts";
import { isIgnored } from "../model/state.ts";
import { inForce } from "../moderation/order.ts";
import { orderCatalogues } from "../moderation/words.ts";
import { isWide, useApp } from "./context.ts";
import { Avatar, Badge } from "./icons.tsx";
import { PersonButton } from "./person_button.tsx";
import { StatusText } from "./status.tsx";

export function PeoplePanel(): JSX.Element {
  const { state, view, dispatch, updateView } = useApp();
  const { open } = state, bans = inForce(state.bans ?? [], state.bansAt), orders = orderCatalogues[view.language];
  const inRoom = isRoom(open) && open !== COMMON_ROOM;
  const names = [...(inRoom ? state.members : state.online)].sort((one, other) => one.localeCompare(other));
  return (
    <>
      <ul class="people">
        {names.map((name) => (
          <li key={name}>
            <Person name={name} />
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

function Person({ name }: { name: string }): JSX.Element {
  const { state, words, dispatch, updateView, focusField } = useApp();
  const isMe = name === state.me!.name, ignored = isIgnored(state, name);
  const shown = (
    <>
      <Avatar name={name} here={isMe || state.online.has(name)} />
      <span class="name">
        <bdi>{name}</bdi>
        <StatusText name={name} />
      </span>
      <Badge words={words} {...state.roles.get(name)} />
    </>
  );
  function open(): void {
    if (!isWide()) updateView({ panel: undefined });
    dispatch({ on: "open", key: name });
    focusField();
  }
  if (isMe) {
    return (
      <span class="place">
        {shown}
        <span class="quiet small">{words.you}</span>
      </span>
    );
  }
  return (
    <>
      <button type="button" class={ignored ? "place ignored" : "place"} onClick={open}>
        {shown}
        {ignored && <span class="quiet small">{words.isIgnored}</span>}
      </button>
      <PersonButton name={name} />
    </>
  );
}
