/** The picker for a reaction, and the one for the message field. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { messageOf } from "../model/changes.ts";
import { currentConversation } from "../model/state.ts";
import { useApp } from "./context.ts";
import { EmojiPicker } from "./emoji_picker.tsx";
import { react } from "./message_actions.tsx";

/** Chooses a reaction to a message. The focus returns to the message. */
export function ReactionPicker({ id }: { id: number }): JSX.Element | null {
  const app = useApp(), message = messageOf(currentConversation(app.state), id), row = `.log [data-id="${id}"]`;
  function close(): void {
    app.updateView({ dialog: undefined });
    requestAnimationFrame(() => document.querySelector<HTMLElement>(row)?.focus({ preventScroll: true }));
  }
  const isGone = message === undefined || message.isDeleted === true;
  useEffect(() => {
    if (isGone) app.updateView({ dialog: undefined });
  }, [isGone]);
  if (isGone) return null;
  return (
    <EmojiPicker
      beside={`${row} .bubble`}
      choose={(emoji) => {
        react(app, message, emoji);
        close();
      }}
      close={close}
    />
  );
}

/** Chooses an emoji for the message field. */
export function FieldPicker(): JSX.Element {
  const { updateView, focusField, insertText } = useApp();
  return (
    <EmojiPicker
      beside=".field-bar"
      choose={(emoji) => {
        updateView({ dialog: undefined });
        insertText(emoji);
      }}
      close={() => {
        updateView({ dialog: undefined });
        focusField();
      }}
    />
  );
}
