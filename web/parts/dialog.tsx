/** What opens above the page, holds the focus, and is closed by Escape, by its button or by a click beside it. */
import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useApp } from "./app.ts";
import { Top } from "./top.tsx";

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
  const { see, toField } = useApp();
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const opener = document.activeElement;
    dialog.current!.showModal();
    return () => {
      if (returns && opener instanceof HTMLElement) requestAnimationFrame(() => opener.focus());
    };
  }, []);
  useLayoutEffect(() => {
    if (isOver) close();
  }, [isOver]);

  /** The browser would tell of its closing a moment later, and that would close what has been opened meanwhile. */
  function close(): void {
    see({ dialog: undefined });
    if (!returns) toField();
  }

  return (
    <dialog
      ref={dialog}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClose={() => dialog.current !== null && close()}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <div class="inside">
        <Top title={title} close={close} />
        {children}
      </div>
    </dialog>
  );
}
