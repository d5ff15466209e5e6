/** Asks whether to delete a message. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { messageOf } from "../model/changes.ts";
import { currentConversation } from "../model/state.ts";
import { useApp } from "./context.ts";
import { Dialog } from "./dialog.tsx";
import { quotedText } from "./quote.tsx";

export function DeleteDialog({ id }: { id: number }): JSX.Element {
  const { state, words, dispatch, updateView } = useApp();
  const message = messageOf(currentConversation(state), id), button = useRef<HTMLButtonElement>(null);
  // The button is what a key press reaches first: it was chosen already.
  useLayoutEffect(() => button.current!.focus(), []);
  function remove(): void {
    dispatch({ on: "change", change: { action: "delete", of: id, text: "", is: true } });
    updateView({ dialog: undefined });
  }
  return (
    <Dialog title={words.removeAsk} isOver={message === undefined || message.isDeleted === true} returns>
      <blockquote class="quoted" dir="auto">
        <b>
          <bdi>{message?.from}</bdi>
        </b>{" "}
        {quotedText(message, words)}
      </blockquote>
      <p class="quiet small">{words.removeHint}</p>
      <div class="row end">
        <button type="button" onClick={() => updateView({ dialog: undefined })}>{words.cancel}</button>
        <button type="button" class="primary bad" ref={button} onClick={remove}>{words.remove}</button>
      </div>
    </Dialog>
  );
}
