/**
 * Edits a message in its place: Enter saves, Escape leaves it as it was. An empty text asks for its deletion, unless it has a
 * file, which needs no text beside it.
 */
import type { JSX, RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Edited } from "../conversation.ts";
import { messageOf } from "../model/changes.ts";
import { currentConversation } from "../model/state.ts";
import { withoutEmptyLines } from "../text.ts";
import { refusalText } from "../formats.ts";
import { isComposing } from "./composing.ts";
import { type App, useApp } from "./context.ts";
import { askToDelete } from "./message_actions.tsx";
import { useFit } from "./use_fit.ts";

export function EditForm({ id, text, draft = text }: Edited): JSX.Element {
  const app = useApp(), { state, words, dispatch, focusField } = app;
  const field = useRef<HTMLTextAreaElement>(null);
  const { over, fit } = useFit(field, 2), { change } = state, isMine = change?.action === "edit" && change.of === id;
  useText(field, draft, fit);

  function typed(): void {
    fit();
    dispatch({ on: "editDraft", text: field.current!.value });
  }

  function save(): void {
    const written = withoutEmptyLines(field.current!.value);
    if (over > 0) return;
    if (written === text) return cancel();
    if (written.trim() === "" && messageOf(currentConversation(state), id)?.file === undefined) {
      return askToDelete(app, id);
    }
    dispatch({ on: "change", change: { action: "edit", of: id, text: written, is: true } });
    focusField();
  }

  function cancel(): void {
    const row = field.current!.closest<HTMLElement>("li");
    dispatch({ on: "startEdit", id: undefined });
    row?.focus({ preventScroll: true });
  }

  function pressed(event: KeyboardEvent): void {
    if (isComposing(event)) return;
    if (event.key === "Escape") cancel();
    else if (event.key === "Enter" && !event.shiftKey) save();
    else return event.stopPropagation();
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <form
      class="edit"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <textarea
        ref={field}
        rows={1}
        dir="auto"
        aria-label={words.editText}
        readOnly={isMine && change.state === "asked"}
        onInput={typed}
        onKeyDown={pressed}
      />
      <div class="row">
        <span class="bad small" role="alert">{over > 0 ? words.tooLong(over) : refusalIn(app, id)}</span>
        <button type="button" onClick={cancel}>{words.cancel}</button>
        <button type="submit" class="primary" disabled={over > 0}>{words.save}</button>
      </div>
    </form>
  );
}

/** Why the server has refused the edit, if it has. */
function refusalIn({ state: { change }, words, view }: App, id: number): string {
  if (change?.action !== "edit" || change.of !== id || change.state !== "refused") return "";
  return refusalText(change.why, words.notChanged, view.language);
}

/** Begins with a text, and the caret behind it. */
function useText(field: RefObject<HTMLTextAreaElement | null>, text: string, fit: () => void): void {
  useLayoutEffect(() => {
    field.current!.value = text;
    fit();
    field.current!.focus();
    field.current!.setSelectionRange(text.length, text.length);
  }, []);
}
