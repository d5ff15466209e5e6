/** What opens above a page, holds the focus, and is closed by Escape, by its button or by a click beside it. */
import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { PanelHeader } from "./panel_header.tsx";

/**
 * @param closeLabel what its button is called
 * @param isOver what it was opened for is done: it closes by itself
 * @param returns the focus goes back to what has opened it
 * @param close what has opened it does not show it any more
 */
export function Modal({ title, closeLabel, children, isOver = false, returns = false, close }: {
  title: string;
  closeLabel: string;
  children: ComponentChildren;
  isOver?: boolean;
  returns?: boolean;
  close: () => void;
}): JSX.Element {
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
  return (
    <dialog
      ref={dialog}
      aria-label={title}
      onCancel={(event) => {
        // The browser's close event comes later, and would close a dialog that has been opened meanwhile.
        event.preventDefault();
        close();
      }}
      onClose={() => dialog.current !== null && close()}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <div class="inside">
        <PanelHeader title={title} closeLabel={closeLabel} close={close} />
        {children}
      </div>
    </dialog>
  );
}
