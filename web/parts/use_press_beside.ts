/** A press beside a dialog, which closes it. */
import type { RefObject, TargetedEvent } from "preact";
import { useRef } from "preact/hooks";

/**
 * Closes a dialog at a press that begins and ends beside its content. One that begins inside may end beside it: a text was selected.
 *
 * @param dialog the element of the dialog: the browser takes a press beside the content for one of it
 * @returns the handlers of that element
 */
export function usePressBeside(dialog: RefObject<HTMLDialogElement | null>, close: () => void): {
  onPointerDown(event: TargetedEvent<HTMLDialogElement>): void;
  onClick(event: TargetedEvent<HTMLDialogElement>): void;
} {
  const hasBegun = useRef(false);
  return {
    onPointerDown: ({ target }) => hasBegun.current = target === dialog.current,
    onClick: ({ target }) => target === dialog.current && hasBegun.current && close(),
  };
}
