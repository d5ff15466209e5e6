/** The keys of the list of messages: arrows choose a message, and letters do something with it. */
import { canChange, mayDelete, messageOf } from "../model/changes.ts";
import { currentConversation } from "../model/state.ts";
import { isFrom } from "../conversation.ts";
import { isComposing } from "./composing.ts";
import type { App } from "./context.ts";
import { askToDelete, showThread, startReply } from "./message_actions.tsx";

/** Handles a key that was pressed in the list of messages. A letter counts by its place: R is К on a Russian keyboard. */
export function pressedInList(event: KeyboardEvent, app: App, list: HTMLElement): void {
  const target = event.target as HTMLElement;
  const row = target.parentElement === list ? target : undefined;
  const isList = row !== undefined || target === list.parentElement;
  if (!isList || isComposing(event) || event.ctrlKey || event.altKey || event.metaKey) return;
  const done = moveFocus(event.key, row, list) || (row !== undefined && act(event, app, Number(row.dataset.id)));
  if (done) event.preventDefault();
}

/** Moves the focus to another message. */
function moveFocus(key: string, row: HTMLElement | undefined, list: HTMLElement): boolean {
  const rows = [...list.querySelectorAll<HTMLElement>(":scope > .said")],
    at = row === undefined ? -1 : rows.indexOf(row);
  const to = key === "ArrowUp"
    ? at < 0 ? rows.length - 1 : at - 1
    : key === "ArrowDown"
    ? at < 0 ? rows.length : at + 1
    : undefined;
  const next = to === undefined ? undefined : rows[to];
  if (next === undefined) return false; // the list scrolls
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function act(event: KeyboardEvent, app: App, id: number): boolean {
  const { state, dispatch } = app, message = messageOf(currentConversation(state), id);
  if (message === undefined || message.isDeleted || !canChange(state, state.open)) return false;
  if (event.code === "KeyR") startReply(app, id);
  else if (event.code === "KeyT") showThread(app, id);
  else if (event.key === "+") app.updateView({ dialog: { react: id } });
  else if (event.code === "KeyE" && isFrom(state.me?.name, message)) dispatch({ on: "startEdit", id });
  else if (event.key === "Delete" && mayDelete(state, state.open, message)) askToDelete(app, id);
  else return false;
  return true;
}
