/** A dialog of the chat page. */
import type { ComponentChildren, JSX } from "preact";
import { useApp } from "./context.ts";
import { Modal } from "./modal.tsx";

/**
 * @param isOver closes the dialog, since its task is done
 * @param returns gives the focus back to the element that opened the dialog, instead of the message field
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
