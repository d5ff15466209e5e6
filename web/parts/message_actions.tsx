/** The buttons of one message: reactions, reply, edit, delete. Only the message under the pointer or the focus has them. */
import type { JSX } from "preact";
import type { ChatMessage } from "../conversation.ts";
import { isFrom } from "../conversation.ts";
import { mayDelete, mayModerate } from "../model/changes.ts";
import type { State } from "../model/state.ts";
import { type App, useApp } from "./context.ts";
import { IconButton } from "./icons.tsx";
import { latestEmoji } from "./latest_emoji.ts";

/** How many emoji are one click away. */
const QUICK = 3;

export function MessageActions({ message }: { message: ChatMessage }): JSX.Element {
  const app = useApp(), { state, words } = app, id = message.id!;
  return (
    <div class="actions" role="toolbar" aria-label={words.actions}>
      {latestEmoji().slice(0, QUICK).map((emoji) => (
        <button
          key={emoji}
          type="button"
          class="icon quick"
          aria-label={words.reactWith(emoji)}
          title={words.reactWith(emoji)}
          onClick={() => react(app, message, emoji)}
        >
          {emoji}
        </button>
      ))}
      <IconButton
        of="smile"
        label={words.otherEmoji}
        keys="+"
        click={() => app.updateView({ dialog: { react: id } })}
      />
      <IconButton of="reply" label={words.reply} keys="r" click={() => startReply(app, id)} />
      <IconButton of="thread" label={words.openThread} keys="t" click={() => showThread(app, id)} />
      {isFrom(state.me?.name, message) && (
        <IconButton
          of="edit"
          label={words.edit}
          keys="e"
          click={() => app.dispatch({ on: "startEdit", id })}
        />
      )}
      {mayPin(state) && (
        <IconButton
          of="pin"
          label={words.pin}
          click={() => app.dispatch({ on: "roomOrder", object: { action: "pin", to: state.open, id } })}
        />
      )}
      {mayDelete(state, state.open, message) && (
        <IconButton
          of="delete"
          label={words.remove}
          keys="Delete"
          click={() => askToDelete(app, id)}
        />
      )}
    </div>
  );
}

/** In a group all members pin. */
function mayPin(state: State): boolean {
  return mayModerate(state, state.open) || state.roomInfo.get(state.open)?.users !== undefined;
}

/** Adds a reaction of one's own, or takes it away. */
export function react({ state, dispatch }: App, { id, reactions }: ChatMessage, emoji: string): void {
  const names = reactions?.find((each) => each.emoji === emoji)?.names ?? [];
  const is = !names.includes(state.me!.name);
  dispatch({ on: "change", change: { action: "reaction", of: id!, text: emoji, is } });
}

/** Shows the thread of a message at the side. */
export function showThread({ dispatch, updateView }: Pick<App, "dispatch" | "updateView">, id: number): void {
  dispatch({ on: "thread", id });
  updateView({ panel: "thread" });
}

/** The next message answers this one. */
export function startReply({ dispatch, focusField }: App, id: number): void {
  dispatch({ on: "replyTo", id });
  focusField();
}

/** Asks before a message is deleted. The focus returns to its row, since its buttons are gone by then. */
export function askToDelete({ updateView }: App, id: number): void {
  document.querySelector<HTMLElement>(`.log [data-id="${id}"]`)?.focus({ preventScroll: true });
  updateView({ dialog: { remove: id } });
}
