/** A modal dialog of either page: it holds the focus, and Escape, its button or a click beside it close it. */
import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { PanelHeader } from "./panel_header.tsx";
import { usePressBeside } from "./use_press_beside.ts";

/**
 * @param closeLabel the label of its close button
 * @param isOver closes the dialog, since its task is done
 * @param returns gives the focus back to the element that opened the dialog; if that is gone, to the list of messages
 * @param isWide takes as much of the window as it needs
 * @param close removes the dialog from the page
 */
export function Modal({ title, closeLabel, children, isOver = false, returns = false, isWide = false, close }: {
  title: string;
  closeLabel: string;
  children: ComponentChildren;
  isOver?: boolean;
  returns?: boolean;
  isWide?: boolean;
  close: () => void;
}): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const pressBeside = usePressBeside(dialog, close);
  useLayoutEffect(() => {
    const opener = document.activeElement;
    dialog.current!.showModal();
    return () => {
      if (!returns || !(opener instanceof HTMLElement)) return;
      requestAnimationFrame(() => (opener.isConnected ? opener : document.querySelector<HTMLElement>(".log"))?.focus());
    };
  }, []);
  useLayoutEffect(() => {
    if (isOver) close();
  }, [isOver]);
  return (
    <dialog
      ref={dialog}
      class={isWide ? "wide-dialog" : undefined}
      aria-label={title}
      onCancel={(event) => {
        // The browser's close event is later, and would close a dialog that was opened meanwhile.
        event.preventDefault();
        close();
      }}
      onClose={() => dialog.current !== null && close()}
      {...pressBeside}
    >
      <div class="inside">
        <PanelHeader title={title} closeLabel={closeLabel} close={close} />
        {children}
      </div>
    </dialog>
  );
}
