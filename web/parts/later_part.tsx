/** Shows a part that is loaded behind the first screen; until it is there, that it is loaded or can't be. */
import type { JSX } from "preact";
import { useLater } from "../later.ts";
import { useApp } from "./context.ts";
import { Dialog } from "./dialog.tsx";

/** A panel of the side. */
export function LaterPart({ of }: { of: "SearchPanel" | "ThreadPanel" }): JSX.Element {
  const { words } = useApp(), { value, hasFailed } = useLater(), Part = value?.[of];
  return Part !== undefined
    ? <Part />
    : <p class="quiet" role="status">{hasFailed ? words.cannotLoad : words.loading}</p>;
}

/** The open dialog, if there is one. */
export function LaterDialogs(): JSX.Element | null {
  const { view } = useApp();
  return view.dialog === undefined ? null : <OpenDialog />;
}

function OpenDialog(): JSX.Element {
  const { words } = useApp(), { value, hasFailed } = useLater();
  if (value !== undefined) return <value.Dialogs />;
  const text = hasFailed ? words.cannotLoad : words.loading;
  return (
    <Dialog title={words.title}>
      <p role="status">{text}</p>
    </Dialog>
  );
}
