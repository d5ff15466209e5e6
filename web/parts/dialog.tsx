/** What opens above the chat. */
import type { ComponentChildren, JSX } from "preact";
import { useApp } from "./context.ts";
import { Modal } from "./modal.tsx";

/**
 * @param isOver what it was opened for is done: it closes by itself
 * @param returns the focus goes back to what has opened it, and not to the message field
 */
export function Dialog({ title, children, isOver = false, returns = false }: {
  title: string;
  children: ComponentChildren;
  isOver?: boolean;
  returns?: boolean;
}): JSX.Element {
  const { words, updateView, focusField } = useApp();
  function close(): void {
    updateView({ dialog: undefined });
    if (!returns) focusField();
  }
  return <Modal closeLabel={words.close} {...{ title, isOver, returns, close, children }} />;
}
